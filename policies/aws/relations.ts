/**
 * Which resources refer to which. In a preview the ids are unknown, but not where they come from:
 * a reference is found by the resource its property depends on, and by a name that is written.
 */
import type { CheckContext, StackResource } from "../policy";
import type { Value } from "../values";

export interface Referring {
  /** Who refers to it, by the value's origin or by one of its names. */
  readonly to: (resource: StackResource, ...names: readonly Value[]) => readonly StackResource[];
  /**
   * Whether what is not known may be one more reference to it: its own name, or a reference that comes
   * from no other resource of its type. It is left open then.
   */
  readonly mayBe: (
    resource: StackResource,
    context: CheckContext,
    ...names: readonly Value[]
  ) => boolean;
}

/** A reference that is not known, with the types of the resources that it comes from. */
interface Stray {
  readonly value: Value;
  readonly urn: string;
  readonly origins: ReadonlySet<string>;
}

/** Reads each of these resources once. */
export function referring(
  resources: readonly StackResource[],
  ...properties: readonly string[]
): Referring {
  const found = new Map<string, Set<StackResource>>();
  const strays: Stray[] = [];
  const note = (key: string, resource: StackResource): void => {
    found.set(key, (found.get(key) ?? new Set()).add(resource));
  };
  for (const resource of resources) {
    for (const property of properties) {
      const value = resource.props.get(property);
      const origins = resource.propertyDependencies[property] ?? [];
      for (const urn of origins) note(urn, resource);
      if (value.string !== undefined) note(nameKey(value.string), resource);
      if (value.isUnknown) {
        strays.push({ value, urn: resource.urn, origins: new Set(origins.map(typeOf)) });
      }
    }
  }
  return {
    to: (resource, ...names) => {
      const keys = [resource.urn, ...names.flatMap(({ string }) => string ?? []).map(nameKey)];
      return [...new Set(keys.flatMap((key) => [...(found.get(key) ?? [])]))];
    },
    mayBe: anyOpen(strays, found),
  };
}

function anyOpen(
  strays: readonly Stray[],
  found: ReadonlyMap<string, unknown>,
): Referring["mayBe"] {
  const isNamed = [...found.keys()].some((key) => key.startsWith(nameKey("")));
  const byType = new Map<string, readonly Stray[]>();
  return ({ type, urn }, context, ...names) => {
    const own = byType.get(type) ?? strays.filter(({ origins }) => !origins.has(type));
    byType.set(type, own);
    for (const stray of own) context.noteUnknown(stray.value, stray.urn);
    const isUnnamed = isNamed && names.map((name) => context.noteUnknown(name, urn)).includes(true);
    return own.length > 0 || isUnnamed;
  };
}

/** URNs and names never meet. */
const nameKey = (name: string): string => `name ${name}`;

/** `urn:pulumi:stack::project::parent$type::name`, as the engine writes URNs. */
export function typeOf(urn: string): string {
  const [, , types = ""] = urn.split("::");
  return types.slice(types.lastIndexOf("$") + 1);
}
