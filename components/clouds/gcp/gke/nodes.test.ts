import { describe, expect, it } from "vitest";
import { inputsOf, named, ofKind } from "../../../kit/testing";
import { nodeAccountId, poolName } from "./nodes";
import { args, create } from "./testing";

const POOLS = ["town-system", "town-pool-riders", "town-pool-drivers"];

describe("the node pools of a GKE cluster", () => {
  it("scale as a whole, balanced over the zones", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "town-pool-riders")).toEqual({
      name: poolName("riders", "bikes"),
      project: "town-7",
      cluster: "town-cluster-id",
      nodeLocations: ["europe-west4-a", "europe-west4-b", "europe-west4-c"],
      initialNodeCount: 2,
      autoscaling: { totalMinNodeCount: 7, totalMaxNodeCount: 11, locationPolicy: "BALANCED" },
      ignoreNodeCountChanges: true,
      management: { autoRepair: true, autoUpgrade: true },
      upgradeSettings: { strategy: "SURGE", maxSurge: 1, maxUnavailable: 0 },
      nodeDrainConfigs: [{ respectPdbDuringNodePoolDeletion: true }],
      nodeConfig: {
        serviceAccount: "nodes@town.example.com",
        oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
        imageType: "COS_CONTAINERD",
        metadata: { "disable-legacy-endpoints": "true" },
        workloadMetadataConfig: { mode: "GKE_METADATA" },
        shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
        kubeletConfig: { insecureKubeletReadonlyPortEnabled: "FALSE" },
        machineType: "n2d-standard-16",
        diskType: "pd-balanced",
        diskSizeGb: 100,
        labels: { "runstack.dev/pool": "riders" },
        resourceLabels: { system: "bikes" },
      },
      deletionPolicy: "PREVENT",
    });
  });

  it("have a fixed number of nodes in the platform's pool", async () => {
    const counts = [];
    for (const nodes of [1, 2, 3, 6]) {
      const systemPool = { size: "e2-standard-8", nodes };
      const { nodeLocations, nodeCount } = inputsOf(
        (await create({ systemPool })).resources,
        "town-system",
      );
      counts.push([(nodeLocations as unknown[]).length, nodeCount]);
    }
    expect(counts).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
      [3, 2],
    ]);
  });

  it.each([
    [{ min: 0, max: 2 }, 2, undefined],
    [{ min: 0, max: 5 }, 3, undefined],
    [{ min: 1, max: 1 }, 1, 1],
    [{ min: 2, max: 2 }, 2, 1],
    [{ min: 2, max: 3 }, 3, 1],
    [{ min: 9, max: 9 }, 3, 3],
  ])("start within their range: %j", async (nodes, zones, first) => {
    const [riders, drivers] = args.pools;
    if (riders === undefined || drivers === undefined) throw new Error("There are two pools");
    const { resources } = await create({ pools: [riders, { ...drivers, nodes }] });
    const { nodeLocations, initialNodeCount } = inputsOf(resources, "town-pool-drivers");
    expect([(nodeLocations as unknown[]).length, initialNodeCount]).toEqual([zones, first]);
    expect(zones * (first ?? 0)).toBeLessThanOrEqual(nodes.max);
  });

  it("may be replaced while the cluster is protected", async () => {
    const { resources } = await create({ protectNodes: false });
    for (const name of POOLS) {
      const pool = named(resources, name);
      expect([pool.options.protect, pool.inputs["deletionPolicy"]]).toEqual([false, "DELETE"]);
    }
    expect(named(resources, "town-cluster").options.protect).toBe(true);
  });

  it("have their own account with few permissions", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "town-node-account")).toEqual({
      accountId: "bikes-nodes",
      project: "town-7",
      displayName: "Nodes of bikes",
    });
    expect(inputsOf(resources, "town-node-role")).toEqual({
      project: "town-7",
      role: "roles/container.defaultNodeServiceAccount",
      member: "serviceAccount:nodes@town.example.com",
    });
    expect(ofKind(resources, "IAMMember")).toHaveLength(1);
  });

  it("have long timeouts", async () => {
    const { resources } = await create();
    for (const name of POOLS) {
      expect(named(resources, name).options.customTimeouts).toEqual({
        create: "60m",
        update: "120m",
        delete: "120m",
      });
    }
  });
});

describe("node pools on Google Cloud", () => {
  it("a replaced pool has another name, and the new one is created first", async () => {
    const { resources } = await create();
    const before = POOLS.map((name) => inputsOf(resources, name)["name"] as string);
    expect(before.map((name) => name.replace(/-[0-9a-f]{6}$/, ""))).toEqual([
      "system",
      "riders",
      "drivers",
    ]);
    const after = await create({ clusterName: "trams" });
    expect(inputsOf(after.resources, "town-pool-riders")["name"]).not.toBe(before[1]);
    for (const name of POOLS) {
      expect(named(resources, name).options.deleteBeforeReplace).toBe(false);
    }
  });

  it("a pool keeps its name if nothing replaces it", async () => {
    const { resources } = await create({
      labels: {},
      pools: args.pools.map((pool) => ({ ...pool, size: "e2-standard-2" })),
    });
    expect(inputsOf(resources, "town-pool-riders")["name"]).toBe(poolName("riders", "bikes"));
  });

  it("numbers are for the whole pool, and the initial one is ignored later", async () => {
    const { resources } = await create();
    const { autoscaling } = inputsOf(resources, "town-pool-drivers");
    expect(autoscaling).toEqual({
      totalMinNodeCount: 1,
      totalMaxNodeCount: 5,
      locationPolicy: "BALANCED",
    });
    expect(inputsOf(resources, "town-pool-drivers")).not.toHaveProperty("nodeCount");
    expect(named(resources, "town-pool-drivers").options.ignoreChanges).toEqual([
      "initialNodeCount",
    ]);
  });

  it("Google chooses the nodes' version, so none is set", async () => {
    const { resources } = await create();
    for (const name of POOLS) expect(inputsOf(resources, name)).not.toHaveProperty("version");
  });
});

describe("the id of the nodes' account", () => {
  it.each([
    ["bikes", "bikes-nodes"],
    ["a-cluster-named-at-24-abc", undefined],
    ["a-cluster-named-with-24-a", undefined],
    ["a-very-long-cluster-name-of-the-whole-40", undefined],
  ])("fits Google's limit: %s", (clusterName, expected) => {
    const id = nodeAccountId(clusterName);
    expect(id).toMatch(/^[a-z]([a-z0-9-]{4,28}[a-z0-9])$/);
    expect(id).toBe(expected ?? id);
  });

  it("distinguishes long names", () => {
    const long = "a-cluster-with-a-long-name-in-";
    expect(nodeAccountId(`${long}prod`)).not.toBe(nodeAccountId(`${long}test`));
    expect(nodeAccountId("x".repeat(24))).toBe(`${"x".repeat(24)}-nodes`);
    expect(nodeAccountId("x".repeat(25))).toMatch(/^x{17}-[0-9a-f]{6}-nodes$/);
  });
});
