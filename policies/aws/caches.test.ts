import type * as elasticache from "@pulumi/aws/elasticache";
import { expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";
import { UNKNOWN, messages, type Given } from "../testing";

const WHO = 'ReplicationGroup "carts"';
const STAGING = { surroundings: { environment: "staging" } } as const;

const group = (): Given => ({
  type: "aws:elasticache/replicationGroup:ReplicationGroup",
  name: "carts",
  props: {
    description: "Carts",
    engine: "redis",
    engineVersion: "7.1",
    atRestEncryptionEnabled: true,
    transitEncryptionEnabled: true,
    transitEncryptionMode: "required",
    userGroupIds: ["crew"],
    subnetGroupName: "private",
    securityGroupIds: ["sg-3"],
    automaticFailoverEnabled: true,
    multiAzEnabled: true,
    replicasPerNodeGroup: 1,
    snapshotRetentionLimit: 5,
    autoMinorVersionUpgrade: true,
    logDeliveryConfigurations: [
      {
        destination: "a",
        destinationType: "cloudwatch-logs",
        logFormat: "json",
        logType: "slow-log",
      },
      {
        destination: "b",
        destinationType: "cloudwatch-logs",
        logFormat: "json",
        logType: "engine-log",
      },
    ],
  } satisfies elasticache.ReplicationGroupArgs,
});

const serverless = (): Given => ({
  type: "aws:elasticache/serverlessCache:ServerlessCache",
  name: "burst",
  props: {
    engine: "valkey",
    majorEngineVersion: "8",
    userGroupId: "crew",
    subnetIds: ["subnet-4"],
    securityGroupIds: ["sg-4"],
    snapshotRetentionLimit: 3,
  } satisfies elasticache.ServerlessCacheArgs,
});

const memory = (): Given => ({
  type: "aws:memorydb/cluster:Cluster",
  name: "ledger",
  props: {
    nodeType: "db.r7g.large",
    aclName: "crew",
    engine: "redis",
    engineVersion: "7.1",
    subnetGroupName: "private",
    securityGroupIds: ["sg-5"],
    snapshotRetentionLimit: 2,
  },
});

testPolicy("aws-elasticache-encrypted", {
  happy: group,
  broken: [
    ...["atRestEncryptionEnabled", "transitEncryptionEnabled"].flatMap((key) => [
      { at: [key], says: `${WHO}: ${key} is missing; it must be true.` },
      { at: [key], to: false, says: `${WHO}: ${key} is false; it must be true.` },
      { at: [key], to: "true", says: [] },
    ]),
    {
      at: ["transitEncryptionMode"],
      to: "preferred",
      says: `${WHO}: transitEncryptionMode is "preferred"; it must be "required": preferred accepts plain text too.`,
    },
    { at: ["transitEncryptionMode"], says: [] },
    { at: ["globalReplicationGroupId"], to: "world", says: [] },
  ],
  undecided: [["atRestEncryptionEnabled"], ["transitEncryptionMode"]],
});

it("aws-elasticache-encrypted knows what Valkey does by itself, and a secondary", async () => {
  const valkey = broken(broken(group(), ["engine"], "valkey"), ["atRestEncryptionEnabled"]);
  expect(await messages("aws-elasticache-encrypted", [valkey])).toEqual([]);
  for (const off of [false, "false"]) {
    const open = broken(valkey, ["atRestEncryptionEnabled"], off);
    expect(await messages("aws-elasticache-encrypted", [open])).toHaveLength(1);
  }
  const bare = broken(group(), ["atRestEncryptionEnabled"]);
  const secondary = broken(bare, ["globalReplicationGroupId"], "world");
  expect(await messages("aws-elasticache-encrypted", [secondary])).toEqual([]);
});

const OPEN = "whoever reaches the port reads and writes: write it, or authToken.";
testPolicy("aws-elasticache-authenticated", {
  happy: group,
  broken: [
    { at: ["userGroupIds"], says: `${WHO}: userGroupIds is missing; ${OPEN}` },
    { at: ["userGroupIds"], to: [], says: `${WHO}: userGroupIds is []; ${OPEN}` },
  ],
  undecided: [["userGroupIds"]],
});

it("aws-elasticache-authenticated accepts a token, and a secondary", async () => {
  const bare = broken(group(), ["userGroupIds"]);
  const token = broken(bare, ["authToken"], UNKNOWN);
  const secondary = broken(bare, ["globalReplicationGroupId"], "world");
  expect(await messages("aws-elasticache-authenticated", [token, secondary])).toEqual([]);
});

testPolicy("aws-elasticache-serverless-users", {
  happy: serverless,
  broken: [
    {
      at: ["userGroupId"],
      says: 'ServerlessCache "burst": userGroupId is missing; whoever reaches the port reads and writes: write a UserGroup\'s id.',
    },
  ],
  undecided: [],
});

it("aws-elasticache-serverless-users asks nothing of Memcached", async () => {
  const bare = broken(broken(serverless(), ["userGroupId"]), ["engine"], "memcached");
  expect(await messages("aws-elasticache-serverless-users", [bare])).toEqual([]);
});

const user = (): Given => ({
  type: "aws:elasticache/user:User",
  name: "ann",
  props: {
    userId: "ann",
    userName: "ann",
    engine: "redis",
    accessString: "on ~orders:* +@all",
    noPasswordRequired: false,
    authenticationMode: { type: "iam" },
  } satisfies elasticache.UserArgs,
});

testPolicy("aws-elasticache-user-authenticated", {
  happy: user,
  broken: [
    {
      at: ["noPasswordRequired"],
      to: true,
      says: 'User "ann": noPasswordRequired is true; a user without a password is everybody.',
    },
    {
      at: ["authenticationMode", "type"],
      to: "no-password-required",
      says: 'User "ann": authenticationMode.type is "no-password-required"; a user without a password is everybody.',
    },
    { at: ["authenticationMode"], says: [] },
  ],
  undecided: [["noPasswordRequired"], ["authenticationMode"]],
});

const LEAST = "it allows every command on every key: take away -@dangerous, or name the keys.";
testPolicy("aws-elasticache-user-least", {
  happy: user,
  broken: [
    {
      at: ["accessString"],
      to: "on ~* +@all",
      says: `User "ann": accessString is "on ~* +@all"; ${LEAST}`,
    },
    {
      at: ["accessString"],
      to: "on allkeys allcommands",
      says: `User "ann": accessString is "on allkeys allcommands"; ${LEAST}`,
    },
    { at: ["accessString"], to: "on ~* +@all -@dangerous", says: [] },
    { at: ["accessString"], to: "off ~* +@all", says: [] },
    { at: ["accessString"], to: "on ~* +@read", says: [] },
  ],
  undecided: [["accessString"]],
});

const SUBNETS = "write private subnets.";
const SECURITY = "write a group that lets in the clients alone.";
testPolicy("aws-elasticache-placed", {
  happy: () => [group(), serverless(), memory()],
  broken: [
    { at: ["subnetGroupName"], says: `${WHO}: subnetGroupName is missing; ${SUBNETS}` },
    {
      at: ["subnetGroupName"],
      to: "default",
      says: `${WHO}: subnetGroupName is "default"; write private subnets of our own.`,
    },
    { at: ["securityGroupIds"], to: [], says: `${WHO}: securityGroupIds is []; ${SECURITY}` },
    { at: ["subnetIds"], of: 1, says: `ServerlessCache "burst": subnetIds is missing; ${SUBNETS}` },
    {
      at: ["subnetGroupName"],
      of: 2,
      says: `Cluster "ledger": subnetGroupName is missing; ${SUBNETS}`,
    },
  ],
  undecided: [["subnetGroupName"]],
});

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
      says: `${WHO}: replicasPerNodeGroup is 0; each shard needs a replica: write 1 or more.`,
    },
    { at: ["replicasPerNodeGroup"], to: 0, setting: STAGING, says: [] },
    {
      at: ["numCacheClusters"],
      to: 1,
      says: `${WHO}: numCacheClusters is 1; it must be 2 or more.`,
    },
    { at: ["numCacheClusters"], to: 2, says: [] },
  ],
  undecided: [["multiAzEnabled"], ["replicasPerNodeGroup"], ["numCacheClusters"]],
});

it("aws-elasticache-available takes the shards of a secondary from its primary", async () => {
  const bare = broken(group(), ["replicasPerNodeGroup"]);
  const secondary = broken(bare, ["globalReplicationGroupId"], "world");
  expect(await messages("aws-elasticache-available", [secondary])).toEqual([]);
});

testPolicy("aws-elasticache-snapshots", {
  happy: () => [group(), serverless(), memory()],
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
      setting: { configuration: { "aws-elasticache-snapshots": { days: 3 } } },
      says: 'Cluster "ledger": snapshotRetentionLimit is 2; it must be 3 or more.',
    },
  ],
  undecided: [["snapshotRetentionLimit"]],
});

it("aws-elasticache-snapshots asks nothing of Memcached and of a secondary", async () => {
  const bare = broken(serverless(), ["snapshotRetentionLimit"]);
  const memcached = broken(bare, ["engine"], "memcached");
  const open = broken(group(), ["snapshotRetentionLimit"]);
  const secondary = broken(open, ["globalReplicationGroupId"], "world");
  expect(await messages("aws-elasticache-snapshots", [memcached, secondary])).toEqual([]);
});

testPolicy("aws-elasticache-upgrades", {
  happy: () => [group(), serverless(), memory()],
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
  undecided: [["engine"], ["engineVersion"], ["autoMinorVersionUpgrade"]],
});

const EVICTION =
  "write maxmemory-policy: the default keeps keys without an expiry and refuses writes when full.";
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
  undecided: [["family"], ["parameters"]],
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
  undecided: [["logDeliveryConfigurations"]],
});

testPolicy("aws-memorydb-closed", {
  happy: memory,
  broken: [
    {
      at: ["tlsEnabled"],
      to: false,
      says: 'Cluster "ledger": tlsEnabled is false; it must be true.',
    },
    {
      at: ["aclName"],
      to: "open-access",
      says: 'Cluster "ledger": aclName is "open-access"; it lets in everybody: write an Acl of named users.',
    },
    {
      at: ["numReplicasPerShard"],
      to: 0,
      says: 'Cluster "ledger": numReplicasPerShard is 0; it must not be 0.',
    },
    { at: ["numReplicasPerShard"], to: 0, setting: STAGING, says: [] },
  ],
  undecided: [["aclName"], ["tlsEnabled"]],
});
