/**
 * API versions that Kubernetes no longer serves, or will soon stop serving.
 *
 * From the deprecated API migration guide,
 * https://kubernetes.io/docs/reference/using-api/deprecation-guide/, and the changelogs for
 * removals after 1.32.
 */
export interface RemovedApi {
  readonly version: string;
  readonly kinds: readonly string[];
  /** The first minor version that does not serve it. */
  readonly removed: number;
  /** The replacement; missing if the kind was removed. */
  readonly instead: string | undefined;
}

const RBAC = ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"];
const FLOW = ["FlowSchema", "PriorityLevelConfiguration"];
const DEVICES = ["DeviceClass", "ResourceClaim", "ResourceClaimTemplate", "ResourceSlice"];
const WEBHOOKS = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];
const ADMISSION = ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"];

type Row = readonly [removed: number, version: string, kinds: readonly string[], instead?: string];

const ROWS: readonly Row[] = [
  [16, "extensions/v1beta1", ["DaemonSet", "Deployment", "ReplicaSet"], "apps/v1"],
  [16, "extensions/v1beta1", ["NetworkPolicy"], "networking.k8s.io/v1"],
  [16, "extensions/v1beta1", ["PodSecurityPolicy"]],
  [16, "apps/v1beta1", ["Deployment", "ReplicaSet", "StatefulSet"], "apps/v1"],
  [16, "apps/v1beta2", ["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"], "apps/v1"],
  [17, "scheduling.k8s.io/v1alpha1", ["PriorityClass"], "scheduling.k8s.io/v1"],
  [21, "batch/v2alpha1", ["CronJob"], "batch/v1"],
  [22, "extensions/v1beta1", ["Ingress"], "networking.k8s.io/v1"],
  [22, "networking.k8s.io/v1beta1", ["Ingress", "IngressClass"], "networking.k8s.io/v1"],
  [22, "rbac.authorization.k8s.io/v1alpha1", RBAC, "rbac.authorization.k8s.io/v1"],
  [22, "rbac.authorization.k8s.io/v1beta1", RBAC, "rbac.authorization.k8s.io/v1"],
  [22, "admissionregistration.k8s.io/v1beta1", WEBHOOKS, "admissionregistration.k8s.io/v1"],
  [22, "apiextensions.k8s.io/v1beta1", ["CustomResourceDefinition"], "apiextensions.k8s.io/v1"],
  [22, "apiregistration.k8s.io/v1beta1", ["APIService"], "apiregistration.k8s.io/v1"],
  [22, "authentication.k8s.io/v1beta1", ["TokenReview"], "authentication.k8s.io/v1"],
  [
    22,
    "authorization.k8s.io/v1beta1",
    ["LocalSubjectAccessReview", "SelfSubjectAccessReview", "SubjectAccessReview"],
    "authorization.k8s.io/v1",
  ],
  [22, "certificates.k8s.io/v1beta1", ["CertificateSigningRequest"], "certificates.k8s.io/v1"],
  [22, "coordination.k8s.io/v1beta1", ["Lease"], "coordination.k8s.io/v1"],
  [22, "scheduling.k8s.io/v1beta1", ["PriorityClass"], "scheduling.k8s.io/v1"],
  [
    22,
    "storage.k8s.io/v1beta1",
    ["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"],
    "storage.k8s.io/v1",
  ],
  [25, "batch/v1beta1", ["CronJob"], "batch/v1"],
  [25, "discovery.k8s.io/v1beta1", ["EndpointSlice"], "discovery.k8s.io/v1"],
  [25, "events.k8s.io/v1beta1", ["Event"], "events.k8s.io/v1"],
  [25, "autoscaling/v2beta1", ["HorizontalPodAutoscaler"], "autoscaling/v2"],
  [25, "policy/v1beta1", ["PodDisruptionBudget"], "policy/v1"],
  [25, "policy/v1beta1", ["PodSecurityPolicy"]],
  [25, "node.k8s.io/v1beta1", ["RuntimeClass"], "node.k8s.io/v1"],
  [26, "flowcontrol.apiserver.k8s.io/v1beta1", FLOW, "flowcontrol.apiserver.k8s.io/v1"],
  [26, "autoscaling/v2beta2", ["HorizontalPodAutoscaler"], "autoscaling/v2"],
  [27, "storage.k8s.io/v1beta1", ["CSIStorageCapacity"], "storage.k8s.io/v1"],
  [29, "flowcontrol.apiserver.k8s.io/v1beta2", FLOW, "flowcontrol.apiserver.k8s.io/v1"],
  [32, "flowcontrol.apiserver.k8s.io/v1beta3", FLOW, "flowcontrol.apiserver.k8s.io/v1"],
  [33, "admissionregistration.k8s.io/v1alpha1", ADMISSION, "admissionregistration.k8s.io/v1"],
  [34, "admissionregistration.k8s.io/v1beta1", ADMISSION, "admissionregistration.k8s.io/v1"],
  [34, "resource.k8s.io/v1alpha3", DEVICES, "resource.k8s.io/v1"],
  [35, "storage.k8s.io/v1alpha1", ["VolumeAttributesClass"], "storage.k8s.io/v1"],
  [36, "resource.k8s.io/v1beta1", DEVICES, "resource.k8s.io/v1"],
];

export const REMOVED_APIS: readonly RemovedApi[] = ROWS.map(
  ([removed, version, kinds, instead]) => ({ version, kinds, removed, instead }),
);

/** The built-in Kubernetes groups; custom resources have their own rules. */
export const BUILT_IN_GROUPS: ReadonlySet<string> = new Set([
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
  "apiregistration.k8s.io",
  "apps",
  "authentication.k8s.io",
  "authorization.k8s.io",
  "autoscaling",
  "batch",
  "certificates.k8s.io",
  "coordination.k8s.io",
  "discovery.k8s.io",
  "events.k8s.io",
  "extensions",
  "flowcontrol.apiserver.k8s.io",
  "networking.k8s.io",
  "node.k8s.io",
  "policy",
  "rbac.authorization.k8s.io",
  "resource.k8s.io",
  "scheduling.k8s.io",
  "storage.k8s.io",
  "storagemigration.k8s.io",
]);
