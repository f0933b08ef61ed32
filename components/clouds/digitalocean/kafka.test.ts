import { describe, expect, it } from "vitest";
import * as pulumi from "@pulumi/pulumi";
import { todoChatbot } from "../../../systems/todo-chatbot";
import { days } from "../../../systems/units";
import {
  inputsOf,
  isSecret,
  named,
  ofKind,
  refusal,
  register,
  UNKNOWN,
  valueOf,
} from "../../kit/testing";
import { address, checkKafka, DigitalOceanKafka, type DigitalOceanKafkaArguments } from "./kafka";

const [task] = todoChatbot.eventBuses.flatMap(({ topics }) => topics);
if (task === undefined) throw new Error("Todo Chatbot has topics");
const rides = { ...task, name: "rides", partitions: 7, retention: days(2) };
const bills = { ...task, name: "bills", partitions: 4, minInSync: 1, replication: 2 };

const args: DigitalOceanKafkaArguments = {
  clusterName: "bikes-prod-bus",
  version: "3.9",
  size: "db-s-4vcpu-8gb",
  nodes: 3,
  region: "ams3",
  placement: {
    cloud: "digitalocean",
    vpcId: pulumi.output("the-vpc"),
    clusterId: pulumi.output("the-cluster"),
  },
  podCidr: "10.52.0.0/16",
  cidr: "10.50.16.0/20",
  maintenance: { day: "thursday", start: "03:30" },
  tags: ["one"],
  protect: true,
  topics: [rides, bills],
};

const create = (changes: Partial<DigitalOceanKafkaArguments> = {}, preview = false) =>
  register((options) => new DigitalOceanKafka("bus", { ...args, ...changes }, options), {
    preview,
  });

describe("managed Kafka", () => {
  it("creates exactly a cluster, its firewall, topics and two users", async () => {
    const { resources } = await create();
    expect(resources.map(({ name, parent }) => [name, parent])).toEqual([
      ["bus-cluster", "bus"],
      ["bus-firewall", "bus"],
      ["bus-topic-bills", "bus"],
      ["bus-topic-rides", "bus"],
      ["bus-user-application", "bus"],
      ["bus-user-monitor", "bus"],
    ]);
  });

  it("has exactly these inputs", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "bus-cluster")).toEqual({
      name: "bikes-prod-bus",
      engine: "kafka",
      version: "3.9",
      size: "db-s-4vcpu-8gb",
      nodeCount: 3,
      region: "ams3",
      privateNetworkUuid: "the-vpc",
      maintenanceWindows: [{ day: "thursday", hour: "03:30" }],
      tags: ["one"],
    });
    expect(inputsOf(resources, "bus-topic-rides")).toEqual({
      clusterId: "bus-cluster-id",
      name: "rides",
      partitionCount: 7,
      replicationFactor: 3,
      configs: [
        {
          cleanupPolicy: "delete",
          retentionMs: "172800000",
          minInsyncReplicas: 2,
          minCleanableDirtyRatio: 0.5,
          messageDownConversionEnable: true,
        },
      ],
    });
  });

  it("lets Dapr produce and consume, and the monitor only consume, on its topics only", async () => {
    const { resources } = await create();
    const acls = (permission: string) => [
      {
        acls: [
          { topic: "rides", permission },
          { topic: "bills", permission },
        ],
      },
    ];
    expect(inputsOf(resources, "bus-user-application")).toEqual({
      clusterId: "bus-cluster-id",
      name: "application",
      settings: acls("produceconsume"),
    });
    expect(inputsOf(resources, "bus-user-monitor")).toEqual({
      clusterId: "bus-cluster-id",
      name: "monitor",
      settings: acls("consume"),
    });
  });

  it("returns its private address and keeps secrets secret", async () => {
    const { result } = await create();
    expect(await valueOf(result.brokers)).toBe("private.db.example.com:25073");
    expect(await valueOf(result.certificateAuthority)).toBe("CERTIFICATE");
    expect(await isSecret(result.certificateAuthority)).toBe(true);
    expect(await valueOf(result.users.monitor.name)).toBe("monitor");
    expect(await valueOf(result.users.monitor.password)).toBe("user-password");
    expect(await isSecret(result.users.monitor.password)).toBe(true);
    expect([result.tls, result.authentication]).toEqual([true, "scram-sha-256"]);
    expect(result.reach).toEqual([
      { kind: "network", cidr: "10.50.16.0/20", firstPort: 25060, lastPort: 25090 },
    ]);
    expect(result.ready).toHaveLength(5);
  });

  it("shows the brokers' address, which is not secret", async () => {
    const { result } = await create();
    expect(await isSecret(result.brokers)).toBe(false);
    expect(address("kafka+ssl://doadmin:p@ss@h.example.com:1")).toBe("h.example.com:1");
  });

  it("reads no certificate in a first preview", async () => {
    const { result } = await create({}, true);
    expect(await valueOf(result.certificateAuthority)).toBe(UNKNOWN);
    expect(await isSecret(result.certificateAuthority)).toBe(true);
  });
});

describe("Kafka on DigitalOcean", () => {
  it("every topic, user and database has an explicit name", async () => {
    const { resources } = await create();
    const names = resources
      .filter(({ type }) => !type.endsWith("DatabaseFirewall"))
      .map(({ inputs }) => inputs["name"]);
    expect(names).toEqual(["bikes-prod-bus", "bills", "rides", "application", "monitor"]);
  });

  it("the network and the cluster are referenced by id", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "bus-cluster")["privateNetworkUuid"]).toBe("the-vpc");
  });

  it("exactly one firewall, for the cluster and its pods only", async () => {
    const { resources } = await create();
    expect(ofKind(resources, "DatabaseFirewall").map(({ inputs }) => inputs)).toEqual([
      {
        clusterId: "bus-cluster-id",
        rules: [
          { type: "k8s", value: "the-cluster" },
          { type: "ip_addr", value: "10.52.0.0/16" },
        ],
      },
    ]);
  });

  it("no setting is false or zero, which the provider would not send", async () => {
    const { resources } = await create();
    const settings = ofKind(resources, "DatabaseKafkaTopic")
      .flatMap(({ inputs }) => inputs["configs"] as Record<string, unknown>[])
      .flatMap((config) => Object.values(config));
    expect(settings).toHaveLength(10);
    expect(settings.filter((value) => value === false || value === 0 || value === "0")).toEqual([]);
  });

  it("has no eviction policy", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "bus-cluster")).not.toHaveProperty("evictionPolicy");
  });

  it("a creation may take an hour before it counts as failed", async () => {
    const { resources } = await create();
    expect(named(resources, "bus-cluster").options.customTimeouts).toEqual({
      create: "60m",
      update: "60m",
      delete: "30m",
    });
  });

  it("has a maintenance window from the start, and belongs to no project", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "bus-cluster")["maintenanceWindows"]).toHaveLength(1);
    expect(inputsOf(resources, "bus-cluster")).not.toHaveProperty("projectId");
  });

  it.each([true, false])("resources with data are protected: %s", async (protect) => {
    const { resources } = await create({ protect });
    const names = resources.filter((r) => r.options.protect === true).map(({ name }) => name);
    expect(names).toEqual(
      protect ? ["bus-cluster", "bus-firewall", "bus-topic-bills", "bus-topic-rides"] : [],
    );
  });
});

describe("a Kafka that DigitalOcean would reject", () => {
  const topic = (changes: Partial<typeof rides>) => ({ topics: [{ ...rides, ...changes }] });

  it.each<[Partial<DigitalOceanKafkaArguments>, string]>([
    [
      { nodes: 1 },
      "nodes is 1, but must be 3, 6, 9 or 15. Change the number of brokers of the event bus.",
    ],
    [
      { nodes: 6 },
      'size is "db-s-4vcpu-8gb", but must be a gd- size for more than three brokers. Set runstack:kafkaSize.',
    ],
    [
      topic({ partitions: 2 }),
      "topics.rides.partitions is 2, but must be 3 to 2048. Partitions can be added later, but not removed.",
    ],
    [
      topic({ replication: 1 }),
      "topics.rides.replication is 1, but must be 2 to 3, the number of brokers. Three copies survive the loss of a broker.",
    ],
    [
      topic({ replication: 4 }),
      "topics.rides.replication is 4, but must be 2 to 3, the number of brokers. Three copies survive the loss of a broker.",
    ],
    [
      topic({ minInSync: 0 }),
      "topics.rides.minInSync is 0, but must be 1 to 2. With one less than the number of copies, one broker can be down.",
    ],
    [
      topic({ minInSync: 3 }),
      "topics.rides.minInSync is 3, but must be 1 to 2. With one less than the number of copies, one broker can be down.",
    ],
  ])("refuses %j", (changes, expected) => {
    expect(
      refusal(() => {
        checkKafka("bus", { ...args, ...changes });
      }),
    ).toBe(`DigitalOceanKafka bus: ${expected}`);
  });

  it.each([
    [{ nodes: 3 }],
    [{ nodes: 6, size: "gd-2vcpu-8gb" }],
    [topic({ partitions: 2048 })],
    [topic({ replication: 2, minInSync: 1 })],
  ])("accepts %j", (changes) => {
    expect(
      refusal(() => {
        checkKafka("bus", { ...args, ...changes });
      }),
    ).toBe("");
  });
});
