/** The objects for Strimzi's operator, as data. Pure. */
import type * as k8s from "@pulumi/kubernetes";
import type { MaintenanceWindow, Topic } from "../../systems/model";
import { gib, millicores, type Size } from "../../systems/units";
import { STRIMZI_KAFKA } from "../../versions";
import { containerResources } from "../kit/labels";
import { restrictedContainer } from "../kit/security";
import { accessOf, topicSettings, type BusArguments } from "./access";
import type { KafkaUserName } from "./contract";
import { METRICS_KEY } from "./strimzi-metrics";
import { spreadPods } from "../kit/spread";

type Spec = Readonly<Record<string, unknown>>;

export const API_VERSION = "kafka.strimzi.io/v1";

/** Strimzi's own ports (KafkaCluster.java and MetricsModel.java of Strimzi 1.2.0). */
export const PORTS = {
  controllers: 9090,
  replication: 9091,
  /** The listener name in the runbooks' commands; it uses TLS. */
  clients: 9092,
  agent: 8443,
  metrics: 9404,
  topicOperator: 8080,
  userOperator: 8081,
} as const;

/** Of each broker. Kafka's heap is small: half of the memory is for the page cache. */
const RESOURCES = {
  requests: { cpu: millicores(500), memory: gib(2) },
  limits: { memory: gib(2) },
};

export interface StrimziCluster extends BusArguments {
  readonly clusterName: string;
  readonly namespace: string;
  readonly version: string;
  readonly brokers: number;
  readonly storage: Size;
  readonly storageClass: string;
  readonly zones: readonly string[];
  readonly nodes: Readonly<Record<string, string>>;
  readonly production: boolean;
  readonly allowFrom: readonly k8s.types.input.networking.v1.NetworkPolicyPeer[];
  readonly alias?: string;
  readonly maintenance?: Pick<MaintenanceWindow, "day" | "start">;
}

/** Labels of the brokers' pods, for Services and policies. */
export const brokerLabels = (clusterName: string): Readonly<Record<string, string>> => ({
  "strimzi.io/cluster": clusterName,
  "strimzi.io/kind": "Kafka",
  "strimzi.io/name": `${clusterName}-kafka`,
});

/** Labels of the pod that manages topics and users. */
export const entityLabels = (clusterName: string): Readonly<Record<string, string>> => ({
  "strimzi.io/cluster": clusterName,
  "strimzi.io/name": `${clusterName}-entity-operator`,
});

export interface Pool {
  readonly name: string;
  readonly replicas: number;
  readonly roles: readonly ("controller" | "broker")[];
  /** Ids of the pool's nodes, in Strimzi's notation. */
  readonly ids: string;
}

/** The number of controllers cannot change: Strimzi cannot add one to a cluster (1.2.0). */
const CONTROLLERS = 3;

/**
 * The first three brokers are also the controllers; further ones, in another pool, are brokers
 * only. So brokers can be added without changing the quorum, and pod `<cluster>-kafka-0` keeps its
 * name.
 */
export function pools(brokers: number): readonly Pool[] {
  const first: Pool = {
    name: "kafka",
    replicas: CONTROLLERS,
    roles: ["controller", "broker"],
    ids: `[0-${String(CONTROLLERS - 1)}]`,
  };
  return brokers === CONTROLLERS
    ? [first]
    : [first, { name: "more", replicas: brokers - CONTROLLERS, roles: ["broker"], ids: "[10-99]" }];
}

const text = (size: Size): string => `${String(Math.floor(size.bytes / 1024 ** 2))}Mi`;

export function poolSpec(cluster: StrimziCluster, pool: Pool): Spec {
  const heap = `${String(Math.floor(RESOURCES.limits.memory.bytes / 2 / 1024 ** 2))}m`;
  return {
    replicas: pool.replicas,
    roles: pool.roles,
    resources: containerResources(RESOURCES),
    jvmOptions: { "-Xms": heap, "-Xmx": heap },
    storage: {
      type: "jbod",
      volumes: [
        {
          id: 0,
          type: "persistent-claim",
          class: cluster.storageClass,
          size: text(cluster.storage),
          // Volumes outlive their cluster. A new one finds them by its name and refuses them, until it is given the old
          // cluster's id (docs/recovery.md, "Kafka in the cluster").
          deleteClaim: false,
          ...(pool.roles.includes("controller") ? { kraftMetadata: "shared" } : {}),
        },
      ],
    },
  };
}

export function kafkaSpec(cluster: StrimziCluster, metrics: string): Spec {
  return {
    kafka: {
      version: cluster.version,
      metadataVersion: metadataOf(cluster.version),
      listeners: [listener(cluster)],
      authorization: { type: "simple" },
      config: brokerConfig(cluster),
      // If nodes have no zone label, the pod that reads it would never start.
      ...(cluster.zones.length === 0
        ? {}
        : { rack: { type: "topology-label", topologyKey: "topology.kubernetes.io/zone" } }),
      metricsConfig: {
        type: "jmxPrometheusExporter",
        valueFrom: { configMapKeyRef: { name: metrics, key: METRICS_KEY } },
      },
      template: {
        pod: brokerPod(cluster),
        podDisruptionBudget: { maxUnavailable: 1 },
        kafkaContainer: { securityContext: restrictedContainer() },
        initContainer: { securityContext: restrictedContainer() },
      },
    },
    entityOperator: entityOperator(),
    // Clients learn about a new CA with the next update: they have half a year for it.
    clusterCa: { generateCertificateAuthority: true, validityDays: 1825, renewalDays: 180 },
    ...(cluster.maintenance === undefined
      ? {}
      : { maintenanceTimeWindows: [quartz(cluster.maintenance)] }),
  };
}

/** The metadata version has its own number; this is the newest that a release supports. */
export const metadataOf = (version: string): string | undefined =>
  (STRIMZI_KAFKA as Readonly<Record<string, string>>)[version];

function listener({ allowFrom, alias, namespace }: StrimziCluster): Spec {
  return {
    name: "clients",
    port: PORTS.clients,
    type: "internal",
    tls: true,
    authentication: { type: "scram-sha-512" },
    networkPolicyPeers: allowFrom,
    ...(alias === undefined
      ? {}
      : {
          configuration: {
            bootstrap: {
              alternativeNames: [
                alias,
                ...["", ".svc", ".svc.cluster.local"].map((rest) => `${alias}.${namespace}${rest}`),
              ],
            },
          },
        }),
  };
}

/** Three copies, of which two must acknowledge: one broker may be down. */
function brokerConfig({ topics }: StrimziCluster): Spec {
  const longest = Math.max(7 * 86_400, ...topics.map(({ retention }) => retention.seconds));
  return {
    "auto.create.topics.enable": false,
    "default.replication.factor": CONTROLLERS,
    "min.insync.replicas": CONTROLLERS - 1,
    "offsets.topic.replication.factor": CONTROLLERS,
    "transaction.state.log.replication.factor": CONTROLLERS,
    "transaction.state.log.min.isr": CONTROLLERS - 1,
    "unclean.leader.election.enable": false,
    "log.retention.hours": 168,
    // A stopped group finds its offset again as long as its events are kept.
    "offsets.retention.minutes": Math.ceil(longest / 60),
  };
}

function brokerPod(cluster: StrimziCluster): Spec {
  const labelSelector = { matchLabels: brokerLabels(cluster.clusterName) };
  const apart = { topologyKey: "kubernetes.io/hostname", labelSelector };
  return {
    // Partition leadership is handed over before a broker stops.
    terminationGracePeriodSeconds: 120,
    // Compression libraries unpack themselves there; 5 MiB is too little for all of them.
    tmpDirSizeLimit: "64Mi",
    affinity: {
      ...nodeAffinity(cluster.nodes),
      podAntiAffinity: cluster.production
        ? { requiredDuringSchedulingIgnoredDuringExecution: [apart] }
        : {
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 100, podAffinityTerm: apart },
            ],
          },
    },
    topologySpreadConstraints: spreadPods(brokerLabels(cluster.clusterName), cluster.zones),
  };
}

/** Strimzi's pod templates have no node selector. */
const nodeAffinity = (nodes: Readonly<Record<string, string>>): Spec =>
  Object.keys(nodes).length === 0
    ? {}
    : {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              {
                matchExpressions: Object.entries(nodes).map(([key, value]) => ({
                  key,
                  operator: "In",
                  values: [value],
                })),
              },
            ],
          },
        },
      };

function entityOperator(): Spec {
  const resources = { requests: { cpu: "50m", memory: "384Mi" }, limits: { memory: "512Mi" } };
  const container = { securityContext: restrictedContainer() };
  return {
    topicOperator: { resources },
    userOperator: { resources },
    template: { topicOperatorContainer: container, userOperatorContainer: container },
  };
}

/** Certificates are renewed, and brokers restarted for it, in these two hours (UTC). */
function quartz({ day, start }: Pick<MaintenanceWindow, "day" | "start">): string {
  const hour = Number(start.slice(0, 2));
  return `* * ${String(hour)}-${String(Math.min(hour + 1, 23))} ? * ${day.slice(0, 3).toUpperCase()} *`;
}

/** An object's name in Kubernetes; the topic's own name is in its spec. */
export const objectName = (topic: string): string =>
  topic.toLowerCase().replaceAll(/[^a-z0-9.-]/g, "-");

export const topicSpec = (topic: Topic): Spec => ({
  topicName: topic.name,
  partitions: topic.partitions,
  replicas: topic.replication,
  config: topicSettings(topic),
});

export function userSpec(
  user: KafkaUserName,
  bus: BusArguments,
  password: { readonly name: string; readonly key: string },
): Spec {
  return {
    authentication: {
      type: "scram-sha-512",
      password: { valueFrom: { secretKeyRef: password } },
    },
    authorization: {
      type: "simple",
      acls: accessOf(user, bus).flatMap(({ kind, names, operations }) =>
        names.map((name) => ({
          type: "allow",
          resource: { type: kind, name, patternType: "literal" },
          operations,
          host: "*",
        })),
      ),
    },
  };
}
