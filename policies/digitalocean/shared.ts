/** What the policies on DigitalOcean have in common. */
import type { CheckContext, StackResource } from "../policy";

export const DOCS = "https://docs.digitalocean.com/products";

/** Who belongs to whom, as far as it is known. */
interface Relations {
  readonly of: (urn: string) => readonly StackResource[];
  /** Leaves the policy open where one may belong to any: its property is unknown, and came from nowhere. */
  readonly isOpen: (context: CheckContext) => boolean;
}

/**
 * By the URN of a resource, those whose property came from it. Ids are not known before the update,
 * relations are; resources without any for that property fall back on all.
 */
export function belonging(resources: readonly StackResource[], property: string): Relations {
  const byOwner = new Map<string, StackResource[]>();
  const strays: StackResource[] = [];
  for (const resource of resources) {
    const owners = resource.propertyDependencies[property] ?? resource.dependencies;
    if (owners.length === 0) strays.push(resource);
    for (const urn of owners) {
      const others = byOwner.get(urn);
      if (others === undefined) byOwner.set(urn, [resource]);
      else others.push(resource);
    }
  }
  return {
    of: (urn) => byOwner.get(urn) ?? [],
    isOpen: (context) =>
      strays.some(({ props, urn }) => context.noteUnknown(props.get(property), urn)),
  };
}
