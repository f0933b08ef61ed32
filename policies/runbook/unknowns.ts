/** Whether what was not found may be in what is not known yet. */
import type { CheckContext, StackResource } from "../policy";
import type { Key, Value } from "../values";

/** Whether something in the value is unknown, however deep; whatever is so is noted. */
export function isOpen(value: Value, { urn }: StackResource, context: CheckContext): boolean {
  const open = leaves(value).filter((one) => context.noteUnknown(one, urn));
  return open.length > 0;
}

function leaves(value: Value): readonly Value[] {
  const inner = [...value.list(), ...value.entries().map(([, one]) => one)];
  return inner.length === 0 ? [value] : inner.flatMap(leaves);
}

/** The same of properties at one of these paths, in any of the resources. */
export function areOpen(
  resources: readonly StackResource[],
  paths: readonly (readonly Key[])[],
  context: CheckContext,
): boolean {
  const open = resources.filter(
    (one) => paths.filter((path) => isOpen(one.props.get(...path), one, context)).length > 0,
  );
  return open.length > 0;
}
