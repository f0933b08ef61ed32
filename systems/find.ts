/** Looks up an element of a system by name. */

/** @throws Error if there is no such name: systems are validated, so this is an error in the caller */
export function named<T extends { readonly name: string }>(list: readonly T[], name: string): T {
  const found = list.find((element) => element.name === name);
  if (found === undefined)
    throw new Error(
      `There is no "${name}" among ${list.map((element) => `"${element.name}"`).join(", ")}.`,
    );
  return found;
}
