/** What several policies, or several questions of one, need of a resource: made once for each. */
import type { Resource } from "./policy";
import type { Value } from "./values";

/** @param make depends on nothing but the resource's type, name and properties */
export function perResource<Made>(
  make: (resource: Resource) => Made,
): (resource: Resource) => Made {
  const known = new WeakMap<Value, { readonly made: Made }>();
  return (resource) => {
    const found = known.get(resource.props);
    if (found !== undefined) return found.made;
    const made = make(resource);
    known.set(resource.props, { made });
    return made;
  };
}
