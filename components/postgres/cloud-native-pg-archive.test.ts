import { describe, expect, it } from "vitest";
import { longestGap } from "../../lib/cron";
import { phase5 } from "../../systems/phase-5";
import { days } from "../../systems/units";
import { archiveAlerts } from "../observability/archive-alerts";
import { inputsOf, named, ofKind, register } from "../kit/testing";
import { CloudNativePg } from "./cloud-native-pg";
import type { CloudNativePgArguments } from "./cloud-native-pg-arguments";
import { bucket, inCluster, SERVED } from "./cloud-native-pg-testing";

const create = (changes: Partial<CloudNativePgArguments>) =>
  register((options) => new CloudNativePg("db", { ...inCluster, ...changes }, options), {
    cloud: SERVED,
  });

const pointInTimeRecovery = days(9);

const resources = { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "1Gi" } };
const compressed = {
  wal: { compression: "gzip", maxParallel: 4 },
  data: { compression: "gzip", jobs: 2 },
};

describe("the archive", () => {
  it("in a DigitalOcean bucket uses keys, without unsupported checksums", async () => {
    const store = bucket("DigitalOcean", true);
    const { resources: all } = await create({ store, pointInTimeRecovery, path: "p/q" });
    const key = (name: string) => ({ name: "rides-archive", key: name });
    expect(inputsOf(all, "db-archive")).toMatchObject({
      apiVersion: "barmancloud.cnpg.io/v1",
      kind: "ObjectStore",
      metadata: { name: "rides-archive", namespace: "bikes" },
    });
    expect(inputsOf(all, "db-archive")["spec"]).toEqual({
      configuration: {
        destinationPath: "s3://the-bucket/p/q",
        endpointURL: "https://objects.example.com",
        s3Credentials: {
          accessKeyId: key("ACCESS_KEY_ID"),
          secretAccessKey: key("SECRET_ACCESS_KEY"),
          region: key("REGION"),
        },
        ...compressed,
      },
      retentionPolicy: "9d",
      instanceSidecarConfiguration: {
        env: [
          { name: "AWS_REQUEST_CHECKSUM_CALCULATION", value: "when_required" },
          { name: "AWS_RESPONSE_CHECKSUM_VALIDATION", value: "when_required" },
        ],
        resources,
      },
    });
    expect(inputsOf(all, "db-archive-keys")).toMatchObject({
      metadata: { name: "rides-archive", labels: { "cnpg.io/reload": "true" } },
      stringData: {
        $secret: {
          ACCESS_KEY_ID: "the-access-key",
          SECRET_ACCESS_KEY: "the-secret-key",
          REGION: "north-7",
        },
      },
    });
    expect(store.asked).toEqual([]);
  });

  it("in an Amazon bucket uses the pods' own role, in its region", async () => {
    const store = bucket("AWS", false);
    const { resources: all } = await create({ store, pointInTimeRecovery });
    expect(inputsOf(all, "db-archive")["spec"]).toEqual({
      configuration: {
        destinationPath: "s3://the-bucket/postgres",
        s3Credentials: { inheritFromIAMRole: true },
        ...compressed,
      },
      retentionPolicy: "9d",
      instanceSidecarConfiguration: {
        env: [{ name: "AWS_DEFAULT_REGION", value: "north-7" }],
        resources,
      },
    });
    expect(store.asked).toEqual([
      { name: "db-identity", account: { namespace: "bikes", serviceAccount: "rides" } },
    ]);
    expect(ofKind(all, "Secret").map(({ name }) => name)).toEqual(["db-owner"]);
    expect(inputsOf(all, "db-cluster")["spec"]).not.toHaveProperty("serviceAccountTemplate");
  });

  it("in a Google bucket uses the service account in the annotation", async () => {
    const { resources: all } = await create({ store: bucket("GCS", false), pointInTimeRecovery });
    expect(inputsOf(all, "db-archive")).toMatchObject({
      spec: {
        configuration: {
          destinationPath: "gs://the-bucket/postgres",
          googleCredentials: { gkeEnvironment: true },
        },
        instanceSidecarConfiguration: { env: [] },
      },
    });
    expect(inputsOf(all, "db-cluster")).toMatchObject({
      spec: {
        serviceAccountTemplate: {
          metadata: {
            annotations: { "iam.gke.io/gcp-service-account": "bikes@project.iam.example.com" },
          },
        },
      },
    });
  });

  it("in a Google bucket with keys uses the S3 protocol", async () => {
    const { resources: all } = await create({ store: bucket("GCS", true), pointInTimeRecovery });
    expect(inputsOf(all, "db-archive")).toMatchObject({
      spec: {
        configuration: {
          destinationPath: "s3://the-bucket/postgres",
          endpointURL: "https://objects.example.com",
        },
      },
    });
  });

  it("takes a base backup often enough for the alert on its age", async () => {
    const { resources: all } = await create({ store: bucket("AWS", true), pointInTimeRecovery });
    const { schedule } = inputsOf(all, "db-backups")["spec"] as { readonly schedule: string };
    const [, alert] = archiveAlerts(phase5, { namespace: "bikes", runbookUrl: "" });
    const oldest = Number(/> (\d+)/.exec(alert?.expr ?? "")?.[1]);
    // Without the field for seconds.
    expect(longestGap(schedule.replace(/^0 /, ""))).toBe(oldest - 2 * 3600);
  });

  it("takes a base backup every night, the first one immediately, from a standby", async () => {
    const store = bucket("AWS", true);
    const { resources: all } = await create({ store, pointInTimeRecovery });
    expect(inputsOf(all, "db-backups")["spec"]).toEqual({
      schedule: "0 15 1 * * *",
      immediate: true,
      cluster: { name: "rides" },
      method: "plugin",
      pluginConfiguration: { name: "barman-cloud.cloudnative-pg.io" },
      target: "prefer-standby",
      backupOwnerReference: "self",
    });
  });

  it("does not use the operator's deprecated option", async () => {
    const { resources: all } = await create({ store: bucket("AWS", true), pointInTimeRecovery });
    expect(JSON.stringify(all.map(({ inputs }) => inputs))).not.toContain("barmanObjectStore");
  });

  it("exists only with point-in-time recovery", async () => {
    const { resources: all } = await create({ store: bucket("AWS", true) });
    expect(ofKind(all, "ObjectStore")).toEqual([]);
    expect(ofKind(all, "ScheduledBackup")).toEqual([]);
    expect(inputsOf(all, "db-cluster")["spec"]).not.toHaveProperty("plugins");
  });

  it("of a new generation has a new, unused name", async () => {
    const store = bucket("AWS", true);
    const { resources: all } = await create({ store, pointInTimeRecovery, archive: "rides-2" });
    expect(inputsOf(all, "db-cluster")).toMatchObject({
      spec: {
        plugins: [
          { parameters: { barmanObjectName: "rides-archive", serverName: "rides-2-pg16" } },
        ],
      },
    });
  });
});

describe("a new major version", () => {
  it("writes to a separate archive, because a backup cannot be restored across versions", async () => {
    const store = bucket("AWS", true);
    const { resources: all } = await create({ store, pointInTimeRecovery, version: "17" });
    expect(inputsOf(all, "db-cluster")).toMatchObject({
      spec: { plugins: [{ parameters: { serverName: "rides-pg17" } }] },
    });
  });
});

describe("a recovery region", () => {
  const source = bucket("DigitalOcean", true, { bucket: "far-away", region: "south-3" });
  const own = bucket("AWS", false);

  it("replicates the primary's archive and has its own", async () => {
    const { resources: all } = await create({
      store: own,
      pointInTimeRecovery,
      replicaOf: { store: source, archive: "rides-far" },
    });
    expect(inputsOf(all, "db-cluster")).toMatchObject({
      spec: {
        bootstrap: {
          recovery: {
            source: "source",
            database: "tours",
            owner: "keeper",
            secret: { name: "rides-owner" },
          },
        },
        replica: { enabled: true, source: "source" },
        externalClusters: [
          {
            name: "source",
            plugin: {
              name: "barman-cloud.cloudnative-pg.io",
              parameters: { barmanObjectName: "rides-source", serverName: "rides-far-pg16" },
            },
          },
        ],
        plugins: [{ parameters: { barmanObjectName: "rides-archive", serverName: "rides-pg16" } }],
      },
    });
    expect(named(all, "db-cluster").dependsOn).toEqual([
      "db-archive",
      "db-database-network",
      "db-owner",
      "db-source",
      "db-source-keys",
    ]);
  });

  it("deletes nothing from the primary's archive, and reads it in its region", async () => {
    const replicaOf = { store: source, archive: "x" };
    const archiving = await create({ store: own, pointInTimeRecovery, replicaOf });
    expect(inputsOf(archiving.resources, "db-source")["spec"]).not.toHaveProperty(
      "retentionPolicy",
    );
    const { resources: all } = await create({ replicaOf });
    expect(inputsOf(all, "db-source")).toMatchObject({
      spec: { configuration: { destinationPath: "s3://far-away/postgres" } },
    });
    expect(inputsOf(all, "db-source-keys")["stringData"]).toMatchObject({
      $secret: { REGION: "south-3" },
    });
    expect(ofKind(all, "ScheduledBackup")).toEqual([]);
  });

  it("uses one identity name, so that a promotion reuses it", async () => {
    const signing = bucket("AWS", false);
    await create({ replicaOf: { store: signing, archive: "x" } });
    expect(signing.asked.map(({ name }) => name)).toEqual(["db-identity"]);
  });

  it("is promoted by removing replicaOf", async () => {
    const { resources: all } = await create({ store: own, pointInTimeRecovery });
    const spec = inputsOf(all, "db-cluster")["spec"];
    expect(spec).not.toHaveProperty("replica");
    expect(spec).not.toHaveProperty("externalClusters");
  });
});

describe("readiness", () => {
  const waitsFor = async (changes: Partial<CloudNativePgArguments>) => {
    const { metadata } = inputsOf((await create(changes)).resources, "db-cluster") as {
      metadata: { annotations: Record<string, string> };
    };
    return metadata.annotations["pulumi.com/waitFor"];
  };
  const store = bucket("AWS", false);

  it("of a primary includes its archive: it is Ready without archiving, too", async () => {
    expect(await waitsFor({ store, pointInTimeRecovery })).toBe(
      '["condition=Ready","condition=ContinuousArchiving"]',
    );
  });

  it("of a database without an archive, or of a replica, does not", async () => {
    expect(await waitsFor({})).toBe("condition=Ready");
    const replicaOf = { store: bucket("DigitalOcean", true), archive: "x" };
    expect(await waitsFor({ store, pointInTimeRecovery, replicaOf })).toBe("condition=Ready");
  });
});

describe("a cluster that is rebuilt after a disaster", () => {
  it("is another incarnation, which replaces it: in place it would archive without a base backup", async () => {
    const first = named((await create({})).resources, "db-cluster");
    expect(first.inputs["metadata"]).not.toHaveProperty("labels.incarnation");
    const second = named((await create({ incarnation: 2 })).resources, "db-cluster");
    expect(second.inputs["metadata"]).toHaveProperty("labels.incarnation", "2");
    const replaced = {
      replaceOnChanges: ["metadata.labels.incarnation"],
      deleteBeforeReplace: true,
    };
    expect(second.options).toMatchObject(replaced);
    // It takes its first base backup when it is created, and not again.
    const store = bucket("AWS", false);
    const archiving = await create({ store, pointInTimeRecovery, incarnation: 2 });
    const backups = named(archiving.resources, "db-backups");
    expect(backups.options).toMatchObject(replaced);
    expect(backups.inputs["metadata"]).toHaveProperty("labels.incarnation", "2");
  });

  it("starts with the archive's data, up to a point in time if one is given", async () => {
    const store = bucket("AWS", true);
    const { resources: all } = await create({
      store,
      pointInTimeRecovery,
      archive: "rides-2",
      restoreFrom: { store, archive: "rides", targetTime: "2026-01-31T12:40:33+00:00" },
    });
    expect(inputsOf(all, "db-cluster")).toMatchObject({
      spec: {
        bootstrap: {
          recovery: {
            source: "source",
            recoveryTarget: { targetTime: "2026-01-31T12:40:33+00:00" },
          },
        },
      },
    });
    expect(inputsOf(all, "db-cluster")["spec"]).not.toHaveProperty("replica");
  });
});
