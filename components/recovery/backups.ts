import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Backup, System } from "../../systems/model";
import { Component } from "../component";
import { commonLabels } from "../labels";
import { DatabaseDump, type DatabaseDumpArguments } from "./database-dump";
import { DatabaseRestore } from "./database-restore";
import type { ObjectStore } from "../object-store/contract";
import { SpacesObjectStore } from "../object-store/spaces";
import { checkBackups, jobName, METHODS, prefix, retentionDays } from "./plan";
import type { DatabaseAccess, Scratch } from "./pod";

export interface BackupsArguments {
  readonly system: Pick<System, "id" | "backups" | "databases">;
  /** `prod`, `staging` or `dr`: recorded only, the names come from `store` and the system. */
  readonly environment: string;
  readonly namespace: pulumi.Input<string>;
  /** See `SpacesArguments`; `bucketName` is the function that makes the name. */
  readonly store: { readonly region: string; readonly bucketName: string };
  /** The Secret, in `namespace`, that holds the database's connection URL. */
  readonly databaseSecret: DatabaseAccess["secret"];
  /**
   * Where the database is, for the network policy.
   * @default { location: "internet", port: 5432 }
   */
  readonly database?: Pick<DatabaseAccess, "location" | "port">;
  /** Protects the bucket. */
  readonly production: boolean;
  /** See `DatabaseDumpArguments`. */
  readonly scratch?: Scratch;
}

/**
 * A system's backups, each by its method: a `dump` becomes a bucket, a CronJob and the job that
 * restores from it; what the `provider` or a replica keeps is only recorded.
 *
 * Needs a Kubernetes and, where there is a dump, a DigitalOcean provider.
 */
export class Backups extends Component {
  /** The CronJobs' names by backup, for alerts on `kube_cronjob_status_last_successful_time`. */
  readonly jobs: Readonly<Record<string, pulumi.Output<string>>>;
  /** Why nothing is created for a backup, by backup. */
  readonly provided: Readonly<Record<string, string>>;
  /** Absent where nothing is dumped. */
  readonly store: ObjectStore | undefined;

  constructor(name: string, args: BackupsArguments, options: pulumi.ComponentResourceOptions) {
    const { system, environment } = args;
    super("recovery:Backups", name, { system: system.id, environment }, options);
    checkBackups(name, system.backups, system.databases);

    const dumps = system.backups.filter(({ method }) => method === "dump");
    this.provided = providedReasons(system.backups);
    this.store = dumps.length === 0 ? undefined : this.createStore(args, dumps);
    this.jobs = this.store === undefined ? {} : this.createDumps(args, dumps, this.store);
    this.registerOutputs({
      jobs: this.jobs,
      provided: this.provided,
      bucket: this.store?.bucket,
      region: this.store?.region,
    });
  }

  private createStore(args: BackupsArguments, dumps: readonly Backup[]): ObjectStore {
    const days = new Map(dumps.map((backup) => [`${prefix(backup)}/`, retentionDays(backup)]));
    return new SpacesObjectStore(
      this.child("store"),
      {
        bucket: args.store.bucketName,
        region: args.store.region,
        expirations: [...days].map(([below, kept]) => ({ prefix: below, days: kept })),
        production: args.production,
      },
      { parent: this },
    );
  }

  private createDumps(
    args: BackupsArguments,
    dumps: readonly Backup[],
    store: ObjectStore,
  ): Record<string, pulumi.Output<string>> {
    const secretName = `${args.system.id}-backup-store`;
    const secret = this.createSecret(secretName, args, store);
    const below = { parent: this, dependsOn: [secret] };
    const jobs = dumps.map((backup) => {
      const shared: DatabaseDumpArguments = {
        system: args.system.id,
        namespace: args.namespace,
        backup,
        database: {
          secret: args.databaseSecret,
          ...(args.database ?? { location: "internet", port: 5432 }),
        },
        store: { store, secretName, prefix: prefix(backup) },
        ...(args.scratch === undefined ? {} : { scratch: args.scratch }),
      };
      const job = jobName(backup);
      const dump = new DatabaseDump(this.child(job), shared, below);
      new DatabaseRestore(this.child(`${job}-restore`), shared, below);
      return [backup.name, dump.cronJobName] as const;
    });
    return Object.fromEntries(jobs);
  }

  private createSecret(
    secretName: string,
    args: BackupsArguments,
    store: ObjectStore,
  ): k8s.core.v1.Secret {
    return new k8s.core.v1.Secret(
      this.child("credentials"),
      {
        metadata: {
          name: secretName,
          namespace: args.namespace,
          labels: commonLabels(args.system.id, secretName),
        },
        type: "Opaque",
        stringData: { ...store.credentials },
      },
      this.options({ dependsOn: [...store.ready] }),
    );
  }
}

/** Who makes the backups that this program does not, in the system's own words. */
function providedReasons(backups: readonly Backup[]): Record<string, string> {
  return Object.fromEntries(
    backups.flatMap(({ name, of, method, ours }) =>
      method in METHODS && METHODS[method as keyof typeof METHODS] === "provided"
        ? [
            [
              name,
              `${of} by ${method}${ours?.["method"] === undefined ? "" : `: ${ours["method"]}`}`,
            ],
          ]
        : [],
    ),
  );
}
