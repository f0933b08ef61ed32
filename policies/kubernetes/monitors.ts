/** ServiceMonitors and PodMonitors: they must select something, with an existing port. */
import { list } from "../../lib/words";
import { elements } from "../expect";
import { injectedPorts } from "./added-labels";
import { noteOpen, type Selection, Declared, podsIn } from "./declared";
import type { Hidden } from "./hidden-pods";
import { namespaceOf, podOf } from "./objects";
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { STRICT_IN_PRODUCTION, finding, fullNameOf } from "../policy";
import type { Run } from "./references/runners";
import { portNames, portsOf } from "./services";
import type { Value } from "../values";

const SERVICE = "kubernetes:core:Service";

/** Where a kind of monitor lists what it scrapes, and what ports and labels the scraped objects have. */
interface Kind {
  readonly type: string;
  readonly endpoints: string;
  readonly what: string;
  readonly portsOf: (resource: StackResource) => readonly Value[];
  readonly labelsOf: (resource: StackResource) => Value;
}

const SERVICES: Kind = {
  type: "kubernetes:monitoring.coreos.com:ServiceMonitor",
  endpoints: "endpoints",
  what: "Service",
  portsOf: (service) => [service.props.get("spec", "ports")],
  labelsOf: (service) => service.props.get("metadata", "labels"),
};
const PODS: Kind = {
  type: "kubernetes:monitoring.coreos.com:PodMonitor",
  endpoints: "podMetricsEndpoints",
  what: "pod",
  portsOf,
  labelsOf: (pod) => podOf(pod).metadata.get("labels"),
};

/** The single namespace that a monitor selects from; undefined for several, or while unknown. */
function namespaceOfMonitor(monitor: StackResource, context: CheckContext): string | undefined {
  const selector = monitor.props.get("spec", "namespaceSelector");
  const any = selector.get("any");
  const names = selector.get("matchNames");
  if ([any, names].filter((value) => context.noteUnknown(value, monitor.urn)).length > 0)
    return undefined;
  if (any.boolean === true) return undefined;
  const [first = monitor.props.get("metadata", "namespace"), ...others] = names.list();
  if (context.noteUnknown(first, monitor.urn) || others.length > 0) return undefined;
  return names.list().length > 0 ? first.string : namespaceOf(monitor);
}

function evaluate(
  kind: Kind,
  stack: Stack,
  context: CheckContext,
  declared: Declared,
  pods: Declared,
): void {
  for (const monitor of stack.of(kind.type)) {
    const namespace = namespaceOfMonitor(monitor, context);
    const selector = monitor.props.get("spec", "selector");
    if (context.noteUnknown(selector, monitor.urn) || namespace === undefined) continue;
    if (!pods.has(monitor, namespace)) continue;
    const selection = declared.select(monitor, namespace, selector);
    // Pods of operators and charts are not visible here, nor are the Services with their labels.
    const { isOfOperator, runs, cause } = pods.hidden(monitor, namespace, selector);
    if (isOfOperator) {
      if (kind === PODS && cause === undefined)
        evaluateRuns(monitor, selection.selected, runs, context);
    } else if (selection.selected.length > 0)
      evaluatePorts(kind, monitor, { ...selection, cause }, context);
    else if (selection.open.length > 0) noteOpenEnds(kind, monitor, selection, context);
    else if (cause !== undefined) {
      const expected = `it selects no ${kind.what} that is visible in the namespace "${namespace}"; not judged, because ${fullNameOf(cause)} may create one`;
      context.leaveOpen(finding(monitor, selector, expected), cause, monitor.urn);
    } else {
      const expected = `it selects no ${kind.what} of the namespace "${namespace}": use the labels of one`;
      context.report(finding(monitor, selector, expected), monitor.urn);
    }
  }
}

/** Pods of operators: judged where the names of all of their ports are known. */
function evaluateRuns(
  monitor: StackResource,
  selected: readonly StackResource[],
  runs: readonly Run[],
  context: CheckContext,
): void {
  const names = runs.map(({ portNames: own }) => own);
  if (names.length === 0 || names.includes(undefined) || selected.length > 0) return;
  const known = new Set(names.flatMap((own) => own ?? []));
  const check = { resource: monitor, context };
  for (const endpoint of elements(check, monitor.props.get("spec", PODS.endpoints))) {
    const port = endpoint.get("port");
    if (context.noteUnknown(port, monitor.urn) || port.isMissing) continue;
    if (known.has(port.string ?? "")) continue;
    const expected = `the pods that it selects, which an operator runs, name only the ports ${list([...known])}: use one of them`;
    context.report(finding(monitor, port, expected), monitor.urn);
  }
}

function noteOpenEnds(
  { labelsOf }: Kind,
  monitor: StackResource,
  { open }: Selection,
  context: CheckContext,
): void {
  const labels = open.map((each) => [each, labelsOf(each)] as const);
  noteOpen(context, [monitor, monitor.props.get("spec", "selector")], ...labels);
}

function evaluatePorts(
  kind: Kind,
  monitor: StackResource,
  selection: Selection & Pick<Hidden, "cause">,
  context: CheckContext,
): void {
  const names = portNames(selection.selected.flatMap(kind.portsOf));
  const injected = new Set(selection.selected.flatMap((pod) => Object.keys(injectedPorts(pod))));
  const check = { resource: monitor, context };
  for (const endpoint of elements(check, monitor.props.get("spec", kind.endpoints))) {
    const port = endpoint.get("port");
    if (context.noteUnknown(port, monitor.urn) || port.isMissing) continue;
    if (names.some((name) => name.string === port.string)) continue;
    if (kind === PODS && injected.has(port.string ?? "")) continue;
    if (names.filter((name) => context.noteUnknown(name, monitor.urn)).length > 0) continue;
    if (selection.open.length > 0) {
      noteOpenEnds(kind, monitor, selection, context);
      continue;
    }
    if (selection.cause !== undefined) {
      const expected = `no ${kind.what} that it visibly selects has a port of that name; not judged, because ${fullNameOf(selection.cause)} may create one`;
      context.leaveOpen(finding(monitor, port, expected), selection.cause, monitor.urn);
      continue;
    }
    const expected = `no ${kind.what} that it selects has a port of that name: use the name of one`;
    context.report(finding(monitor, port, expected), monitor.urn);
  }
}

function monitorsScrape(stack: Stack, context: CheckContext): void {
  const pods = podsIn(stack);
  const services = new Declared(stack, [SERVICE], SERVICES.labelsOf);
  evaluate(PODS, stack, context, pods, pods);
  evaluate(SERVICES, stack, context, services, pods);
}

export const monitors: readonly Policy[] = [
  {
    name: "monitor-scrapes",
    title: "Monitors select something to scrape",
    clause: {
      reference: "PO-01; kube-linter dangling-servicemonitor",
      url: "https://prometheus-operator.dev/docs/developer/getting-started/",
    },
    severity: "medium",
    themes: ["logging"],
    prevents: "A service has no metrics, and its alerts never fire.",
    description:
      "A ServiceMonitor selects a Service, and a PodMonitor a pod, with the port that it names. This is checked in namespaces all of whose pods are declared in the stack.",
    remediation:
      "Set spec.selector to the labels of the Service or pod, and the port to the name of one of its ports.",
    enforcement: STRICT_IN_PRODUCTION,
    check: { kind: "stack", run: monitorsScrape },
  },
];
