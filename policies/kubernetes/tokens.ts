/** Type tokens of Kubernetes objects, taken apart. */

export interface Token {
  readonly group: string;
  /** As in `apiVersion`: `apps/v1`, and `v1` for the group core. */
  readonly apiVersion: string;
  readonly kind: string;
}

/** Groups of the provider's own: resources that make objects, but are none. */
const NO_OBJECTS: ReadonlySet<string> = new Set(["helm.sh", "kustomize", "yaml"]);

/**
 * `kubernetes:apps/v1:Deployment` taken apart; a Patch, which changes an object of others, has the
 * kind of that object. Undefined for whatever is no object.
 */
export function tokenOf(type: string): Token | undefined {
  const match = /^kubernetes:([^:/]+)\/([^:]+):([^:]+)$/.exec(type);
  if (match === null) return undefined;
  const [, group = "", version = "", kind = ""] = match;
  if (NO_OBJECTS.has(group)) return undefined;
  const apiVersion = group === "core" ? version : `${group}/${version}`;
  return { group, apiVersion, kind: kind.replace(/(?<=.)Patch$/, "") };
}
