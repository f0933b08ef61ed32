/** Pods reach the Services that their settings name, as far as NetworkPolicies are concerned. */
import { ELSEWHERE } from "../in-manifests";
import { perResource } from "../per-resource";
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { STRICT_IN_PRODUCTION, finding, fullNameOf, nameOf } from "../policy";
import type { Value } from "../values";
import { noteOpen, podsIn, type Declared } from "./declared";
import { hostsIn } from "./hosts";
import { Flow, portOf } from "./network-flow";
import { governedByOthers } from "./network-others";
import { DIRECTIONS } from "./network-policies";
import { containersOf, inCluster, namespaceOf, podOf } from "./objects";
import { HOLDERS } from "./pods";

const SERVICE = "kubernetes:core:Service";
/** The name of a pod before that of its Service. */
const OF_POD = /(?<![\w.-])[a-z0-9-]+\.(?=[a-z0-9-]+\.[a-z0-9-]+\.svc\b)/g;

/** A Service that a setting of a pod names. */
interface Call {
  readonly from: StackResource;
  readonly value: Value;
  readonly part: string;
  readonly service: StackResource;
  /** Of the Service; missing for its only one. */
  readonly port: number | undefined;
}

/** Names of settings that say who calls the pod, or by which address others know it, and not what it calls. */
const NO_CALL = /(?:^|[_.-])(?:ORIGIN|CORS|ALLOWED|ADVERTISE|PUBLIC(?![a-z])|ISSUER)/i;

/** Everything by which a container is told what to call; a flag may be an argument before its value. */
function settingsOf(container: Value): readonly Value[] {
  const variables = container
    .get("env")
    .list()
    .filter((variable) => !NO_CALL.test(variable.get("name").string ?? ""));
  const words = ["args", "command"].map((field) => container.get(field).list());
  const flagOf = (word: Value | undefined): string =>
    /^--?[^=]+/.exec(word?.string ?? "")?.[0] ?? "";
  const isOfValue = (word: Value | undefined): boolean => word?.string?.includes("=") === false;
  return [
    ...variables.map((variable) => variable.get("value")),
    ...words.flatMap((list) =>
      list.filter((word, index) => {
        const before = list[index - 1];
        return !NO_CALL.test(flagOf(word)) && !(isOfValue(before) && NO_CALL.test(flagOf(before)));
      }),
    ),
  ];
}

/** Hosts of Services in a text, also those of single pods. */
function hostsOf({ string = "" }: Value): ReturnType<typeof hostsIn> {
  return hostsIn(string.includes(".svc") ? string.replace(OF_POD, "") : string);
}

/** The hosts that a pod's settings name, Services or not. */
const named = perResource((from) =>
  containersOf(podOf(from)).flatMap(({ title: part, value: container }) =>
    settingsOf(container).flatMap((value) =>
      hostsOf(value).map((host) => ({ ...host, value, part })),
    ),
  ),
);

function callsOf(
  from: StackResource,
  services: ReadonlyMap<string, StackResource>,
): readonly Call[] {
  return named(from).flatMap(({ name, namespace, port, value, part }) => {
    const place = namespace ?? namespaceOf(from) ?? "";
    const service = services.get(inCluster(from, place, name));
    return service === undefined ? [] : [{ from, value, part, service, port }];
  });
}

/** The pods behind a Service, if all of them are in the input. */
function podsOf(service: StackResource, pods: Declared): readonly StackResource[] {
  const selector = service.props.get("spec", "selector");
  const namespace = namespaceOf(service);
  if (selector.entries().length === 0 || namespace === undefined) return [];
  const { selected, open } = pods.selectByLabels(service, namespace, selector);
  const { isOfOperator } = pods.hiddenByLabels(service, namespace, selector);
  return open.length > 0 || isOfOperator ? [] : selected;
}

/** The number or the name of the container's port. */
function targetOf({ service, port }: Call): Value | undefined {
  const list = service.props.get("spec", "ports").list();
  const found = list.length === 1 ? list[0] : list.find((each) => each.get("port").number === port);
  if (found?.get("protocol").isMissing === false && found.get("protocol").string !== "TCP")
    return undefined;
  const target = found?.get("targetPort");
  return target?.isMissing === true ? found?.get("port") : target;
}

interface Answer {
  /** Which side certainly keeps the connection out. */
  readonly closed?: string;
  /** Whether that depends on an address, or on something unknown. */
  readonly isOpen?: boolean;
}

/** Whether the connection comes through, to some of the servers. */
function judge(call: Call, servers: readonly StackResource[], flow: Flow): Answer {
  const target = targetOf(call);
  const ends = servers.flatMap((server) => {
    const port = target === undefined ? undefined : portOf(server, target);
    return port === undefined ? [] : [{ server, port }];
  });
  if (ends.length === 0) return {};
  const [ingress, egress] = DIRECTIONS;
  const out = ends.map(({ server, port }) => flow.allows(call.from, server, port, egress));
  if (out.every((match) => match === "no")) return { closed: "egress of its pods" };
  const into = ends.map(({ server, port }) => flow.allows(server, call.from, port, ingress));
  if (into.every((match) => match === "no")) return { closed: "ingress of the Service's pods" };
  return { isOpen: [...out, ...into].includes("unknown") };
}

const ownerWith = (pod: StackResource): readonly [StackResource, Value] => [
  pod,
  podOf(pod).metadata.get("labels"),
];

/** Notes the unknown values because of which the answer is open, if there are any. */
function noteUnknowns(
  { from }: Call,
  servers: readonly StackResource[],
  flow: Flow,
  context: CheckContext,
): void {
  const pods = [from, ...servers];
  const policies = pods.flatMap((pod) => flow.about(pod));
  noteOpen(
    context,
    ...pods.map(ownerWith),
    ...policies.map((policy) => [policy, policy.props.get("spec")] as const),
  );
}

function everyCall(stack: Stack, context: CheckContext): void {
  const pods = podsIn(stack);
  const flow = new Flow(stack);
  const isGoverned = governedByOthers(stack);
  const services = new Map(
    stack
      .of(SERVICE)
      .map((it) => [
        inCluster(it, namespaceOf(it) ?? "", it.props.get("metadata", "name").string ?? ""),
        it,
      ]),
  );
  const said = new Set<string>();
  for (const call of stack.of(...HOLDERS).flatMap((from) => callsOf(from, services))) {
    // Several settings of a pod often lead to the same port.
    const key = [call.from.urn, call.service.urn, call.port].join("\n");
    if (said.has(key)) continue;
    said.add(key);
    const places = [call.from, call.service].map((it) => namespaceOf(it) ?? "");
    if (places.some((place) => isGoverned(call.from, place))) continue;
    const servers = podsOf(call.service, pods);
    // A pod is told its own address to pass it on.
    if (servers.includes(call.from)) continue;
    const { closed, isOpen = false } = judge(call, servers, flow);
    if (isOpen) noteUnknowns(call, servers, flow, context);
    if (closed === undefined) continue;
    // What is not visible may come with rules of its own.
    const [cause] = places.flatMap((place) => pods.causeIn(call.from, place) ?? []);
    say(call, closed, cause, context);
  }
}

function say(
  { from, value, part, service }: Call,
  closed: string,
  cause: StackResource | undefined,
  context: CheckContext,
): void {
  const what = `no NetworkPolicy for ${closed} lets the connection to ${nameOf(service)} through`;
  if (cause === undefined) {
    const expected = `${what}: add a rule with that port, or correct the labels that it selects`;
    context.report(finding(from, value, expected, part), from.urn);
  } else {
    const expected = `${what}; not judged, because ${fullNameOf(cause)} may add one`;
    context.leaveOpen(finding(from, value, expected, part), cause, from.urn);
  }
}

export const networkReach: Policy = {
  name: "network-policy-reach",
  title: "Pods reach the Services that they call",
  clause: {
    reference: "PO-01; ALL-05",
    url: "https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation",
  },
  severity: "high",
  themes: ["network"],
  prevents:
    "A pod waits for an answer that never comes, because a label or a port of a rule is mistyped.",
  description:
    "Where NetworkPolicies isolate a pod, or the pods of a Service that an environment variable or an argument of it names, they let the connection through on both sides: to the port of the Service's pods, and from the pod. A pod's own Service does not count, nor a name that tells who calls it or how others know it (ORIGIN, CORS, ALLOWED, ADVERTISE, PUBLIC, ISSUER). This is checked where all pods of the Service are in the input; a peer by address may be anyone.",
  remediation:
    "Add an egress rule to the client's policy and an ingress rule to that of the Service's pods, with the container's port, and selectors that have the labels of the other side.",
  enforcement: STRICT_IN_PRODUCTION,
  inManifests: ELSEWHERE,
  check: { kind: "stack", run: everyCall },
};
