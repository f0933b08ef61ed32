/** NetworkPolicies: every pod is covered, selectors match, and rules are narrow. */
import { nearest } from "../../lib/words";
import { noteOpen, type Declared, podsIn } from "./declared";
import { governedByOthers } from "./network-others";
import { ANY, inCluster, namespaceOf, podOf } from "./objects";
import { NETWORK_POLICY, podSelectorsOf } from "./pod-selectors";
import { HOLDERS } from "./pods";
import { isEverywhere } from "../addresses";
import { elements, each, type Check } from "../expect";
import { ELSEWHERE, MEANT } from "../in-manifests";
import type { CheckContext, Policy, Stack, StackResource, Resource } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION, finding, fullNameOf, nameOf } from "../policy";
import type { Match } from "./selectors";
import type { Value } from "../values";

const DOCS = "https://kubernetes.io/docs/concepts/services-networking/network-policies/";

/** The fields of a direction's rules and peers. */
export const DIRECTIONS = [
  { type: "Ingress", rules: "ingress", peers: "from" },
  { type: "Egress", rules: "egress", peers: "to" },
] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** Without policyTypes a policy applies to ingress, and to egress only if it has egress rules. */
export function isAbout(spec: Value, { type, rules }: Direction): Match {
  const types = spec.get("policyTypes");
  if (types.isMissing) {
    const list = spec.get(rules);
    if (type === "Ingress" || list.list().length > 0) return "yes";
    return list.isUnknown ? "unknown" : "no";
  }
  if (types.list().some(({ string }) => string === type)) return "yes";
  return [types, ...types.list()].some(({ isUnknown }) => isUnknown) ? "unknown" : "no";
}

/** The unknowns that hide whether a policy applies to a direction. */
export function directionHiddenBy(spec: Value, { rules }: Direction): readonly Value[] {
  const types = spec.get("policyTypes");
  return types.isMissing ? [spec.get(rules)] : [types, ...types.list()];
}

const labelsOf = (pod: StackResource): Value => podOf(pod).metadata.get("labels");

/** URNs of the pods that policies for a direction select, or may select. */
function covered(
  stack: Stack,
  pods: Declared,
  direction: Direction,
  context: CheckContext,
): ReadonlySet<string> {
  const found = new Set<string>();
  for (const policy of stack.of(NETWORK_POLICY)) {
    const spec = policy.props.get("spec");
    const about = isAbout(spec, direction);
    if (about === "no") continue;
    if (about === "unknown") note(directionHiddenBy(spec, direction), policy, context);
    const selector = spec.get("podSelector");
    const { selected, open } = pods.select(policy, namespaceOf(policy), selector);
    for (const { urn } of [...selected, ...open]) found.add(urn);
    if (open.length === 0) continue;
    noteOpen(context, [policy, selector], ...open.map((pod) => [pod, labelsOf(pod)] as const));
  }
  return found;
}

/** Whether a namespace, in the cluster of a resource, has no NetworkPolicy; one of an unknown namespace may be in any. */
export function withoutPolicies(
  stack: Stack,
): (resource: StackResource, namespace: string) => boolean {
  const places = new Set(
    stack.of(NETWORK_POLICY).map((policy) => inCluster(policy, namespaceOf(policy) ?? ANY)),
  );
  return (resource, namespace) =>
    ![namespace, ANY].some((it) => places.has(inCluster(resource, it)));
}

function everyPodIsSelected(stack: Stack, context: CheckContext): void {
  const pods = podsIn(stack);
  const directions = DIRECTIONS.map((direction) => ({
    what: direction.rules,
    pods: covered(stack, pods, direction, context),
  }));
  const isGoverned = governedByOthers(stack);
  const isBare = withoutPolicies(stack);
  for (const resource of stack.of(...HOLDERS)) {
    const { spec } = podOf(resource);
    // A Rollout may refer to a Deployment instead of containing a pod template.
    if (context.noteUnknown(spec, resource.urn) || spec.isMissing) continue;
    if (context.noteUnknown(resource.props.get("metadata", "namespace"), resource.urn)) continue;
    // NetworkPolicies do not apply to the host network.
    const hostNetwork = spec.get("hostNetwork");
    if (context.noteUnknown(hostNetwork, resource.urn) || hostNetwork.boolean === true) continue;
    const missing = directions.filter((each) => !each.pods.has(resource.urn));
    const namespace = namespaceOf(resource) ?? "";
    if (missing.length === 0 || isGoverned(resource, namespace)) continue;
    // namespace-default-deny says it once for all pods of the namespace.
    if (isBare(resource, namespace)) continue;
    const what = missing.map((each) => each.what).join(" or ");
    const expected = "add one to its namespace whose podSelector selects the pod's labels";
    context.report(
      `${nameOf(resource)}: no NetworkPolicy covers its ${what}; ${expected}.`,
      resource.urn,
    );
  }
}

function note(values: readonly Value[], resource: Resource, context: CheckContext): void {
  for (const value of values) context.noteUnknown(value, resource.urn);
}

function selectsSomething(stack: Stack, context: CheckContext): void {
  const pods = podsIn(stack);
  for (const { resource, selector, namespace } of podSelectorsOf(stack, context))
    expectSelects(resource, selector, namespace, { pods, context });
}

function expectSelects(
  policy: StackResource,
  selector: Value,
  namespace: string | undefined,
  { pods, context }: { readonly pods: Declared; readonly context: CheckContext },
): void {
  // An empty selector matches everything; a namespace that is not declared here belongs to another
  // program.
  if (context.noteUnknown(selector, policy.urn) || namespace === undefined) return;
  if (selector.entries().length === 0) return;
  if (namespace === "kube-system") expectDns(policy, selector, context);
  if (!pods.has(policy, namespace)) return;
  const { selected, open } = pods.select(policy, namespace, selector);
  const { isOfOperator, cause } = pods.hidden(policy, namespace, selector);
  if (selected.length > 0 || isOfOperator) return;
  if (open.length > 0) {
    noteOpen(context, [policy, selector], ...open.map((pod) => [pod, labelsOf(pod)] as const));
    return;
  }
  if (cause !== undefined) {
    const expected = `it selects no pod that is visible in the namespace "${namespace}"; not judged, because ${fullNameOf(cause)} may run one`;
    context.leaveOpen(finding(policy, selector, expected), cause, policy.urn);
    return;
  }
  const expected = `it selects no pod of the namespace "${namespace}": use the labels of one`;
  context.report(finding(policy, selector, expected), policy.urn);
}

const DNS_LABEL = "k8s-app";
const DNS = "kube-dns";

/** The cluster's DNS has this label with every provider, although nothing declares its pods. */
function expectDns(policy: StackResource, selector: Value, context: CheckContext): void {
  const value = selector.get("matchLabels", DNS_LABEL);
  if (value.string === undefined || value.string === DNS) return;
  if (nearest(value.string, [DNS]) === undefined) return;
  const expected = `it selects no pod of the namespace "kube-system": did you mean "${DNS}"`;
  context.report(finding(policy, value, expected), policy.urn);
}

/** Whether a rule limits peers or ports: if both are missing or empty it allows everything. */
export function isNarrow(rule: Value, { peers }: Direction): Match {
  const ends = [rule.get(peers), rule.get("ports")];
  if (ends.some((end) => end.list().length > 0)) return "yes";
  return ends.some(({ isUnknown }) => isUnknown) ? "unknown" : "no";
}

function noAllowAll(check: Check): void {
  const { resource, context } = check;
  for (const direction of DIRECTIONS) {
    const { rules, peers } = direction;
    for (const rule of elements(check, resource.props.get("spec", rules))) {
      note([rule.get(peers), rule.get("ports")], resource, context);
      if (isNarrow(rule, direction) !== "no") continue;
      const expected = `it allows everything: list the peers in ${peers}, or the ports`;
      context.report(finding(resource, rule, expected));
    }
  }
}

/** The link-local addresses of metadata services, and the ranges above that contain them. */
const HOLDING_METADATA: readonly string[] = ["0.0.0.0/0", "128.0.0.0/1"];
const METADATA = /^169\.254\.(0\.0\/16|169\.254\/32)$/;

function internetIsNarrow(check: Check): void {
  const { resource, context } = check;
  for (const { rules, peers } of DIRECTIONS) {
    for (const rule of elements(check, resource.props.get("spec", rules))) {
      for (const peer of elements(check, rule.get(peers))) {
        const cidr = peer.get("ipBlock", "cidr");
        if (context.noteUnknown(cidr) || !isEverywhere(cidr)) continue;
        const ports = rule.get("ports");
        if (!context.noteUnknown(ports) && ports.list().length === 0) {
          const expected = "that is every address on every port: list the ports, or the addresses";
          context.report(finding(resource, cidr, expected));
        }
        if (rules === "egress" && HOLDING_METADATA.includes(cidr.string ?? ""))
          metadataIsLeftOut(peer, check);
      }
    }
  }
}

function metadataIsLeftOut(peer: Value, { resource, context }: Check): void {
  const except = peer.get("ipBlock", "except");
  if (context.noteUnknown(except)) return;
  if (except.list().some((it) => context.noteUnknown(it) || METADATA.test(it.string ?? ""))) return;
  const expected = "the node's metadata service is reachable: add 169.254.0.0/16";
  context.report(finding(resource, except, expected));
}

export const networkPolicies: readonly Policy[] = [
  {
    name: "pod-network-policy",
    title: "Every pod is covered by NetworkPolicies",
    clause: { reference: "PO-03; ALL-04; CKV2_K8S_6; kube-score pod-networkpolicy", url: DOCS },
    severity: "high",
    themes: ["network"],
    prevents: "A pod that no policy selects can be reached by everything, and reach everything.",
    description:
      "Every pod that does not use the host network is selected by a NetworkPolicy for ingress and by one for egress, unless Cilium, Calico or administrator policies exist. A namespace without any is for namespace-default-deny.",
    remediation:
      "Add a NetworkPolicy to the pod's namespace with policyTypes [Ingress, Egress] whose podSelector selects its labels.",
    enforcement: STRICT_IN_PRODUCTION,
    inManifests: ELSEWHERE,
    check: { kind: "stack", run: everyPodIsSelected },
  },
  {
    name: "network-policy-selects",
    title: "NetworkPolicies select pods",
    clause: {
      reference:
        "PO-03; kube-linter dangling-networkpolicy, dangling-networkpolicypeer-podselector",
      url: DOCS,
    },
    severity: "medium",
    themes: ["network"],
    prevents: "A typo in a label leaves a pod unprotected, or cuts it off.",
    description:
      "The selector of a NetworkPolicy, those of its peers and those of the peers of a Kafka's listeners select a pod. This is checked in namespaces all of whose pods are declared in the stack.",
    remediation:
      "Set spec.podSelector or the peer's podSelector to the labels of the pod template, or remove the policy.",
    enforcement: ADVICE,
    check: { kind: "stack", run: selectsSomething },
  },
  {
    name: "network-policy-not-open",
    title: "NetworkPolicy rules do not allow everything",
    clause: { reference: "PO-03; ALL-05", url: `${DOCS}#allow-all-ingress-traffic` },
    severity: "high",
    themes: ["network"],
    prevents: "An empty rule cancels the namespace's default deny.",
    description: "Every rule of a NetworkPolicy names peers or ports.",
    remediation:
      "Set from or to to the intended pods, namespaces or addresses; if they cannot be known, set the ports.",
    enforcement: STRICT_IN_PRODUCTION,
    inManifests: MEANT,
    check: each([NETWORK_POLICY], noAllowAll),
  },
  {
    name: "network-policy-internet",
    title: "NetworkPolicy rules for all addresses are narrow",
    clause: { reference: "PO-03; ALL-05", url: `${DOCS}#behavior-of-to-and-from-selectors` },
    severity: "high",
    themes: ["network"],
    prevents:
      "A compromised pod sends data anywhere, or reads the node's credentials from its metadata service.",
    description:
      "A rule for every address lists its ports, and one for egress excludes the link-local addresses of metadata services.",
    remediation:
      "Add ports next to the ipBlock, and 169.254.0.0/16 to its except (preferably all private ranges as well).",
    enforcement: STRICT_IN_PRODUCTION,
    check: each([NETWORK_POLICY], internetIsNarrow),
  },
];
