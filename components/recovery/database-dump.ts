import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Backup } from "../../systems/model";
import { gib } from "../../systems/units";
import { IMAGES } from "../../versions";
import { Component, type ComponentOptions } from "../kit/component";
import { isolatedCronJob } from "./cron-job";
import { checkDump, fileFormat, jobName, schedule } from "./plan";
import { scriptContainer, scriptPod, type Scratch } from "../kit/script-pod";
import { storeEnvironment, type StoreAccess } from "../object-store/rclone";
import { databaseEnvironment, type DatabaseAccess } from "./access";
import { DUMP_SCRIPT, UPLOAD_SCRIPT } from "./scripts";

export interface DatabaseDumpArguments {
  readonly system: string;
  readonly namespace: string;
  /** Has the method `dump`. */
  readonly backup: Backup;
  readonly database: DatabaseAccess;
  readonly store: StoreAccess;
}

/** For one compressed dump, on the node's disk. */
export const SCRATCH: Scratch = { kind: "node", size: gib(2) };

/** In seconds: a dump that takes longer is stopped and counts as failed. */
const DEADLINE = 3600;

/**
 * Dumps a PostgreSQL database on schedule to an object store: one file in pg_dump's custom format,
 * or compressed SQL if the file's name ends in .sql.gz, and its SHA-256 checksum. The dump is read
 * back before the upload and again from the store, so a run succeeds only if a restorable backup
 * exists. To take one now:
 * `kubectl -n <namespace> create job <any name> --from=cronjob/<backup>`.
 */
export class DatabaseDump extends Component {
  readonly cronJobName: pulumi.Output<string>;
  /** `bucket/prefix` of the dumps. */
  readonly destination: pulumi.Output<string>;
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: DatabaseDumpArguments, options: ComponentOptions) {
    const { backup, store } = args;
    const cron = schedule(`DatabaseDump ${name}`, backup);
    super("recovery:DatabaseDump", name, { backup: backup.name, schedule: cron }, options);
    checkDump(`DatabaseDump ${name}`, backup);

    const destination = destinationOf(store);
    const { cronJob } = isolatedCronJob(
      (suffix) => this.child(suffix),
      {
        system: args.system,
        jobName: jobName(backup),
        namespace: args.namespace,
        database: args.database,
        store: args.store,
        schedule: cron,
        suspend: false,
        retries: 2,
        deadline: DEADLINE,
        pod: (account) => dumpPod(args, account, destination),
      },
      this.options(),
    );
    this.cronJobName = cronJob.metadata.name;
    this.destination = destination;
    this.ready = [cronJob];
    this.publish();
  }
}

/** `bucket/prefix`. */
export function destinationOf({ store, prefix: below }: StoreAccess): pulumi.Output<string> {
  return store.bucket.apply((bucket) => `${bucket}/${below}`);
}

function dumpPod(
  args: DatabaseDumpArguments,
  account: string,
  destination: pulumi.Output<string>,
): k8s.types.input.core.v1.PodSpec {
  return scriptPod(
    account,
    scriptContainer(
      "dump",
      IMAGES.postgresClient,
      DUMP_SCRIPT,
      [
        ...databaseEnvironment(args.database),
        { name: "FILE_FORMAT", value: fileFormat(args.backup) },
      ],
      SCRATCH,
    ),
    scriptContainer(
      "upload",
      IMAGES.rclone,
      UPLOAD_SCRIPT,
      [...storeEnvironment(args.store), { name: "DESTINATION", value: destination }],
      SCRATCH,
    ),
    SCRATCH,
  );
}
