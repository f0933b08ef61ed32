import { describe, expect, it } from "vitest";
import { days } from "../../systems/units";
import { inputsOf, named, ofKind, register } from "../testing";
import type { InClusterPostgresArguments } from "./in-cluster";
import { bucket, inCluster, SERVED } from "./in-cluster-testing";
import { ZalandoPostgres } from "./zalando";

const create = (changes: Partial<InClusterPostgresArguments>) =>
  register((options) => new ZalandoPostgres("db", { ...inCluster, ...changes }, options), {
    cloud: SERVED,
  });

const specOf = async (changes: Partial<InClusterPostgresArguments>) => {
  const { resources } = await create(changes);
  return inputsOf(resources, "db-cluster")["spec"] as Record<string, unknown>;
};

const pointInTimeRecovery = days(9);
const key = (prefix: string, secret: string) =>
  ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map((name) => ({
    name: `${prefix}${name}`,
    valueFrom: { secretKeyRef: { name: secret, key: name } },
  }));

describe("the archive", () => {
  it("in a bucket of DigitalOcean is reached by its address and keys from a Secret", async () => {
    const store = bucket("DigitalOcean", true);
    const { resources } = await create({
      store,
      pointInTimeRecovery,
      path: "p/q",
      schedule: "7 4 * * 0",
    });
    expect(inputsOf(resources, "db-cluster")).toMatchObject({
      spec: {
        env: [
          ...key("", "rides-archive"),
          { name: "AWS_REGION", value: "north-7" },
          { name: "AWS_ENDPOINT", value: "https://objects.example.com" },
          { name: "AWS_S3_FORCE_PATH_STYLE", value: "true" },
          { name: "WALE_S3_PREFIX", value: "s3://the-bucket/p/q/rides/16" },
          { name: "WALG_S3_PREFIX", value: "s3://the-bucket/p/q/rides/16" },
          { name: "USE_WALG_BACKUP", value: "true" },
          { name: "USE_WALG_RESTORE", value: "true" },
          { name: "BACKUP_SCHEDULE", value: "7 4 * * 0" },
          { name: "BACKUP_NUM_TO_RETAIN", value: "9" },
        ],
      },
    });
    expect(inputsOf(resources, "db-archive-keys")).toMatchObject({
      metadata: { name: "rides-archive" },
      stringData: {
        $secret: { AWS_ACCESS_KEY_ID: "the-access-key", AWS_SECRET_ACCESS_KEY: "the-secret-key" },
      },
    });
    expect(store.asked).toEqual([]);
  });

  it("in a bucket of Amazon follows from its region", async () => {
    const spec = await specOf({ store: bucket("AWS", true), pointInTimeRecovery });
    expect((spec["env"] as { name: string }[]).map(({ name }) => name)).toEqual([
      "AWS_ACCESS_KEY_ID",
      "AWS_SECRET_ACCESS_KEY",
      "AWS_REGION",
      "WALE_S3_PREFIX",
      "WALG_S3_PREFIX",
      "USE_WALG_BACKUP",
      "USE_WALG_RESTORE",
      "BACKUP_SCHEDULE",
      "BACKUP_NUM_TO_RETAIN",
    ]);
    expect(spec["env"]).toContainEqual({ name: "BACKUP_SCHEDULE", value: "15 1 * * *" });
  });

  it("in a bucket of Google is reached by the account that its pods share", async () => {
    const store = bucket("GCS", false);
    const { resources } = await create({ store, pointInTimeRecovery });
    expect(inputsOf(resources, "db-cluster")).toMatchObject({
      spec: {
        env: [
          { name: "WALE_GS_PREFIX", value: "gs://the-bucket/postgres/rides/16" },
          { name: "WALG_GS_PREFIX", value: "gs://the-bucket/postgres/rides/16" },
          { name: "USE_WALG_BACKUP" },
          { name: "USE_WALG_RESTORE" },
          { name: "BACKUP_SCHEDULE" },
          { name: "BACKUP_NUM_TO_RETAIN" },
        ],
      },
    });
    expect(inputsOf(resources, "db-account")["metadata"]).toMatchObject({
      name: "postgres-pod",
      namespace: "bikes",
      annotations: { "iam.gke.io/gcp-service-account": "bikes@project.iam.example.com" },
    });
    expect(store.asked).toEqual([
      { name: "db-identity", account: { namespace: "bikes", serviceAccount: "postgres-pod" } },
    ]);
    expect(named(resources, "db-cluster").dependsOn).toContain("db-account");
    expect(ofKind(resources, "Secret").map(({ name }) => name)).toEqual(["db-owner"]);
  });

  it("is there only if a point in time is to be restored", async () => {
    const { resources } = await create({ store: bucket("AWS", true) });
    expect(inputsOf(resources, "db-cluster")).toMatchObject({ spec: { env: [] } });
    expect(resources.map(({ name }) => name)).not.toContain("db-archive-keys");
  });

  it("holds no key in the plain specification", async () => {
    const spec = await specOf({ store: bucket("Other", true), pointInTimeRecovery });
    expect(JSON.stringify(spec)).not.toContain("the-secret-key");
  });
});

describe("a recovery region", () => {
  const store = bucket("DigitalOcean", true, { bucket: "far-away", region: "south-3" });

  it("follows the primary's archive", async () => {
    const spec = await specOf({ replicaOf: { store, archive: "rides-far" } });
    expect(spec).toMatchObject({
      standby: { s3_wal_path: "s3://far-away/postgres/rides-far/16" },
      env: [
        ...key("STANDBY_", "rides-source"),
        { name: "STANDBY_AWS_REGION", value: "south-3" },
        { name: "STANDBY_AWS_ENDPOINT", value: "https://objects.example.com" },
        { name: "STANDBY_AWS_S3_FORCE_PATH_STYLE", value: "true" },
        { name: "STANDBY_USE_WALG_BACKUP", value: "true" },
        { name: "STANDBY_USE_WALG_RESTORE", value: "true" },
      ],
    });
    expect(spec).not.toHaveProperty("clone");
  });

  it("of Google follows it too", async () => {
    const google = bucket("GCS", false);
    expect(await specOf({ replicaOf: { store: google, archive: "rides-far" } })).toMatchObject({
      standby: { gs_wal_path: "gs://the-bucket/postgres/rides-far/16" },
    });
  });

  it("is promoted by leaving out whom it follows", async () => {
    expect(await specOf({})).not.toHaveProperty("standby");
  });
});

describe("a cluster that is built again after a disaster", () => {
  const targetTime = "2026-01-31T12:40:33+00:00";

  it("begins with what was in the archive at a moment", async () => {
    const store = bucket("Other", true);
    const spec = await specOf({
      store,
      pointInTimeRecovery,
      archive: "rides-2",
      restoreFrom: { store, archive: "rides", targetTime },
    });
    expect(spec["clone"]).toEqual({
      cluster: "rides",
      timestamp: targetTime,
      s3_wal_path: "s3://the-bucket/postgres/rides/16",
    });
    expect(spec["env"]).toContainEqual({
      name: "WALG_S3_PREFIX",
      value: "s3://the-bucket/postgres/rides-2/16",
    });
  });

  it("of Google finds it by a variable, for which there is no field", async () => {
    const store = bucket("GCS", false);
    const spec = await specOf({ restoreFrom: { store, archive: "old", targetTime } });
    expect(spec["clone"]).toEqual({ cluster: "rides", timestamp: targetTime });
    expect(spec["env"]).toContainEqual({
      name: "CLONE_WALE_GS_PREFIX",
      value: "gs://the-bucket/postgres/old/16",
    });
  });
});
