/**
 * The WAL archive of a Postgres in the cluster: what CloudNativePG's plugin runs for an instance, with the object store and
 * the server name of the plan (cloudnative-pg/barman-cloud, pkg/command and pkg/backup).
 */
import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PlannedResource, PlanObject } from "../../offline/plan";
import { listAt, objectAt, text } from "./plan-values";
import { ownFolder, Postgres } from "./postgres";
import { must, run, type Ended } from "./processes";
import { ACCESS_KEY, SECRET_KEY, type Store } from "./store";
import type { Tools } from "./tools";

/** What a plan says of the archive. */
export interface Archive {
  readonly database: string;
  /** `s3://bucket/prefix`. */
  readonly destination: string;
  readonly serverName: string;
  readonly compression: string;
  readonly jobs: string;
  /** Such as `180s`: the longest time until a write is in the archive. */
  readonly timeout: string;
}

const CLUSTER = "kubernetes:postgresql.cnpg.io/v1:Cluster";
const OBJECT_STORE = "kubernetes:barmancloud.cnpg.io/v1:ObjectStore";

/** Of each database that archives its WAL in the bucket. */
export function archivesOf(resources: readonly PlannedResource[]): readonly Archive[] {
  const named = (type: string): readonly PlanObject[] =>
    resources.filter((one) => one.type === type).map(({ inputs }) => inputs);
  const nameOf = (object: PlanObject): string => text(objectAt(object, "metadata")["name"]) ?? "";
  return named(CLUSTER).flatMap((cluster) => {
    const spec = objectAt(cluster, "spec");
    const archiver = listAt(spec, "plugins").find((one) => one["isWALArchiver"] === true);
    const parameters = objectAt(archiver ?? {}, "parameters");
    const store = named(OBJECT_STORE).find((one) => nameOf(one) === parameters["barmanObjectName"]);
    const configuration = ["spec", "configuration"].reduce(objectAt, store ?? {});
    const data = objectAt(configuration, "data");
    const destination = text(configuration["destinationPath"]);
    const serverName = text(parameters["serverName"]);
    if (destination === undefined || serverName === undefined) return [];
    const settings = ["postgresql", "parameters"].reduce(objectAt, spec);
    return [
      {
        ...{ database: nameOf(cluster), destination, serverName },
        compression: text(data["compression"]) ?? "gzip",
        jobs: typeof data["jobs"] === "number" ? String(data["jobs"]) : "2",
        timeout: text(settings["archive_timeout"]) ?? "300s",
      },
    ];
  });
}

const S3 = ["--cloud-provider", "aws-s3"];

/** The instances of one archive, and the commands that the plugin runs for them. */
export class Archiver {
  private readonly env: Readonly<Record<string, string>>;

  constructor(
    private readonly archive: Archive,
    private readonly tools: Tools,
    private readonly folder: string,
    store: Store,
  ) {
    store.createBucket(archive.destination.replace("s3://", "").split("/")[0] ?? "");
    this.env = {
      PATH: process.env["PATH"] ?? "",
      AWS_ACCESS_KEY_ID: ACCESS_KEY,
      AWS_SECRET_ACCESS_KEY: SECRET_KEY,
      AWS_DEFAULT_REGION: "us-east-1",
      // As for rclone: this store takes the checksum behind the data for data.
      AWS_REQUEST_CHECKSUM_CALCULATION: "when_required",
      AWS_CA_BUNDLE: store.certificate,
      AWS_ENDPOINT_URL_S3: `https://127.0.0.1:${String(store.port)}`,
      TMPDIR: ownFolder(folder),
    };
  }

  /** A new, empty instance that archives under the server name. */
  async create(name: string, serverName: string): Promise<Postgres> {
    const folder = ownFolder(join(this.folder, name));
    return Postgres.create(this.tools, folder, this.settings(folder, serverName), this.env);
  }

  /**
   * An instance from the newest base backup of a server name, and from its WAL until `time` or its end.
   *
   * @param into the server name that it archives under from then on
   */
  async recover(name: string, from: string, into: string, time?: string): Promise<Postgres> {
    const folder = ownFolder(join(this.folder, name));
    const data = ownFolder(join(folder, "data"));
    const { destination } = this.archive;
    const backups = await this.barman("backup-list", ["--format", "json"], from);
    const [id = ""] = [...backups.output.matchAll(/"backup_id": "(\w+)"/gu)]
      .map((match) => match[1] ?? "")
      .sort()
      .reverse();
    await this.must("restore", S3, destination, from, id, data);
    const fetch = script(folder, "fetch.sh", [
      `exec ${this.program("wal-restore")} ${[...S3, destination, from].join(" ")} "$1" "$2"`,
    ]);
    rmSync(join(data, "backup_label.old"), { force: true });
    await must(["touch", join(data, "recovery.signal")], { unprivileged: true });
    const postgres = await Postgres.on(
      this.tools,
      data,
      [
        ...this.settings(folder, into),
        `restore_command = '${fetch} %f %p'`,
        ...(time === undefined ? [] : [`recovery_target_time = '${time}'`]),
        "recovery_target_action = 'promote'",
      ],
      this.env,
    );
    // It takes queries before it is promoted.
    await until(async () => (await postgres.admin("SELECT pg_is_in_recovery()")).trim() === "f");
    return postgres;
  }

  async baseBackup(postgres: Postgres, serverName: string): Promise<Ended> {
    const { compression, jobs, destination } = this.archive;
    const options = [
      "-U",
      "postgres",
      "-n",
      "rehearsal",
      `--${compression}`,
      "--jobs",
      jobs,
      ...S3,
    ];
    // The backup waits for a checkpoint, which takes minutes if there is something to write.
    await postgres.admin("CHECKPOINT");
    const env = { PGHOST: join(postgres.data, ".."), PGPORT: String(postgres.port) };
    return run([this.program("backup"), ...options, destination, serverName], {
      env: { ...this.env, ...env },
      unprivileged: true,
    });
  }

  /** What the plugin asks before the first WAL of an instance is archived. */
  check(serverName: string): Promise<Ended> {
    return this.barman("check-wal-archive", [], serverName);
  }

  /** Ends a WAL file and waits until it is in the archive. @returns false if it does not get there */
  async archived(postgres: Postgres): Promise<boolean> {
    const file = (await postgres.admin("SELECT pg_walfile_name(pg_switch_wal())")).trim();
    const last = "SELECT coalesce(last_archived_wal, '') FROM pg_stat_archiver";
    return until(async () => (await postgres.admin(last)).trim() >= file);
  }

  private settings(folder: string, serverName: string): readonly string[] {
    const { compression, destination, timeout } = this.archive;
    const archive = [...S3, destination, serverName].join(" ");
    const flag = join(folder, "check-empty-wal-archive");
    const command = script(folder, "archive.sh", [
      `if [ -e ${flag} ]; then ${this.program("check-wal-archive")} ${archive} || exit 1; fi`,
      `${this.program("wal-archive")} --${compression} ${archive} "$1" && rm -f ${flag}`,
    ]);
    writeFileSync(flag, "");
    return [
      ...["archive_mode = on", `archive_command = '${command} %p'`],
      `archive_timeout = '${timeout}'`,
    ];
  }

  private program(name: string): string {
    return join(this.tools.barman ?? "", `barman-cloud-${name}`);
  }

  private barman(name: string, options: readonly string[], serverName: string): Promise<Ended> {
    const command = [this.program(name), ...S3, ...options, this.archive.destination, serverName];
    return run(command, { env: this.env, unprivileged: true });
  }

  private must(name: string, ...args: readonly (string | readonly string[])[]): Promise<string> {
    return must([this.program(name), ...args.flat()], { env: this.env, unprivileged: true });
  }
}

function script(folder: string, name: string, lines: readonly string[]): string {
  const file = join(folder, name);
  writeFileSync(file, ["#!/bin/sh", ...lines, ""].join("\n"));
  chmodSync(file, 0o755);
  return file;
}

/** Half a minute. @returns false if it does not become so */
async function until(holds: () => Promise<boolean>): Promise<boolean> {
  for (let tries = 0; tries < 60; tries += 1) {
    if (await holds()) return true;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return false;
}
