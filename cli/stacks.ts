/** Which stacks a command is about. */
import { nearest } from "../lib/words";
import { UsageError } from "./options";

/**
 * The stacks to plan: the given ones in that order, or all.
 *
 * @throws UsageError if one does not exist, or if there are none
 */
export function chooseStacks(
  asked: readonly string[],
  present: readonly string[],
): readonly string[] {
  if (present.length === 0) {
    throw new UsageError(
      "There are no stacks here: no Pulumi.STACK.yaml file. Run the command in the project's folder.",
    );
  }
  for (const name of asked) {
    if (present.includes(name)) continue;
    // The file's name is accepted as the stack's name.
    const stack = /^(?:.*\/)?Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? name;
    const near = present.includes(stack) ? stack : nearest(stack, present);
    const hint =
      near === undefined ? `The stacks are: ${present.join(", ")}.` : `Did you mean ${near}?`;
    throw new UsageError(`There is no stack ${JSON.stringify(name)}. ${hint}`);
  }
  return asked.length === 0 ? present : asked;
}
