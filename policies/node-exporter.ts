/** Whether the privileged namespace of node-exporter contains only node-exporter. */
import { inCluster } from "./kubernetes/objects";
import { HOLDERS } from "./kubernetes/pods";
import type { CheckContext, Stack, StackResource } from "./policy";
import { nameOf } from "./policy";
import type { Value } from "./values";

const CHART = /(^|\/)kube-prometheus-stack$/;
const SUBCHART = "prometheus-node-exporter";
const RELEASES = ["kubernetes:helm.sh:Release", "kubernetes:helm.sh:Chart"] as const;

/** Whether this property puts a resource into the namespace; unknown ones are noted. */
type IsHere = (resource: StackResource, property: Value) => boolean;

/** One sentence for each problem. */
export function onlyNodeExporter(
  namespace: StackResource,
  stack: Stack,
  context: CheckContext,
): readonly string[] {
  const own = namespace.props.get("metadata", "name");
  if (context.noteUnknown(own, namespace.urn)) return [];
  const name = own.string ?? namespace.name;
  const isHere: IsHere = (resource, property) =>
    !context.noteUnknown(property, resource.urn) &&
    inCluster(resource, property.string ?? "") === inCluster(namespace, name);
  const releases = stack.of(...RELEASES);
  const pods = stack.of(...HOLDERS);
  const faults = [
    ...pods.filter((pod) => isHere(pod, pod.props.get("metadata", "namespace"))),
    ...releases.filter((release) => putsOthers(release, isHere, context)),
  ].map(
    (stranger) =>
      `${nameOf(stranger)} is in namespace "${name}", which admits privileged pods for node-exporter only; move it to another namespace.`,
  );
  if (releases.some((release) => mayPutIt(release, isHere))) return faults;
  return [
    ...faults,
    `Namespace "${name}" admits privileged pods for node-exporter, which no chart of the stack installs there; label it restricted or baseline.`,
  ];
}

/** With `namespaceOverride` a chart puts a part of it into another namespace. */
const override = (subchart: Value): Value => subchart.get("namespaceOverride");

function mayPutIt(release: StackResource, isHere: IsHere): boolean {
  const place = override(release.props.get("values", SUBCHART));
  return isHere(release, place) || place.isUnknown;
}

function putsOthers(release: StackResource, isHere: IsHere, context: CheckContext): boolean {
  const { props, urn } = release;
  const chart = props.get("chart");
  const isOurs = context.noteUnknown(chart, urn) || CHART.test(chart.string ?? "");
  const values = props.get("values");
  const others = values.entries().filter(([subchart]) => !isOurs || subchart !== SUBCHART);
  return [props.get("namespace"), override(values), ...others.map(([, one]) => override(one))].some(
    (place) => isHere(release, place),
  );
}
