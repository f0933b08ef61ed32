/** Ports of NetworkPolicy rules: those of the pods that they are about. */
import { elements } from "../expect";
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { ADVICE, finding } from "../policy";
import type { Value } from "../values";
import { injectedPorts } from "./added-labels";
import { type Declared, podsIn } from "./declared";
import { namespaceOf } from "./objects";
import { portsOf } from "./services";

const NETWORK_POLICY = "kubernetes:networking.k8s.io:NetworkPolicy";
const NAMESPACE_NAME = "kubernetes.io/metadata.name";

/** The ports of some pods, by number and by name; undefined if they may have others. */
type Ports = ReadonlySet<string | number> | undefined;

/** The cluster's DNS: queries, its metrics, health and readiness. */
const DNS: ReadonlySet<string | number> = new Set([
  53,
  9153,
  8080,
  8181,
  "dns",
  "dns-tcp",
  "metrics",
]);

function isDns(namespace: string, selector: Value): boolean {
  return (
    namespace === "kube-system" && selector.get("matchLabels", "k8s-app").string === "kube-dns"
  );
}

/** The ports of a pod that lists them; a container may listen on others, so a pod without any tells nothing. */
function portsOfPod(pod: StackResource): Ports {
  const lists = portsOf(pod);
  const all = lists.flatMap((list) => list.listOrUnknown());
  const known = all.flatMap((port) => [port.get("containerPort"), port.get("name")]);
  if (all.length === 0 || known.some(({ isUnknown }) => isUnknown)) return undefined;
  const injected = Object.entries(injectedPorts(pod)).flat();
  return new Set([...known.flatMap(({ string, number }) => string ?? number ?? []), ...injected]);
}

function union(sets: readonly Ports[]): Ports {
  const all = new Set<string | number>();
  for (const ports of sets) {
    if (ports === undefined) return undefined;
    for (const port of ports) all.add(port);
  }
  return all;
}

/** The ports of all pods that a selector selects. */
function portsOfSelected(
  policy: StackResource,
  namespace: string,
  selector: Value,
  pods: Declared,
): Ports {
  if (isDns(namespace, selector)) return DNS;
  if (!pods.has(policy, namespace) || selector.unknowns().length > 0) return undefined;
  const { selected, open } = pods.select(policy, namespace, selector);
  const { runs, cause } = pods.hidden(policy, namespace, selector);
  const isNarrow = selected.length > 0 && selector.entries().length > 0;
  if (open.length > 0 || (cause !== undefined && !isNarrow)) return undefined;
  if (selected.length + runs.length === 0) return undefined;
  return union([
    ...selected.map(portsOfPod),
    ...runs.map(({ ports }) => (ports === undefined ? undefined : new Set(ports))),
  ]);
}

/** The ports of a rule's peers; undefined with addresses or pods of others among them. */
function portsOfPeers(policy: StackResource, peers: readonly Value[], pods: Declared): Ports {
  if (peers.length === 0) return undefined;
  return union(
    peers.map((peer) => {
      const among = peer.get("namespaceSelector");
      const namespace = among.isMissing
        ? namespaceOf(policy)
        : among.get("matchLabels", NAMESPACE_NAME).string;
      if (!peer.get("ipBlock").isMissing || namespace === undefined) return undefined;
      return portsOfSelected(policy, namespace, peer.get("podSelector"), pods);
    }),
  );
}

function everyPortIsListed(stack: Stack, context: CheckContext): void {
  const pods = podsIn(stack);
  for (const policy of stack.of(NETWORK_POLICY)) {
    const check = { resource: policy, context };
    const spec = policy.props.get("spec");
    const namespace = namespaceOf(policy);
    const own =
      namespace === undefined
        ? undefined
        : portsOfSelected(policy, namespace, spec.get("podSelector"), pods);
    for (const rule of elements(check, spec.get("ingress")))
      expectPorts(policy, rule, own, context);
    for (const rule of elements(check, spec.get("egress")))
      expectPorts(policy, rule, portsOfPeers(policy, rule.get("to").list(), pods), context);
  }
}

function expectPorts(
  policy: StackResource,
  rule: Value,
  allowed: Ports,
  context: CheckContext,
): void {
  if (allowed === undefined) return;
  for (const each of rule.get("ports").list()) {
    const port = each.get("port");
    const end = each.get("endPort");
    if ([port, end].some((value) => context.noteUnknown(value, policy.urn))) continue;
    const first = port.string ?? port.number;
    if (first === undefined || allowed.has(first)) continue;
    const last = end.number ?? first;
    const isIn = (one: string | number): boolean =>
      typeof one === "number" && typeof first === "number" && typeof last === "number"
        ? one >= first && one <= last
        : String(one) === String(first);
    if ([...allowed].some(isIn)) continue;
    const known = [...allowed].map((one) => JSON.stringify(one)).join(", ");
    const expected = `the pods that the rule is about have only the ports ${known}: use one of them, or list it in the container's ports`;
    context.report(finding(policy, port, expected), policy.urn);
  }
}

export const networkPorts: Policy = {
  name: "network-policy-ports",
  title: "NetworkPolicy rules open ports that pods have",
  clause: {
    reference: "PO-01; ALL-05",
    url: "https://kubernetes.io/docs/concepts/services-networking/network-policies/#targeting-a-range-of-ports",
  },
  severity: "medium",
  themes: ["network"],
  prevents:
    "A rule opens a port of the Service instead of the container's, or a mistyped one, and the connection times out.",
  description:
    "The ports of an ingress rule are listed by containers of the pods that the policy selects, and those of an egress rule by containers of the pods that it leads to. This is checked where all of these pods list ports.",
  remediation:
    "Use the container's port, not that of the Service; list the port in the container's ports if it is missing there.",
  enforcement: ADVICE,
  check: { kind: "stack", run: everyPortIsListed },
};
