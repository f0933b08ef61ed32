import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import type { Backup } from "../../systems/model";
import { days, gib, hours, minutes } from "../../systems/units";
import { Backups, type BackupsArguments } from "./backups";
import { messageOf, named, register, valueOf } from "./testing";

const clause = { ids: [], heading: "Backups" };
const dump: Backup = {
  clause,
  name: "shop-dump",
  of: "shop",
  method: "dump",
  every: hours(24),
  schedule: "17 3 * * *",
  retention: days(31),
};
const history: Backup = {
  clause,
  name: "shop-history",
  of: "shop",
  method: "provider",
  every: minutes(1),
  retention: days(9),
  ours: { method: "comes with the service" },
};

const args = (over: Partial<BackupsArguments> = {}, ...backups: Backup[]): BackupsArguments => ({
  system: {
    id: "shop",
    databases: [
      {
        clause,
        name: "shop",
        engine: "postgres",
        runs: "external",
        url: { secret: "shop-secrets", key: "URL" },
      },
    ],
    backups: backups.length === 0 ? [history, dump] : backups,
  },
  environment: "prod",
  namespace: "shop-ns",
  store: { region: "ams3", bucketName: "shop-prod-backups" },
  databaseSecret: { name: "shop-secrets", key: "URL" },
  production: true,
  ...over,
});

const create = (given: BackupsArguments) =>
  register((options) => new Backups("backups", given, options));

describe("Backups", () => {
  it("creates a bucket, its key's Secret, the dump and the way back", async () => {
    const { resources } = await create(args());
    expect(resources.map(({ name }) => name)).toEqual([
      "backups-credentials",
      "backups-shop-dump-account",
      "backups-shop-dump-job",
      "backups-shop-dump-network",
      "backups-shop-dump-restore-account",
      "backups-shop-dump-restore-job",
      "backups-shop-dump-restore-network",
      "backups-store-bucket",
      "backups-store-key",
    ]);
    expect(named(resources, "backups-store-bucket").inputs).toMatchObject({
      name: "shop-prod-backups",
      region: "ams3",
      lifecycleRules: [{ prefix: "shop-dump/", expiration: { days: 31 } }, { id: "old-versions" }],
    });
    expect(named(resources, "backups-credentials").inputs).toMatchObject({
      metadata: { name: "shop-backup-store", namespace: "shop-ns" },
      stringData: {
        [pulumi.runtime.specialSigKey]: pulumi.runtime.specialSecretSig,
        value: { accessKey: "key-id", secretKey: "key-secret" },
      },
    });
  });

  it("tells what others provide, and which jobs there are", async () => {
    const { result } = await create(args());
    expect(result.provided).toEqual({ "shop-history": "shop by provider: comes with the service" });
    expect(Object.keys(result.jobs)).toEqual(["shop-dump"]);
    expect(await valueOf(result.jobs["shop-dump"] ?? expect.fail("no job"))).toBe("shop-dump");
  });

  it("creates nothing where everything is provided", async () => {
    const { result, resources } = await create(args({}, history));
    expect(await valueOf(result.urn)).toMatch(/runstack:recovery:Backups::backups$/);
    expect(resources).toEqual([]);
    expect(result.store).toBeUndefined();
  });

  it("refuses a method it does not have before it creates anything", async () => {
    const { result, resources } = await register((options) =>
      messageOf(() => new Backups("b", args({}, { ...dump, method: "snapshot" }), options)),
    );
    expect(result).toBe(
      'Backups b, backup shop-dump: method is "snapshot", but must be dump, provider, replication. Choose one of them in the system\'s file, or leave the backup out.',
    );
    expect(resources).toEqual([]);
  });
});

describe("the dump's CronJob", () => {
  const specOf = async (over: Partial<BackupsArguments> = {}, name = "backups-shop-dump-job") => {
    const { resources } = await create(args(over));
    return named(resources, name).inputs as {
      metadata: { name: string };
      spec: Record<string, unknown> & {
        jobTemplate: { spec: { template: { spec: Record<string, unknown> } } };
      };
    };
  };

  it("has the backup's name and schedule, in UTC, and never overlaps", async () => {
    const { metadata, spec } = await specOf();
    const { jobTemplate, ...rest } = spec;
    expect(metadata.name).toBe("shop-dump");
    expect(rest).toEqual({
      schedule: "17 3 * * *",
      timeZone: "Etc/UTC",
      suspend: false,
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
    });
    expect(jobTemplate.spec).toMatchObject({ backoffLimit: 2, activeDeadlineSeconds: 3600 });
  });

  it("dumps first and uploads then, each with only the secret it needs", async () => {
    const pod = (await specOf()).spec.jobTemplate.spec.template.spec;
    const variables = (key: string) =>
      (pod[key] as { image: string; env: { name: string; valueFrom?: unknown }[] }[]).map(
        ({ image, env }) => [image.split(":")[0], env.map(({ name }) => name)],
      );
    expect(variables("initContainers")).toEqual([
      [
        "docker.io/library/postgres",
        ["DATABASE_URL", "PGSSLMODE", "FILE_FORMAT", "SCRATCH", "HOME"],
      ],
    ]);
    expect(variables("containers")).toEqual([
      [
        "docker.io/rclone/rclone",
        [
          "RCLONE_CONFIG_STORE_TYPE",
          "RCLONE_CONFIG_STORE_PROVIDER",
          "RCLONE_CONFIG_STORE_ENDPOINT",
          "RCLONE_CONFIG_STORE_REGION",
          "RCLONE_CONFIG_STORE_ACL",
          "RCLONE_CONFIG_STORE_NO_CHECK_BUCKET",
          "RCLONE_CONFIG_STORE_ACCESS_KEY_ID",
          "RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY",
          "RCLONE_CONFIG",
          "DESTINATION",
          "SCRATCH",
          "HOME",
        ],
      ],
    ]);
    expect(JSON.stringify(pod)).not.toContain("key-secret");
  });

  it("is restricted and has no token", async () => {
    const pod = (await specOf()).spec.jobTemplate.spec.template.spec;
    expect(pod).toMatchObject({
      restartPolicy: "Never",
      serviceAccountName: "shop-dump",
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      volumes: [{ name: "scratch", emptyDir: { sizeLimit: "2Gi" } }],
    });
    for (const key of ["initContainers", "containers"]) {
      expect(pod[key]).toMatchObject([
        {
          securityContext: { readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
          resources: {
            requests: { cpu: "100m", memory: "128Mi", "ephemeral-storage": "2Gi" },
            limits: { memory: "512Mi" },
          },
        },
      ]);
    }
  });

  it("takes a volume for dumps that no node has room for", async () => {
    const scratch = { kind: "volume", size: gib(70), storageClass: "fast" } as const;
    const pod = (await specOf({ scratch })).spec.jobTemplate.spec.template.spec;
    expect(pod["volumes"]).toEqual([
      {
        name: "scratch",
        ephemeral: {
          volumeClaimTemplate: {
            spec: {
              accessModes: ["ReadWriteOnce"],
              storageClassName: "fast",
              resources: { requests: { storage: "70Gi" } },
            },
          },
        },
      },
    ]);
    expect(JSON.stringify(pod)).not.toContain("ephemeral-storage");
  });

  it("has a way back that waits for a name and never runs twice", async () => {
    const { metadata, spec } = await specOf({}, "backups-shop-dump-restore-job");
    expect(metadata.name).toBe("shop-dump-restore");
    expect(spec).toMatchObject({ suspend: true, concurrencyPolicy: "Forbid" });
    expect(spec.jobTemplate.spec).toMatchObject({ backoffLimit: 0, activeDeadlineSeconds: 7200 });
    const pod = spec.jobTemplate.spec.template.spec;
    const [download] = pod["initContainers"] as { env: unknown[] }[];
    expect(download?.env).toContainEqual({ name: "SOURCE", value: "shop-prod-backups/shop-dump" });
    expect(download?.env).toContainEqual({
      name: "RESTORE_OBJECT",
      valueFrom: { configMapKeyRef: { name: "shop-dump-restore", key: "object", optional: true } },
    });
  });
});

describe("the dump's network", () => {
  const rules = async (database?: BackupsArguments["database"]) => {
    const { resources } = await create(args(database === undefined ? {} : { database }));
    const { spec } = named(resources, "backups-shop-dump-network").inputs as {
      spec: { ingress: unknown; egress: { to: unknown[]; ports: { port: number }[] }[] };
    };
    expect(spec.ingress).toEqual([]);
    return spec.egress.map(({ to, ports }) => [
      JSON.stringify(to).includes("0.0.0.0/0") ? "internet" : to.length,
      ports.map(({ port }) => port),
    ]);
  };

  it("leads to names, the database and the store", async () => {
    expect(await rules()).toEqual([
      [1, [53, 53]],
      ["internet", [5432]],
      ["internet", [443]],
    ]);
  });

  it("leads to private addresses where the database is there", async () => {
    expect(await rules({ location: "cloud", port: 25060 })).toEqual([
      [1, [53, 53]],
      [1, [25060]],
      [1, [25060]],
      [1, [25060]],
      [1, [25060]],
      ["internet", [443]],
    ]);
  });
});
