import type { Settings } from "../settings";
import { bucketName } from "../settings/names";
import type { Bucket } from "../systems/model";
import type { Cluster } from "./cluster/contract";
import { Component, type ComponentOptions } from "./kit/component";
import type { Grant } from "./identity/contract";
import type { ObjectStore } from "./object-store/contract";
import type { Cloud } from "./clouds/contract";
import { retentionDays } from "./recovery/plan";
import type { Reach } from "./kit/egress";

export interface SystemBucketsArguments {
  readonly settings: Settings;
  readonly cloud: Pick<Cloud, "objectStore" | "copiesBuckets">;
  readonly cluster: Pick<Cluster, "placement">;
  /** The cluster of the services that read and write. */
  readonly namespace: string;
}

/** Buckets that a system's services write to, in the cluster's cloud, without backup buckets. */
export class SystemBuckets extends Component {
  readonly stores: Readonly<Record<string, ObjectStore>>;
  /** The permissions of each service, by its name in the system. */
  readonly grants: Readonly<Record<string, readonly Grant[]>>;
  /** The network paths that these services need. */
  readonly reach: readonly Reach[];

  constructor(name: string, args: SystemBucketsArguments, options: ComponentOptions) {
    const { settings, namespace } = args;
    super("object-store:SystemBuckets", name, { system: settings.system.id }, options);
    const wanted = bucketsOf(settings);
    this.stores = Object.fromEntries(
      wanted.map((bucket) => [bucket.name, this.createStore(bucket, args)]),
    );
    this.grants = Object.fromEntries(
      settings.system.services.map(({ name: service, workload }) => [
        service,
        Object.entries(this.stores).map(([bucket, store]) =>
          store.grant(this.child(`${bucket}-${service}`), {
            namespace,
            serviceAccount: workload,
          }),
        ),
      ]),
    );
    this.reach = Object.values(this.stores).flatMap(({ reach }) => reach);
    this.publish();
  }

  private createStore(
    bucket: Bucket,
    { settings, cloud, cluster }: SystemBucketsArguments,
  ): ObjectStore {
    const { environment, production, protect, region, system } = settings;
    const { recoveryRegion } = system.home;
    const backup = system.backups.find(({ of }) => of === bucket.name);
    const copied =
      cloud.copiesBuckets &&
      environment === "prod" &&
      recoveryRegion !== undefined &&
      recoveryRegion !== region;
    return cloud.objectStore(
      this.child(bucket.name),
      {
        placement: cluster.placement,
        ...(copied ? { replicaRegion: recoveryRegion } : {}),
      },
      {
        // Bucket names are global: production uses the runbook's name, if it is free.
        bucket:
          settings.buckets[bucket.name] ??
          bucketName(
            settings,
            environment === "prod" ? bucket.name : `${bucket.name}-${environment}`,
          ),
        region,
        expirations: [],
        versioned: bucket.versioned,
        // Its old versions are its backup.
        ...(backup === undefined ? {} : { undeleteDays: retentionDays(backup) }),
        ...(bucket.personalData === undefined ? {} : { personalData: bucket.personalData }),
        production,
        protect,
      },
      { parent: this },
    );
  }
}

/** Without the backup buckets; none on an existing cluster. Pure. */
export function bucketsOf({
  system,
  cloud,
}: Pick<Settings, "system" | "cloud">): readonly Bucket[] {
  const archives = new Set(system.backups.map(({ destination }) => destination));
  return cloud === "existing"
    ? []
    : (system.buckets ?? []).filter(({ name }) => !archives.has(name));
}
