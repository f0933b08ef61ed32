import { describe, expect, it } from "vitest";
import { days } from "../../systems/units";
import { CLOUD_NATIVE_PG_IMAGES } from "../../versions";
import { inputsOf, isSecret, named, register, UNKNOWN, valueOf } from "../kit/testing";
import { CloudNativePg } from "./cloud-native-pg";
import type { CloudNativePgArguments } from "./cloud-native-pg-arguments";
import { bucket, inCluster, SERVED } from "./cloud-native-pg-testing";

const full: Partial<CloudNativePgArguments> = {
  pooling: true,
  pointInTimeRecovery: days(9),
  store: bucket("DigitalOcean", true),
};

const create = (changes: Partial<CloudNativePgArguments> = {}, preview = false) =>
  register((options) => new CloudNativePg("db", { ...inCluster, ...changes }, options), {
    preview,
    cloud: SERVED,
  });

describe("PostgreSQL managed by CloudNativePG", () => {
  it("creates exactly a Cluster, its password and its network policies", async () => {
    const { resources } = await create();
    expect(resources.map(({ name, parent }) => [name, parent])).toEqual([
      ["db-cluster", "db"],
      ["db-database-network", "db"],
      ["db-owner", "db"],
      ["db-password", "db"],
    ]);
  });

  it("with every option also has an archive, backups, poolers, extensions and metrics", async () => {
    const { resources, result } = await create({
      ...full,
      extensions: ["pg_stat_statements", "vector"],
      metricsReady: [],
    });
    expect(resources.map(({ name }) => name)).toEqual([
      "db-archive",
      "db-archive-keys",
      "db-backups",
      "db-cluster",
      "db-database",
      "db-database-monitor",
      "db-database-network",
      "db-owner",
      "db-password",
      "db-pooler",
      "db-pooler-budget",
      "db-pooler-monitor",
      "db-pooler-network",
    ]);
    expect(result.ready).toHaveLength(6);
  });

  it("has exactly this specification", async () => {
    const spread = (topologyKey: string) => ({
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: {
        matchLabels: { "cnpg.io/cluster": "rides", "cnpg.io/podRole": "instance" },
      },
    });
    const { resources } = await create(full);
    expect(inputsOf(resources, "db-cluster")).toEqual({
      apiVersion: "postgresql.cnpg.io/v1",
      kind: "Cluster",
      metadata: {
        name: "rides",
        namespace: "bikes",
        labels: {
          "app.kubernetes.io/part-of": "bikes",
          "app.kubernetes.io/component": "rides",
          "app.kubernetes.io/managed-by": "pulumi",
        },
        annotations: {
          "pulumi.com/waitFor": '["condition=Ready","condition=ContinuousArchiving"]',
        },
      },
      spec: {
        instances: 3,
        imageName: CLOUD_NATIVE_PG_IMAGES["16"],
        bootstrap: {
          initdb: {
            database: "tours",
            owner: "keeper",
            secret: { name: "rides-owner" },
            dataChecksums: true,
            encoding: "UTF8",
            localeCollate: "C.UTF-8",
            localeCType: "C.UTF-8",
          },
        },
        storage: { size: "23Gi", storageClass: "quick", resizeInUseVolumes: true },
        enablePDB: true,
        primaryUpdateStrategy: "unsupervised",
        primaryUpdateMethod: "switchover",
        smartShutdownTimeout: 30,
        stopDelay: 600,
        switchoverDelay: 600,
        affinity: {
          enablePodAntiAffinity: true,
          topologyKey: "kubernetes.io/hostname",
          podAntiAffinityType: "required",
          nodeSelector: { pool: "work" },
        },
        topologySpreadConstraints: [
          spread("topology.kubernetes.io/zone"),
          spread("kubernetes.io/hostname"),
        ],
        resources: {
          requests: { cpu: "700m", memory: "2Gi" },
          limits: { cpu: "3", memory: "5Gi" },
        },
        enableSuperuserAccess: false,
        certificates: {
          serverAltDNSNames: [
            "rides-pooler",
            "rides-pooler.bikes",
            "rides-pooler.bikes.svc.cluster.local",
          ],
        },
        inheritedMetadata: { labels: { app: "postgres" } },
        seccompProfile: { type: "RuntimeDefault" },
        postgresql: {
          parameters: { shared_buffers: "512MB", "pg_stat_statements.max": "5000" },
          pg_hba: ["hostnossl all all all reject"],
          synchronous: { method: "any", number: 1, dataDurability: "required" },
        },
        plugins: [
          {
            name: "barman-cloud.cloudnative-pg.io",
            enabled: true,
            isWALArchiver: true,
            parameters: { barmanObjectName: "rides-archive", serverName: "rides-pg16" },
          },
        ],
      },
    });
  });

  it("waits for its network policies, its password and its bucket; its databases wait for the Cluster", async () => {
    const { resources } = await create({ ...full, extensions: ["vector"] });
    expect(named(resources, "db-cluster").dependsOn).toEqual([
      "db-archive",
      "db-archive-keys",
      "db-database-network",
      "db-owner",
      "db-pooler-network",
    ]);
    for (const after of ["db-database", "db-backups", "db-pooler"]) {
      expect(named(resources, after).dependsOn).toEqual(["db-cluster"]);
    }
  });

  it("returns its address and keeps secrets secret", async () => {
    const { result } = await create(full);
    const names = [result.host, result.readHost, result.poolerHost, result.username];
    const known = names.flatMap((output) => (output === undefined ? [] : [valueOf(output)]));
    expect(await Promise.all(known)).toEqual([
      "rides-rw.bikes.svc.cluster.local",
      "rides-ro.bikes.svc.cluster.local",
      "rides-pooler.bikes.svc.cluster.local",
      "keeper",
    ]);
    expect(await valueOf(result.url)).toBe(
      "postgresql://keeper:generated-password@rides-pooler.bikes.svc.cluster.local:5432/tours?sslmode=require",
    );
    expect(await valueOf(result.directUrl)).toBe(
      "postgresql://keeper:generated-password@rides-rw.bikes.svc.cluster.local:5432/tours?sslmode=require",
    );
    for (const secret of [result.url, result.directUrl, result.password]) {
      expect(await isSecret(secret)).toBe(true);
    }
    expect(result.certificateAuthoritySecret).toEqual({ name: "rides-ca", key: "ca.crt" });
    expect(result.reach).toEqual([
      {
        kind: "pods",
        namespace: "bikes",
        labels: { "cnpg.io/cluster": "rides", "cnpg.io/podRole": "instance" },
        ports: [5432],
      },
      {
        kind: "pods",
        namespace: "bikes",
        labels: { "cnpg.io/poolerName": "rides-pooler" },
        ports: [5432],
      },
    ]);
  });

  it("returns its capabilities", async () => {
    const all = await create(full);
    expect(all.result.capabilities).toEqual({
      pointInTimeRecovery: true,
      replicas: true,
      failover: true,
      pooling: true,
    });
    const { result } = await create({ instances: 1 });
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
    expect(await valueOf(result.url)).toBe(await valueOf(result.directUrl));
  });

  it("has only an unknown password in a first preview", async () => {
    const { result, resources } = await create(full, true);
    expect(await valueOf(result.host)).toBe("rides-rw.bikes.svc.cluster.local");
    expect(await valueOf(result.url)).toBe(UNKNOWN);
    expect(await isSecret(result.url)).toBe(true);
    expect(inputsOf(resources, "db-owner")["stringData"]).toBe(UNKNOWN);
    expect(inputsOf(resources, "db-cluster")["spec"]).toMatchObject({ instances: 3 });
  });

  it("keeps the owner's password in a Secret that the operator reloads", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "db-owner")).toMatchObject({
      metadata: { name: "rides-owner", labels: { "cnpg.io/reload": "true" } },
      type: "kubernetes.io/basic-auth",
      stringData: { $secret: { username: "keeper", password: "generated-password" } },
    });
  });
});

describe("what protects the data", () => {
  it.each([true, false])("the Cluster is protected: %s", async (protect) => {
    const { resources } = await create({ ...full, protect });
    const names = resources.filter((r) => r.options.protect === true).map(({ name }) => name);
    expect(names).toEqual(protect ? ["db-cluster"] : []);
  });

  it("a restore has a long timeout", async () => {
    const { resources } = await create();
    expect(named(resources, "db-cluster").options.customTimeouts).toEqual({
      create: "90m",
      update: "60m",
      delete: "30m",
    });
  });
});
