/** Whether a resource's aliases, as the engine reads them, match an earlier resource. */
import type { PlannedResource } from "../../offline/plan";
import type { IsAlias } from "./resources";

/** An alias as registered: a URN, or the parts that were different. */
export type Alias = string | Readonly<Record<string, string | boolean>>;

/** @param aliases by URN of the resource that has them */
export const aliasesOf =
  (aliases: ReadonlyMap<string, readonly Alias[]>): IsAlias =>
  (after, before) =>
    (aliases.get(after.urn) ?? []).some((alias) =>
      typeof alias === "string" ? alias === before.urn : fits(alias, after, before),
    );

/** An omitted part is the same as the resource's own. */
function fits(
  alias: Exclude<Alias, string>,
  after: PlannedResource,
  before: PlannedResource,
): boolean {
  const parent = alias["noParent"] === true ? !before.urn.includes("$") : undefined;
  return (
    (alias["name"] ?? after.name) === before.name &&
    (alias["type"] ?? after.type) === before.type &&
    (parent ?? (alias["parent"] ?? after.parent) === before.parent)
  );
}
