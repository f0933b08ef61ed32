import type * as elasticache from "@pulumi/aws/elasticache";
import { expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";
import { messages } from "../testing";
import { WHO, group, serverless } from "./caches-testing";

testPolicy("aws-elasticache-available", {
  happy: group,
  broken: [
    ...["automaticFailoverEnabled", "multiAzEnabled"].map((key) => ({
      at: [key],
      says: `${WHO}: ${key} is missing; it must be true.`,
    })),
    {
      at: ["replicasPerNodeGroup"],
      to: 0,
      says: `${WHO}: replicasPerNodeGroup is 0; each shard needs a replica: set it to 1 or more.`,
    },
    {
      at: ["numCacheClusters"],
      to: 1,
      says: `${WHO}: numCacheClusters is 1; it must be 2 or more.`,
    },
    { at: ["numCacheClusters"], to: 2, says: [] },
  ],
  unknown: [["multiAzEnabled"], ["replicasPerNodeGroup"], ["numCacheClusters"]],
});

it("aws-elasticache-available takes the shards of a secondary from its primary", async () => {
  const bare = broken(group(), ["replicasPerNodeGroup"]);
  const secondary = broken(bare, ["globalReplicationGroupId"], "world");
  expect(await messages("aws-elasticache-available", [secondary])).toEqual([]);
});

testPolicy("aws-elasticache-snapshots", {
  happy: () => [group(), serverless()],
  broken: [
    {
      at: ["snapshotRetentionLimit"],
      to: 0,
      says: `${WHO}: snapshotRetentionLimit is 0; it must be 1 or more.`,
    },
    {
      at: ["snapshotRetentionLimit"],
      of: 1,
      says: 'ServerlessCache "burst": snapshotRetentionLimit is missing; it must be 1 or more.',
    },
    {
      at: ["snapshotRetentionLimit"],
      to: 9,
      setting: { configuration: { "aws-elasticache-snapshots": { days: 4 } } },
      says: 'ServerlessCache "burst": snapshotRetentionLimit is 3; it must be 4 or more.',
    },
  ],
  unknown: [["engine"], ["snapshotRetentionLimit"]],
});

it("aws-elasticache-snapshots does not apply to Memcached or to a secondary", async () => {
  const bare = broken(serverless(), ["snapshotRetentionLimit"]);
  const memcached = broken(bare, ["engine"], "memcached");
  const open = broken(group(), ["snapshotRetentionLimit"]);
  const secondary = broken(open, ["globalReplicationGroupId"], "world");
  expect(await messages("aws-elasticache-snapshots", [memcached, secondary])).toEqual([]);
});

testPolicy("aws-elasticache-upgrades", {
  happy: () => [group(), serverless()],
  broken: [
    ...[false, "false"].map((to) => ({
      at: ["autoMinorVersionUpgrade"],
      to,
      says: `${WHO}: autoMinorVersionUpgrade is ${JSON.stringify(to)}; it must be true.`,
    })),
    { at: ["autoMinorVersionUpgrade"], says: [] },
    {
      at: ["engineVersion"],
      to: "5.0.6",
      says: `${WHO}: engineVersion is "5.0.6"; the supported versions are "6" or "7".`,
    },
    { at: ["engineVersion"], says: [] },
    { at: ["engine"], to: "memcached", says: [] },
    {
      at: ["majorEngineVersion"],
      of: 1,
      to: "6",
      says: 'ServerlessCache "burst": majorEngineVersion is "6"; the supported versions are "7", "8" or "9".',
    },
  ],
  unknown: [["engine"], ["engineVersion"], ["autoMinorVersionUpgrade"]],
});

const EVICTION =
  "set maxmemory-policy: the default keeps keys without an expiry and refuses writes when the cache is full.";
testPolicy("aws-elasticache-eviction", {
  happy: () => [
    {
      type: "aws:elasticache/parameterGroup:ParameterGroup",
      name: "settings",
      props: {
        family: "redis7",
        parameters: [{ name: "maxmemory-policy", value: "allkeys-lru" }],
      } satisfies elasticache.ParameterGroupArgs,
    },
    {
      type: "aws:elasticache/parameterGroup:ParameterGroup",
      name: "old",
      props: { family: "memcached1.6" },
    },
  ],
  broken: [
    {
      at: ["parameters"],
      to: [],
      says: `ParameterGroup "settings": parameters is []; ${EVICTION}`,
    },
    {
      at: ["parameters", 0, "name"],
      to: "timeout",
      says: `ParameterGroup "settings": parameters is [{"name":"timeout","value":"allkeys-lru"}]; ${EVICTION}`,
    },
  ],
  unknown: [["family"], ["parameters"], ["parameters", 0, "name"]],
});

testPolicy("aws-elasticache-logs", {
  happy: group,
  broken: [
    {
      at: ["logDeliveryConfigurations"],
      says: `${WHO}: logDeliveryConfigurations is missing; add slow-log and engine-log.`,
    },
    {
      at: ["logDeliveryConfigurations"],
      to: [{ logType: "slow-log" }],
      says: `${WHO}: logDeliveryConfigurations is [{"logType":"slow-log"}]; add engine-log.`,
    },
  ],
  unknown: [["logDeliveryConfigurations"], ["logDeliveryConfigurations", 1, "logType"]],
});
