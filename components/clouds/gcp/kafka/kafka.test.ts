import * as servicenetworking from "@pulumi/gcp/servicenetworking";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import {
  inputsOf,
  isSecret,
  named,
  ofKind,
  refusal,
  register,
  UNKNOWN,
  valueOf,
} from "../../../kit/testing";
import { GoogleKafka, type GoogleKafkaArguments } from "./kafka";
import { checkGoogle } from "./check";
import { accountId } from "./users";
import { bills, rides } from "../../../kafka/testing";

const args: Omit<GoogleKafkaArguments, "placement"> = {
  clusterName: "bike-bus",
  processors: 5,
  cidr: "10.71.0.0/20",
  labels: { team: "wheels" },
  topics: [rides, bills],
  protect: true,
};

const cloud = {
  "gcp:managedkafka/acl:Acl": {},
  "gcp:managedkafka/cluster:Cluster": {},
  "gcp:managedkafka/topic:Topic": {},
  "gcp:projects/iAMMember:IAMMember": {},
  "gcp:servicenetworking/connection:Connection": {},
  "gcp:serviceaccount/account:Account": { email: "someone@bikes-7", name: "accounts/someone" },
  "gcp:serviceaccount/key:Key": { privateKey: pulumi.secret("a2V5") },
};

const placement = (options: pulumi.CustomResourceOptions): GoogleKafkaArguments["placement"] => ({
  project: "bikes-7",
  region: "europe-west4",
  subnetworkId: pulumi.output("projects/bikes-7/regions/europe-west4/subnetworks/nodes"),
  peering: new servicenetworking.Connection(
    "the-peering",
    { network: "n", service: "s", reservedPeeringRanges: [] },
    options,
  ),
});

const create = async (changes: Partial<GoogleKafkaArguments> = {}, preview = false) => {
  const { result, resources } = await register(
    (options) =>
      new GoogleKafka("bus", { ...args, placement: placement(options), ...changes }, options),
    { preview, cloud },
  );
  return { result, resources: resources.filter(({ name }) => name !== "the-peering") };
};

describe("Google's Kafka", () => {
  it("creates exactly a cluster, topics, ACLs and two accounts", async () => {
    const { resources } = await create();
    expect(resources.map(({ name }) => name)).toEqual([
      "bus-access-allConsumerGroups",
      "bus-access-allTopics",
      "bus-access-allTransactionalIds",
      "bus-access-cluster",
      "bus-access-consumerGroup-meter-group",
      "bus-access-topic-Rides_Taken",
      "bus-access-topic-bills",
      "bus-cluster",
      "bus-topic-Rides_Taken",
      "bus-topic-bills",
      "bus-user-application",
      "bus-user-application-key",
      "bus-user-application-role",
      "bus-user-monitor",
      "bus-user-monitor-key",
      "bus-user-monitor-role",
    ]);
  });

  it("sends numbers as strings", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "bus-cluster")).toEqual({
      clusterId: "bike-bus",
      project: "bikes-7",
      location: "europe-west4",
      capacityConfig: { vcpuCount: "5", memoryBytes: String(20 * 1024 ** 3) },
      gcpConfig: {
        accessConfig: {
          networkConfigs: [{ subnet: "projects/bikes-7/regions/europe-west4/subnetworks/nodes" }],
        },
      },
      rebalanceConfig: { mode: "AUTO_REBALANCE_ON_SCALE_UP" },
      labels: { team: "wheels" },
      deletionPolicy: "PREVENT",
    });
    expect(inputsOf(resources, "bus-topic-bills")).toEqual({
      project: "bikes-7",
      location: "europe-west4",
      cluster: "bike-bus",
      topicId: "bills",
      partitionCount: 4,
      replicationFactor: 2,
      configs: {
        "cleanup.policy": "delete",
        "min.insync.replicas": "1",
        "retention.ms": String(bills.retention.seconds * 1000),
      },
      deletionPolicy: "PREVENT",
    });
  });

  it("has no labels by default", async () => {
    const { labels, ...without } = args;
    expect(labels).toEqual({ team: "wheels" });
    const { resources } = await register(
      (options) => new GoogleKafka("bus", { ...without, placement: placement(options) }, options),
      { cloud },
    );
    expect(inputsOf(resources, "bus-cluster")["labels"]).toEqual({});
  });

  it("without an ACL a resource is open: ACLs on all resources close it", async () => {
    const { resources } = await create();
    const lists = ofKind(resources, "Acl").map(({ inputs }) => [
      inputs["aclId"],
      (inputs["aclEntries"] as { operation: string }[]).map(({ operation }) => operation),
    ]);
    expect(lists).toEqual([
      ["allConsumerGroups", ["DESCRIBE"]],
      ["allTopics", ["DESCRIBE"]],
      ["allTransactionalIds", ["DESCRIBE"]],
      ["cluster", ["DESCRIBE", "IDEMPOTENT_WRITE"]],
      ["consumerGroup/meter-group", ["DESCRIBE", "READ"]],
      ["topic/Rides_Taken", ["DESCRIBE", "READ", "WRITE"]],
      ["topic/bills", ["DESCRIBE", "READ", "WRITE"]],
    ]);
    expect(inputsOf(resources, "bus-access-allTopics")).toEqual({
      project: "bikes-7",
      location: "europe-west4",
      cluster: "bike-bus",
      aclId: "allTopics",
      aclEntries: [
        {
          principal: "User:someone@bikes-7",
          permissionType: "ALLOW",
          operation: "DESCRIBE",
          host: "*",
        },
      ],
    });
    expect(named(resources, "bus-access-cluster").dependsOn).toEqual([
      "bus-topic-Rides_Taken",
      "bus-topic-bills",
      "the-peering",
    ]);
  });

  it("has service accounts as users, with their keys as passwords", async () => {
    const { result, resources } = await create({ rotation: "third" });
    expect(inputsOf(resources, "bus-user-monitor")).toEqual({
      accountId: "bike-bus-mon",
      project: "bikes-7",
      displayName: "monitor of Kafka bike-bus",
    });
    expect(inputsOf(resources, "bus-user-application-role")).toEqual({
      project: "bikes-7",
      role: "roles/managedkafka.client",
      member: "serviceAccount:someone@bikes-7",
    });
    expect(inputsOf(resources, "bus-user-application-key")).toEqual({
      serviceAccountId: "accounts/someone",
      keepers: { rotation: "third" },
    });
    expect(await valueOf(result.users.application.name)).toBe("someone@bikes-7");
    expect(await valueOf(result.users.application.password)).toBe("a2V5");
    expect(await isSecret(result.users.application.password)).toBe(true);
  });

  it("names accounts after the cluster, within Google's thirty characters", () => {
    expect(accountId("a-name-of-twenty-six-letters".slice(0, 26), "mon")).toHaveLength(30);
    const long = accountId("todo-chatbot-staging-pubsub", "app");
    expect(long).toMatch(/^todo-chatbot-stagin-[0-9a-f]{6}-app$/);
    expect(long).not.toBe(accountId("todo-chatbot-staging-pubsud", "app"));
  });

  it("APIs are off in a new project: everything waits until they are enabled", async () => {
    const { resources } = await create();
    const waiting = resources.filter(({ dependsOn }) => dependsOn.includes("the-peering"));
    expect(waiting).toHaveLength(resources.length);
  });

  it("returns the address that is derived from its names", async () => {
    const { result } = await create();
    expect(await valueOf(result.brokers)).toBe(
      "bootstrap.bike-bus.europe-west4.managedkafka.bikes-7.cloud.goog:9092",
    );
    expect([result.tls, result.authentication, result.certificateAuthority]).toEqual([
      true,
      "plain",
      undefined,
    ]);
    expect(result.reach).toEqual([
      { kind: "network", cidr: "10.71.0.0/20", firstPort: 9092, lastPort: 9092 },
    ]);
    expect(result.ready).toHaveLength(12);
  });

  it("reads nothing from the cloud in a first preview", async () => {
    const { result } = await create({}, true);
    expect(await valueOf(result.users.monitor.password)).toBe(UNKNOWN);
    expect(await isSecret(result.users.monitor.password)).toBe(true);
  });

  it.each([true, false])(
    "a fixed name means deletion before replacement, so it is protected: %s",
    async (protect) => {
      const { resources } = await create({ protect });
      const held = resources.filter((r) => r.options.protect === true).map(({ name }) => name);
      const all = ["bus-cluster", "bus-topic-Rides_Taken", "bus-topic-bills"];
      expect(held).toEqual(protect ? all : []);
      const policies = all.map((name) => inputsOf(resources, name)["deletionPolicy"]);
      expect(new Set(policies)).toEqual(new Set([protect ? "PREVENT" : "DELETE"]));
      expect(named(resources, "bus-cluster").options.customTimeouts?.create).toBe("90m");
    },
  );
});

describe("a Kafka that Google would reject", () => {
  const topic = (changes: Partial<typeof bills>) => ({ topics: [{ ...bills, ...changes }] });
  const said = (changes: Partial<GoogleKafkaArguments>) =>
    refusal(() => {
      checkGoogle("bus", { ...args, ...changes });
    });

  it.each<[Partial<GoogleKafkaArguments>, string]>([
    [
      { clusterName: "Bike-Bus" },
      'clusterName is "Bike-Bus", but must be 1 to 63 lower-case letters, digits and hyphens, beginning with a letter. Shorten it.',
    ],
    [
      { processors: 2 },
      "processors is 2, but must be a whole number, at least 3. Each of the three zones needs one.",
    ],
    [
      topic({ replication: 4 }),
      "topics.bills.replication is 4, but must be 2 to 3, the number of brokers. Three copies survive the loss of a broker.",
    ],
  ])("refuses %j", (changes, expected) => {
    expect(said(changes)).toBe(`GoogleKafka bus: ${expected}`);
  });

  it.each<[Partial<GoogleKafkaArguments>]>([[{ processors: 3 }], [{}]])("accepts %j", (changes) => {
    expect(said(changes)).toBe("");
  });
});
