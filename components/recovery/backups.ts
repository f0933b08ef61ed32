import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Backup, System } from "../../systems/model";
import { unwatched } from "../../systems/reading";
import { Component, type ComponentOptions } from "../kit/component";
import { commonLabels } from "../kit/labels";
import type { ObjectStore } from "../object-store/contract";
import { DatabaseDump, type DatabaseDumpArguments } from "./database-dump";
import { DatabaseRestore } from "./database-restore";
import { checkBackups, dumpsOf, jobName, prefix } from "./plan";
import type { DatabaseAccess } from "./access";

export interface BackupsArguments {
  readonly system: Pick<System, "id" | "backups">;
  /** `prod`, `staging` or `dr`: only recorded, because names come from `store` and the system. */
  readonly environment: string;
  readonly namespace: string;
  /** The bucket; its creator has configured the lifetimes in `expirations`. */
  readonly store: ObjectStore;
  /** The connection to each database, by its name in the system. */
  readonly databases: Readonly<Record<string, DatabaseAccess>>;
}

/**
 * A system's backups of the method `dump`: a bucket, and for each backup a CronJob and a restore job. For a backup of
 * another method nothing is created here.
 */
export class Backups extends Component {
  /** The CronJobs' names by backup, for alerts on `kube_cronjob_status_last_successful_time`. */
  readonly jobs: Readonly<Record<string, pulumi.Output<string>>>;
  readonly store: ObjectStore;
  /** The CronJobs. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: BackupsArguments, options: ComponentOptions) {
    const { system, environment } = args;
    super("recovery:Backups", name, { system: system.id, environment }, options);
    checkBackups(name, unwatched(system).backups, Object.keys(args.databases));

    const dumps = dumpsOf(system.backups);
    this.store = args.store;
    const created = this.createDumps(args, dumps);
    this.jobs = Object.fromEntries(created.map(([name, { cronJobName }]) => [name, cronJobName]));
    this.ready = created.flatMap(([, { ready }]) => ready);
    this.publish();
  }

  private createDumps(
    args: BackupsArguments,
    dumps: readonly Backup[],
  ): readonly (readonly [backup: string, DatabaseDump])[] {
    const { store } = args;
    if (dumps.length === 0) return [];
    const secretName = `${args.system.id}-backup-store`;
    const secret = this.createSecret(secretName, args);
    const below = { parent: this, dependsOn: [...store.ready, ...secret] };
    const access = { store, secretName: secret.length === 0 ? undefined : secretName };
    return dumps.flatMap((backup) => {
      const database = args.databases[backup.of];
      if (database === undefined) return [];
      const shared: DatabaseDumpArguments = {
        system: args.system.id,
        namespace: args.namespace,
        backup,
        database,
        store: { ...access, prefix: prefix(backup) },
      };
      const job = jobName(backup);
      const dump = new DatabaseDump(this.child(job), shared, below);
      new DatabaseRestore(this.child(`${job}-restore`), shared, below);
      return [[backup.name, dump] as const];
    });
  }

  /** None if pods use their own identity for the store. */
  private createSecret(secretName: string, args: BackupsArguments): readonly k8s.core.v1.Secret[] {
    const { store } = args;
    if (store.credentials === undefined) return [];
    return [
      new k8s.core.v1.Secret(
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
      ),
    ];
  }
}
