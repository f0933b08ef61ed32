import { describe, expect, it } from "vitest";
import type { Backup } from "../../systems/model";
import { toDns, toInternet, toNetwork } from "../kit/network-rules";
import type { Reach } from "../kit/egress";
import { named, refusal, register, valueOf } from "../kit/testing";
import { Backups } from "./backups";
import { args, create, dump, elsewhere, history } from "./backups-testing";

describe("Backups", () => {
  it("creates the Secret with the bucket's key, the dump and the restore", async () => {
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
    expect(named(resources, "backups-credentials").inputs).toMatchObject({
      metadata: { name: "shop-backup-store", namespace: "shop-ns" },
      stringData: {
        $secret: { accessKey: "key-id", secretKey: "key-secret" },
      },
    });
  });

  it("returns its jobs", async () => {
    const { result } = await create(args());
    expect(Object.keys(result.jobs)).toEqual(["shop-dump"]);
    expect(await valueOf(result.jobs["shop-dump"] ?? expect.fail("no job"))).toBe("shop-dump");
  });

  it("creates nothing if everything is provided", async () => {
    const { result, resources } = await create(args({}, history));
    expect(await valueOf(result.urn)).toMatch(/runstack:recovery:Backups::backups$/);
    expect(resources.map(({ name }) => name)).toEqual([
      "backups-store-bucket",
      "backups-store-key",
    ]);
  });

  it("creates nothing for a backup of another method", async () => {
    const manifests: Backup = {
      ...dump,
      name: "objects",
      of: "configuration",
      method: "manifests",
    };
    const { result, resources } = await create(args({}, dump, manifests));
    expect(Object.keys(result.jobs)).toEqual(["shop-dump"]);
    expect(resources).toHaveLength(9);
  });

  it("dumps several databases, each with its own connection", async () => {
    const crm: Backup = { ...dump, name: "crm-dump", of: "crm" };
    const { databases } = args();
    const { resources } = await create(
      args(
        {
          databases: {
            ...databases,
            crm: {
              secret: { name: "crm-secrets", key: "uri" },
              reach: [{ kind: "pods", namespace: "data", labels: { app: "pg" }, ports: [5433] }],
            },
          },
        },
        dump,
        crm,
      ),
    );
    const text = JSON.stringify(named(resources, "backups-crm-dump-job").inputs);
    expect(text).toContain('{"key":"uri","name":"crm-secrets"}');
    expect(text).not.toContain("shop-secrets");
    const network = JSON.stringify(named(resources, "backups-crm-dump-network").inputs);
    expect(network).toContain("5433");
    expect(network).not.toContain("5432");
  });

  it("refuses a dump of an unknown database before it creates anything", async () => {
    const { result, resources } = await register((options) =>
      refusal(
        () =>
          new Backups(
            "b",
            { ...args({}, { ...dump, of: "crm" }), store: elsewhere(options) },
            options,
          ),
      ),
    );
    expect(result).toBe(
      'Backups b, backup shop-dump: of is "crm", but must be a database: shop. Only a database can be dumped.',
    );
    expect(resources).toEqual([]);
  });
});

describe("the dump's CronJob", () => {
  const specOf = async (over: Parameters<typeof args>[0] = {}, name = "backups-shop-dump-job") => {
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

  it("has a restore that waits for a name and is never retried", async () => {
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
  const rules = async (reach?: readonly Reach[]) => {
    const shop = { secret: { name: "s", key: "k" }, reach: reach ?? [] };
    const { resources } = await create(args(reach === undefined ? {} : { databases: { shop } }));
    const { spec } = named(resources, "backups-shop-dump-network").inputs as {
      spec: { ingress: unknown; egress: unknown[] };
    };
    expect(spec.ingress).toEqual([]);
    return spec.egress;
  };

  it("allows DNS, the database and the store", async () => {
    expect(await rules()).toEqual([toDns(), toInternet(5432), toInternet(443)]);
  });

  it("allows exactly the database's network paths", async () => {
    expect(
      await rules([
        { kind: "network", cidr: "10.7.0.0/20", firstPort: 25060, lastPort: 25061 },
        { kind: "internet", port: 6432 },
      ]),
    ).toEqual([toDns(), toNetwork("10.7.0.0/20", 25060, 25061), toInternet(6432), toInternet(443)]);
  });
});
