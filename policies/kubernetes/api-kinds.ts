/** Whether the API has an object's kind: no other policy evaluates a misspelled one. */
import { list, nearest } from "../../lib/words";
import type { Check } from "../expect";
import { each } from "../expect";
import type { Policy } from "../policy";
import { ANYWHERE, nameOf } from "../policy";
import { tokenOf, type Token } from "./tokens";

/**
 * API group → its kinds, including those of versions no longer served. Each may also be a list:
 * `DeploymentList`.
 */
const KINDS: Readonly<Record<string, string>> = {
  "admissionregistration.k8s.io":
    "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration",
  "apiextensions.k8s.io": "CustomResourceDefinition",
  "apiregistration.k8s.io": "APIService",
  apps: "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet",
  "auditregistration.k8s.io": "AuditSink",
  "authentication.k8s.io": "SelfSubjectReview TokenRequest TokenReview",
  "authorization.k8s.io":
    "LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview",
  autoscaling: "HorizontalPodAutoscaler Scale",
  batch: "CronJob Job",
  "certificates.k8s.io": "CertificateSigningRequest ClusterTrustBundle PodCertificateRequest",
  "coordination.k8s.io": "Lease LeaseCandidate",
  core: "Binding ComponentStatus ConfigMap Endpoints Event LimitRange List Namespace Node PersistentVolume PersistentVolumeClaim Pod PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount",
  "discovery.k8s.io": "EndpointSlice",
  "events.k8s.io": "Event",
  extensions: "DaemonSet Deployment Ingress NetworkPolicy PodSecurityPolicy ReplicaSet",
  "flowcontrol.apiserver.k8s.io": "FlowSchema PriorityLevelConfiguration",
  "networking.k8s.io": "ClusterCIDR IPAddress Ingress IngressClass NetworkPolicy ServiceCIDR",
  "node.k8s.io": "RuntimeClass",
  policy: "Eviction PodDisruptionBudget PodSecurityPolicy",
  "rbac.authorization.k8s.io": "ClusterRole ClusterRoleBinding Role RoleBinding",
  "resource.k8s.io":
    "DeviceClass DeviceTaintRule PodScheduling PodSchedulingContext ResourceClaim ResourceClaimParameters ResourceClaimTemplate ResourceClass ResourceClassParameters ResourcePoolStatusRequest ResourceSlice",
  "scheduling.k8s.io": "CompositePodGroup PodGroup PriorityClass Workload",
  "storage.k8s.io":
    "CSIDriver CSINode CSIStorageCapacity StorageClass VolumeAttachment VolumeAttributesClass",
  "storagemigration.k8s.io": "StorageVersionMigration",
};

const GROUPS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(KINDS).map(([group, kinds]) => [group, kinds.split(" ")]),
);

/** Whether an API group is one of Kubernetes itself; custom groups too may end in `k8s.io`. */
export const isBuiltIn = (group: string): boolean => GROUPS.has(group);

/** Tool files that look like objects, are often next to them, and are never applied. */
const NO_OBJECTS: ReadonlySet<string> = new Set(["core Config", "skaffold Config"]);

/** The group as written in `apiVersion`, where the core group has no name. */
const versionsOf = (group: string): string => (group === "core" ? "v1" : `${group}/…`);

/**
 * The kind of the object: an SDK Patch has the kind of what it changes; in a manifest Patch is not
 * a kind.
 */
function kindOf({ resource: { type, props } }: Check, token: Token): string {
  const raw = type.slice(type.lastIndexOf(":") + 1);
  return props.get("kind").string === raw ? raw : token.kind;
}

function hintOfKind(kind: string, kinds: readonly string[]): string {
  const elsewhere = [...GROUPS].filter(([, theirs]) => theirs.includes(kind));
  if (elsewhere.length > 0) {
    const versions = elsewhere.map(([group]) => versionsOf(group));
    return `the kind belongs to the apiVersion ${list(versions)}.`;
  }
  const near = nearest(kind, kinds);
  return near === undefined
    ? "use one that `kubectl api-resources` lists."
    : `did you mean ${JSON.stringify(near)}?`;
}

/** People leave out the domain of a group, or misspell it. */
function hintOfGroup(group: string): string {
  const groups = [...GROUPS.keys()];
  const near = groups.find((name) => name.startsWith(`${group}.`)) ?? nearest(group, groups);
  return near === undefined
    ? "use one that `kubectl api-versions` lists."
    : `did you mean ${JSON.stringify(near)}?`;
}

function known(check: Check): void {
  const { resource, context } = check;
  const token = tokenOf(resource.type);
  if (token === undefined) return;
  const { group, apiVersion } = token;
  const kind = kindOf(check, token);
  if (NO_OBJECTS.has(`${group} ${kind}`)) return;
  const say = (key: "apiVersion" | "kind", value: string, expected: string): void => {
    const message = `${nameOf(resource)}: ${key} is ${JSON.stringify(value)}; ${expected}`;
    context.report({ message, at: [key] });
  };
  const kinds = GROUPS.get(group);
  if (kinds === undefined) {
    // Groups of custom resources have a dot; only the cluster knows which exist.
    if (!group.includes(".")) {
      say("apiVersion", apiVersion, `there is no such API group, ${hintOfGroup(group)}`);
    }
    return;
  }
  if (kinds.includes(kind.replace(/(?<=.)List$/, ""))) return;
  say("kind", kind, `${JSON.stringify(apiVersion)} has no such kind, ${hintOfKind(kind, kinds)}`);
}

export const apiKinds: readonly Policy[] = [
  {
    name: "api-kind-known",
    title: "Kinds exist in the Kubernetes API",
    clause: {
      reference: "PO-01",
      url: "https://kubernetes.io/docs/reference/kubernetes-api/",
    },
    severity: "high",
    themes: ["metadata", "api"],
    prevents:
      "The API server rejects the object, and until then it passes every policy, because policies match on the kind.",
    description:
      "An object in a built-in Kubernetes API group has a kind of that group, and a group without a dot is a built-in one.",
    remediation:
      "Correct kind or apiVersion as the message says; the group of a custom resource is a domain, with a dot.",
    enforcement: ANYWHERE,
    check: each("every", known),
  },
];
