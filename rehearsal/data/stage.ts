/** Where the cases of one backup play: its database, the store, and its jobs with the values they get here. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runContainer } from "./container";
import { fill, stateOf, witness } from "./content";
import { withValues, type DumpJobs, type Job } from "./jobs";
import { ownFolder, Postgres } from "./postgres";
import type { Ended } from "./processes";
import { ACCESS_KEY, SECRET_KEY, Store, type StoredDump } from "./store";
import type { Tools } from "./tools";

/** What a case changes for one run of a job. */
export interface Changes {
  readonly env?: Readonly<Record<string, string>>;
  /** For rclone, beside what the plan gives it. */
  readonly rclone?: Readonly<Record<string, string>>;
  /** The port of a proxy before the store, or before the database. */
  readonly storePort?: number;
  readonly scratchKib?: number;
  /** The dump to restore. */
  readonly object?: string;
}

interface TwoDumps {
  readonly older: string;
  readonly name: string;
  readonly state: readonly string[];
}

/** What the plan does not know. */
const GIVEN = {
  RCLONE_CONFIG_STORE_ACCESS_KEY_ID: ACCESS_KEY,
  RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY: SECRET_KEY,
  RCLONE_CONFIG_STORE_SSE_KMS_KEY_ID: "a-key-that-this-store-ignores",
} as const;

/** In the cluster a pod's own identity gives the keys, and a bucket's name cannot be put before an address. */
const FOR_RCLONE = {
  AWS_ACCESS_KEY_ID: ACCESS_KEY,
  AWS_SECRET_ACCESS_KEY: SECRET_KEY,
  RCLONE_CA_CERT: "/image/store.pem",
  RCLONE_CONFIG_STORE_FORCE_PATH_STYLE: "true",
  // Amazon's checksum behind the data, which this store takes for data.
  AWS_REQUEST_CHECKSUM_CALCULATION: "when_required",
} as const;

/** The variables whose values are not as in the cluster. */
export const DIFFERENT_VALUES = [
  ...["DATABASE_URL", "RCLONE_CONFIG_STORE_ENDPOINT"],
  ...[...Object.keys(GIVEN), ...Object.keys(FOR_RCLONE)],
];

export class Stage {
  private runs = 0;
  private two: TwoDumps | undefined;

  private constructor(
    readonly jobs: DumpJobs,
    readonly tools: Tools,
    readonly folder: string,
    readonly postgres: Postgres,
    readonly store: Store,
  ) {}

  static async open(jobs: DumpJobs, tools: Tools): Promise<Stage> {
    const folder = temporaryFolder();
    const postgres = await Postgres.create(tools, join(folder, "postgres"));
    const store = await Store.start(tools.rclone, join(folder, "store"));
    store.createBucket(jobs.bucket);
    await fill(postgres);
    return new Stage(jobs, tools, folder, postgres, store);
  }

  async close(): Promise<void> {
    await Promise.all([this.postgres.stop("SIGQUIT"), this.store.stop()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  dump(changes: Changes = {}): Promise<Ended> {
    return this.run(this.jobs.dump, changes);
  }

  restore(object: string, changes: Changes = {}): Promise<Ended> {
    return this.run(this.jobs.restore, { ...changes, object });
  }

  /** A successful dump's name. @throws Error with the job's log, if it fails or nothing new is listed */
  async goodDump(): Promise<string> {
    const before = this.listed().map(({ name }) => name);
    const { code, output } = await this.dump();
    const made = this.listed().find(({ name }) => !before.includes(name));
    if (code === 0 && made !== undefined) return made.name;
    throw new Error(`The dump failed: ${output.trim()}`);
  }

  /** Two good dumps of different states, and the state that the newer one holds. They are made once. */
  async twoDumps(): Promise<TwoDumps> {
    if (this.two !== undefined) return this.two;
    const older = await this.goodDump();
    await this.postgres.sql(witness("between two dumps"));
    const state = await stateOf(this.postgres);
    this.two = { older, name: await this.goodDump(), state };
    return this.two;
  }

  listed(): readonly StoredDump[] {
    return this.store.listed(this.jobs.bucket, this.jobs.prefix);
  }

  /** The name that a dump of this time gets. */
  nameAt(time: Date): string {
    const format = this.jobs.fileFormat;
    const [date = "", clock = ""] = time
      .toISOString()
      .replaceAll(/[-:]|\..*/gu, "")
      .split("T");
    return format.replace("%Y%m%d", date).replace("%H%M%S", clock);
  }

  /** Dumps that are listed and cannot be trusted. */
  spoiled(): readonly string[] {
    return this.store.spoiled(this.jobs.bucket, this.jobs.prefix);
  }

  fileOf(object: string): string {
    return this.store.file(this.jobs.bucket, `${this.jobs.prefix}/${object}`);
  }

  /** One container after the other, as in a pod; the first that fails ends it. */
  private async run(job: Job, changes: Changes): Promise<Ended> {
    const place = join(this.folder, `pod-${String((this.runs += 1))}`);
    const scratch = ownFolder(join(place, "scratch"));
    const root = join(place, "root");
    mkdirSync(root);
    const values = this.values(changes);
    const rclone = { ...FOR_RCLONE, ...changes.rclone };
    const ended = { code: 0, output: "", seconds: 0 };
    for (const container of job.containers) {
      const { tools } = this;
      const { certificate } = this.store;
      const at = {
        tools,
        certificate,
        root,
        scratch,
        scratchKib: changes.scratchKib,
      };
      const { code, output, seconds } = await runContainer(
        withValues(container, values, rclone),
        at,
      );
      ended.code = code;
      ended.output += output;
      ended.seconds += seconds;
      if (code !== 0) break;
    }
    rmSync(place, { recursive: true, force: true });
    return ended;
  }

  private values({ env, storePort, object }: Changes): Readonly<Record<string, string>> {
    return {
      ...GIVEN,
      DATABASE_URL: this.postgres.url(),
      RCLONE_CONFIG_STORE_ENDPOINT: `https://127.0.0.1:${String(storePort ?? this.store.port)}`,
      ...(object === undefined ? {} : { RESTORE_OBJECT: object }),
      ...env,
    };
  }
}

/** Readable by the servers' user; its path is short, because sockets lie in it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "runstack-data-"));
  return ownFolder(folder);
}
