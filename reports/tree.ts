/** The plan as a tree like that of `pulumi preview`, at most as wide as a terminal. */
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

/**
 * Pulumi's short form: `digitalocean:index/vpc:Vpc` is shown as `digitalocean:index:Vpc`. Most resources of a
 * plan are Kubernetes objects, for which group and version suffice: `apps/v1:Deployment`.
 */
export function shortType(type: string): string {
  const [pkg, module, name, ...rest] = type.split(":");
  if (module === undefined || name === undefined || rest.length > 0) return type;
  const parts = module.split("/");
  const repeated = parts.length > 1 && parts.at(-1)?.toLowerCase() === name.toLowerCase();
  if (pkg === "kubernetes") return `${module}:${name}`;
  return `${pkg ?? ""}:${repeated ? parts.slice(0, -1).join("/") : module}:${name}`;
}

export const isProvider = ({ type }: Pick<PlannedResource, "type">): boolean =>
  type.startsWith("pulumi:providers:");

/** Children are usually named after their parent: `…-vpc` under `todo-chatbot` leaves room for facts. */
function nameUnder(name: string, parent: PlannedResource | undefined): string {
  return parent !== undefined && name.startsWith(`${parent.name}-`)
    ? `…${name.slice(parent.name.length)}`
    : name;
}

function rowOf(resource: PlannedResource, parent: PlannedResource | undefined, lines: string): Row {
  return {
    lines,
    type: visible(shortType(resource.type)),
    name: visible(nameUnder(resource.name, parent)),
    facts: factsOf(resource).map(visible),
    component: !resource.custom,
    protect: resource.protect,
  };
}

/** Rows in drawing order: every resource under its parent, roots without lines. */
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
      result.push(rowOf(resource, above, lines));
      walk(resource.urn, parent === null ? "" : `${indent}${last ? "   " : "│  "}`);
    }
  };
  walk(null, "");
  return result;
}

/** Column widths for type (with its lines) and name: enough for most rows, so that facts get the rest. */
const TYPE_COLUMNS = 44;
const NAME_COLUMNS = 24;
/** Minimum width of a long name when facts need space. */
const SHORTEST_NAME = 14;

const widest = (texts: readonly string[]): number =>
  texts.reduce((most, text) => Math.max(most, columns(text)), 0);

/** As many whole facts as fit, in order. If the first fact is too long, it is cut. */
function factsWithin(facts: readonly string[], width: number): string {
  let text = "";
  for (const fact of facts) {
    const longer = text === "" ? fact : `${text}, ${fact}`;
    if (columns(longer) > width) break;
    text = longer;
  }
  return text === "" ? fit(facts[0] ?? "", width) : text;
}

/** The space that name and first fact leave, and at least half of the line. */
function roomForType({ name, facts }: Row, lines: string, width: number): number {
  const rest = Math.min(columns(name), SHORTEST_NAME) + columns(facts[0] ?? "") + 4;
  return Math.max(Math.floor(width / 2), width - rest) - columns(lines);
}

/**
 * Name and facts in `width` columns. Space goes to the first fact, the name, the other facts, then
 * alignment.
 */
function nameAndFacts({ name, facts }: Row, width: number, column: number): [string, string] {
  const [first] = facts;
  if (first === undefined) return [fit(name, width), ""];
  const room = Math.max(width - columns(first) - 1, Math.min(SHORTEST_NAME, width));
  const shown = pad(fit(name, room), Math.min(column, width - columns(facts.join(", ")) - 1));
  return [shown, factsWithin(facts, width - columns(shown) - 1)];
}

const LEGEND = { protect: "! protected", short: "… the parent's name, or text cut to fit" };

/** One line that explains the symbols in the tree. */
function legend(lines: readonly string[], all: readonly Row[], width: number): readonly string[] {
  const parts = [
    ...(all.some(({ protect }) => protect) ? [LEGEND.protect] : []),
    ...(lines.some((line) => line.includes("…")) ? [LEGEND.short] : []),
  ];
  return parts.length === 0 ? [] : [fit(`(${parts.join("; ")})`, width)];
}

/**
 * One line per resource (providers are only counted, not drawn): type under its parents, `!` when it is
 * protected, name (`…` for a beginning that is its parent's name), and what matters about it. A long type
 * or name pushes the rest of its line to the right instead of losing its middle, as long as there is room
 * for what matters. Below, without an empty line between, what the signs mean.
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
  const drawn = all.map((row) => {
    const lines = fit(row.lines, Math.floor(width / 3));
    const type = pad(fit(row.type, roomForType(row, lines, width)), typeColumn - columns(lines));
    const before = columns(lines) + columns(type) + 3;
    const column = Math.max(0, typeColumn + 3 + nameColumn - before);
    const [name, facts] = nameAndFacts(row, width - before, column);
    const mark = row.protect ? yellow("!") : " ";
    return row.component
      ? `${dim(lines)}${bold(type)} ${mark} ${bold(name.trimEnd())}`
      : `${dim(lines)}${type} ${mark} ${name} ${dim(facts)}`.trimEnd();
  });
  return [...drawn, ...legend(drawn, all, width).map(dim)];
}
