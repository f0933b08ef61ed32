import { describe, expect, it } from "vitest";
import { CLOUD_NATIVE_PG_IMAGES } from "../../versions";
import { inputsOf, ofKind, register } from "../kit/testing";
import { CloudNativePg } from "./cloud-native-pg";
import type { CloudNativePgArguments } from "./cloud-native-pg-arguments";
import { poolSize } from "./cloud-native-pg-pooler";
import { serverParameters } from "./cloud-native-pg-spec";
import { bare, bucket, inCluster, oddMemory, SERVED } from "./cloud-native-pg-testing";

const create = (changes: Partial<CloudNativePgArguments> = {}) =>
  register((options) => new CloudNativePg("db", { ...inCluster, ...changes }, options), {
    cloud: SERVED,
  });

const spec = async (changes: Partial<CloudNativePgArguments> = {}) => {
  const { resources } = await create(changes);
  return inputsOf(resources, "db-cluster")["spec"] as Record<string, unknown>;
};

describe("its instances", () => {
  it.each([
    [1, undefined],
    [2, { method: "any", number: 1, dataDurability: "preferred" }],
    [3, { method: "any", number: 1, dataDurability: "required" }],
  ])("of %i wait for a standby like this: %j", async (instances, synchronous) => {
    const { postgresql } = await spec({ instances });
    expect((postgresql as Record<string, unknown>)["synchronous"]).toEqual(synchronous);
  });

  it("with a single one never block a node's drain", async () => {
    expect(await spec({ instances: 1 })).toMatchObject({
      enablePDB: false,
      primaryUpdateMethod: "restart",
    });
  });

  it("never share a node, and use any node by default", async () => {
    const { resources } = await register((options) => new CloudNativePg("db", bare, options), {
      cloud: SERVED,
    });
    expect(inputsOf(resources, "db-cluster")).toMatchObject({
      spec: { affinity: { podAntiAffinityType: "required" } },
    });
    expect(JSON.stringify(resources.map(({ inputs }) => inputs))).not.toContain("nodeSelector");
  });

  it("have settings, enable the operator's extensions by them, and create the others", async () => {
    const { resources } = await create({
      parameters: { work_mem: "9MB" },
      extensions: ["pgaudit", "vector", "hstore"],
    });
    expect(inputsOf(resources, "db-cluster")).toMatchObject({
      spec: {
        postgresql: {
          parameters: { shared_buffers: "512MB", "pgaudit.log": "ddl, role", work_mem: "9MB" },
        },
      },
    });
    expect(inputsOf(resources, "db-database")["spec"]).toEqual({
      cluster: { name: "rides" },
      name: "tours",
      owner: "keeper",
      ensure: "present",
      databaseReclaimPolicy: "retain",
      extensions: [
        { name: "vector", ensure: "present" },
        { name: "hstore", ensure: "present" },
      ],
    });
  });

  it("are ready once their extensions exist, except in a replica", async () => {
    const extensions = ["vector"];
    const metadata = async (changes: Partial<CloudNativePgArguments>) =>
      inputsOf((await create({ extensions, ...changes })).resources, "db-database")["metadata"];
    expect(await metadata({})).toMatchObject({
      annotations: { "pulumi.com/waitFor": "jsonpath={.status.applied}=true" },
    });
    const replicaOf = { store: bucket("AWS", true), archive: "old" };
    expect(await metadata({ replicaOf })).not.toHaveProperty("annotations");
  });

  it("run the default version unless another one is given", async () => {
    const { resources } = await register((options) => new CloudNativePg("db", bare, options), {
      cloud: SERVED,
    });
    expect(inputsOf(resources, "db-cluster")).toMatchObject({
      spec: { imageName: CLOUD_NATIVE_PG_IMAGES["15"] },
    });
  });
});

describe("its settings", () => {
  it("a quarter of the memory is shared buffers by default", () => {
    const { limits, requests } = inCluster.resources;
    const odd = { requests: { ...requests, memory: oddMemory }, limits };
    expect(serverParameters({ resources: odd }, { "a.b": "1" })).toEqual({
      shared_buffers: "250MB",
      "a.b": "1",
    });
    expect(
      serverParameters(
        { resources: odd, parameters: { shared_buffers: "7MB", "a.b": "2" } },
        { "a.b": "1" },
      ),
    ).toEqual({ shared_buffers: "7MB", "a.b": "2" });
  });

  it("pods spread over the cluster's zones and nodes if possible", async () => {
    expect((await spec({ zones: ["z1"] }))["topologySpreadConstraints"]).toMatchObject([
      { topologyKey: "topology.kubernetes.io/zone" },
      { topologyKey: "kubernetes.io/hostname" },
    ]);
    expect((await spec({ zones: [] }))["topologySpreadConstraints"]).toMatchObject([
      { topologyKey: "kubernetes.io/hostname" },
    ]);
  });
});

describe("its poolers", () => {
  it("pool by transaction, support prepared statements and leave connections for others", async () => {
    const { resources } = await create({ pooling: true, parameters: { max_connections: "250" } });
    const { spec: pooler } = inputsOf(resources, "db-pooler") as { spec: Record<string, unknown> };
    expect(pooler).toMatchObject({
      cluster: { name: "rides" },
      instances: 2,
      type: "rw",
      pgbouncer: {
        poolMode: "transaction",
        parameters: {
          client_tls_sslmode: "require",
          max_client_conn: "1000",
          default_pool_size: "100",
          max_db_connections: "100",
          max_prepared_statements: "200",
        },
      },
      template: {
        spec: {
          containers: [
            {
              name: "pgbouncer",
              resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "256Mi" } },
            },
          ],
          nodeSelector: { pool: "work" },
        },
      },
    });
  });

  it("both poolers together leave a fifth of the server's connections", () => {
    expect(poolSize({})).toBe(40);
    expect(poolSize({ parameters: { max_connections: "333" } })).toBe(133);
  });

  it("have the disruption budget that the operator does not create", async () => {
    const { resources } = await create({ pooling: true });
    expect(ofKind(resources, "PodDisruptionBudget").map(({ inputs }) => inputs["spec"])).toEqual([
      {
        maxUnavailable: 1,
        selector: { matchLabels: { "cnpg.io/poolerName": "rides-pooler" } },
        unhealthyPodEvictionPolicy: "AlwaysAllow",
      },
    ]);
  });
});
