/** Default-deny NetworkPolicies, and the Pod Security label of namespaces. */
import {
  DIRECTIONS,
  directionHiddenBy,
  isAbout,
  isNarrow,
  withoutPolicies,
  type Direction,
} from "./network-policies";
import { governedByOthers } from "./network-others";
import { ANY, inCluster, namespaceOf, podOf } from "./objects";
import { NETWORK_POLICY } from "./pod-selectors";
import { HOLDERS } from "./pods";
import { ELSEWHERE } from "../in-manifests";
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { STRICT_IN_PRODUCTION, finding } from "../policy";
import { all, type Match } from "./selectors";
import type { Value } from "../values";

interface Place {
  /** A resource that runs pods there, to report against. */
  readonly first: StackResource;
  readonly namespace: string;
}

function visibleNamespace(resource: StackResource, context: CheckContext): string | undefined {
  context.noteUnknown(resource.props.get("metadata", "namespace"), resource.urn);
  return namespaceOf(resource);
}

function placesWithPods(stack: Stack, context: CheckContext): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const first of stack.of(...HOLDERS)) {
    const namespace = visibleNamespace(first, context);
    // NetworkPolicies do not apply to the host network.
    const hostNetwork = podOf(first).spec.get("hostNetwork");
    context.noteUnknown(hostNetwork, first.urn);
    if (namespace === undefined || hostNetwork.boolean === true) continue;
    const key = inCluster(first, namespace);
    if (!places.has(key)) places.set(key, { first, namespace });
  }
  return places;
}

function defaultDeny(stack: Stack, context: CheckContext): void {
  /** Cluster, namespace and direction with a default deny, known or possible. */
  const denied = new Set<string>();
  for (const policy of stack.of(NETWORK_POLICY)) {
    // An object with an unknown namespace may be in any.
    const namespace = visibleNamespace(policy, context) ?? ANY;
    for (const { type } of DIRECTIONS.filter((each) => mayDeny(policy, each, context))) {
      denied.add(inCluster(policy, namespace, type));
    }
  }
  const isGoverned = governedByOthers(stack);
  const isBare = withoutPolicies(stack);
  const namespaces = new Map(
    stack
      .of(NAMESPACE)
      .map((it) => [inCluster(it, it.props.get("metadata", "name").string ?? ""), it]),
  );
  for (const { first, namespace } of placesWithPods(stack, context).values()) {
    const missing = DIRECTIONS.map(({ type }) => type).filter(
      (type) => ![namespace, ANY].some((place) => denied.has(inCluster(first, place, type))),
    );
    if (missing.length === 0 || isGoverned(first, namespace)) continue;
    const what = missing.map((type) => type.toLowerCase()).join(" and ");
    const lack = isBare(first, namespace)
      ? "has no NetworkPolicy, so that its pods reach everything and are reached by everything"
      : `has no NetworkPolicy that denies all ${what} by default`;
    context.report(
      `Namespace "${namespace}" ${lack}; add one with an empty podSelector, policyTypes ${JSON.stringify(missing)} and no rules.`,
      (namespaces.get(inCluster(first, namespace)) ?? first).urn,
    );
  }
}

/**
 * Whether a NetworkPolicy selects every pod in its namespace, and denies everything except what its
 * narrow rules allow (mostly DNS), as far as is known.
 */
function mayDeny(policy: StackResource, direction: Direction, context: CheckContext): boolean {
  const spec = policy.props.get("spec");
  const labels = spec.get("podSelector", "matchLabels");
  const expressions = spec.get("podSelector", "matchExpressions");
  const rules = spec.get(direction.rules);
  const written = rules.list();
  const denies = all([
    ...[labels, expressions].map(isNothing),
    rules.isUnknown ? "unknown" : "yes",
    ...written.map((rule) => isNarrow(rule, direction)),
    isAbout(spec, direction),
  ]);
  if (denies !== "unknown") return denies === "yes";
  const ends = written.flatMap((rule) => [rule.get(direction.peers), rule.get("ports")]);
  const open = [labels, expressions, rules, ...ends, ...directionHiddenBy(spec, direction)];
  for (const value of open) {
    context.noteUnknown(value, policy.urn);
  }
  return true;
}

function isNothing(value: Value): Match {
  if (value.isUnknown) return "unknown";
  return value.entries().length === 0 && value.list().length === 0 ? "yes" : "no";
}

const NAMESPACE = "kubernetes:core:Namespace";
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
    prevents: "One compromised pod can reach every other pod and every external address.",
    description:
      "Every namespace with workloads has a NetworkPolicy for all its pods for ingress and one for egress, with no rules or only rules that name peers or ports, unless Cilium, Calico or administrator policies exist.",
    remediation:
      "Add a NetworkPolicy with an empty podSelector, both policyTypes and no rules (or only those for DNS), and another one for each allowed flow.",
    enforcement: STRICT_IN_PRODUCTION,
    inManifests: ELSEWHERE,
    check: { kind: "stack", run: defaultDeny },
  },
  {
    name: "namespace-pod-security-label",
    title: "Namespaces enforce a Pod Security Standard",
    clause: {
      reference: "PO-03; Pod Security Admission",
      url: "https://kubernetes.io/docs/concepts/security/pod-security-admission/",
    },
    severity: "high",
    themes: ["pod-security"],
    prevents:
      "A pod that was not created by this program, or was changed by hand, runs privileged.",
    description: "Every namespace has the API server enforce the baseline or restricted standard.",
    remediation: `Label the namespace ${ENFORCE}: restricted (or baseline, if its software needs it).`,
    enforcement: STRICT_IN_PRODUCTION,
    inManifests: ELSEWHERE,
    check: {
      kind: "resource",
      types: [NAMESPACE],
      run: (resource, context) => {
        const level = resource.props.get("metadata", "labels", ENFORCE);
        if (context.noteUnknown(level)) return;
        if (level.string === "restricted" || level.string === "baseline") return;
        context.report(finding(resource, level, 'it must be "restricted" or "baseline"'));
      },
    },
  },
];
