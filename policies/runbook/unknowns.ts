/** Whether an unknown may be the missing element. */
import { knowsAllOf } from "../expect";
import type { CheckContext, StackResource } from "../policy";
import type { Key } from "../values";

/**
 * Whether something is unknown at one of these paths, in any of the resources; notes the unknowns.
 */
export function areOpen(
  resources: readonly StackResource[],
  paths: readonly (readonly Key[])[],
  context: CheckContext,
): boolean {
  return resources
    .map((resource) => {
      const values = paths.map((path) => resource.props.get(...path));
      return knowsAllOf({ resource, context }, ...values);
    })
    .includes(false);
}
