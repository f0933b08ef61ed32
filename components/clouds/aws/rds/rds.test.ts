import { describe, expect, it } from "vitest";
import { inputsOf, isSecret, named, UNKNOWN, valueOf } from "../../../kit/testing";
import { create, everyInstance } from "./testing";

const primary = {
  ...everyInstance,
  identifier: "bikes-prod-db",
  multiAz: true,
  dbSubnetGroupName: "subnets-8f3a",
  kmsKeyId: "arn:the-key",
  engine: "postgres",
  engineVersion: "15",
  engineLifecycleSupport: "open-source-rds-extended-support-disabled",
  allocatedStorage: 70,
  dbName: "rides",
  username: "keeper",
  password: { $secret: "generated-password" },
  backupRetentionPeriod: 21,
  backupWindow: "02:30-03:30",
  deleteAutomatedBackups: false,
  skipFinalSnapshot: false,
  finalSnapshotIdentifier: "bikes-prod-db-final-0a1b2c3d",
};

const replica = (n: number) => ({
  ...everyInstance,
  identifier: `bikes-prod-db-read-${n}`,
  replicateSourceDb: "bikes-prod-db",
  multiAz: false,
  backupRetentionPeriod: 0,
  skipFinalSnapshot: true,
});

describe("PostgreSQL on RDS", () => {
  it("creates exactly a primary, its replicas, its pooler and its replicated backups", async () => {
    const { resources } = await create();
    expect(resources.map(({ name }) => name)).toEqual([
      "db-final-snapshot",
      "db-from-nodes",
      "db-instance",
      "db-log-postgresql",
      "db-log-upgrade",
      "db-monitoring",
      "db-monitoring-policy",
      "db-parameters",
      "db-password",
      "db-pooler-from-nodes",
      "db-pooler-into-database",
      "db-pooler-log",
      "db-pooler-policy",
      "db-pooler-proxy",
      "db-pooler-role",
      "db-pooler-secret",
      "db-pooler-secret-version",
      "db-pooler-security-group",
      "db-pooler-target",
      "db-pooler-targets",
      "db-pooler-to-database",
      "db-read-1",
      "db-read-1-log-postgresql",
      "db-read-1-log-upgrade",
      "db-read-2",
      "db-read-2-log-postgresql",
      "db-read-2-log-upgrade",
      "db-recovery-alias",
      "db-recovery-key",
      "db-recovery-replication",
      "db-security-group",
      "db-subnets",
    ]);
    expect(new Set(resources.map(({ parent }) => parent))).toEqual(new Set(["db"]));
  });

  it("has exactly these inputs", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "db-instance")).toEqual(primary);
    expect(inputsOf(resources, "db-read-1")).toEqual(replica(1));
    expect(inputsOf(resources, "db-read-2")).toEqual(replica(2));
    expect(inputsOf(resources, "db-password")).toEqual({
      length: 40,
      special: false,
      keepers: { rotation: "1" },
    });
    expect(inputsOf(resources, "db-subnets")).toEqual({
      description: "bikes-prod-db: the private subnets",
      subnetIds: ["subnet-a", "subnet-b"],
      tags: { data: "personal" },
    });
    expect(inputsOf(resources, "db-parameters")).toMatchObject({
      family: "postgres15",
      parameters: expect.arrayContaining([
        { name: "autovacuum_vacuum_scale_factor", value: "0.15", applyMethod: "immediate" },
        {
          name: "shared_preload_libraries",
          value: "pg_stat_statements",
          applyMethod: "pending-reboot",
        },
      ]) as unknown,
    });
  });

  it("waits for its log groups and for its monitoring permissions", async () => {
    const { resources } = await create();
    expect(named(resources, "db-read-2").dependsOn).toEqual([
      "db-monitoring-policy",
      "db-read-2-log-postgresql",
      "db-read-2-log-upgrade",
    ]);
    expect(inputsOf(resources, "db-read-2-log-upgrade")).toEqual({
      name: "/aws/rds/instance/bikes-prod-db-read-2/upgrade",
      retentionInDays: 90,
      kmsKeyId: "arn:the-key",
      tags: { data: "personal" },
    });
  });

  it("returns both addresses and keeps secrets secret", async () => {
    const { result } = await create();
    const at = (host: string) =>
      `postgresql://keeper:generated-password@${host}:5432/rides?sslmode=require`;
    expect([
      await valueOf(result.url),
      await valueOf(result.directUrl),
      await valueOf(result.host),
      await valueOf(result.username),
      await valueOf(result.readHost ?? result.url),
      await valueOf(result.poolerHost ?? result.url),
      result.port,
      result.certificateAuthority,
    ]).toEqual([
      at("proxy.example.com"),
      at("db.example.com"),
      "db.example.com",
      "keeper",
      "db.example.com",
      "proxy.example.com",
      5432,
      undefined,
    ]);
    const { url, directUrl, password, host } = result;
    expect(await Promise.all([url, directUrl, password, host].map(isSecret))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(result.reach).toEqual([
      { kind: "network", cidr: "10.40.0.0/16", firstPort: 5432, lastPort: 5432 },
    ]);
    expect(result.capabilities).toEqual({
      pointInTimeRecovery: true,
      replicas: true,
      failover: true,
      pooling: true,
    });
    expect([result.readHosts.length, result.ready.length]).toEqual([2, 8]);
  });

  it("is minimal with minimal arguments", async () => {
    const { result, resources } = await create({
      highlyAvailable: false,
      readReplicas: 0,
      pooling: false,
      recovery: undefined,
      extensions: [],
      protect: false,
      tags: undefined,
    });
    expect(resources).toHaveLength(10);
    expect(result.capabilities).toEqual({
      pointInTimeRecovery: true,
      replicas: false,
      failover: false,
      pooling: false,
    });
    expect([result.readHost, result.poolerHost, result.recoveryBackups]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(await valueOf(result.url)).toBe(await valueOf(result.directUrl));
  });

  it("has unknown outputs in a first preview, and keeps the password secret", async () => {
    const { result, resources } = await create({}, true);
    expect(inputsOf(resources, "db-instance")["password"]).toBe(UNKNOWN);
    expect([await valueOf(result.url), await isSecret(result.url)]).toEqual([UNKNOWN, true]);
    expect(resources).toHaveLength(32);
  });

  it("changes its password only with its rotation", async () => {
    const { resources } = await create({ rotation: "2027-03" });
    expect(inputsOf(resources, "db-password")["keepers"]).toEqual({ rotation: "2027-03" });
  });

  it("stays at a fixed minor version", async () => {
    const { resources } = await create({ version: "16.9" });
    expect(inputsOf(resources, "db-instance")).toMatchObject({
      engineVersion: "16.9",
      autoMinorVersionUpgrade: false,
    });
    expect(inputsOf(resources, "db-parameters")["family"]).toBe("postgres16");
  });

  it("applies a major version upgrade immediately, so that the old parameters can be deleted", async () => {
    const { resources } = await create({ version: "16", majorUpgrade: true });
    for (const name of ["db-instance", "db-read-1"]) {
      expect(inputsOf(resources, name)).toMatchObject({
        allowMajorVersionUpgrade: true,
        applyImmediately: true,
      });
    }
  });
});
