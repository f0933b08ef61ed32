/** Parsing of Kubernetes type tokens. */

export interface Token {
  readonly group: string;
  /** As in `apiVersion`: `apps/v1`, and `v1` for the core group. */
  readonly apiVersion: string;
  readonly kind: string;
}

/** The provider's own groups: resources that create objects, but are not objects. */
const NO_OBJECTS: ReadonlySet<string> = new Set(["helm.sh", "kustomize", "yaml"]);

/**
 * Parses `kubernetes:apps/v1:Deployment`; a Patch, which changes another program's object, has that
 * object's kind. Undefined if it is not an object.
 */
export function tokenOf(type: string): Token | undefined {
  const match = /^kubernetes:([^:/]+)\/([^:]+):([^:]+)$/.exec(type);
  if (match === null) return undefined;
  const [, group = "", version = "", kind = ""] = match;
  if (NO_OBJECTS.has(group)) return undefined;
  const apiVersion = group === "core" ? version : `${group}/${version}`;
  return { group, apiVersion, kind: kind.replace(/(?<=.)Patch$/, "") };
}
