/** Which monitors a stack's Prometheus takes: its own chart selects them by label and by namespace. */
import { namespaceOf } from "../kubernetes/objects";
import { selects } from "../kubernetes/selectors";
import { typeKey, type Stack, type StackResource } from "../policy";
import type { Value } from "../values";

const RELEASE = "kubernetes:helm.sh:Release";
const NAMESPACE = "kubernetes:core:Namespace";
/** The chart's word for a kind, at the beginning of its keys. */
const KEYS: Readonly<Record<string, string>> = {
  "kubernetes:monitoring.coreos.com:PodMonitor": "podMonitor",
  "kubernetes:monitoring.coreos.com:ServiceMonitor": "serviceMonitor",
  "kubernetes:monitoring.coreos.com:ScrapeConfig": "scrapeConfig",
};

/** The releases of a chart, by its name alone: mirrors and OCI registries put an address before it. */
export const releasesOf = (stack: Stack, chart: string): readonly StackResource[] =>
  stack.of(RELEASE).filter(({ props }) => {
    const found = props.get("chart");
    return found.isUnknown || found.string?.split("/").at(-1) === chart;
  });

/** Without the chart in the stack, Prometheus is somebody else's, and takes what it takes. */
export function isTaken(stack: Stack, monitor: StackResource): boolean {
  const releases = releasesOf(stack, "kube-prometheus-stack");
  return releases.length === 0 || releases.some((release) => takes(stack, release, monitor));
}

function takes(stack: Stack, { props }: StackResource, monitor: StackResource): boolean {
  const spec = props.get("values", "prometheus", "prometheusSpec");
  const key = KEYS[typeKey(monitor.type)] ?? "";
  const labels = monitor.props.get("metadata", "labels");
  const selector = spec.get(`${key}Selector`);
  // An empty selector is as good as none to the chart, which then wants its release's label.
  const own = spec.get(`${key}SelectorNilUsesHelmValues`);
  const byLabels = isSet(selector)
    ? selects(selector, labels) !== "no"
    : own.isUnknown || own.boolean === false || isSame(labels.get("release"), props.get("name"));
  return byLabels && isNear(stack, spec.get(`${key}NamespaceSelector`), monitor);
}

/** By the labels of its namespace; one that the stack does not declare is left open. */
function isNear(stack: Stack, selector: Value, monitor: StackResource): boolean {
  const name = namespaceOf(monitor);
  const namespace = stack
    .of(NAMESPACE)
    .find(({ props }) => props.get("metadata", "name").string === name);
  return (
    !isSet(selector) ||
    namespace === undefined ||
    selects(selector, namespace.props.get("metadata", "labels")) !== "no"
  );
}

const isSet = (selector: Value): boolean => selector.isUnknown || selector.entries().length > 0;

const isSame = (one: Value, other: Value): boolean =>
  one.isUnknown || other.isUnknown || (one.string !== undefined && one.string === other.string);
