import { describe, expect, it } from "vitest";
import { inputsOf, isSecret, named, ofKind, UNKNOWN, valueOf } from "../../../kit/testing";
import { create } from "./testing";

const everyInstance = {
  project: "p-123",
  region: "europe-west4",
  databaseVersion: "POSTGRES_15",
  deletionProtection: true,
  deletionPolicy: "PREVENT",
};

const everySettings = {
  edition: "ENTERPRISE",
  tier: "db-custom-4-15360",
  activationPolicy: "ALWAYS",
  connectorEnforcement: "NOT_REQUIRED",
  deletionProtectionEnabled: true,
  diskType: "PD_SSD",
  diskSize: 70,
  diskAutoresize: true,
  diskAutoresizeLimit: 140,
  databaseFlags: [
    { name: "autovacuum_vacuum_scale_factor", value: "0.15" },
    { name: "cloudsql.enable_pgaudit", value: "on" },
    { name: "log_checkpoints", value: "on" },
    { name: "log_connections", value: "on" },
    { name: "log_disconnections", value: "on" },
    { name: "log_lock_waits", value: "on" },
    { name: "log_min_duration_statement", value: "-1" },
    { name: "log_statement", value: "ddl" },
    { name: "log_temp_files", value: "0" },
  ],
  insightsConfig: {
    queryInsightsEnabled: true,
    queryStringLength: 1024,
    queryPlansPerMinute: 5,
    recordApplicationTags: true,
    recordClientAddress: false,
  },
  ipConfiguration: {
    ipv4Enabled: false,
    privateNetwork: "projects/p-123/global/networks/n",
    allocatedIpRange: "the-range",
    sslMode: "ENCRYPTED_ONLY",
    serverCaMode: "GOOGLE_MANAGED_INTERNAL_CA",
  },
  userLabels: { data: "personal" },
};

describe("PostgreSQL on Cloud SQL", () => {
  it("creates exactly a primary, its replicas, a database and its owner", async () => {
    const { resources } = await create();
    expect(resources.map(({ name, parent }) => [name, parent])).toEqual([
      ["db-database", "db"],
      ["db-instance", "db"],
      ["db-password", "db"],
      ["db-read-1", "db"],
      ["db-read-2", "db"],
      ["db-user", "db"],
      ["the-peering", undefined],
    ]);
  });

  it("has exactly these inputs", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "db-instance")).toEqual({
      ...everyInstance,
      name: "bikes-prod-db",
      finalBackupDescription: "bikes-prod-db: at its removal",
      settings: {
        ...everySettings,
        availabilityType: "REGIONAL",
        backupConfiguration: {
          enabled: true,
          startTime: "01:00",
          location: "europe-west4",
          pointInTimeRecoveryEnabled: true,
          transactionLogRetentionDays: 6,
          backupRetentionSettings: { retainedBackups: 30, retentionUnit: "COUNT" },
        },
        retainBackupsOnDelete: true,
        finalBackupConfig: { enabled: true, retentionDays: 30 },
        maintenanceWindow: { day: 4, hour: 5, updateTrack: "stable" },
        passwordValidationPolicy: {
          enablePasswordPolicy: true,
          minLength: 16,
          complexity: "COMPLEXITY_DEFAULT",
        },
      },
    });
    expect(inputsOf(resources, "db-database")).toEqual({
      name: "rides",
      project: "p-123",
      instance: "bikes-prod-db",
      charset: "UTF8",
      collation: "en_US.UTF8",
      deletionPolicy: "ABANDON",
    });
    expect(inputsOf(resources, "db-user")).toEqual({
      name: "keeper",
      project: "p-123",
      instance: "bikes-prod-db",
      password: { $secret: "generated-password" },
      type: "BUILT_IN",
      deletionPolicy: "ABANDON",
    });
  });

  it("has replicas without their own backups, maintenance or passwords", async () => {
    const { resources } = await create();
    for (const n of [1, 2]) {
      expect(inputsOf(resources, `db-read-${n}`)).toEqual({
        ...everyInstance,
        name: `bikes-prod-db-read-${n}`,
        masterInstanceName: "bikes-prod-db",
        settings: { ...everySettings, availabilityType: "ZONAL" },
      });
    }
  });

  it("has a password that its own policy accepts, and changes it only with its rotation", async () => {
    const { resources } = await create({ rotation: "2027-03" });
    expect(inputsOf(resources, "db-password")).toEqual({
      length: 40,
      special: true,
      overrideSpecial: "-_.~",
      minLower: 1,
      minUpper: 1,
      minNumeric: 1,
      minSpecial: 1,
      keepers: { rotation: "2027-03" },
    });
  });

  it("changes one thing at a time in the instance", async () => {
    const { resources } = await create();
    expect(named(resources, "db-user").dependsOn).toEqual(["db-database"]);
    for (const name of ["db-user", "db-database"]) {
      expect(named(resources, name).options.customTimeouts).toEqual({
        create: "30m",
        update: "30m",
        delete: "30m",
      });
    }
  });

  it("returns its private address and keeps secrets secret", async () => {
    const { result } = await create();
    const { url, directUrl, host, address, username, password, certificateAuthority } = result;
    const known = [url, directUrl, host, address, username, certificateAuthority];
    const text = "postgresql://keeper:generated-password@10.90.0.7:5432/rides?sslmode=require";
    expect(await Promise.all(known.map(valueOf))).toEqual([
      text,
      text,
      "10.90.0.7",
      "10.90.0.7",
      "keeper",
      "OLD\nNEW",
    ]);
    expect(await Promise.all([url, directUrl, password, host].map(isSecret))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect([result.port, result.reach]).toEqual([
      5432,
      [{ kind: "network", cidr: "10.90.0.0/16", firstPort: 5432, lastPort: 5432 }],
    ]);
    expect(result.capabilities).toEqual({
      pointInTimeRecovery: true,
      replicas: true,
      failover: true,
      pooling: false,
    });
    expect([result.readHosts.length, result.poolerHost, result.ready.length]).toEqual([
      2,
      undefined,
      5,
    ]);
  });

  it("has an unknown address in a first preview, and keeps the password secret", async () => {
    const { result, resources } = await create({}, true);
    expect([await valueOf(result.address), await isSecret(result.url)]).toEqual([UNKNOWN, true]);
    expect(ofKind(resources, "DatabaseInstance")).toHaveLength(3);
  });

  it("is minimal with minimal arguments", async () => {
    const { result, resources } = await create({
      highlyAvailable: false,
      readReplicas: 0,
      protect: false,
      labels: undefined,
    });
    expect(resources).toHaveLength(5);
    expect(inputsOf(resources, "db-instance")).toMatchObject({
      settings: {
        availabilityType: "ZONAL",
        backupConfiguration: { backupRetentionSettings: { retainedBackups: 30 } },
      },
    });
    expect(result.readHost).toBeUndefined();
    expect(result.capabilities).toEqual({
      pointInTimeRecovery: true,
      replicas: false,
      failover: false,
      pooling: false,
    });
  });
});
