import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { days } from "../../../../systems/units";
import { inputsOf, isSecret, named, ofKind, valueOf } from "../../../kit/testing";
import type { RdsSource } from "./arguments";
import { create, everyInstance, second } from "./testing";

describe("the backups in the recovery region", () => {
  it("are replicated from an instance, with a key of that region and the same retention", async () => {
    const { result, resources } = await create({ pointInTimeRecovery: days(33) });
    expect(inputsOf(resources, "db-recovery-replication")).toEqual({
      region: "eu-west-1",
      sourceDbInstanceArn: "arn:instance",
      kmsKeyId: "arn:key-elsewhere",
      retentionPeriod: 33,
    });
    expect(inputsOf(resources, "db-instance")["backupRetentionPeriod"]).toBe(33);
    expect(inputsOf(resources, "db-recovery-key")).toEqual({
      region: "eu-west-1",
      description: "bikes-prod-db: backups from another region",
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      tags: { data: "personal" },
    });
    expect(ofKind(resources, "Cluster")).toEqual([]);
    expect(await valueOf(result.recoveryBackups ?? pulumi.output(""))).toBe(
      "db-recovery-replication-id",
    );
  });

  it("have a key with an alias", async () => {
    const { resources } = await create({ recovery: { region: "eu-west-1" } });
    expect(inputsOf(resources, "db-recovery-alias")).toEqual({
      region: "eu-west-1",
      name: "alias/bikes-prod-db-backups",
      targetKeyId: "db-recovery-key-id",
    });
  });

  it("may take two hours for the first copy", async () => {
    const { resources } = await create();
    expect(named(resources, "db-recovery-replication").options.customTimeouts).toEqual({
      create: "120m",
      delete: "120m",
    });
  });
});

describe("a database that is restored", () => {
  const restoring = async (restoreFrom: RdsSource) => {
    const { resources } = await create({ restoreFrom });
    const { dbName, restoreToPointInTime, snapshotIdentifier } = inputsOf(resources, "db-instance");
    return { dbName, restoreToPointInTime, snapshotIdentifier };
  };

  it.each<[string, RdsSource, object]>([
    [
      "an instance, by default to its latest time",
      { instance: "bikes-prod-db-1" },
      {
        restoreToPointInTime: {
          sourceDbInstanceIdentifier: "bikes-prod-db-1",
          useLatestRestorableTime: true,
        },
      },
    ],
    [
      "automated backups to a time, in UTC",
      { backups: "arn:the-backups", time: "2027-01-31T12:40:00+02:00" },
      {
        restoreToPointInTime: {
          sourceDbInstanceAutomatedBackupsArn: "arn:the-backups",
          restoreTime: "2027-01-31T10:40:00.000Z",
        },
      },
    ],
    ["a snapshot", { snapshot: "arn:the-snapshot" }, { snapshotIdentifier: "arn:the-snapshot" }],
  ])("starts from %s, with the database's name from there", async (_, source, expected) => {
    expect(await restoring(source)).toEqual({
      dbName: undefined,
      restoreToPointInTime: undefined,
      snapshotIdentifier: undefined,
      ...expected,
    });
  });

  it("stays when restoreFrom is removed, and is replaced when its name changes", async () => {
    const { options } = named((await create()).resources, "db-instance");
    expect(options.ignoreChanges).toEqual([
      "engineLifecycleSupport",
      "restoreToPointInTime",
      "snapshotIdentifier",
      "kmsKeyId",
    ]);
    expect(options.replaceOnChanges).toEqual(["identifier"]);
  });
});

it("a replacement lifts Pulumi's protection only, and not that of the key of the copies", async () => {
  const { resources } = await create({ protect: false, deletionProtection: true });
  const guarded = ["db-instance", "db-recovery-key", "db-recovery-replication"].map((name) => [
    named(resources, name).options.protect,
    inputsOf(resources, name)["deletionProtection"],
  ]);
  expect(guarded).toEqual([
    [false, true],
    [true, undefined],
    [false, undefined],
  ]);
});

describe("the replica in the recovery region", () => {
  it("sets nothing that it inherits from its source, and has a key of its own region", async () => {
    const { resources } = await create(second);
    expect(inputsOf(resources, "db-instance")).toEqual({
      ...everyInstance,
      identifier: "bikes-prod-db",
      multiAz: true,
      dbSubnetGroupName: "subnets-8f3a",
      kmsKeyId: "arn:the-key",
      replicateSourceDb: "arn:the-source",
      engineVersion: "15",
      backupRetentionPeriod: 0,
      skipFinalSnapshot: true,
    });
  });

  it("has no pooler, replicas or password before it is promoted", async () => {
    const { result, resources } = await create(second);
    expect(ofKind(resources, "Instance")).toHaveLength(1);
    expect(ofKind(resources, "Proxy")).toEqual([]);
    expect(ofKind(resources, "RandomPassword")).toEqual([]);
    expect(result.capabilities).toEqual({
      pointInTimeRecovery: false,
      replicas: true,
      failover: true,
      pooling: false,
    });
    expect(await valueOf(result.readHost ?? pulumi.output(""))).toBe("db.example.com");
    expect(await valueOf(result.url)).toBe(
      "postgresql://first-keeper:first%20password@db.example.com:5432/first-rides?sslmode=require",
    );
    expect(await isSecret(result.url)).toBe(true);
  });

  it("keeps its identity when it is promoted: only what makes it a primary changes", async () => {
    const before = inputsOf((await create(second)).resources, "db-instance");
    const after = inputsOf((await create({ recovery: undefined })).resources, "db-instance");
    const changed = Object.keys({ ...before, ...after }).filter(
      (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
    );
    expect(changed.sort()).toEqual([
      "allocatedStorage",
      "backupRetentionPeriod",
      "backupWindow",
      "dbName",
      "deleteAutomatedBackups",
      "engine",
      "engineLifecycleSupport",
      "finalSnapshotIdentifier",
      "password",
      "replicateSourceDb",
      "skipFinalSnapshot",
      "username",
    ]);
  });
});
