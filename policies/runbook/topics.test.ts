import { describe, expect, it } from "vitest";
import { shop } from "../testing/system";
import { broken } from "../testing/fixtures";
import { UNKNOWN, messages, type Fixture, type Setting } from "../testing";
import { shopWith } from "../testing/runbook";

const DAYS = 86_400_000;
const SHOP = shopWith({});
const BUS = { ...shop.eventBuses[0] };

const ocean = (): Fixture => ({
  type: "digitalocean:index/databaseKafkaTopic:DatabaseKafkaTopic",
  name: "t",
  props: {
    name: "order-placed",
    partitionCount: 6,
    replicationFactor: 3,
    configs: [{ minInsyncReplicas: 2, retentionMs: String(9 * DAYS) }],
  },
});
const strimzi = (): Fixture => ({
  type: "kubernetes:kafka.strimzi.io/v1:KafkaTopic",
  name: "t",
  props: {
    metadata: { name: "order-placed", namespace: "shop" },
    spec: {
      partitions: 6,
      replicas: 3,
      config: { "min.insync.replicas": "2", "retention.ms": 9 * DAYS },
    },
  },
});
const msk = (): Fixture => ({
  type: "aws:msk/topic:Topic",
  name: "t",
  props: {
    name: "order-placed",
    partitionCount: 6,
    replicationFactor: 3,
    configs: JSON.stringify({ "min.insync.replicas": "2", "retention.ms": String(9 * DAYS) }),
  },
});
const google = (): Fixture => ({
  type: "gcp:managedkafka/topic:Topic",
  name: "t",
  props: {
    topicId: "order-placed",
    partitionCount: 6,
    replicationFactor: 3,
    configs: { "min.insync.replicas": "2", "retention.ms": String(9 * DAYS) },
  },
});
const KINDS = [ocean, strimzi, msk, google];
const GONE =
  'Topic "order-paid" is not created; the runbook "Shop Runbook" requires it (Events / Topics).';

const reported = (policy: string, fixture: readonly Fixture[], as: Setting = SHOP) =>
  messages(policy, fixture, as);

describe("runbook-topics", () => {
  it.each(KINDS)("reads every kind of topic (%#)", async (topic) => {
    expect(await reported("runbook-topics", [topic()])).toEqual([GONE]);
  });

  it("prefers the topic's own name to the object's", async () => {
    const named = broken(strimzi(), ["spec", "topicName"], "order-paid");
    const four = { ...broken(named, ["spec", "partitions"], 4), name: "u" };
    expect(await reported("runbook-topics", [strimzi(), four])).toEqual([]);
  });
});

describe("runbook-topic-retention", () => {
  const keeps = 'the runbook keeps events of "order-placed" for 9d (retention.ms 777600000).';
  const of = (fixture: Fixture): Promise<readonly string[]> =>
    reported("runbook-topic-retention", [fixture]);

  it.each(KINDS)("accepts the runbook's (%#)", async (topic) => {
    expect(await of(topic())).toEqual([]);
  });

  it("refuses less, and the default of a week", async () => {
    expect(await of(broken(ocean(), ["configs", 0, "retentionMs"], String(9 * DAYS - 1)))).toEqual([
      `DatabaseKafkaTopic "t": configs[0].retentionMs is "777599999"; ${keeps}`,
    ]);
    expect(await of(broken(strimzi(), ["spec", "config", "retention.ms"]))).toEqual([
      `KafkaTopic "shop/order-placed": spec.config["retention.ms"] is missing; ${keeps}`,
    ]);
    expect(await of(broken(msk(), ["configs"], "{}"))).toEqual([
      `Topic "t": configs is "{}"; ${keeps}`,
    ]);
    expect(await of(broken(msk(), ["configs"], "null"))).toHaveLength(1);
    expect(await of(broken(msk(), ["configs"], "{"))).toHaveLength(1);
    expect(await of(broken(google(), ["configs", "retention.ms"], " "))).toHaveLength(1);
  });

  it("accepts a week if the runbook requires no more, unlimited retention, and an unknown", async () => {
    const topics = [{ ...BUS.topics?.[0], retention: { kind: "duration", seconds: 604_800 } }];
    const week = shopWith({ eventBuses: [{ ...BUS, topics } as never] });
    const bare = broken(strimzi(), ["spec", "config"]);
    expect(await reported("runbook-topic-retention", [bare], week)).toEqual([]);
    expect(await of(broken(ocean(), ["configs", 0, "retentionMs"], "-1"))).toEqual([]);
    expect(await of(broken(ocean(), ["configs", 0, "retentionMs"], UNKNOWN))).toEqual([]);
  });
});

describe("runbook-topic-copies", () => {
  const of = (fixture: readonly Fixture[], as = SHOP): Promise<readonly string[]> =>
    reported("runbook-topic-copies", fixture, as);
  const confirmed =
    'the runbook requires 2 in-sync replicas of "order-placed" (min.insync.replicas).';
  const bare = broken(strimzi(), ["spec", "config"]);

  it.each(KINDS)("accepts the runbook's (%#)", async (topic) => {
    expect(await of([topic()])).toEqual([]);
  });

  it("refuses fewer, and a missing value", async () => {
    expect(await of([broken(google(), ["replicationFactor"], 2)])).toEqual([
      'Topic "t": replicationFactor is 2; the runbook keeps 3 replicas of "order-placed".',
    ]);
    expect(await of([broken(strimzi(), ["spec", "replicas"])])).toEqual([
      'KafkaTopic "shop/order-placed": spec.replicas is missing; the runbook keeps 3 replicas of "order-placed".',
    ]);
    expect(await of([broken(ocean(), ["configs", 0, "minInsyncReplicas"], 1)])).toEqual([
      `DatabaseKafkaTopic "t": configs[0].minInsyncReplicas is 1; ${confirmed}`,
    ]);
    expect(await of([bare])).toEqual([
      `KafkaTopic "shop/order-placed": spec.config["min.insync.replicas"] is missing; ${confirmed}`,
    ]);
  });

  it("accepts the brokers' setting for all topics", async () => {
    const cluster = (count: unknown): Fixture => ({
      type: "kubernetes:kafka.strimzi.io/v1:Kafka",
      name: "k",
      props: { spec: { kafka: { config: { "min.insync.replicas": count } } } },
    });
    expect(await of([bare, cluster(2)])).toEqual([]);
    expect(await of([bare, cluster(1)])).toHaveLength(1);
    const brokers = (serverProperties: string): Fixture => ({
      type: "aws:msk/configuration:Configuration",
      name: "c",
      props: { serverProperties },
    });
    expect(await of([bare, brokers("a=1\nmin.insync.replicas=2\nb=2")])).toEqual([]);
    expect(await of([bare, brokers("#min.insync.replicas=2")])).toHaveLength(1);
    const low = broken(strimzi(), ["spec", "config", "min.insync.replicas"], 1);
    expect(await of([low, cluster(2)])).toHaveLength(1);
  });

  it("counts unknown values", async () => {
    expect(await of([broken(ocean(), ["replicationFactor"], UNKNOWN)])).toEqual([]);
    expect(await of([broken(msk(), ["configs"], UNKNOWN)])).toEqual([]);
  });
});

describe("runbook-brokers", () => {
  const of = (type: string, props: Fixture["props"], as = SHOP): Promise<readonly string[]> =>
    reported("runbook-brokers", [{ type, name: "k", props }], as);
  const expected = `the runbook "Shop Runbook" runs "${BUS.name ?? ""}" on 3 brokers (${BUS.clause?.heading ?? ""}).`;

  it("counts brokers of every kind", async () => {
    const cluster = "aws:msk/cluster:Cluster";
    expect(await of(cluster, { numberOfBrokerNodes: 3 })).toEqual([]);
    expect(await of(cluster, { numberOfBrokerNodes: 2 })).toEqual([
      `Cluster "k": numberOfBrokerNodes is 2; ${expected}`,
    ]);
    expect(await of(cluster, {})).toEqual([
      `Cluster "k": numberOfBrokerNodes is missing; ${expected}`,
    ]);
    expect(await of(cluster, { numberOfBrokerNodes: UNKNOWN })).toEqual([]);
    const two = shopWith({ eventBuses: [...shop.eventBuses, ...shop.eventBuses] });
    expect(await of(cluster, { numberOfBrokerNodes: 1 }, two)).toEqual([]);
    const none = shopWith({ eventBuses: [] });
    expect(await of(cluster, { numberOfBrokerNodes: 1 }, none)).toEqual([]);
  });

  it("knows which pools and databases are brokers", async () => {
    const pool = "kubernetes:kafka.strimzi.io/v1:KafkaNodePool";
    expect(await of(pool, { spec: { replicas: 2, roles: ["broker"] } })).toEqual([
      `KafkaNodePool "k": spec.replicas is 2; ${expected}`,
    ]);
    expect(await of(pool, { spec: { replicas: 2, roles: ["controller"] } })).toEqual([]);
    expect(await of(pool, { spec: { replicas: 2, roles: UNKNOWN } })).toEqual([]);
    const db = "digitalocean:index/databaseCluster:DatabaseCluster";
    expect(await of(db, { engine: "kafka", nodeCount: 1 })).toEqual([
      `DatabaseCluster "k": nodeCount is 1; ${expected}`,
    ]);
    expect(await of(db, { engine: "pg", nodeCount: 1 })).toEqual([]);
    expect(await of(db, { engine: UNKNOWN, nodeCount: 1 })).toEqual([]);
  });
});
