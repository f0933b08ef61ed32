/** Numbers of Service ports: those of the containers behind them, and those that clients really use. */
import { elements } from "../expect";
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { ADVICE, finding } from "../policy";
import type { Value } from "../values";
import { injectedPorts } from "./added-labels";
import { podsIn } from "./declared";
import { namespaceOf } from "./objects";
import { portsOf } from "./services";

const SERVICE = "kubernetes:core:Service";
const DOCS = "https://kubernetes.io/docs/concepts/services-networking/service/";

/** The numbers that the containers of a pod list; undefined where they list none, or may list others. */
function numbersOf(pod: StackResource): readonly number[] | undefined {
  const ports = portsOf(pod).flatMap((list) => list.listOrUnknown());
  const numbers = ports.map((port) => port.get("containerPort"));
  if (numbers.length === 0 || numbers.some(({ isUnknown }) => isUnknown)) return undefined;
  return [...numbers.flatMap(({ number }) => number ?? []), ...Object.values(injectedPorts(pod))];
}

function everyNumberIsListed(stack: Stack, context: CheckContext): void {
  const pods = podsIn(stack);
  for (const service of stack.of(SERVICE)) {
    const spec = service.props.get("spec");
    const selector = spec.get("selector");
    const namespace = namespaceOf(service);
    if (namespace === undefined || context.noteUnknown(selector, service.urn)) continue;
    if (spec.get("type").string === "ExternalName" || selector.entries().length === 0) continue;
    const { selected, open } = pods.selectByLabels(service, namespace, selector);
    const { isOfOperator } = pods.hiddenByLabels(service, namespace, selector);
    const lists = selected.map(numbersOf);
    // A container may listen on a port that it does not list; one that lists others has forgotten it at least.
    if (lists.length === 0 || lists.includes(undefined) || open.length > 0 || isOfOperator)
      continue;
    const known = new Set(lists.flatMap((list) => list ?? []));
    for (const port of elements({ resource: service, context }, spec.get("ports")))
      expectListed(service, port, known, context);
  }
}

function expectListed(
  service: StackResource,
  port: Value,
  known: ReadonlySet<number>,
  context: CheckContext,
): void {
  const target = port.get("targetPort");
  const value = target.isMissing ? port.get("port") : target;
  if (context.noteUnknown(value, service.urn)) return;
  const number = value.number ?? Number(value.string ?? NaN);
  if (Number.isNaN(number) || known.has(number)) return;
  const expected = `the containers that it selects list only ${[...known].join(", ")}: use one of these ports, or list it there`;
  context.report(finding(service, value, expected), service.urn);
}

/** The DNS name of a headless Service leads to its pods, and nothing maps its ports to theirs. */
function headlessPortsAreThePods(stack: Stack, context: CheckContext): void {
  const pods = podsIn(stack);
  for (const service of stack.of(SERVICE)) {
    const spec = service.props.get("spec");
    const selector = spec.get("selector");
    if (spec.get("clusterIP").string !== "None" || context.noteUnknown(selector, service.urn))
      continue;
    // It leads to the addresses of its Endpoints.
    if (selector.entries().length === 0) continue;
    const { selected } = pods.selectByLabels(service, namespaceOf(service), selector);
    const named = selected.flatMap(portsOf).flatMap((list) => list.list());
    for (const port of elements({ resource: service, context }, spec.get("ports"))) {
      const [own, target] = [port.get("port"), port.get("targetPort")];
      if (target.isMissing || [own, target].some((it) => context.noteUnknown(it, service.urn)))
        continue;
      const numbers = target.number ?? namedBy(named, target.string);
      if (numbers === undefined || numbers === own.number) continue;
      const expected = `the Service is headless, so that who uses its name reaches the pods' own port, which is ${numbers}: use the same number`;
      context.report(finding(service, own, expected), service.urn);
    }
  }
}

const namedBy = (ports: readonly Value[], name: string | undefined): number | undefined =>
  ports.find((port) => port.get("name").string === name)?.get("containerPort").number;

const shared = { severity: "medium", themes: ["network"], enforcement: ADVICE } as const;

export const servicePorts: readonly Policy[] = [
  {
    ...shared,
    name: "service-target-number",
    title: "Service target ports are those of containers",
    clause: { reference: "PO-01", url: `${DOCS}#field-spec-ports` },
    prevents: "A Service sends requests to a port on which nothing listens.",
    description:
      "A number as a Service's targetPort, or its port if it has none, is among the ports of the containers that it selects, if all of these pods list ports.",
    remediation:
      "Set spec.ports[].targetPort to a containerPort, or better to its name; list the port in the container if it is missing there.",
    check: { kind: "stack", run: everyNumberIsListed },
  },
  {
    ...shared,
    name: "service-headless-port",
    title: "Ports of headless Services are the pods' own",
    clause: { reference: "PO-01", url: `${DOCS}#headless-services` },
    prevents: "Clients connect to the port of the Service, on which no pod listens.",
    description: "The port of a headless Service is the number of the container's port.",
    remediation: "Set spec.ports[].port to the number of the targetPort.",
    check: { kind: "stack", run: headlessPortsAreThePods },
  },
];
