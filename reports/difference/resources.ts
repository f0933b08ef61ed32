/**
 * What happens to each resource between two plans of a stack, as the engine and the clouds would do it. This
 * uses only the plans, no state. An unknown value that stays unknown counts as unchanged.
 */
import { isAlias } from "./aliases";
import type { PlannedResource, PlanObject, PlanValue } from "../../offline/plan";
import { isKnown, replaces } from "../replacements";
import { isProvider } from "../tree";
import { isObject, markOf } from "../values";
import { renamesOf, type Rename } from "./renames";
import { valueChanges, type ValueChange } from "./values";

export type Kind = "create" | "update" | "replace" | "delete" | "rename";

export interface InputChange extends ValueChange {
  /** The cloud creates a new resource for this and deletes the old one. */
  readonly forces: boolean;
}

export interface Change {
  readonly kind: Kind;
  readonly resource: PlannedResource;
  /** The previous value, if there was one. */
  readonly before?: PlannedResource;
  readonly inputs: readonly InputChange[];
  /** Changed engine options: `protect`, `parent`, `provider`. */
  readonly options: readonly ValueChange[];
  /** It is not known which inputs replace this type, so any change may. */
  readonly mayReplace: boolean;
  /** The engine refuses to delete or replace it: it is protected. */
  readonly refused: boolean;
  /** Renamed with an alias: the engine recognises and keeps it. */
  readonly aliased: boolean;
  /** Renamed, and its inputs only change in this word of its name. */
  readonly word?: readonly [string, string];
}

/** Only its dependencies changed. */
export interface Reordered {
  readonly urn: string;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

export interface ResourceDifference {
  /** In the order of the second plan, deletions last. */
  readonly changes: readonly Change[];
  readonly reordered: readonly Reordered[];
  /** From the old URN of a renamed resource to the new one. */
  readonly renamed: ReadonlyMap<string, string>;
}

type Resources = readonly PlannedResource[];

export function compareResources(before: Resources, after: Resources): ResourceDifference {
  const old = byUrn(before);
  const now = byUrn(after);
  const renames = renamesOf(
    before.filter(({ urn }) => !now.has(urn)),
    after.filter(({ urn }) => !old.has(urn)),
  );
  const earlier = new Map(renames.map((rename) => [rename.after.urn, rename]));
  const renamed = new Map(renames.map((rename) => [rename.before.urn, rename.after.urn]));
  const known = aliased(renames);
  const changes = after.flatMap((resource) => {
    const was = old.get(resource.urn);
    if (was !== undefined) return updated(was, resource, renamed);
    const rename = earlier.get(resource.urn);
    if (rename === undefined) return [whole("create", resource)];
    return [renameOf(rename, renamed, known.has(resource.urn))];
  });
  const deleted = before.filter(({ urn }) => !now.has(urn) && !renamed.has(urn));
  return {
    changes: [...changes, ...deleted.map((resource) => whole("delete", resource))],
    reordered: after.flatMap((resource) =>
      reordered(old.get(resource.urn) ?? earlier.get(resource.urn)?.before, resource, renamed),
    ),
    renamed,
  };
}

const byUrn = (resources: Resources): ReadonlyMap<string, PlannedResource> =>
  new Map(resources.map((resource) => [resource.urn, resource]));

/** A child of a resource with an alias has one too: the engine derives it. */
function aliased(renames: readonly Rename[]): ReadonlySet<string> {
  const known = new Set<string>();
  for (const { before, after } of renames) {
    const inherited = after.parent !== null && known.has(after.parent);
    if (inherited || isAlias(after, before)) known.add(after.urn);
  }
  return known;
}

const whole = (kind: "create" | "delete", resource: PlannedResource): Change => ({
  kind,
  resource,
  inputs: [],
  options: [],
  mayReplace: false,
  refused: kind === "delete" && resource.protect,
  aliased: false,
});

type Renamed = ReadonlyMap<string, string>;

function updated(before: PlannedResource, after: PlannedResource, renamed: Renamed): Change[] {
  const inputs = inputChanges(before, after);
  const options = optionChanges(before, after, renamed);
  if (inputs.length === 0 && options.length === 0) return [];
  const forced = inputs.some(({ forces }) => forces);
  const unknown = after.custom && after.external !== true && !isKnown(after.type);
  return [
    {
      kind: forced ? "replace" : "update",
      resource: after,
      before,
      inputs,
      options,
      mayReplace: !forced && unknown && inputs.length > 0,
      // Protection can be lifted and the resource replaced in one step; deleting takes two.
      refused: forced && before.protect && after.protect,
      aliased: false,
    },
  ];
}

function renameOf({ before, after, word }: Rename, renamed: Renamed, aliased: boolean): Change {
  const inputs = inputChanges(before, after);
  const kept = aliased && !inputs.some(({ forces }) => forces);
  return {
    kind: "rename",
    resource: after,
    before,
    inputs,
    options: optionChanges(before, after, renamed).filter(({ path }) => path !== "parent"),
    mayReplace: false,
    refused: !kept && before.protect && before.custom,
    aliased,
    ...(word === undefined ? {} : { word }),
  };
}

function inputChanges(before: PlannedResource, after: PlannedResource): readonly InputChange[] {
  if (isProvider(after) || !after.custom) {
    return valueChanges(before.inputs, after.inputs).map((one) => ({ ...one, forces: false }));
  }
  const changes = valueChanges(before.inputs, after.inputs);
  return changes
    .filter(({ key }) => !ignores(after, key))
    .map((change) => ({
      ...change,
      forces: leaves(change.key, change.from, change.to).some(({ key, from, to }) =>
        replaces(after.type, key, from, to),
      ),
    }));
}

/** The engine keeps the old value. */
const ignores = ({ options }: PlannedResource, key: string): boolean =>
  (options?.ignoreChanges ?? []).some((path) => key === path || key.startsWith(`${path}.`));

interface Leaf {
  readonly key: string;
  readonly from: PlanValue | undefined;
  readonly to: PlanValue | undefined;
}

/** If a whole object is added or removed, so is each value in it. */
function leaves(
  key: string,
  from: PlanValue | undefined,
  to: PlanValue | undefined,
): readonly Leaf[] {
  const object = isObject(from) ? from : isObject(to) ? to : undefined;
  if (object === undefined || markOf(object) !== undefined) return [{ key, from, to }];
  const of = (value: PlanValue | undefined, name: string): PlanValue | undefined =>
    isObject(value) ? (value as PlanObject)[name] : undefined;
  const inside = Object.keys(object).flatMap((name) =>
    leaves(key === "" ? name : `${key}.${name}`, of(from, name), of(to, name)),
  );
  return [{ key, from, to }, ...inside];
}

function optionChanges(
  before: PlannedResource,
  after: PlannedResource,
  renamed: Renamed,
): readonly ValueChange[] {
  const urn = (value: string | null): string | null => renamed.get(value ?? "") ?? value;
  const options = [
    ["protect", before.protect, after.protect],
    ["parent", urn(before.parent), after.parent],
    ["provider", urn(before.provider), after.provider],
  ] as const;
  return options.flatMap(([path, from, to]) =>
    from === to ? [] : [{ path, key: path, from, to }],
  );
}

function reordered(
  before: PlannedResource | undefined,
  after: PlannedResource,
  renamed: Renamed,
): readonly Reordered[] {
  if (before === undefined) return [];
  const old = new Set(before.dependencies.map((urn) => renamed.get(urn) ?? urn));
  const now = new Set(after.dependencies);
  const added = [...now].filter((urn) => !old.has(urn));
  const removed = [...old].filter((urn) => !now.has(urn));
  return added.length + removed.length === 0 ? [] : [{ urn: after.urn, added, removed }];
}
