/** Custom resource definitions that accept anything, where a chart's own cannot be had. */

/** A kind that some chart brings. */
export interface CustomKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** A type such as `kubernetes:keda.sh/v1alpha1:ScaledObject`. Kinds of Kubernetes itself are undefined. */
export function customKind(type: string, namespaced: boolean): CustomKind | undefined {
  const [, group = "", version = "", kind = ""] =
    /^kubernetes:([^/:]+)\/([^/:]+):([^/:]+)$/u.exec(type) ?? [];
  return isBuiltIn(group) ? undefined : { group, version, kind, namespaced };
}

/** Of the groups below `k8s.io`, those that are no part of Kubernetes. */
const OUTSIDE = ["gateway.networking.k8s.io", "snapshot.storage.k8s.io", "metrics.k8s.io"];

const isBuiltIn = (group: string): boolean =>
  !group.includes(".") ||
  // Helm's releases, which are no objects
  group === "helm.sh" ||
  (group.endsWith(".k8s.io") && !OUTSIDE.includes(group));

/** One definition for each kind, with all of its versions. */
export function definitions(kinds: readonly CustomKind[]): readonly object[] {
  const byName = new Map<string, CustomKind[]>();
  for (const one of kinds) {
    const name = `${pluralOf(one.kind)}.${one.group}`;
    byName.set(name, [...(byName.get(name) ?? []), one]);
  }
  return [...byName].map(([name, versions]) => definition(name, versions));
}

function definition(name: string, versions: readonly CustomKind[]): object {
  const [{ group, kind, namespaced } = { group: "", kind: "", namespaced: true }] = versions;
  const served = [...new Set(versions.map(({ version }) => version))].sort();
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name,
      // The API server refuses a definition of these groups without it.
      ...(group.endsWith(".k8s.io")
        ? { annotations: { "api-approved.kubernetes.io": "unapproved, for a rehearsal" } }
        : {}),
    },
    spec: {
      group,
      scope: namespaced ? "Namespaced" : "Cluster",
      names: {
        kind,
        listKind: `${kind}List`,
        plural: pluralOf(kind),
        singular: kind.toLowerCase(),
      },
      versions: served.map((version, index) => ({
        name: version,
        served: true,
        storage: index === served.length - 1,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
        },
      })),
    },
  };
}

/** As the code generators of Kubernetes do it. */
function pluralOf(kind: string): string {
  const word = kind.toLowerCase();
  if (/(?:s|x|z|ch|sh)$/u.test(word)) return `${word}es`;
  return /[^aeiou]y$/u.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`;
}
