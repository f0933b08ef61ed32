/** Looks an element up by name, for everybody who reads a system. */

/** @throws Error where nothing has the name: systems are validated, so that is a mistake in the caller. */
export function named<T extends { readonly name: string }>(list: readonly T[], name: string): T {
  const found = list.find((element) => element.name === name);
  if (found === undefined)
    throw new Error(
      `There is no "${name}" among ${list.map((element) => `"${element.name}"`).join(", ")}.`,
    );
  return found;
}
