/** Names of the ports of the pods that operators and charts run, which monitors refer to. */
import { typeKey, type StackResource } from "../../policy";
import type { Value } from "../../values";

/** Those of containers that a template adds. */
const added = (props: Value): readonly Value[] =>
  props
    .get("spec", "template", "spec", "containers")
    .listOrUnknown()
    .flatMap((container) => container.get("ports").listOrUnknown())
    .map((port) => port.get("name"));

/** Type key → names, from the operators' sources; those of a template are added. */
const FIXED: Readonly<Record<string, string>> = {
  // strimzi: KafkaCluster, MetricsModel, ListenersUtils, EntityTopicOperator, CruiseControl
  "kubernetes:kafka.strimzi.io:Kafka":
    "tcp-ctrlplane tcp-replication tcp-kafkaagent tcp-prometheus tcp-clients tcp-clientstls tcp-external jmx tcp-jmx healthcheck rest-api",
  // cloudnative-pg: pkg/specs/pods.go, pkg/specs/pgbouncer/deployments.go
  "kubernetes:postgresql.cnpg.io:Cluster": "postgresql metrics status",
  "kubernetes:postgresql.cnpg.io:Pooler": "pgbouncer metrics",
};

/** Chart → names, from its templates at the version in versions.ts. */
const CHARTS: Readonly<Record<string, string>> = { "strimzi-kafka-operator": "http" };

const listeners = (props: Value): readonly Value[] =>
  props
    .get("spec", "kafka", "listeners")
    .listOrUnknown()
    .map((listener) => listener.get("name"));

function fixedOf({ type, props }: StackResource): string | undefined {
  const key = typeKey(type);
  if (!key.startsWith("kubernetes:helm.sh:")) return FIXED[key];
  return CHARTS[(props.get("chart").string ?? "").split("/").at(-1) ?? ""];
}

/** Undefined where they are not known, or not yet. */
export function portNamesOf(resource: StackResource): readonly string[] | undefined {
  const fixed = fixedOf(resource);
  if (fixed === undefined) return undefined;
  const isChart = resource.type.includes(":helm.sh/");
  const [own, more] = isChart ? [[], []] : [listeners(resource.props), added(resource.props)];
  if ([...own, ...more].some(({ isUnknown }) => isUnknown)) return undefined;
  return [
    ...fixed.split(" "),
    ...own.map(({ string = "" }) => `tcp-${string}`),
    ...more.flatMap(({ string }) => string ?? []),
  ];
}
