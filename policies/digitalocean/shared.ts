/** What the policies on DigitalOcean have in common. */
import type { StackResource } from "../policy";

/** `digitalocean("VpcPeering")` is the type token `digitalocean:index/vpcPeering:VpcPeering`. */
export function digitalocean(name: string): string {
  return `digitalocean:index/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
}

export const DOCS = "https://docs.digitalocean.com/products";

/**
 * Who belongs to whom: the URN of a resource → those whose property came from it. Ids are not known
 * before the update, relations are; resources without any for that property fall back on all.
 */
export function belonging(
  resources: readonly StackResource[],
  property: string,
): ReadonlyMap<string, readonly StackResource[]> {
  const byOwner = new Map<string, StackResource[]>();
  for (const resource of resources) {
    for (const urn of resource.propertyDependencies[property] ?? resource.dependencies) {
      const others = byOwner.get(urn);
      if (others === undefined) byOwner.set(urn, [resource]);
      else others.push(resource);
    }
  }
  return byOwner;
}
