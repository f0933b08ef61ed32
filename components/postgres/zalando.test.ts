import { describe, expect, it } from "vitest";
import { days } from "../../systems/units";
import { inputsOf, isSecret, named, ofKind, register, UNKNOWN, valueOf } from "../testing";
import type { InClusterPostgresArguments } from "./in-cluster";
import { bare, bucket, inCluster, SERVED } from "./in-cluster-testing";
import { ZALANDO_POD_SECURITY, ZalandoPostgres } from "./zalando";

const full: Partial<InClusterPostgresArguments> = {
  pooling: true,
  pointInTimeRecovery: days(9),
  store: bucket("DigitalOcean", true),
};

const create = (changes: Partial<InClusterPostgresArguments> = {}, preview = false) =>
  register((options) => new ZalandoPostgres("db", { ...inCluster, ...changes }, options), {
    preview,
    cloud: SERVED,
  });

describe("PostgreSQL run by Zalando's operator", () => {
  it("is a postgresql, its password and its network, and nothing else", async () => {
    const { resources } = await create();
    expect(resources.map(({ name, parent }) => [name, parent])).toEqual([
      ["db-cluster", "db"],
      ["db-database-network", "db"],
      ["db-owner", "db"],
      ["db-password", "db"],
    ]);
  });

  it("with everything has an archive, a pooler's budget and measurements too", async () => {
    const { resources, result } = await create({ ...full, metricsReady: [] });
    expect(resources.map(({ name }) => name)).toEqual([
      "db-archive-keys",
      "db-cluster",
      "db-database-monitor",
      "db-database-network",
      "db-owner",
      "db-password",
      "db-pooler-budget",
      "db-pooler-network",
    ]);
    expect(result.ready).toHaveLength(4);
    expect(inputsOf(resources, "db-database-monitor")["spec"]).toEqual({
      selector: { matchLabels: { application: "spilo", "cluster-name": "rides" } },
      podMetricsEndpoints: [{ portNumber: 8008, path: "/metrics" }],
    });
    expect(ofKind(resources, "PodDisruptionBudget").map(({ inputs }) => inputs["spec"])).toEqual([
      {
        maxUnavailable: 1,
        selector: { matchLabels: { "connection-pooler": "rides-pooler" } },
        unhealthyPodEvictionPolicy: "AlwaysAllow",
      },
    ]);
  });

  it("has exactly the specification that was asked for", async () => {
    const spread = (topologyKey: string) => ({
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels: { application: "spilo", "cluster-name": "rides" } },
    });
    const { resources } = await create({ pooling: true, parameters: { max_connections: "250" } });
    expect(inputsOf(resources, "db-cluster")).toEqual({
      apiVersion: "acid.zalan.do/v1",
      kind: "postgresql",
      metadata: {
        name: "rides",
        namespace: "bikes",
        labels: {
          "app.kubernetes.io/part-of": "bikes",
          "app.kubernetes.io/component": "rides",
          "app.kubernetes.io/managed-by": "pulumi",
          app: "postgres",
        },
        annotations: { "pulumi.com/waitFor": "jsonpath={.status.PostgresClusterStatus}=Running" },
      },
      spec: {
        teamId: "bikes",
        numberOfInstances: 3,
        postgresql: {
          version: "16",
          parameters: {
            shared_buffers: "512MB",
            archive_timeout: "300s",
            max_connections: "250",
          },
        },
        volume: { size: "23Gi", storageClass: "quick" },
        resources: {
          requests: { cpu: "700m", memory: "2Gi" },
          limits: { cpu: "3", memory: "5Gi" },
        },
        users: { keeper: [] },
        databases: { tours: "keeper" },
        patroni: { synchronous_mode: true, synchronous_mode_strict: false, failsafe_mode: true },
        enableConnectionPooler: true,
        enableReplicaConnectionPooler: false,
        connectionPooler: {
          mode: "transaction",
          numberOfInstances: 2,
          maxDBConnections: 200,
          resources: {
            requests: { cpu: "50m", memory: "64Mi" },
            limits: { cpu: "1", memory: "256Mi" },
          },
        },
        enableLogicalBackup: false,
        enableMasterLoadBalancer: false,
        enableReplicaLoadBalancer: false,
        enableMasterPoolerLoadBalancer: false,
        enableReplicaPoolerLoadBalancer: false,
        enableShmVolume: true,
        env: [],
        topologySpreadConstraints: [
          spread("topology.kubernetes.io/zone"),
          spread("kubernetes.io/hostname"),
        ],
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: "pool", operator: "In", values: ["work"] }] },
            ],
          },
        },
      },
    });
  });

  it("of one instance has no standby, no pooler, the default version and any node", async () => {
    const { resources, result } = await register(
      (options) => new ZalandoPostgres("db", { ...bare, instances: 1 }, options),
      { cloud: SERVED },
    );
    const { spec } = inputsOf(resources, "db-cluster") as { spec: Record<string, unknown> };
    expect(spec).toMatchObject({
      postgresql: { version: "15" },
      patroni: { synchronous_mode: false },
      enableConnectionPooler: false,
    });
    expect(spec).not.toHaveProperty("nodeAffinity");
    expect(spec).not.toHaveProperty("connectionPooler");
    expect(result.capabilities).toEqual({
      pointInTimeRecovery: false,
      replicas: false,
      failover: false,
      pooling: false,
    });
    expect([result.readHost, result.poolerHost, result.reach.length]).toEqual([
      undefined,
      undefined,
      1,
    ]);
  });

  it("waits for its network, its password and its bucket's keys", async () => {
    const { resources } = await create(full);
    expect(named(resources, "db-cluster").dependsOn).toEqual([
      "db-archive-keys",
      "db-database-network",
      "db-owner",
      "db-pooler-network",
    ]);
  });

  it("keeps our password, under the name by which the operator looks for one", async () => {
    const { resources } = await create({ owner: "night_keeper" });
    expect(inputsOf(resources, "db-owner")).toMatchObject({
      metadata: { name: "night-keeper.rides.credentials.postgresql.acid.zalan.do" },
      stringData: { $secret: { username: "night_keeper", password: "generated-password" } },
    });
  });

  it("tells clients where it is, and keeps what is secret", async () => {
    const { result } = await create(full);
    const names = [result.host, result.readHost, result.poolerHost, result.username];
    const known = names.flatMap((output) => (output === undefined ? [] : [valueOf(output)]));
    expect(await Promise.all(known)).toEqual([
      "rides.bikes.svc.cluster.local",
      "rides-repl.bikes.svc.cluster.local",
      "rides-pooler.bikes.svc.cluster.local",
      "keeper",
    ]);
    expect(await valueOf(result.url)).toBe(
      "postgresql://keeper:generated-password@rides-pooler.bikes.svc.cluster.local:5432/tours?sslmode=require",
    );
    expect(await valueOf(result.directUrl)).toBe(
      "postgresql://keeper:generated-password@rides.bikes.svc.cluster.local:5432/tours?sslmode=require",
    );
    for (const secret of [result.url, result.directUrl, result.password]) {
      expect(await isSecret(secret)).toBe(true);
    }
    expect(result.capabilities).toEqual({
      pointInTimeRecovery: true,
      replicas: true,
      failover: true,
      pooling: true,
    });
    expect(result.reach.map((reach) => reach.kind === "pods" && reach.labels)).toEqual([
      { application: "spilo", "cluster-name": "rides" },
      { "connection-pooler": "rides-pooler" },
    ]);
  });

  it("in a first preview knows all but the password", async () => {
    const { result, resources } = await create(full, true);
    expect(await valueOf(result.host)).toBe("rides.bikes.svc.cluster.local");
    expect([await valueOf(result.url), await isSecret(result.url)]).toEqual([UNKNOWN, true]);
    expect(inputsOf(resources, "db-cluster")["spec"]).toMatchObject({ numberOfInstances: 3 });
  });

  it("needs a namespace that is not restricted", () => {
    expect(ZALANDO_POD_SECURITY).toBe("baseline");
  });
});

describe("what protects the data", () => {
  it.each([true, false])(
    "the object is protected, and the operator deletes nothing, if asked to be: %s",
    async (protect) => {
      const { resources } = await create({ ...full, protect });
      const names = resources.filter((r) => r.options.protect === true).map(({ name }) => name);
      expect(names).toEqual(protect ? ["db-cluster"] : []);
      expect(inputsOf(resources, "db-cluster")["metadata"]).toHaveProperty("annotations", {
        "pulumi.com/waitFor": "jsonpath={.status.PostgresClusterStatus}=Running",
        ...(protect ? {} : { "delete-clustername": "rides" }),
      });
    },
  );

  it("a restore may take its time before it counts as failed", async () => {
    const { resources } = await create();
    expect(named(resources, "db-cluster").options.customTimeouts).toEqual({
      create: "90m",
      update: "60m",
      delete: "30m",
    });
  });
});
