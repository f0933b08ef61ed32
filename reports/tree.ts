/** The plan as a tree, as `pulumi preview` draws it, at most as wide as a terminal. */
import type { PlannedResource } from "../offline/plan";
import { paint } from "./colour";
import { visible } from "./escape";
import { factsOf } from "./facts";
import { columns, fit, pad } from "./width";

export interface TreeOptions {
  /** @default 100 columns */
  readonly width?: number;
  /** @default false: no terminal codes at all */
  readonly colour?: boolean;
}

interface Row {
  readonly lines: string;
  readonly type: string;
  readonly name: string;
  readonly facts: readonly string[];
  readonly component: boolean;
  readonly protect: boolean;
}

/** Pulumi's short form: `digitalocean:index/vpc:Vpc` is shown as `digitalocean:index:Vpc`. */
export function shortType(type: string): string {
  const [pkg, module, name, ...rest] = type.split(":");
  if (module === undefined || name === undefined || rest.length > 0) return type;
  const parts = module.split("/");
  const repeated = parts.length > 1 && parts.at(-1)?.toLowerCase() === name.toLowerCase();
  return `${pkg ?? ""}:${repeated ? parts.slice(0, -1).join("/") : module}:${name}`;
}

export const isProvider = ({ type }: PlannedResource): boolean =>
  type.startsWith("pulumi:providers:");

/** Dependencies that the nesting does not show already: neither an ancestor nor a provider. */
function needs(resource: PlannedResource, byUrn: ReadonlyMap<string, PlannedResource>): number {
  const ancestors = new Set<string>();
  let parent = resource.parent;
  while (parent !== null && !ancestors.has(parent)) {
    ancestors.add(parent);
    parent = byUrn.get(parent)?.parent ?? null;
  }
  return resource.dependencies.filter((urn) => {
    const found = byUrn.get(urn);
    return !ancestors.has(urn) && (found === undefined || !isProvider(found));
  }).length;
}

/** Children are usually called after their parent: `…-vpc` under `todo-chatbot` leaves room for facts. */
function nameUnder(name: string, parent: PlannedResource | undefined): string {
  return parent !== undefined && name.startsWith(`${parent.name}-`)
    ? `…${name.slice(parent.name.length)}`
    : name;
}

function rowOf(
  resource: PlannedResource,
  parent: PlannedResource | undefined,
  lines: string,
  dependencies: number,
): Row {
  const facts = [...factsOf(resource), ...(dependencies === 0 ? [] : [`needs ${dependencies}`])];
  return {
    lines,
    type: visible(shortType(resource.type)),
    name: visible(nameUnder(resource.name, parent)),
    facts: facts.map(visible),
    component: !resource.custom,
    protect: resource.protect,
  };
}

/** Rows in the order of the drawing: every resource under its parent, roots without lines. */
function rows(resources: readonly PlannedResource[]): readonly Row[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const shown = resources.filter((resource) => !isProvider(resource));
  const children = new Map<string | null, PlannedResource[]>();
  for (const resource of shown) {
    const key = resource.parent !== null && byUrn.has(resource.parent) ? resource.parent : null;
    const siblings = children.get(key);
    if (siblings === undefined) children.set(key, [resource]);
    else siblings.push(resource);
  }
  const result: Row[] = [];
  const walk = (parent: string | null, indent: string): void => {
    const siblings = children.get(parent) ?? [];
    for (const [index, resource] of siblings.entries()) {
      const last = index === siblings.length - 1;
      const lines = parent === null ? "" : `${indent}${last ? "└─ " : "├─ "}`;
      const above = parent === null ? undefined : byUrn.get(parent);
      result.push(rowOf(resource, above, lines, needs(resource, byUrn)));
      walk(resource.urn, parent === null ? "" : `${indent}${last ? "   " : "│  "}`);
    }
  };
  walk(null, "");
  return result;
}

/** Room for type (with its lines), and for the name: what most rows need, so that facts have the rest. */
const TYPE_COLUMNS = 44;
const NAME_COLUMNS = 16;

const widest = (texts: readonly string[]): number =>
  texts.reduce((most, text) => Math.max(most, columns(text)), 0);

/** As many whole facts as fit, the first ones first; a first fact that is too long is cut. */
function factsWithin(facts: readonly string[], width: number): string {
  let text = "";
  for (const fact of facts) {
    const longer = text === "" ? fact : `${text}, ${fact}`;
    if (columns(longer) > width) break;
    text = longer;
  }
  return text === "" ? fit(facts[0] ?? "", width) : text;
}

/** What name and first fact leave over, and at any rate half of the line. */
function roomForType({ name, facts }: Row, lines: string, width: number): number {
  const rest = columns(name) + columns(facts[0] ?? "") + 4;
  return Math.max(Math.floor(width / 2), width - rest) - columns(lines);
}

/**
 * One line a resource (providers are counted elsewhere, not drawn): type under its parents, `!` when it is
 * protected, name (`…` for a beginning that is its parent's name), and what matters about it. `needs 2` counts dependencies that the nesting does not
 * show. A long type or name pushes the rest of its line to the right instead of losing its middle,
 * as long as there is room.
 */
export function renderTree(
  resources: readonly PlannedResource[],
  options: TreeOptions = {},
): readonly string[] {
  const { bold, dim, yellow } = paint(options.colour ?? false);
  const width = options.width ?? 100;
  const all = rows(resources);
  const typeColumn = Math.min(widest(all.map((row) => row.lines + row.type)), TYPE_COLUMNS);
  const nameColumn = Math.min(widest(all.map((row) => row.name)), NAME_COLUMNS);
  return all.map((row) => {
    const lines = fit(row.lines, Math.floor(width / 3));
    const type = pad(fit(row.type, roomForType(row, lines, width)), typeColumn - columns(lines));
    const before = columns(lines) + columns(type) + 3;
    const name = pad(fit(row.name, width - before), typeColumn + 3 + nameColumn - before);
    const facts = factsWithin(row.facts, width - before - columns(name) - 1);
    const mark = row.protect ? yellow("!") : " ";
    return row.component
      ? `${dim(lines)}${bold(type)} ${mark} ${bold(name.trimEnd())}`
      : `${dim(lines)}${type} ${mark} ${name} ${dim(facts)}`.trimEnd();
  });
}
