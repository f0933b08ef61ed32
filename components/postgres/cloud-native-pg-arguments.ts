import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Cpu, Duration, Size } from "../../systems/units";
import { commonLabels } from "../kit/labels";
import type { ObjectStore } from "../object-store/contract";

export interface CloudNativePgArguments {
  /** WARNING: changing it creates a new, empty cluster; the old one is deleted. */
  readonly clusterName: string;
  /** WARNING: changing it creates a new, empty cluster; the old one is deleted. */
  readonly namespace: string;
  readonly system: string;
  /** Of the cluster; empty if its nodes have no zone label. */
  readonly zones: readonly string[];
  /**
   * The major version. An upgrade is in place, with downtime, and cannot be undone; a downgrade is
   * impossible.
   * @default "15"
   */
  readonly version?: string;
  /** One primary, and standbys that replicate it. */
  readonly instances: number;
  /** The runbook's minimum. @default 1 */
  readonly leastInstances?: number;
  /** Of each instance. A change restarts them one after the other, the primary last. */
  readonly resources: {
    readonly requests: { readonly cpu: Cpu; readonly memory: Size };
    readonly limits: { readonly cpu?: Cpu; readonly memory: Size };
  };
  /** Of each instance. It can grow, but not shrink. */
  readonly storage: Size;
  /** Changing it moves no data: only new instances use it. */
  readonly storageClass: string;
  /** WARNING: in an existing cluster, changing it leaves the data in the first database. */
  readonly database: string;
  /** Owns only the database. WARNING: another owner does not take over existing objects. */
  readonly owner: string;
  /**
   * Secret. A recovery region uses the primary's, because roles are replicated.
   * @default generated
   */
  readonly password?: pulumi.Input<string>;
  /** Changing it generates a new password, immediately. @default "1" */
  readonly rotation?: string;
  /** PgBouncer in transaction mode. @default false */
  readonly pooling?: boolean;
  /** To be created in the database. @default none */
  readonly extensions?: readonly string[];
  /** Server settings; some of them restart it. @default none */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Recovery window in whole days; needs `store`. @default none */
  readonly pointInTimeRecovery?: Duration;
  /** The runbook's minimum. @default a day */
  readonly leastRetention?: Duration;
  /** The bucket for base backups and the write-ahead log. @default none */
  readonly store?: ObjectStore | undefined;
  /** Prefix in the bucket, without a slash at either end. @default "postgres" */
  readonly path?: string;
  /**
   * The name of this incarnation's archive below `path`. A new cluster needs an unused name, or it becomes
   * ready and archives nothing: after a disaster raise `incarnation`, and set the old archive as
   * `restoreFrom`. Each major version has its own archive: a backup cannot be restored to another one.
   * @default `clusterName`
   */
  readonly archive?: string;
  /**
   * Which build of the database this is. WARNING: changing it replaces the cluster and its data, since a
   * running cluster with another archive would have no base backup in it.
   * @default 1
   */
  readonly incarnation?: number;
  /**
   * Replicates another cluster's archive, read-only. Remove it to promote the cluster: it
   * permanently becomes an independent primary, without what the other one writes afterwards.
   * @default a primary
   */
  readonly replicaOf?: ArchiveSource;
  /** Starts with the data of another cluster's archive; used only at creation. @default empty */
  readonly restoreFrom?: ArchiveSource & {
    /** Such as 2026-01-31T12:40:33+00:00. */
    readonly targetTime?: string;
  };
  /** For the pods, besides the operator's own. @default none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Labels of the nodes that the pods may run on. @default any node */
  readonly nodes?: Readonly<Record<string, string>>;
  /** Who may connect. */
  readonly allowFrom: readonly k8s.types.input.networking.v1.NetworkPolicyPeer[];
  readonly monitoringNamespace: string;
  /** The chart that installs the Prometheus operator's CRDs. @default no metrics are scraped */
  readonly metricsReady?: readonly pulumi.Resource[];
  readonly operatorNamespace: string;
  /** Prevents the cluster from being deleted or replaced. */
  readonly protect: boolean;
}

/** Where a cluster of the same major version keeps its base backups and write-ahead log. */
export interface ArchiveSource {
  readonly store: ObjectStore;
  /** @default "postgres" */
  readonly path?: string;
  readonly archive: string;
}

export const DEFAULT_VERSION = "15";
export const DEFAULT_PATH = "postgres";

export const versionOf = ({ version = DEFAULT_VERSION }: CloudNativePgArguments) => version;

/** Its own archive, if it has one. */
export function archiveOf(args: CloudNativePgArguments): ArchiveSource | undefined {
  const { store, pointInTimeRecovery, path = DEFAULT_PATH, archive = args.clusterName } = args;
  if (store === undefined || pointInTimeRecovery === undefined) return undefined;
  return { store, path, archive };
}

/** The archive that it reads. */
export const sourceOf = (
  args: Pick<CloudNativePgArguments, "replicaOf" | "restoreFrom">,
): ArchiveSource | undefined => args.replicaOf ?? args.restoreFrom;

/** The buckets that its pods use, each one once. */
export function storesOf(args: CloudNativePgArguments): readonly ObjectStore[] {
  const all = [archiveOf(args), sourceOf(args)].flatMap((one) =>
    one === undefined ? [] : [one.store],
  );
  return [...new Set(all)];
}

/** Those for which the pods' account needs a cloud permission. */
export const signedStores = (args: CloudNativePgArguments): readonly ObjectStore[] =>
  storesOf(args).filter(
    ({ credentials, grantedElsewhere }) => credentials === undefined && grantedElsewhere !== true,
  );

/** A service's full name, which resolves in every namespace. */
export const serviceHost = (service: string, namespace: string): string =>
  `${service}.${namespace}.svc.cluster.local`;

/** Labels of what another incarnation replaces. */
export const incarnationLabels = ({
  incarnation = 1,
}: Pick<CloudNativePgArguments, "incarnation">): Readonly<Record<string, string>> =>
  incarnation === 1 ? {} : { incarnation: String(incarnation) };

/** Objects keep their names, so the old one goes first. */
export const REPLACED_BY_INCARNATION = {
  replaceOnChanges: ["metadata.labels.incarnation"],
  deleteBeforeReplace: true,
};

/** `metadata` of an object that belongs to the cluster. */
export const metadataOf = (
  { system, namespace, clusterName }: CloudNativePgArguments,
  suffix?: string,
): { name: string; namespace: string; labels: { readonly [label: string]: string } } => ({
  name: suffix === undefined ? clusterName : `${clusterName}-${suffix}`,
  namespace,
  labels: commonLabels(system, clusterName),
});
