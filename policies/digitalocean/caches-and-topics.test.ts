import type { DatabaseKafkaTopicArgs, DatabaseUserArgs } from "@pulumi/digitalocean";
import { describe, expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { UNKNOWN, messages, type Fixture } from "../testing";
import { fixture } from "./testing";

const EVICTION = "digitalocean-cache-eviction";
const valkey = (evictionPolicy?: unknown): Fixture =>
  fixture("DatabaseCluster", { engine: "valkey", evictionPolicy });
const config = (props: object, kind = "DatabaseValkeyConfig"): Fixture =>
  fixture(kind, props, "tuned", { clusterId: valkey() });

describe("digitalocean-cache-eviction", () => {
  const reported = (...all: readonly Fixture[]): Promise<readonly string[]> =>
    messages(EVICTION, all);
  const both = (key: string): readonly string[] => [
    `DatabaseCluster "orders" has evictionPolicy and its configuration's ${key}, which overwrite each other; set only one of them.`,
  ];

  it("accepts either place, known or unknown", async () => {
    expect(await reported(valkey("noeviction"), config({}))).toEqual([]);
    expect(await reported(valkey(UNKNOWN))).toEqual([]);
    expect(await reported(valkey(), config({ valkeyMaxmemoryPolicy: "allkeys-lru" }))).toEqual([]);
    expect(await reported(fixture("DatabaseCluster", { engine: "pg" }))).toEqual([]);
  });

  it("refuses none and two", async () => {
    const expected =
      'set what is evicted when memory is full, such as "noeviction" or "allkeys_lru".';
    expect(await reported(valkey(), config({ ssl: true }))).toEqual([
      `DatabaseCluster "orders": evictionPolicy is missing; ${expected}`,
    ]);
    expect(
      await reported(valkey("noeviction"), config({ valkeyMaxmemoryPolicy: "allkeys-lru" })),
    ).toEqual(both("valkeyMaxmemoryPolicy"));
    const redis = config({ maxmemoryPolicy: "allkeys-lru" }, "DatabaseRedisConfig");
    expect(await reported(valkey("noeviction"), redis)).toEqual(both("maxmemoryPolicy"));
  });
});

const OFF = 'persistence is "off"; no data survives a restart: it must be "rdb" or missing.';
testPolicy("digitalocean-cache-persistent", {
  happy: () => [config({}), config({ persistence: "rdb" }, "DatabaseRedisConfig")],
  broken: [
    { at: ["persistence"], to: "off", says: `DatabaseValkeyConfig "tuned": ${OFF}` },
    { of: 1, at: ["persistence"], to: "off", says: `DatabaseRedisConfig "tuned": ${OFF}` },
  ],
  unknown: [["persistence"]],
});

const topic = (): Fixture =>
  fixture("DatabaseKafkaTopic", {
    clusterId: "k1",
    name: "placed",
    replicationFactor: 3,
    configs: [
      {
        cleanupPolicy: "delete",
        minInsyncReplicas: 2,
        minCleanableDirtyRatio: 0.4,
        retentionMs: "86400000",
        retentionBytes: "-1",
      },
    ],
  } satisfies DatabaseKafkaTopicArgs);
const IS = 'DatabaseKafkaTopic "orders": ';

testPolicy("digitalocean-kafka-topic-durable", {
  happy: topic,
  broken: [
    {
      at: ["replicationFactor"],
      to: 2,
      says: `${IS}replicationFactor is 2; it must be 3 or more.`,
    },
    {
      at: ["replicationFactor"],
      says: `${IS}replicationFactor is missing; it must be 3 or more.`,
    },
    {
      at: ["configs"],
      says: `${IS}configs[0].minInsyncReplicas is missing; it must be 2 or more.`,
    },
    {
      at: ["configs", 0, "minInsyncReplicas"],
      to: 1,
      says: `${IS}configs[0].minInsyncReplicas is 1; it must be 2 or more.`,
    },
    {
      at: ["configs", 0, "minInsyncReplicas"],
      to: 3,
      says: `${IS}configs[0].minInsyncReplicas is 3; it must be below replicationFactor 3, so that one broker may fail: set it to 2.`,
    },
    { at: ["replicationFactor"], to: 4, says: [] },
  ],
  unknown: [["replicationFactor"], ["configs", 0, "minInsyncReplicas"]],
});

const FOREVER = `${IS}configs[0].retentionMs is "-1"; the topic grows until the disks are full: set it in milliseconds, or set retentionBytes.`;
const RETENTION = ["configs", 0, "retentionMs"] as const;

testPolicy("digitalocean-kafka-topic-bounded", {
  happy: topic,
  broken: [
    { at: RETENTION, to: "-1", says: FOREVER },
    { at: RETENTION, says: [] },
    { at: ["configs"], says: [] },
    {
      at: ["configs", 0, "minCleanableDirtyRatio"],
      says: `${IS}configs[0].minCleanableDirtyRatio is missing; without it the provider sends 0: set it to 0.5, Kafka's default.`,
    },
  ],
  unknown: [RETENTION],
});

it("knows topics bounded by compaction or size", async () => {
  const reported = (settings: object): Promise<readonly string[]> =>
    messages("digitalocean-kafka-topic-bounded", [
      fixture("DatabaseKafkaTopic", {
        configs: [{ minCleanableDirtyRatio: 0.4, retentionMs: "-1", ...settings }],
      }),
    ]);
  expect(await reported({})).toEqual([FOREVER]);
  expect(await reported({ retentionBytes: "900" })).toEqual([]);
  expect(await reported({ cleanupPolicy: "compact" })).toEqual([]);
});

testPolicy("digitalocean-database-user-narrow", {
  happy: () =>
    fixture("DatabaseUser", {
      clusterId: "k1",
      mysqlAuthPlugin: "caching_sha2_password",
      settings: [{ acls: [{ topic: "placed*", permission: "consume" }] }],
    } satisfies DatabaseUserArgs),
  broken: [
    {
      at: ["settings", 0, "acls", 0, "topic"],
      to: "*",
      says: 'DatabaseUser "orders": settings[0].acls[0].topic is "*"; it applies to every topic: use a topic name, or "prefix*".',
    },
    {
      at: ["mysqlAuthPlugin"],
      to: "mysql_native_password",
      says: 'DatabaseUser "orders": mysqlAuthPlugin is "mysql_native_password"; its hashes are insecure: use "caching_sha2_password".',
    },
    { at: ["mysqlAuthPlugin"], says: [] },
  ],
  unknown: [["settings", 0, "acls", 0, "topic"], ["mysqlAuthPlugin"]],
});
