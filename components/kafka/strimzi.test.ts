import { describe, expect, it } from "vitest";
import { inputsOf, isSecret, named, UNKNOWN, valueOf } from "../kit/testing";
import { METRICS_RULES } from "./strimzi-metrics";
import { brokers, createStrimzi, strimziArguments } from "./testing";

const labels = {
  "app.kubernetes.io/part-of": "bikes",
  "app.kubernetes.io/component": "kafka",
  "app.kubernetes.io/managed-by": "pulumi",
  "strimzi.io/cluster": "bike-bus",
};
const restricted = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};

describe("Kafka managed by Strimzi", () => {
  it("creates exactly a pool, a cluster, topics, users and network policies", async () => {
    const { resources } = await createStrimzi();
    expect(resources.map(({ name }) => name)).toEqual([
      "bus-authority",
      "bus-cluster",
      "bus-metrics",
      "bus-network-brokers",
      "bus-network-entity-operator",
      "bus-password-application",
      "bus-password-monitor",
      "bus-passwords",
      "bus-pool-kafka",
      "bus-topic-Rides_Taken",
      "bus-topic-bills",
      "bus-user-application",
      "bus-user-monitor",
    ]);
    expect(new Set(resources.map(({ parent }) => parent))).toEqual(new Set(["bus"]));
  });

  it("has three nodes that are brokers and controllers, with the runbook's names", async () => {
    const { resources } = await createStrimzi();
    expect(inputsOf(resources, "bus-pool-kafka")).toEqual({
      apiVersion: "kafka.strimzi.io/v1",
      kind: "KafkaNodePool",
      metadata: {
        name: "kafka",
        namespace: "rides",
        labels,
        annotations: { "strimzi.io/next-node-ids": "[0-2]" },
      },
      spec: {
        replicas: 3,
        roles: ["controller", "broker"],
        resources: { requests: { cpu: "500m", memory: "2Gi" }, limits: { memory: "2Gi" } },
        jvmOptions: { "-Xms": "1024m", "-Xmx": "1024m" },
        storage: {
          type: "jbod",
          volumes: [
            {
              id: 0,
              type: "persistent-claim",
              class: "durable",
              size: "23552Mi",
              deleteClaim: false,
              kraftMetadata: "shared",
            },
          ],
        },
      },
    });
  });

  it("has exactly this cluster specification", async () => {
    const { resources } = await createStrimzi({ maintenance: { day: "sunday", start: "02:30" } });
    const spread = (topologyKey: string) => ({
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels: brokers },
    });
    const small = { requests: { cpu: "50m", memory: "384Mi" }, limits: { memory: "512Mi" } };
    expect(inputsOf(resources, "bus-cluster")).toEqual({
      apiVersion: "kafka.strimzi.io/v1",
      kind: "Kafka",
      metadata: {
        name: "bike-bus",
        namespace: "rides",
        labels,
        annotations: { "pulumi.com/waitFor": "condition=Ready" },
      },
      spec: {
        kafka: {
          version: "4.3.1",
          metadataVersion: "4.3-IV0",
          listeners: [
            {
              name: "clients",
              port: 9092,
              type: "internal",
              tls: true,
              authentication: { type: "scram-sha-512" },
              networkPolicyPeers: strimziArguments.allowFrom,
            },
          ],
          authorization: { type: "simple" },
          config: {
            "auto.create.topics.enable": false,
            "default.replication.factor": 3,
            "min.insync.replicas": 2,
            "offsets.topic.replication.factor": 3,
            "transaction.state.log.replication.factor": 3,
            "transaction.state.log.min.isr": 2,
            "unclean.leader.election.enable": false,
            "log.retention.hours": 168,
            "offsets.retention.minutes": 17280,
          },
          rack: { type: "topology-label", topologyKey: "topology.kubernetes.io/zone" },
          metricsConfig: {
            type: "jmxPrometheusExporter",
            valueFrom: { configMapKeyRef: { name: "bike-bus-metrics", key: "jmx.yaml" } },
          },
          template: {
            pod: {
              terminationGracePeriodSeconds: 120,
              tmpDirSizeLimit: "64Mi",
              affinity: {
                nodeAffinity: {
                  requiredDuringSchedulingIgnoredDuringExecution: {
                    nodeSelectorTerms: [
                      {
                        matchExpressions: [
                          { key: "example.org/pool", operator: "In", values: ["riders"] },
                        ],
                      },
                    ],
                  },
                },
                podAntiAffinity: {
                  requiredDuringSchedulingIgnoredDuringExecution: [
                    {
                      topologyKey: "kubernetes.io/hostname",
                      labelSelector: { matchLabels: brokers },
                    },
                  ],
                },
              },
              topologySpreadConstraints: [
                spread("topology.kubernetes.io/zone"),
                spread("kubernetes.io/hostname"),
              ],
            },
            podDisruptionBudget: { maxUnavailable: 1 },
            kafkaContainer: { securityContext: restricted },
            initContainer: { securityContext: restricted },
          },
        },
        entityOperator: {
          topicOperator: { resources: small },
          userOperator: { resources: small },
          template: {
            topicOperatorContainer: { securityContext: restricted },
            userOperatorContainer: { securityContext: restricted },
          },
        },
        clusterCa: { generateCertificateAuthority: true, validityDays: 1825, renewalDays: 180 },
        maintenanceTimeWindows: ["* * 2-3 ? * SUN *"],
      },
    });
  });

  it("has its topics with their replication and retention", async () => {
    const { resources } = await createStrimzi();
    expect(inputsOf(resources, "bus-topic-Rides_Taken")).toEqual({
      apiVersion: "kafka.strimzi.io/v1",
      kind: "KafkaTopic",
      metadata: {
        name: "rides-taken",
        namespace: "rides",
        labels,
        annotations: { "pulumi.com/waitFor": "condition=Ready" },
      },
      spec: {
        topicName: "Rides_Taken",
        partitions: 7,
        replicas: 3,
        config: {
          "cleanup.policy": "delete",
          "min.insync.replicas": "2",
          "retention.ms": "1036800000",
        },
      },
    });
  });

  it("lets the application publish and consume, and the monitor only compare offsets", async () => {
    const { resources } = await createStrimzi();
    const acl = (type: string, name: string, ...operations: string[]) => ({
      type: "allow",
      resource: { type, name, patternType: "literal" },
      operations,
      host: "*",
    });
    const spec = (user: string) => inputsOf(resources, `bus-user-${user}`)["spec"];
    expect(spec("application")).toEqual({
      authentication: {
        type: "scram-sha-512",
        password: {
          valueFrom: { secretKeyRef: { name: "bike-bus-passwords", key: "application" } },
        },
      },
      authorization: {
        type: "simple",
        acls: [
          acl("topic", "Rides_Taken", "Describe", "Read", "Write"),
          acl("topic", "bills", "Describe", "Read", "Write"),
          acl("group", "meter-group", "Describe", "Read"),
          acl("group", "meter-app", "Describe", "Read"),
        ],
      },
    });
    expect(spec("monitor")).toMatchObject({
      authorization: {
        acls: [
          acl("topic", "Rides_Taken", "Describe"),
          acl("topic", "bills", "Describe"),
          acl("group", "meter-group", "Describe"),
          acl("group", "meter-app", "Describe"),
        ],
      },
    });
  });

  it("returns its passwords, which no object contains in plain text", async () => {
    const { result, resources } = await createStrimzi({ rotation: "third" });
    expect(inputsOf(resources, "bus-password-monitor")).toEqual({
      length: 32,
      special: false,
      keepers: { rotation: "third" },
    });
    expect(inputsOf(resources, "bus-passwords")["stringData"]).toEqual({
      $secret: { application: "generated-password", monitor: "generated-password" },
    });
    const open = resources.filter(({ type }) => !type.endsWith(":Secret"));
    expect(JSON.stringify(open.map(({ inputs }) => inputs))).not.toContain("generated-password");
    expect(await valueOf(result.users.monitor.name)).toBe("bike-bus-monitor");
    expect(await isSecret(result.users.application.password)).toBe(true);
  });

  it("returns its address in the cluster, and the CA", async () => {
    const { result } = await createStrimzi();
    expect(await valueOf(result.brokers)).toBe("bike-bus-kafka-bootstrap.rides.svc:9092");
    expect(await valueOf(result.certificateAuthority)).toBe("AUTHORITY");
    expect([result.tls, result.authentication]).toEqual([true, "scram-sha-512"]);
    expect(result.reach).toEqual([
      { kind: "pods", namespace: "rides", labels: brokers, ports: [9092] },
    ]);
    expect(result.metrics).toEqual({ namespace: "rides", labels: brokers, port: "tcp-prometheus" });
    expect(result.ready).toHaveLength(5);
  });

  it("reads no certificate in a first preview", async () => {
    const { result } = await createStrimzi({}, true);
    expect(await valueOf(result.certificateAuthority)).toBe(UNKNOWN);
  });

  it("is created in this order", async () => {
    const { resources } = await createStrimzi();
    const after = (name: string) => named(resources, name).dependsOn;
    expect(after("bus-pool-kafka")).toEqual([]);
    expect(after("bus-cluster")).toEqual([
      "bus-metrics",
      "bus-network-brokers",
      "bus-network-entity-operator",
      "bus-pool-kafka",
    ]);
    expect(after("bus-topic-bills")).toEqual(["bus-cluster"]);
    expect(after("bus-user-monitor")).toEqual(["bus-cluster", "bus-passwords"]);
    expect(after("bus-authority")).toEqual(["bus-cluster"]);
  });

  it("has an alias, which its certificates include", async () => {
    const { resources } = await createStrimzi({ alias: "kafka" });
    expect(inputsOf(resources, "bus-cluster")["spec"]).toMatchObject({
      kafka: {
        listeners: [
          {
            configuration: {
              bootstrap: {
                alternativeNames: ["", ".rides", ".rides.svc", ".rides.svc.cluster.local"].map(
                  (rest) => `kafka${rest}`,
                ),
              },
            },
          },
        ],
      },
    });
  });

  it("exports metrics under the names that dashboards use", () => {
    expect(METRICS_RULES).toContain("lowercaseOutputName: true");
    expect(METRICS_RULES).toContain("name: kafka_$1_$2_$3_total");
  });
});
