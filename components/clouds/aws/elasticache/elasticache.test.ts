import { describe, expect, it } from "vitest";
import { days } from "../../../../systems/units";
import {
  inputsOf,
  isSecret,
  named,
  ofKind,
  register,
  UNKNOWN,
  valueOf,
} from "../../../kit/testing";
import { ElastiCacheRedis, type ElastiCacheRedisArguments } from "./elasticache";
import { elastiCache as args } from "../../../redis/testing";

const cloud = {
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    configurationEndpointAddress: "shards.example.com",
    primaryEndpointAddress: "primary.example.com",
  },
  "aws:elasticache/parameterGroup:ParameterGroup": { name: "the-parameters" },
  "aws:elasticache/subnetGroup:SubnetGroup": {},
  "aws:ec2/securityGroup:SecurityGroup": {},
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {},
  "aws:cloudwatch/logGroup:LogGroup": {},
  "random:index/randomId:RandomId": { hex: "5eed" },
};

const create = (changes: Partial<ElastiCacheRedisArguments> = {}, preview = false) =>
  register((options) => new ElastiCacheRedis("store", { ...args, ...changes }, options), {
    cloud,
    preview,
  });

const group = async (changes: Partial<ElastiCacheRedisArguments> = {}) =>
  inputsOf((await create(changes)).resources, "store-group");

const ALL = {
  replicationGroupId: "bikes-prod-cache",
  description: "cache of bikes-prod-cache",
  engine: "redis",
  engineVersion: "7.0",
  nodeType: "cache.r7g.xlarge",
  port: 6379,
  numNodeGroups: 4,
  replicasPerNodeGroup: 2,
  automaticFailoverEnabled: true,
  multiAzEnabled: true,
  parameterGroupName: "the-parameters",
  subnetGroupName: "bikes-prod-cache",
  securityGroupIds: ["store-security-group-id"],
  atRestEncryptionEnabled: true,
  kmsKeyId: "arn:the-key",
  transitEncryptionEnabled: true,
  transitEncryptionMode: "required",
  authToken: { $secret: "generated-password" },
  authTokenUpdateStrategy: "ROTATE",
  maintenanceWindow: "fri:22:30-sat:01:30",
  snapshotWindow: "02:30-03:30",
  snapshotRetentionLimit: 7,
  finalSnapshotIdentifier: "bikes-prod-cache-final-5eed",
  logDeliveryConfigurations: ["slow-log", "engine-log"].map((logType) => ({
    logType,
    logFormat: "json",
    destinationType: "cloudwatch-logs",
    destination: `/aws/vendedlogs/elasticache/bikes-prod-cache/${logType}`,
  })),
  autoMinorVersionUpgrade: true,
  applyImmediately: false,
};

describe("ElastiCache", () => {
  it("creates exactly a replication group and its surrounding resources", async () => {
    const { resources } = await create();
    expect(resources.map(({ name, parent }) => [name, parent])).toEqual(
      [
        "store-engine-log",
        "store-final-snapshot",
        "store-from-cluster",
        "store-group",
        "store-parameters",
        "store-password",
        "store-security-group",
        "store-slow-log",
        "store-subnets",
      ].map((name) => [name, "store"]),
    );
  });

  it("has exactly these inputs", async () => {
    expect(await group()).toEqual(ALL);
  });

  it("without cluster mode counts nodes, not shards", async () => {
    const inputs = await group({ shape: { mode: "standalone", replicas: 1 } });
    expect(inputs).toMatchObject({ numCacheClusters: 2, automaticFailoverEnabled: true });
    expect(inputs).not.toHaveProperty("numNodeGroups");
    expect(inputs).not.toHaveProperty("replicasPerNodeGroup");
  });

  it("admits only the cluster's nodes, on its port", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "store-security-group")).toEqual({
      vpcId: "the-vpc",
      description: "Nodes of bikes-prod-cache",
    });
    expect(ofKind(resources, "SecurityGroupIngressRule").map(({ inputs }) => inputs)).toEqual([
      {
        securityGroupId: "store-security-group-id",
        description: "From the nodes of the cluster",
        referencedSecurityGroupId: "the-nodes",
        ipProtocol: "tcp",
        fromPort: 6379,
        toPort: 6379,
      },
    ]);
    expect(inputsOf(resources, "store-subnets")["subnetIds"]).toEqual(["subnet-a", "subnet-b"]);
  });

  it("keeps its logs for ninety days, encrypted, in groups that are created before it", async () => {
    const { resources } = await create();
    expect(ofKind(resources, "LogGroup").map(({ inputs }) => inputs)).toEqual(
      ["engine-log", "slow-log"].map((log) => ({
        name: `/aws/vendedlogs/elasticache/bikes-prod-cache/${log}`,
        retentionInDays: 90,
        kmsKeyId: "arn:the-key",
      })),
    );
  });

  it("returns its address and keeps secrets secret", async () => {
    const { result } = await create();
    expect(await valueOf(result.url)).toBe("rediss://:generated-password@shards.example.com:6379");
    expect(await valueOf(result.host)).toBe("shards.example.com");
    expect(await valueOf(result.port)).toBe(6379);
    expect(await valueOf(result.username)).toBe("");
    expect(await isSecret(result.url)).toBe(true);
    expect(await isSecret(result.password)).toBe(true);
    expect([result.tls, result.engine, result.mode]).toEqual([true, "redis", "cluster"]);
    expect(result.certificateAuthority).toBeUndefined();
    expect(result.reach).toEqual([
      { kind: "network", cidr: "10.61.0.0/16", firstPort: 6379, lastPort: 6379 },
    ]);
  });

  it("is not ready before its ingress rule exists", async () => {
    const { resources } = await register(
      (options) => {
        const first = new ElastiCacheRedis("first", args, options);
        const second = { ...args, clusterName: "bikes-prod-other" };
        return new ElastiCacheRedis("second", second, {
          ...options,
          dependsOn: [...first.ready],
        });
      },
      { cloud },
    );
    expect(named(resources, "second-group").dependsOn).toEqual([
      "first-from-cluster",
      "first-group",
    ]);
  });

  it("has an unknown address in a first preview", async () => {
    const { result, resources } = await create({}, true);
    expect(await valueOf(result.host)).toBe(UNKNOWN);
    expect(await isSecret(result.url)).toBe(true);
    expect(inputsOf(resources, "store-group")["engineVersion"]).toBe("7.0");
  });

  it.each([true, false])("is protected: %s", async (protect) => {
    const { resources } = await create({ protect });
    const names = resources.filter((r) => r.options.protect === true).map(({ name }) => name);
    expect(names).toEqual(protect ? ["store-group"] : []);
  });

  it("may take an hour and a half to create", async () => {
    const { resources } = await create();
    expect(named(resources, "store-group").options.customTimeouts).toEqual({
      create: "90m",
      update: "120m",
      delete: "60m",
    });
  });
});

describe("ElastiCache's peculiarities", () => {
  it("there are no hourly snapshots, and the gap is reported", async () => {
    const { result } = await create();
    expect(result.capabilities).toEqual({
      failover: true,
      backups: true,
      backupEvery: days(1),
      backupGap:
        "ElastiCache with nodes takes one automatic snapshot a day. Hourly manual snapshots would exceed its limit of 20 per node in 24 hours, and manual snapshots never expire. If the whole replication group is lost, up to a day of writes is lost.",
    });
  });

  it("cluster mode has no primary endpoint, the other mode no configuration endpoint", async () => {
    const { result } = await create({ shape: { mode: "standalone", replicas: 1 } });
    expect(await valueOf(result.host)).toBe("primary.example.com");
    expect(result.mode).toBe("standalone");
  });

  it("the final snapshot has a name, which is not fixed", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "store-final-snapshot")).toEqual({
      byteLength: 4,
      keepers: { group: "bikes-prod-cache" },
    });
  });

  it("turning off protection must not remove the final snapshot", async () => {
    expect(await group({ protect: false })).toHaveProperty("finalSnapshotIdentifier");
  });

  it.each([
    ["redis", "7.0", "redis7"],
    ["redis", "7.1", "redis7"],
    ["valkey", "7.2", "valkey7"],
    ["valkey", "8.1", "valkey8"],
  ] as const)("%s %s needs parameters of the family %s", async (engine, version, family) => {
    const { resources, result } = await create({ engine, version });
    expect(inputsOf(resources, "store-parameters")["family"]).toBe(family);
    expect(inputsOf(resources, "store-group")["engine"]).toBe(engine);
    expect(result.engine).toBe(engine);
  });

  it.each([
    [["state"], "noeviction"],
    [["cache"], "allkeys-lru"],
    [["cache", "state"], "noeviction"],
  ] as const)(
    "the default parameters evict state; for %j the policy is %s",
    async (use, policy) => {
      const { resources } = await create({ use });
      expect(inputsOf(resources, "store-parameters")).toEqual({
        family: "redis7",
        description: "Parameters of bikes-prod-cache",
        parameters: [
          { name: "cluster-enabled", value: "yes" },
          { name: "maxmemory-policy", value: policy },
        ],
      });
    },
  );

  it("cluster mode is a parameter that the other mode does not have", async () => {
    const { resources } = await create({ shape: { mode: "standalone", replicas: 0 } });
    expect(inputsOf(resources, "store-parameters")["parameters"]).toEqual([
      { name: "maxmemory-policy", value: "allkeys-lru" },
    ]);
  });

  it("the parameter group has no fixed name, so it can be replaced while in use", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "store-parameters")).not.toHaveProperty("name");
  });

  it("cluster mode requires failover even without replicas", async () => {
    expect(
      await group({ shape: { mode: "cluster", shards: 2, replicasPerShard: 0 } }),
    ).toMatchObject({ automaticFailoverEnabled: true, multiAzEnabled: false });
    const single = { mode: "standalone", replicas: 0 } as const;
    expect(await group({ shape: single })).toMatchObject({
      numCacheClusters: 1,
      automaticFailoverEnabled: false,
      multiAzEnabled: false,
    });
    expect((await create({ shape: single })).result.capabilities.failover).toBe(false);
  });

  it("a password has only characters that ElastiCache accepts, and clients can switch to it", async () => {
    const { resources } = await create({ rotation: "2027" });
    expect(inputsOf(resources, "store-password")).toEqual({
      length: 64,
      special: false,
      minLower: 1,
      minUpper: 1,
      minNumeric: 1,
      keepers: { rotation: "2027" },
    });
    expect(inputsOf(resources, "store-group")["authTokenUpdateStrategy"]).toBe("ROTATE");
  });
});
