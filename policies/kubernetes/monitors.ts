/** ServiceMonitors and PodMonitors: that there is something to scrape, under the port that they name. */
import { Declared } from "./declared";
import { containersOf, namespaceOf, podOf } from "./objects";
import { HOLDERS } from "./pods";
import type { Context, Policy, Stack, StackResource } from "../policy";
import { STRICT_IN_PRODUCTION, finding } from "../policy";
import type { Value } from "../values";

const SERVICE = "kubernetes:core:Service";

/** Where a kind of monitor lists what it scrapes, and what ports the scraped objects have. */
interface Kind {
  readonly type: string;
  readonly endpoints: string;
  readonly what: string;
  readonly portsOf: (resource: StackResource) => readonly Value[];
}

const SERVICES: Kind = {
  type: "kubernetes:monitoring.coreos.com:ServiceMonitor",
  endpoints: "endpoints",
  what: "Service",
  portsOf: (service) => [service.props.get("spec", "ports")],
};
const PODS: Kind = {
  type: "kubernetes:monitoring.coreos.com:PodMonitor",
  endpoints: "podMetricsEndpoints",
  what: "pod",
  portsOf: (pod) => containersOf(podOf(pod)).map(({ value }) => value.get("ports")),
};

/** The one namespace in which a monitor looks; undefined for several. */
function namespaceOfMonitor(monitor: StackResource): string | undefined {
  const selector = monitor.props.get("spec", "namespaceSelector");
  if (selector.isUnknown || selector.get("any").flag === true) return undefined;
  const [first, ...others] = selector.get("matchNames").list();
  if (first === undefined)
    return selector.get("matchNames").isUnknown ? undefined : namespaceOf(monitor);
  return others.length === 0 ? first.text : undefined;
}

function judge(
  kind: Kind,
  stack: Stack,
  context: Context,
  declared: Declared,
  pods: Declared,
): void {
  for (const monitor of stack.of(kind.type)) {
    const namespace = namespaceOfMonitor(monitor);
    const selector = monitor.props.get("spec", "selector");
    if (context.unsure(selector, monitor.urn) || namespace === undefined) continue;
    // What charts and operators bring is not seen here: neither their pods, nor Services.
    if (!pods.isComplete(monitor, namespace) || !pods.has(monitor, namespace)) continue;
    const { selected, open } = declared.select(monitor, namespace, selector);
    if (selected.length > 0) judgePorts(kind, monitor, selected, context);
    else if (open.length > 0) context.unsure(selector.get("matchLabels"), monitor.urn);
    else {
      const wanted = `it selects no ${kind.what} of the namespace "${namespace}": write the labels of one`;
      context.report(finding(monitor, selector, wanted), monitor.urn);
    }
  }
}

function judgePorts(
  { endpoints, portsOf, what }: Kind,
  monitor: StackResource,
  selected: readonly StackResource[],
  context: Context,
): void {
  const lists = selected.flatMap(portsOf);
  if (lists.some((ports) => context.unsure(ports, monitor.urn))) return;
  const names = lists.flatMap((ports) => ports.list().map((port) => port.get("name")));
  for (const endpoint of monitor.props.get("spec", endpoints).list()) {
    const port = endpoint.get("port");
    if (context.unsure(port, monitor.urn) || port.isMissing) continue;
    if (names.some((name) => name.text === port.text || context.unsure(name, monitor.urn)))
      continue;
    const wanted = `no ${what} that it selects has a port of that name: write the name of one`;
    context.report(finding(monitor, port, wanted), monitor.urn);
  }
}

function monitorsScrape(stack: Stack, context: Context): void {
  const pods = new Declared(stack, HOLDERS);
  const services = new Declared(stack, [SERVICE], (service) =>
    service.props.get("metadata", "labels"),
  );
  judge(PODS, stack, context, pods, pods);
  judge(SERVICES, stack, context, services, pods);
}

export const monitors: readonly Policy[] = [
  {
    name: "monitor-scrapes",
    title: "Monitors scrape something",
    clause: {
      reference: "PO-01; kube-linter dangling-servicemonitor",
      url: "https://prometheus-operator.dev/docs/developer/getting-started/",
    },
    severity: "medium",
    themes: ["logging"],
    prevents: "A service has no metrics, and its alerts never fire.",
    description:
      "A ServiceMonitor selects a Service and a PodMonitor a pod, each with the port that it names, in namespaces all of whose pods are declared beside it.",
    remediation:
      "Write the labels of the Service or pod in spec.selector, and the name of one of its ports.",
    enforcement: STRICT_IN_PRODUCTION,
    check: { kind: "stack", run: monitorsScrape },
  },
];
