import { describe, expect, it } from "vitest";
import { todoChatbot } from "../../systems/todo-chatbot";
import { cores, days, gib, hours, mib } from "../../systems/units";
import { inputsOf, isSecret, named, ofKind, refusal, register, UNKNOWN, valueOf } from "../testing";
import { StrimziKafka, type StrimziKafkaArguments } from "./strimzi";
import { checkStrimzi } from "./strimzi-check";
import { DEFAULT_SIZE, kafkaSpec, METRICS_RULES, pools, poolSpec } from "./strimzi-objects";

const [task] = todoChatbot.eventBuses.flatMap(({ topics }) => topics);
if (task === undefined) throw new Error("Todo Chatbot has topics");
const rides = {
  ...task,
  name: "Rides_Taken",
  partitions: 7,
  retention: days(12),
  consumers: [{ service: "meter", group: "meter-group" }],
};
const bills = {
  ...task,
  name: "bills",
  partitions: 4,
  minInSync: 1,
  replication: 2,
  consumers: [],
};

const args: StrimziKafkaArguments = {
  clusterName: "bike-bus",
  system: "bikes",
  namespace: "rides",
  operatorNamespace: "keepers",
  monitoringNamespace: "watch",
  version: "4.3.1",
  brokers: 3,
  storage: gib(23),
  storageClass: "durable",
  zones: ["a", "b"],
  nodes: { "example.org/pool": "riders" },
  production: true,
  allowFrom: [{ podSelector: { matchLabels: { "app.kubernetes.io/part-of": "bikes" } } }],
  topics: [rides, bills],
  groups: ["meter-app"],
  protect: true,
};

const cloud = {
  "kubernetes:kafka.strimzi.io/v1:Kafka": {},
  "kubernetes:kafka.strimzi.io/v1:KafkaNodePool": {},
  "kubernetes:kafka.strimzi.io/v1:KafkaTopic": {},
  "kubernetes:kafka.strimzi.io/v1:KafkaUser": {},
  "kubernetes:core/v1:Secret": { data: { "ca.crt": Buffer.from("AUTHORITY").toString("base64") } },
};

const create = (changes: Partial<StrimziKafkaArguments> = {}, preview = false) =>
  register((options) => new StrimziKafka("bus", { ...args, ...changes }, options), {
    preview,
    cloud,
  });

const labels = {
  "app.kubernetes.io/part-of": "bikes",
  "app.kubernetes.io/component": "kafka",
  "app.kubernetes.io/managed-by": "pulumi",
  "strimzi.io/cluster": "bike-bus",
};
const brokers = {
  "strimzi.io/cluster": "bike-bus",
  "strimzi.io/kind": "Kafka",
  "strimzi.io/name": "bike-bus-kafka",
};
const restricted = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};

describe("Kafka by Strimzi", () => {
  it("is a pool, a cluster, topics, users and the flows around them, and nothing else", async () => {
    const { resources } = await create();
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

  it("has three nodes that are brokers and controllers, as the runbook's commands name them", async () => {
    const { resources } = await create();
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

  it("has exactly the cluster that was asked for", async () => {
    const { resources } = await create({ maintenance: { day: "sunday", start: "02:30" } });
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
              networkPolicyPeers: args.allowFrom,
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

  it("has its topics with their copies and retention", async () => {
    const { resources } = await create();
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
    const { resources } = await create();
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

  it("knows its passwords, which no object shows", async () => {
    const { result, resources } = await create({ rotation: "third" });
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

  it("tells clients its address inside the cluster, and whom to trust", async () => {
    const { result } = await create();
    expect(await valueOf(result.brokers)).toBe("bike-bus-kafka-bootstrap.rides.svc:9092");
    expect(await valueOf(result.certificateAuthority)).toBe("AUTHORITY");
    expect([result.tls, result.authentication]).toEqual([true, "scram-sha-512"]);
    expect(result.reach).toEqual([
      { kind: "pods", namespace: "rides", labels: brokers, ports: [9092] },
    ]);
    expect(result.metrics).toEqual({ namespace: "rides", labels: brokers, port: "tcp-prometheus" });
    expect(result.ready).toHaveLength(5);
  });

  it("asks for no certificate in a first preview", async () => {
    const { result } = await create({}, true);
    expect(await valueOf(result.certificateAuthority)).toBe(UNKNOWN);
  });

  it("comes up in this order", async () => {
    const { resources } = await create();
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

  it("answers to an alias, of which its certificates know", async () => {
    const { result, resources } = await create({ alias: "kafka" });
    expect(inputsOf(resources, "bus-alias")).toMatchObject({
      metadata: { name: "kafka", namespace: "rides" },
      spec: {
        type: "ClusterIP",
        selector: brokers,
        ports: [{ name: "tcp-clients", port: 9092, protocol: "TCP" }],
      },
    });
    expect(inputsOf(resources, "bus-cluster")["spec"]).toMatchObject({
      kafka: { listeners: [{ configuration: { bootstrap: { alternativeNames: ["kafka"] } } }] },
    });
    expect(result.ready).toHaveLength(6);
  });

  it("measures under the names that dashboards ask for", () => {
    expect(METRICS_RULES).toContain("lowercaseOutputName: true");
    expect(METRICS_RULES).toContain("name: kafka_$1_$2_$3_total");
  });
});

describe("the flows around Strimzi's pods", () => {
  const inNamespace = (name: string) => ({
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
  });
  const ports = (...numbers: number[]) => numbers.map((port) => ({ protocol: "TCP", port }));
  const own = { podSelector: { matchLabels: brokers } };
  const entity = {
    "strimzi.io/cluster": "bike-bus",
    "strimzi.io/name": "bike-bus-entity-operator",
  };

  it("let clients, the operator, monitoring and the brokers themselves in to brokers", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "bus-network-brokers")["spec"]).toEqual({
      podSelector: { matchLabels: brokers },
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        { from: [own], ports: ports(9090, 9091) },
        {
          from: [
            {
              ...inNamespace("keepers"),
              podSelector: { matchLabels: { "strimzi.io/kind": "cluster-operator" } },
            },
          ],
          ports: ports(9090, 9091, 8443),
        },
        { from: [{ podSelector: { matchLabels: entity } }], ports: ports(9091) },
        { from: args.allowFrom, ports: ports(9092) },
        { from: [inNamespace("watch")], ports: ports(9404) },
      ],
      egress: [{ to: [own], ports: ports(9090, 9091) }, { ports: ports(443, 6443) }],
    });
  });

  it("let the keeper of topics and users out to brokers and to the API server", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "bus-network-entity-operator")["spec"]).toEqual({
      podSelector: { matchLabels: entity },
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [inNamespace("watch")], ports: ports(8080, 8081) }],
      egress: [{ to: [own], ports: ports(9091) }, { ports: ports(443, 6443) }],
    });
  });
});

describe("surprises of Strimzi", () => {
  it("controllers cannot be added: further brokers are a pool of their own", () => {
    expect(pools(5)).toEqual([
      { name: "kafka", replicas: 3, roles: ["controller", "broker"], ids: "[0-2]" },
      { name: "more", replicas: 2, roles: ["broker"], ids: "[10-99]" },
    ]);
    const storage = pools(5).map((pool) => JSON.stringify(poolSpec(args, pool)));
    expect(storage.map((one) => one.includes("kraftMetadata"))).toEqual([true, false]);
  });

  it("a node without a zone would keep its broker from starting", () => {
    expect(kafkaSpec({ ...args, zones: [] }, "m")["kafka"]).not.toHaveProperty("rack");
  });

  it("two brokers may share a node outside of production, and only there", () => {
    expect(kafkaSpec({ ...args, production: false, nodes: {} }, "m")["kafka"]).toMatchObject({
      template: {
        pod: {
          affinity: {
            podAntiAffinity: {
              preferredDuringSchedulingIgnoredDuringExecution: [
                {
                  weight: 100,
                  podAffinityTerm: {
                    topologyKey: "kubernetes.io/hostname",
                    labelSelector: { matchLabels: brokers },
                  },
                },
              ],
            },
          },
        },
      },
    });
  });

  it("an upgrade can be taken back while the metadata keep their version", () => {
    expect(kafkaSpec({ ...args, metadataVersion: "4.2-IV1" }, "m")["kafka"]).toMatchObject({
      version: "4.3.1",
      metadataVersion: "4.2-IV1",
    });
  });

  it("half the memory is heap, whatever its size", () => {
    const [pool] = pools(3);
    if (pool === undefined) throw new Error("a pool is missing");
    const resources = { requests: { cpu: cores(1), memory: gib(3) }, limits: { memory: gib(5) } };
    expect(poolSpec({ ...args, resources }, pool)["jvmOptions"]).toEqual({
      "-Xms": "2560m",
      "-Xmx": "2560m",
    });
    expect(DEFAULT_SIZE.limits.memory).toEqual(gib(2));
  });

  it.each([true, false])(
    "with a KafkaTopic its events go: what holds data is protected if asked to be: %s",
    async (protect) => {
      const { resources } = await create({ protect });
      const names = resources.filter((r) => r.options.protect === true).map(({ name }) => name);
      expect(names).toEqual(
        protect
          ? ["bus-cluster", "bus-pool-kafka", "bus-topic-Rides_Taken", "bus-topic-bills"]
          : [],
      );
    },
  );

  it("nothing is ready before Strimzi says so, for which it has half an hour", async () => {
    const { resources } = await create();
    const waiting = ["Kafka", "KafkaTopic", "KafkaUser"].flatMap((kind) => ofKind(resources, kind));
    expect(waiting).toHaveLength(5);
    expect(waiting.map(({ inputs }) => inputs["metadata"])).toEqual(
      waiting.map(() =>
        expect.objectContaining({
          annotations: expect.objectContaining({
            "pulumi.com/waitFor": "condition=Ready",
          }) as unknown,
        }),
      ),
    );
    expect(named(resources, "bus-cluster").options.customTimeouts).toEqual({
      create: "30m",
      update: "60m",
      delete: "30m",
    });
  });
});

describe("a Kafka that Strimzi would refuse", () => {
  const topic = (changes: Partial<typeof rides>) => ({
    topics: [{ ...bills, ...changes }],
  });

  it.each<[Partial<StrimziKafkaArguments>, string]>([
    [
      { version: "3.6.0" },
      'version is "3.6.0", but must be 4.2.0, 4.2.1, 4.3.0 or 4.3.1. Other versions need another release of the operator.',
    ],
    [
      { version: "4.2.1", metadataVersion: "4.3-IV0" },
      'metadataVersion is "4.3-IV0", but must be 4.2-IV1. Kafka 4.2.1 knows no newer one, and the operator no older one.',
    ],
    [
      { clusterName: "Bike_Bus" },
      'clusterName is "Bike_Bus", but must be 1 to 47 lower-case letters, digits and hyphens, beginning with a letter. Shorten it.',
    ],
    [
      { brokers: 2 },
      "brokers is 2, but must be 3 to 93. Three are the least that keep two copies while one is away.",
    ],
    [
      { storage: mib(900) },
      "storage is 900Mi, but must be 1Gi or more. Kafka's own segments need it.",
    ],
    [
      { allowFrom: [] },
      "allowFrom is empty, but must be one peer or more. To Kubernetes an empty list means everybody.",
    ],
    [
      topic({ partitions: 4001 }),
      "topics.bills.partitions is 4001, but must be 1 to 4000. Partitions can be added later, never removed.",
    ],
    [
      topic({ replication: 4 }),
      "topics.bills.replication is 4, but must be 2 to 3, the number of brokers. Three survives a broker.",
    ],
    [
      topic({ minInSync: 2 }),
      "topics.bills.minInSync is 2, but must be 1. One less than the copies lets one broker be away.",
    ],
    [
      topic({ retention: hours(0.5) }),
      "topics.bills.retention is 30m, but must be 1h or longer. What is gone cannot be replayed.",
    ],
    [
      { ...topic({ retention: days(6) }), leastRetention: days(7) },
      "topics.bills.retention is 6d, but must be 7d or longer. What is gone cannot be replayed.",
    ],
    [
      topic({ name: "a b" }),
      'topics.a b is "a b", but must be 1 to 249 letters, digits, dots, underscores and hyphens. Rename it.',
    ],
    [
      { topics: [bills, { ...bills, name: "a.b" }, { ...bills, name: "a_b" }] },
      "topics.a_b is the same as a.b, but must be unlike every other, dots and underscores being alike. Rename one of them.",
    ],
    [
      { topics: [bills, { ...bills, name: "Bills" }] },
      "topics.Bills is the same as bills to Kubernetes, but must be a name that Kubernetes can tell apart from the others. Rename it.",
    ],
    [
      topic({ name: "_bills" }),
      'topics._bills is "_bills", but must be a name that Kubernetes can tell apart from the others. Rename it.',
    ],
  ])("refuses %j", (changes, expected) => {
    expect(
      refusal(() => {
        checkStrimzi("bus", { ...args, ...changes });
      }),
    ).toBe(`StrimziKafka bus: ${expected}`);
  });

  it.each<[Partial<StrimziKafkaArguments>]>([
    [{}],
    [{ version: "4.2.0" }],
    [{ brokers: 7 }],
    [{ metadataVersion: "4.2-IV1" }],
    [topic({ partitions: 4000 })],
  ])("but not %j", (changes) => {
    expect(
      refusal(() => {
        checkStrimzi("bus", { ...args, ...changes });
      }),
    ).toBe("");
  });
});
