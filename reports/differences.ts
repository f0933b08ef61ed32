/**
 * What changes from one plan to another, as a cloud would carry it out: without state, from the two
 * plans alone. Unknown values that stay unknown count as unchanged.
 */
import type { Plan, PlannedResource, PlanValue } from "../offline/plan";
import { replaces } from "./replacements";

export interface Difference {
  readonly kind: "create" | "update" | "replace" | "delete";
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Paths of the inputs that change, sorted; empty for what comes or goes. */
  readonly paths: readonly string[];
  /** The same with their values as JSON; `nothing` for one that is not there. */
  readonly changes: readonly {
    readonly path: string;
    readonly from: string;
    readonly to: string;
  }[];
  /** Those of them for which the cloud makes a new resource. */
  readonly because: readonly string[];
  /** The engine refuses to delete or replace it. */
  readonly refused: boolean;
}

type Planned = Pick<Plan, "resources">;

/** In the order of the second plan, deletions last. */
export function differences(before: Planned, after: Planned): readonly Difference[] {
  const old = new Map(before.resources.map((resource) => [resource.urn, resource]));
  const now = new Set(after.resources.map(({ urn }) => urn));
  return [
    ...after.resources.flatMap((resource) => {
      const earlier = old.get(resource.urn);
      return earlier === undefined ? [whole("create", resource)] : changed(earlier, resource);
    }),
    ...before.resources
      .filter(({ urn }) => !now.has(urn))
      .map((resource) => whole("delete", resource)),
  ];
}

const whole = (kind: "create" | "delete", resource: PlannedResource): Difference => ({
  kind,
  urn: resource.urn,
  type: resource.type,
  name: resource.name,
  paths: [],
  changes: [],
  because: [],
  refused: kind === "delete" && resource.protect,
});

function changed(before: PlannedResource, after: PlannedResource): readonly Difference[] {
  const leaves = new Map(leavesOf(before.inputs));
  const now = new Map(leavesOf(after.inputs));
  const paths = [...new Set([...leaves.keys(), ...now.keys()])]
    .filter((path) => leaves.get(path) !== now.get(path))
    .sort();
  if (paths.length === 0) return [];
  const because = paths.filter((path) =>
    replaces(after.type, path, parsed(leaves.get(path)), parsed(now.get(path))),
  );
  return [
    {
      kind: because.length > 0 ? "replace" : "update",
      urn: after.urn,
      type: after.type,
      name: after.name,
      paths,
      changes: paths.map((path) => ({
        path,
        from: leaves.get(path) ?? "nothing",
        to: now.get(path) ?? "nothing",
      })),
      because,
      // Lifting the protection and replacing may be one step; deleting takes two.
      refused: because.length > 0 && before.protect && after.protect,
    },
  ];
}

const parsed = (text: string | undefined): unknown =>
  text === undefined ? undefined : (JSON.parse(text) as unknown);

/** Every value that is not an object, by its path; a list counts as one value. */
function leavesOf(value: PlanValue, path = ""): readonly (readonly [string, string])[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [[path, JSON.stringify(value)]];
  }
  const entries = Object.entries(value as Readonly<Record<string, PlanValue>>);
  const marked = entries.some(([key]) => key.startsWith("$"));
  if (marked || entries.length === 0) return [[path, JSON.stringify(value)]];
  return entries.flatMap(([key, inner]) => leavesOf(inner, path === "" ? key : `${path}.${key}`));
}
