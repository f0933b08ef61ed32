/** What several policies need of all resources together, made once for each stack. */
import type { Stack } from "./policy";

/** @param make depends on nothing but the stack */
export function perStack<Made extends object>(
  make: (stack: Stack) => Made,
): (stack: Stack) => Made {
  const made = new WeakMap<Stack, Made>();
  return (stack) => {
    const known = made.get(stack);
    if (known !== undefined) return known;
    const first = make(stack);
    made.set(stack, first);
    return first;
  };
}
