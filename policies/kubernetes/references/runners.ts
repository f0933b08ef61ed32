/**
 * Custom kinds that run pods, with the labels that their controllers give them. A selector on these labels may mean
 * those pods. One on other labels cannot, but only of the kinds in whole.ts are all labels known.
 */
import { perResource } from "../../per-resource";
import { typeKey, type Stack, type StackResource } from "../../policy";
import type { Value } from "../../values";
import { inCluster, namespaceOf } from "../objects";
import { chartPods, chartPorts, isChart } from "./charts";
import { SOME, asValue, labelsIn, passedOn, some } from "./labels";
import { cloudNativePg, gateway, pool, pooler, proxy, strimzi, type Runner } from "./operated";
import { portNamesOf } from "./port-names";

/** One label with the object's name, others with any value, and those that it gives to its pods. */
const labelled =
  (key: string, ...others: readonly string[]): Runner =>
  (props, name) => [
    {
      ...passedOn(props, ["metadata", "labels"]),
      [key]: name,
      ...some(...others),
      ...labelsIn(props.get("spec")),
    },
  ];

/** `app.kubernetes.io/…` as most operators write them, with `name` and `managed-by` of their own. */
const RECOMMENDED = ["name", "instance", "component", "managed-by", "part-of", "version"].map(
  (key) => `app.kubernetes.io/${key}`,
);

/** Type key → the labels of its pods. */
const RUNNERS: Readonly<Record<string, Runner>> = {
  "kubernetes:argoproj.io:CronWorkflow": labelled(
    "workflows.argoproj.io/cron-workflow",
    "workflows.argoproj.io/workflow",
    "workflows.argoproj.io/completed",
  ),
  "kubernetes:argoproj.io:EventBus": labelled("eventbus-name", "controller", "stan", "owner-name"),
  "kubernetes:argoproj.io:EventSource": labelled("eventsource-name", "controller", "owner-name"),
  "kubernetes:argoproj.io:Sensor": labelled("sensor-name", "controller", "owner-name"),
  "kubernetes:argoproj.io:Workflow": labelled(
    "workflows.argoproj.io/workflow",
    "workflows.argoproj.io/completed",
  ),
  "kubernetes:batch.volcano.sh:Job": labelled(
    "volcano.sh/job-name",
    "volcano.sh/job-namespace",
    "volcano.sh/task-spec",
    "volcano.sh/queue-name",
  ),
  "kubernetes:cdi.kubevirt.io:DataVolume": labelled("cdi.kubevirt.io", "app", ...RECOMMENDED),
  "kubernetes:gateway.envoyproxy.io:EnvoyProxy": proxy,
  "kubernetes:gateway.networking.k8s.io:Gateway": gateway,
  "kubernetes:kafka.strimzi.io:Kafka": strimzi(
    "Kafka",
    "kafka",
    "zookeeper",
    "entity-operator",
    "kafka-exporter",
    "cruise-control",
  ),
  "kubernetes:kafka.strimzi.io:KafkaBridge": strimzi("KafkaBridge", "kafka-bridge"),
  "kubernetes:kafka.strimzi.io:KafkaConnect": strimzi("KafkaConnect", "kafka-connect"),
  "kubernetes:kafka.strimzi.io:KafkaMirrorMaker2": strimzi(
    "KafkaMirrorMaker2",
    "kafka-mirror-maker-2",
  ),
  "kubernetes:kafka.strimzi.io:KafkaNodePool": pool,
  "kubernetes:kubevirt.io:VirtualMachine": labelled(
    "vm.kubevirt.io/name",
    "kubevirt.io",
    "kubevirt.io/domain",
  ),
  "kubernetes:monitoring.coreos.com:Alertmanager": labelled("alertmanager", ...RECOMMENDED),
  "kubernetes:monitoring.coreos.com:Prometheus": labelled(
    "prometheus",
    "operator.prometheus.io/name",
    "operator.prometheus.io/shard",
    ...RECOMMENDED,
  ),
  "kubernetes:monitoring.coreos.com:PrometheusAgent": labelled(
    "operator.prometheus.io/name",
    "operator.prometheus.io/mode",
    ...RECOMMENDED,
  ),
  "kubernetes:monitoring.coreos.com:ThanosRuler": labelled("thanos-ruler", ...RECOMMENDED),
  "kubernetes:postgresql.cnpg.io:Cluster": cloudNativePg,
  "kubernetes:postgresql.cnpg.io:Pooler": pooler,
  "kubernetes:rabbitmq.com:RabbitmqCluster": labelled(
    "app.kubernetes.io/name",
    "app.kubernetes.io/component",
    "app.kubernetes.io/part-of",
  ),
  "kubernetes:ray.io:RayCluster": labelled(
    "ray.io/cluster",
    "ray.io/node-type",
    "ray.io/group",
    "ray.io/identifier",
    "ray.io/is-ray-node",
    ...RECOMMENDED,
  ),
  "kubernetes:sparkoperator.k8s.io:SparkApplication": labelled(
    "sparkoperator.k8s.io/app-name",
    "spark-role",
    "spark-app-selector",
    "spark-app-name",
    "sparkoperator.k8s.io/submission-id",
  ),
  "kubernetes:tekton.dev:PipelineRun": labelled(
    "tekton.dev/pipelineRun",
    "tekton.dev/pipeline",
    "tekton.dev/task",
    "tekton.dev/taskRun",
    "tekton.dev/pipelineTask",
    "app.kubernetes.io/managed-by",
  ),
  "kubernetes:tekton.dev:TaskRun": labelled(
    "tekton.dev/taskRun",
    "tekton.dev/task",
    "app.kubernetes.io/managed-by",
  ),
  "kubernetes:triggers.tekton.dev:EventListener": labelled("eventlistener", ...RECOMMENDED),
  "kubernetes:zookeeper.pravega.io:ZookeeperCluster": labelled("app", "kind", "release"),
  "kubernetes:elasticsearch.k8s.elastic.co:Elasticsearch": labelled(
    "elasticsearch.k8s.elastic.co/cluster-name",
    "common.k8s.elastic.co/type",
    "elasticsearch.k8s.elastic.co/statefulset-name",
  ),
  "kubernetes:kibana.k8s.elastic.co:Kibana": labelled(
    "kibana.k8s.elastic.co/name",
    "common.k8s.elastic.co/type",
  ),
  "kubernetes:minio.min.io:Tenant": labelled("v1.min.io/tenant", "v1.min.io/pool"),
  "kubernetes:acid.zalan.do:postgresql": labelled(
    "cluster-name",
    "application",
    "spilo-role",
    "team",
    "connection-pooler",
  ),
  "kubernetes:opentelemetry.io:OpenTelemetryCollector": labelled(
    "app.kubernetes.io/instance",
    ...RECOMMENDED.filter((key) => !key.endsWith("instance")),
  ),
};

/** Kinds whose pods may be in any namespace, as the proxies of a Gateway are in that of their controller. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  "kubernetes:gateway.networking.k8s.io:Gateway",
  "kubernetes:gateway.envoyproxy.io:EnvoyProxy",
]);

const numbers = (values: readonly Value[]): readonly number[] =>
  values.flatMap(({ number }) => number ?? []);

/** Type key → the ports of its pods. */
const PORTS: Readonly<Record<string, (props: Value) => readonly number[] | undefined>> = {
  // Listeners, the control plane, replication, the agent, metrics, and the operators' health.
  "kubernetes:kafka.strimzi.io:Kafka": (props) => {
    const listeners = props.get("spec", "kafka", "listeners").listOrUnknown();
    const ports = listeners.map((listener) => listener.get("port"));
    if (ports.some(({ isUnknown }) => isUnknown)) return undefined;
    return [...numbers(ports), 9090, 9091, 8443, 9404, 8080, 8081, 9999];
  },
  // Envoy Gateway adds 10,000 to privileged ports.
  "kubernetes:gateway.networking.k8s.io:Gateway": (props) => {
    const listeners = props.get("spec", "listeners").listOrUnknown();
    const ports = listeners.map((listener) => listener.get("port"));
    if (ports.some(({ isUnknown }) => isUnknown)) return undefined;
    const known = numbers(ports);
    return [...known, ...known.map((port) => port + 10_000), 19_001, 19_003, 15_021];
  },
  "kubernetes:postgresql.cnpg.io:Cluster": () => [5432, 8000, 9187],
  "kubernetes:postgresql.cnpg.io:Pooler": () => [5432, 9127],
};

export interface Run {
  /** Whether they may be in any namespace, and not only in that of the object. */
  readonly isAnywhere: boolean;
  readonly labels: Value;
  /** Ports on which they listen, as far as known; undefined where nothing is known of them. */
  readonly ports: readonly number[] | undefined;
  /** Names of their ports; undefined where not all of them are known. */
  readonly portNames: readonly string[] | undefined;
}

/** Whether the kind runs pods with labels that are known here. */
export const isRunner = (type: string): boolean => typeKey(type) in RUNNERS;

/** What decides the ports of the pods: for members of a pool its Kafka, which may be elsewhere. */
function portsFrom(resource: StackResource, stack: Stack): StackResource | undefined {
  if (typeKey(resource.type) !== "kubernetes:kafka.strimzi.io:KafkaNodePool") return resource;
  const idOf = (of: StackResource, name: Value): string =>
    inCluster(of, namespaceOf(of) ?? "", name.string ?? "");
  const own = idOf(resource, resource.props.get("metadata", "labels", "strimzi.io/cluster"));
  return stack
    .of("kubernetes:kafka.strimzi.io:Kafka")
    .find((kafka) => idOf(kafka, kafka.props.get("metadata", "name")) === own);
}

/** The labels of the pods that an object's controller runs, or a known chart; undefined for any other resource. */
const labelsOf = perResource((resource): readonly Value[] | undefined => {
  const runner = RUNNERS[typeKey(resource.type)];
  if (runner === undefined) return chartPods(resource);
  const name = resource.props.get("metadata", "name").string ?? SOME;
  return runner(resource.props, name).map(asValue);
});

/** Those pods. */
export function runBy(resource: StackResource, stack: Stack): readonly Run[] | undefined {
  const all = labelsOf(resource);
  if (all === undefined) return undefined;
  const type = typeKey(resource.type);
  const isAnywhere = ELSEWHERE.has(type);
  const holder = portsFrom(resource, stack);
  const portNames = holder === undefined ? undefined : portNamesOf(holder);
  const ofHolder = holder === undefined ? undefined : PORTS[typeKey(holder.type)]?.(holder.props);
  const ports = isChart(resource) ? chartPorts(resource) : ofHolder;
  return all.map((labels) => ({ isAnywhere, labels, ports, portNames }));
}
