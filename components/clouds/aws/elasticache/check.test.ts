import { describe, expect, it } from "vitest";
import { days, hours, minutes } from "../../../../systems/units";
import { refusal, register } from "../../../kit/testing";
import { ElastiCacheRedis, type ElastiCacheRedisArguments } from "./elasticache";
import { checkElastiCache } from "./check";
import { elastiCache as args, placement } from "../../../redis/testing";

describe("a Redis that Amazon would reject", () => {
  const shards = (count: number, replicasPerShard = 2) =>
    ({ shape: { mode: "cluster", shards: count, replicasPerShard } }) as const;

  it.each<[Partial<ElastiCacheRedisArguments>, string]>([
    [
      { clusterName: "Bikes" },
      "clusterName is \"Bikes\", but must be at most 40 lower-case letters, digits and single hyphens, beginning with a letter and not ending with a hyphen. Shorten the system's id or the cache's name.",
    ],
    [
      { version: "7.2" },
      'version is "7.2", but must be one of 7.0, 7.1 for redis. Later versions are available only as valkey.',
    ],
    [
      { engine: "valkey", version: "7.0" },
      'version is "7.0", but must be one of 7.2, 8.0, 8.1, 8.2 for valkey. Choose one of them.',
    ],
    [
      { nodeType: "cache.r6gd.xlarge" },
      'nodeType is "cache.r6gd.xlarge", but must be a node type such as cache.m6g.large that keeps all data in memory. Set runstack:redisSize.',
    ],
    [
      shards(3, 6),
      "shape.replicasPerShard is 6, but must be 0 to 5. One replica is enough to survive the loss of a zone.",
    ],
    [
      { shape: { mode: "standalone", replicas: -1 } },
      "shape.replicas is -1, but must be 0 to 5. One replica is enough to survive the loss of a zone.",
    ],
    [
      shards(31),
      "shape.shards is 31, but must be 1 to 30 with 2 replicas per shard, 90 nodes in total. Use larger nodes instead of more shards.",
    ],
    [
      shards(0, 0),
      "shape.shards is 0, but must be 1 to 90 with 0 replicas per shard, 90 nodes in total. Use larger nodes instead of more shards.",
    ],
    [
      { placement: { ...placement, privateSubnetIds: placement.privateSubnetIds.slice(1) } },
      "placement.privateSubnetIds is 1 subnet, but must be two or more subnets in different zones. A replica in the primary's zone would be lost with it.",
    ],
    [
      { maintenance: { ...args.maintenance, duration: minutes(45) } },
      "maintenance.duration is 45 minutes, but must be 1 to 22 hours. The daily snapshot needs an hour of its own.",
    ],
    [
      { maintenance: { ...args.maintenance, duration: hours(23) } },
      "maintenance.duration is 1380 minutes, but must be 1 to 22 hours. The daily snapshot needs an hour of its own.",
    ],
    [
      { snapshotRetention: hours(36) },
      "snapshotRetention is 1.5 days, but must be 1 to 35 whole days. Snapshots cannot be enabled later.",
    ],
    [
      { snapshotRetention: days(0) },
      "snapshotRetention is 0 days, but must be 1 to 35 whole days. Snapshots cannot be enabled later.",
    ],
    [
      { snapshotRetention: days(36) },
      "snapshotRetention is 36 days, but must be 1 to 35 whole days. Snapshots cannot be enabled later.",
    ],
    [
      { snapshotRetention: days(6), leastRetention: days(7) },
      "snapshotRetention is 6 days, but must be 7 days or longer. The runbook requires it.",
    ],
  ])("refuses %j", (changes, expected) => {
    expect(
      refusal(() => {
        checkElastiCache("store", { ...args, ...changes });
      }),
    ).toBe(`ElastiCacheRedis store: ${expected}`);
  });

  it.each(["bikes-", "bi--kes", "9bikes", "a".repeat(41), ""])(
    "refuses the name %j",
    (clusterName) => {
      expect(
        refusal(() => {
          checkElastiCache("store", { ...args, clusterName });
        }),
      ).toContain(`clusterName is "${clusterName}"`);
    },
  );

  it.each<Partial<ElastiCacheRedisArguments>>([
    shards(30),
    shards(90, 0),
    { clusterName: "a".repeat(40) },
    { snapshotRetention: days(35), leastRetention: days(35) },
    {
      shape: { mode: "standalone", replicas: 0 },
      placement: { ...placement, privateSubnetIds: placement.privateSubnetIds.slice(1) },
    },
  ])("accepts %j", (changes) => {
    expect(
      refusal(() => {
        checkElastiCache("store", { ...args, ...changes });
      }),
    ).toBe("");
  });

  it("refuses before anything is created", async () => {
    const { resources } = await register((options) =>
      refusal(() => new ElastiCacheRedis("store", { ...args, version: "6.2" }, options)),
    );
    expect(resources).toEqual([]);
  });
});
