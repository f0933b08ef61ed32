/** Who may talk to whom inside the cluster, and which pods a namespace admits. */
import { POD_KINDS, inCluster, namespaceOf } from "./objects";
import type { Context, Policy, Stack, StackResource } from "../policy";
import { STRICT_IN_PRODUCTION, finding } from "../policy";

const NETWORK_POLICY = "kubernetes:networking.k8s.io:NetworkPolicy";
const DIRECTIONS = ["Ingress", "Egress"] as const;
type Direction = (typeof DIRECTIONS)[number];

interface Place {
  /** A resource that runs pods there, to report against. */
  readonly first: StackResource;
  readonly namespace: string;
}

function visibleNamespace(resource: StackResource, context: Context): string | undefined {
  context.unsure(resource.props.get("metadata", "namespace"), resource.urn);
  return namespaceOf(resource);
}

function defaultDeny(stack: Stack, context: Context): void {
  const places = new Map<string, Place>();
  for (const first of stack.of(...POD_KINDS)) {
    const namespace = visibleNamespace(first, context);
    if (namespace === undefined) continue;
    const key = inCluster(first, namespace);
    if (!places.has(key)) places.set(key, { first, namespace });
  }
  const denied = new Map<string, Set<Direction>>();
  for (const policy of stack.of(NETWORK_POLICY)) {
    const namespace = visibleNamespace(policy, context);
    if (namespace === undefined) continue;
    const key = inCluster(policy, namespace);
    const known = denied.get(key) ?? new Set();
    for (const direction of deniedBy(policy, context)) known.add(direction);
    denied.set(key, known);
  }
  for (const [key, { first, namespace }] of places) {
    const missing = DIRECTIONS.filter((direction) => !denied.get(key)?.has(direction));
    if (missing.length === 0) continue;
    const what = missing.map((direction) => direction.toLowerCase()).join(" and ");
    context.report(
      `Namespace "${namespace}" has no NetworkPolicy that denies all ${what} by default; write one with an empty podSelector, policyTypes ${JSON.stringify(missing)} and no rules.`,
      first.urn,
    );
  }
}

/** The directions in which a NetworkPolicy denies everything to every pod of its namespace. */
function deniedBy(policy: StackResource, context: Context): readonly Direction[] {
  const spec = policy.props.get("spec");
  const selector = spec.get("podSelector");
  if (context.unsure(spec, policy.urn) || context.unsure(selector, policy.urn)) return [];
  const narrow = ["matchLabels", "matchExpressions"].some(
    (field) =>
      selector.get(field).isUnknown ||
      selector.get(field).entries().length > 0 ||
      selector.get(field).list().length > 0,
  );
  if (narrow) return [];
  const types = spec.get("policyTypes");
  return DIRECTIONS.filter((direction) => {
    const rules = spec.get(direction.toLowerCase());
    if (context.unsure(types, policy.urn) || context.unsure(rules, policy.urn)) return false;
    // Without policyTypes a policy is about ingress, and about egress only if it has such rules.
    const isAbout = types.isMissing
      ? direction === "Ingress"
      : types.list().some((type) => type.text === direction);
    return isAbout && rules.list().length === 0;
  });
}

const ENFORCE = "pod-security.kubernetes.io/enforce";

export const network: readonly Policy[] = [
  {
    name: "namespace-default-deny",
    title: "Namespaces deny traffic by default",
    clause: {
      reference: "PO-03; ALL-08",
      url: "https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies",
    },
    severity: "high",
    themes: ["network"],
    prevents: "One pod that is taken over reaches every other pod and every address outside.",
    description:
      "Every namespace with workloads has a NetworkPolicy that denies all ingress and all egress by default.",
    remediation:
      "Write a NetworkPolicy with an empty podSelector, both policyTypes and no rules, and one more for each allowed flow.",
    enforcement: STRICT_IN_PRODUCTION,
    check: { kind: "stack", run: defaultDeny },
  },
  {
    name: "namespace-pod-security-label",
    title: "Namespaces admit only secure pods",
    clause: {
      reference: "PO-03; Pod Security Admission",
      url: "https://kubernetes.io/docs/concepts/security/pod-security-admission/",
    },
    severity: "high",
    themes: ["pod-security"],
    prevents:
      "A pod that was not created by this program, or was changed by hand, runs privileged.",
    description: "Every namespace has the API server enforce the baseline or restricted standard.",
    remediation: `Label the namespace ${ENFORCE}: restricted (or baseline, where its software needs it).`,
    enforcement: STRICT_IN_PRODUCTION,
    check: {
      kind: "resource",
      types: ["kubernetes:core:Namespace"],
      run: (resource, context) => {
        const level = resource.props.get("metadata", "labels", ENFORCE);
        if (context.unsure(level)) return;
        if (level.text === "restricted" || level.text === "baseline") return;
        context.report(finding(resource, level, 'it must be "restricted" or "baseline"'));
      },
    },
  },
];
