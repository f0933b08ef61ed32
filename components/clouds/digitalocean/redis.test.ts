import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { inputsOf, isSecret, named, ofKind, refusal, register, valueOf } from "../../kit/testing";
import { checkRedis, DigitalOceanRedis, type DigitalOceanRedisArguments } from "./redis";

const args: DigitalOceanRedisArguments = {
  clusterName: "bikes-prod-state",
  version: "9",
  size: "db-s-2vcpu-4gb",
  nodes: 2,
  region: "ams3",
  placement: {
    cloud: "digitalocean",
    vpcId: pulumi.output("the-vpc"),
    clusterId: pulumi.output("the-cluster"),
  },
  podCidr: "10.52.0.0/16",
  maintenance: { day: "thursday", start: "03:30" },
  tags: ["one"],
  protect: true,
  use: ["state"],
  cidr: "10.31.0.0/18",
};

const create = (changes: Partial<DigitalOceanRedisArguments> = {}) =>
  register((options) => new DigitalOceanRedis("store", { ...args, ...changes }, options));

describe("managed Redis", () => {
  it("is Valkey, without backups", async () => {
    const { result, resources } = await create();
    expect(inputsOf(resources, "store-cluster")["engine"]).toBe("valkey");
    expect(result.engine).toBe("valkey");
    expect(result.capabilities).toEqual({ failover: true, backups: false });
    expect((await create({ nodes: 1 })).result.capabilities.failover).toBe(false);
  });

  it("is a cluster and its firewall, with exactly these inputs", async () => {
    const { resources } = await create();
    expect(resources.map(({ name, parent, inputs }) => [name, parent, inputs])).toEqual([
      [
        "store-cluster",
        "store",
        {
          name: "bikes-prod-state",
          engine: "valkey",
          version: "9",
          size: "db-s-2vcpu-4gb",
          nodeCount: 2,
          region: "ams3",
          privateNetworkUuid: "the-vpc",
          maintenanceWindows: [{ day: "thursday", hour: "03:30" }],
          tags: ["one"],
          evictionPolicy: "noeviction",
        },
      ],
      [
        "store-firewall",
        "store",
        {
          clusterId: "store-cluster-id",
          rules: [
            { type: "k8s", value: "the-cluster" },
            { type: "ip_addr", value: "10.52.0.0/16" },
          ],
        },
      ],
    ]);
  });

  it("has exactly one firewall", async () => {
    const { resources } = await create();
    expect(ofKind(resources, "DatabaseFirewall")).toHaveLength(1);
  });

  it.each([
    [["state"], "noeviction"],
    [["cache"], "allkeys_lru"],
    [["cache", "state"], "noeviction"],
  ] as const)("for %j the eviction policy is %s, with underscores", async (use, policy) => {
    const { resources } = await create({ use });
    expect(inputsOf(resources, "store-cluster")["evictionPolicy"]).toBe(policy);
  });

  it.each([true, false])("is protected: %s", async (protect) => {
    const { resources } = await create({ protect });
    expect(resources.map(({ options }) => options.protect)).toEqual([protect, protect]);
  });

  it("may take an hour to create", async () => {
    const { resources } = await create();
    expect(named(resources, "store-cluster").options.customTimeouts).toEqual({
      create: "60m",
      update: "60m",
      delete: "30m",
    });
  });

  it("returns its private address and keeps secrets secret", async () => {
    const { result } = await create();
    expect([
      await valueOf(result.host),
      await valueOf(result.port),
      await valueOf(result.username),
      await valueOf(result.password),
      await valueOf(result.certificateAuthority),
    ]).toEqual(["private.db.example.com", 25061, "doadmin", "cluster-password", "CERTIFICATE"]);
    expect(await isSecret(result.password)).toBe(true);
    expect(await isSecret(result.host)).toBe(false);
  });

  it("is one node at one URL for clients, on any port of the range", async () => {
    const { result } = await create();
    expect(await valueOf(result.url)).toBe(
      "rediss://doadmin:cluster-password@private.db.example.com:25061",
    );
    expect(await isSecret(result.url)).toBe(true);
    expect(result.mode).toBe("standalone");
    expect(result.reach).toEqual([
      { kind: "network", cidr: "10.31.0.0/18", firstPort: 25060, lastPort: 25090 },
    ]);
  });

  it("waits for its dependencies, and so do its children", async () => {
    const { resources } = await register((options) => {
      const first = new DigitalOceanRedis("first", args, options);
      return new DigitalOceanRedis("second", args, { ...options, dependsOn: [...first.ready] });
    });
    expect(named(resources, "second-cluster").dependsOn).toEqual([
      "first-cluster",
      "first-firewall",
    ]);
  });
});

describe("a Redis that DigitalOcean would reject", () => {
  it.each<[Pick<DigitalOceanRedisArguments, "nodes" | "size">, string]>([
    [
      { nodes: 4, size: "m-2vcpu-16gb" },
      "nodes is 4, but must be 1, 2 or 3. Valkey has one primary and at most two standbys.",
    ],
    [
      { nodes: 2, size: "db-s-1vcpu-1gb" },
      'size is "db-s-1vcpu-1gb", but must be db-s-1vcpu-2gb or larger with a standby. Set runstack:redisSize.',
    ],
  ])("refuses %j", (changes, expected) => {
    expect(
      refusal(() => {
        checkRedis("store", changes);
      }),
    ).toBe(`DigitalOceanRedis store: ${expected}`);
  });

  it.each([
    { nodes: 1, size: "db-s-1vcpu-1gb" },
    { nodes: 3, size: "db-s-1vcpu-2gb" },
  ])("accepts %j", (changes) => {
    expect(
      refusal(() => {
        checkRedis("store", changes);
      }),
    ).toBe("");
  });
});
