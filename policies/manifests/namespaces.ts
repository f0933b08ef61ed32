/** The default namespace for objects without one, like `kubectl -n`. */
import type { Manifest } from "./resource";

/** Cluster-scoped kinds: built-in and well-known custom ones. */
const CLUSTER_WIDE: ReadonlySet<string> = new Set(
  [
    "core: ComponentStatus List Namespace Node PersistentVolume",
    "admissionregistration.k8s.io: MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration",
    "apiextensions.k8s.io: CustomResourceDefinition",
    "apiregistration.k8s.io: APIService",
    "authentication.k8s.io: SelfSubjectReview TokenReview",
    "authorization.k8s.io: SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview",
    "certificates.k8s.io: CertificateSigningRequest ClusterTrustBundle",
    "extensions: PodSecurityPolicy",
    "flowcontrol.apiserver.k8s.io: FlowSchema PriorityLevelConfiguration",
    "networking.k8s.io: ClusterCIDR IngressClass IPAddress ServiceCIDR",
    "node.k8s.io: RuntimeClass",
    "policy: PodSecurityPolicy",
    "rbac.authorization.k8s.io: ClusterRole ClusterRoleBinding",
    "resource.k8s.io: DeviceClass DeviceTaintRule ResourceClass ResourcePoolStatusRequest ResourceSlice",
    "scheduling.k8s.io: PriorityClass",
    "storage.k8s.io: CSIDriver CSINode StorageClass VolumeAttachment VolumeAttributesClass",
    "storagemigration.k8s.io: StorageVersionMigration",
    "cilium.io: CiliumClusterwideNetworkPolicy",
    "gateway.networking.k8s.io: GatewayClass",
    "snapshot.storage.k8s.io: VolumeSnapshotClass VolumeSnapshotContent",
    "karpenter.sh: NodeClaim NodePool",
    "karpenter.k8s.aws: EC2NodeClass",
  ].flatMap((row) => {
    const [group = "", kinds = ""] = row.split(": ");
    return kinds.split(" ").map((kind) => `${group} ${kind}`);
  }),
);

/** Kind names that imply cluster scope: ClusterIssuer, ClusterSecretStore, ClusterPolicy. */
const SAYS_SO = /^Cluster[A-Z]/;

const groupOf = ({ apiVersion }: Manifest): string =>
  apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "core";

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};

/** Group and kind → whether it is namespaced, from the definitions among these objects. */
function definedBy(manifests: readonly Manifest[]): ReadonlyMap<string, boolean> {
  return new Map(
    manifests
      .filter(({ kind }) => kind === "CustomResourceDefinition")
      .map(({ object }) => {
        const { group, names, scope } = record(object.spec);
        return [`${String(group)} ${String(record(names).kind)}`, scope !== "Cluster"];
      }),
  );
}

/** The objects, with this namespace for namespaced ones that set none. */
export function inNamespace<M extends Manifest>(
  manifests: readonly M[],
  namespace: string,
): readonly M[] {
  const defined = definedBy(manifests);
  return manifests.map((manifest) => {
    const { kind, object } = manifest;
    const key = `${groupOf(manifest)} ${kind}`;
    const isNamespaced = defined.get(key) ?? !(CLUSTER_WIDE.has(key) || SAYS_SO.test(kind));
    if (manifest.namespace !== "" || !isNamespaced) return manifest;
    const metadata = { ...record(object.metadata), namespace };
    return { ...manifest, namespace, object: { ...object, metadata } };
  });
}
