/**
 * Which resources refer to which. In a preview the ids are unknown, but not where they come from:
 * a reference is found by the resource its property depends on, and by a name that is written.
 */
import type { Stack, StackResource } from "../policy";

export interface Referring {
  /** Who refers to it, by the value's origin or by one of its names. */
  readonly to: (
    resource: StackResource,
    ...names: readonly (string | undefined)[]
  ) => readonly StackResource[];
}

/** Reads every resource of these types once. */
export function referring(
  stack: Stack,
  types: readonly string[],
  ...properties: readonly string[]
): Referring {
  const found = new Map<string, Set<StackResource>>();
  const note = (key: string, resource: StackResource): void => {
    found.set(key, (found.get(key) ?? new Set()).add(resource));
  };
  for (const resource of stack.of(...types)) {
    for (const property of properties) {
      for (const urn of resource.propertyDependencies[property] ?? []) note(urn, resource);
      const { text } = resource.props.get(property);
      if (text !== undefined) note(nameKey(text), resource);
    }
  }
  return {
    to: (resource, ...names) => {
      const keys = [
        resource.urn,
        ...names.flatMap((name) => (name === undefined ? [] : [nameKey(name)])),
      ];
      return [...new Set(keys.flatMap((key) => [...(found.get(key) ?? [])]))];
    },
  };
}

/** URNs and names never meet. */
const nameKey = (name: string): string => `name ${name}`;
