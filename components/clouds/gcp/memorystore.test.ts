import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { gib, hours, mib } from "../../../systems/units";
import type { GooglePlacement } from "../../cluster/contract";
import { inputsOf, isSecret, named, refusal, register, UNKNOWN, valueOf } from "../../kit/testing";
import { checkMemorystore, MemorystoreRedis, type MemorystoreRedisArguments } from "./memorystore";

const cloud = {
  "gcp:redis/instance:Instance": {
    host: "10.77.3.4",
    port: 6378,
    authString: "the-auth-string",
    serverCaCerts: [{ cert: "FIRST\n" }, { cert: "SECOND\n" }],
  },
};

const placement = (peering: pulumi.Resource): GooglePlacement => ({
  cloud: "gcp",
  project: "a-project",
  region: "europe-west4",
  networkId: pulumi.output("projects/a-project/global/networks/n"),
  subnetworkId: pulumi.output("projects/a-project/regions/europe-west4/subnetworks/s"),
  peeringRange: pulumi.output("the-range"),
  peering,
  workloadPool: "a-project.svc.id.goog",
  identityReady: [],
});

const given = {
  instanceName: "bikes-prod-cache",
  version: "7.2",
  memory: gib(6),
  highlyAvailable: true,
  use: ["cache"],
  cidr: "10.77.0.0/16",
  maintenance: { day: "wednesday", start: "04:20" },
  protect: true,
} as const;

const create = (changes: Partial<MemorystoreRedisArguments> = {}, preview = false) =>
  register(
    (options) => {
      const peering = new pulumi.ComponentResource("runstack:test:Peering", "peering");
      const args = { ...given, placement: placement(peering), ...changes };
      return new MemorystoreRedis("store", args, options);
    },
    { cloud, preview },
  );

const instance = async (changes: Partial<MemorystoreRedisArguments> = {}) =>
  inputsOf((await create(changes)).resources, "store-instance");

describe("Memorystore", () => {
  it("is one instance, with exactly these inputs", async () => {
    const { resources } = await create();
    expect(resources.map(({ name, parent, inputs }) => [name, parent, inputs])).toEqual([
      [
        "store-instance",
        "store",
        {
          name: "bikes-prod-cache",
          project: "a-project",
          region: "europe-west4",
          tier: "STANDARD_HA",
          memorySizeGb: 6,
          redisVersion: "REDIS_7_2",
          redisConfigs: { "maxmemory-policy": "allkeys-lru" },
          authEnabled: true,
          transitEncryptionMode: "SERVER_AUTHENTICATION",
          connectMode: "PRIVATE_SERVICE_ACCESS",
          authorizedNetwork: "projects/a-project/global/networks/n",
          reservedIpRange: "the-range",
          persistenceConfig: { persistenceMode: "RDB", rdbSnapshotPeriod: "ONE_HOUR" },
          maintenancePolicy: {
            weeklyMaintenanceWindows: [
              { day: "WEDNESDAY", startTime: { hours: 4, minutes: 20, seconds: 0, nanos: 0 } },
            ],
          },
          deletionProtection: true,
          deletionPolicy: "PREVENT",
        },
      ],
    ]);
  });

  it("returns its address and keeps secrets secret", async () => {
    const { result } = await create();
    expect(await valueOf(result.url)).toBe("rediss://:the-auth-string@10.77.3.4:6378");
    expect([await valueOf(result.host), await valueOf(result.port)]).toEqual(["10.77.3.4", 6378]);
    expect(await valueOf(result.username)).toBe("");
    expect(await isSecret(result.password)).toBe(true);
    expect(await isSecret(result.url)).toBe(true);
    expect([result.tls, result.engine, result.mode]).toEqual([true, "redis", "standalone"]);
    expect(result.reach).toEqual([
      { kind: "network", cidr: "10.77.0.0/16", firstPort: 6378, lastPort: 6379 },
    ]);
  });

  it("can be one node, in a zone that Google chooses", async () => {
    const { resources, result } = await create({ highlyAvailable: false });
    expect(inputsOf(resources, "store-instance")).toMatchObject({ tier: "BASIC" });
    expect(inputsOf(resources, "store-instance")).not.toHaveProperty("locationId");
    expect(result.capabilities.failover).toBe(false);
  });

  it("has an unknown address in a first preview", async () => {
    const { result } = await create({}, true);
    expect(await valueOf(result.host)).toBe(UNKNOWN);
    expect(await valueOf(result.certificateAuthority)).toBe(UNKNOWN);
    expect(await isSecret(result.password)).toBe(true);
  });
});

describe("Memorystore's peculiarities", () => {
  it("waits for the private services connection", async () => {
    const { resources } = await create();
    expect(named(resources, "store-instance").dependsOn).toEqual(["peering"]);
  });

  it.each([true, false])("three things protect it, all or none: %s", async (protect) => {
    const { resources } = await create({ protect });
    expect(named(resources, "store-instance").options.protect).toBe(protect);
    expect(inputsOf(resources, "store-instance")).toMatchObject({
      deletionProtection: protect,
      deletionPolicy: protect ? "PREVENT" : "DELETE",
    });
  });

  it.each([
    [["state"], "noeviction"],
    [["cache"], "allkeys-lru"],
    [["cache", "state"], "noeviction"],
  ] as const)("its default would evict state; for %j the policy is %s", async (use, policy) => {
    expect((await instance({ use }))["redisConfigs"]).toEqual({ "maxmemory-policy": policy });
  });

  it("its CA is rotated before it expires, and clients trust both", async () => {
    const { result } = await create();
    expect(await valueOf(result.certificateAuthority)).toBe("FIRST\nSECOND");
  });

  it("only one hourly snapshot is kept, which is reported", async () => {
    const { result } = await create();
    expect(result.capabilities).toEqual({
      failover: true,
      backups: true,
      backupEvery: hours(1),
      backupGap:
        "Memorystore keeps only the newest hourly snapshot, and deletes it with the instance: export snapshots to a bucket to keep older ones.",
    });
  });

  it("may take an hour to create", async () => {
    const { resources } = await create();
    expect(named(resources, "store-instance").options.customTimeouts).toEqual({
      create: "60m",
      update: "60m",
      delete: "30m",
    });
  });
});

describe("a Redis that Google would reject", () => {
  it.each<[Partial<MemorystoreRedisArguments>, string]>([
    [
      { instanceName: "b-" },
      "instanceName is \"b-\", but must be 2 to 41 lower-case letters, digits and hyphens, beginning with a letter and not ending with a hyphen. Shorten the system's id or the cache's name.",
    ],
    [{ version: "8.0" }, 'version is "8.0", but must be one of 6.x, 7.0, 7.2. Choose one of them.'],
    [
      { memory: mib(512) },
      "memory is 0.5 GiB, but must be 1 to 300 whole GiB. Set runstack:redisSize.",
    ],
    [
      { memory: gib(301) },
      "memory is 301 GiB, but must be 1 to 300 whole GiB. Set runstack:redisSize.",
    ],
  ])("refuses %j", (changes, expected) => {
    expect(
      refusal(() => {
        checkMemorystore("store", { ...given, ...changes });
      }),
    ).toBe(`MemorystoreRedis store: ${expected}`);
  });

  it.each<Partial<MemorystoreRedisArguments>>([
    { memory: gib(1) },
    { memory: gib(300) },
    { instanceName: "a".repeat(41) },
    { version: "6.x" },
  ])("accepts %j", (changes) => {
    expect(
      refusal(() => {
        checkMemorystore("store", { ...given, ...changes });
      }),
    ).toBe("");
  });
});
