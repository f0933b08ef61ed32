/** Whether a resource's aliases, as the engine reads them, match an earlier resource. */
import type { PlannedOptions, PlannedResource } from "../../offline/plan";

type Alias = NonNullable<PlannedOptions["aliases"]>[number];

export const isAlias = (after: PlannedResource, before: PlannedResource): boolean =>
  (after.options?.aliases ?? []).some((alias) =>
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
