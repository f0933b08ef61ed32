import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { IMAGES } from "../../versions";
import { Component, type ComponentOptions } from "../kit/component";
import { isolatedCronJob } from "./cron-job";
import { destinationOf, SCRATCH, type DatabaseDumpArguments } from "./database-dump";
import { checkDump, jobName } from "./plan";
import { scriptContainer, scriptPod } from "../kit/script-pod";
import { storeEnvironment } from "../object-store/rclone";
import { databaseEnvironment } from "./access";
import { DOWNLOAD_SCRIPT, RESTORE_SCRIPT } from "./scripts";

/** In seconds: a restore that takes longer is stopped, and the database stays unchanged. */
const DEADLINE = 7200;

/**
 * Restores a dump: a suspended CronJob `<backup>-restore`, started by hand with the dump's name.
 *
 * ```sh
 * kubectl -n <namespace> create configmap <backup>-restore --from-literal=object=<file name>
 * kubectl -n <namespace> create job <any name> --from=cronjob/<backup>-restore
 * kubectl -n <namespace> delete configmap <backup>-restore
 * ```
 *
 * The ConfigMap becomes RESTORE_OBJECT; without it the job fails and lists the available dumps. The
 * restore drops and recreates everything in the dump in one transaction. It is never retried
 * automatically. Stop the writers first, because they would lock the tables.
 */
export class DatabaseRestore extends Component {
  readonly cronJobName: pulumi.Output<string>;
  /** The ConfigMap with the name of the dump, in its key `object`. */
  readonly requestName: string;

  constructor(name: string, args: DatabaseDumpArguments, options: ComponentOptions) {
    const restore = `${jobName(args.backup)}-restore`;
    super("recovery:DatabaseRestore", name, { backup: args.backup.name }, options);
    checkDump(`DatabaseRestore ${name}`, args.backup);

    const { cronJob } = isolatedCronJob(
      (suffix) => this.child(suffix),
      {
        system: args.system,
        jobName: restore,
        namespace: args.namespace,
        database: args.database,
        store: args.store,
        // Never used: the CronJob is suspended.
        schedule: "0 0 1 1 *",
        suspend: true,
        retries: 0,
        deadline: DEADLINE,
        pod: (account) => restorePod(args, restore, account),
      },
      this.options(),
    );
    this.cronJobName = cronJob.metadata.name;
    this.requestName = restore;
    this.publish();
  }
}

function restorePod(
  args: DatabaseDumpArguments,
  request: string,
  account: string,
): k8s.types.input.core.v1.PodSpec {
  return scriptPod(
    account,
    scriptContainer(
      "download",
      IMAGES.rclone,
      DOWNLOAD_SCRIPT,
      [
        ...storeEnvironment(args.store),
        { name: "SOURCE", value: destinationOf(args.store) },
        {
          name: "RESTORE_OBJECT",
          valueFrom: { configMapKeyRef: { name: request, key: "object", optional: true } },
        },
      ],
      SCRATCH,
    ),
    scriptContainer(
      "restore",
      IMAGES.postgresClient,
      RESTORE_SCRIPT,
      databaseEnvironment(args.database),
      SCRATCH,
    ),
    SCRATCH,
  );
}
