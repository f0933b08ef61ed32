import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Cpu, Duration, Size } from "../../systems/units";
import { commonLabels } from "../kit/labels";
import type { ObjectStore } from "../object-store/contract";

export interface CloudNativePgArguments {
  /** WARNING: another name is another, empty cluster; the first one is deleted. */
  readonly clusterName: string;
  /** WARNING: another namespace is another, empty cluster; the first one is deleted. */
  readonly namespace: string;
  readonly system: string;
  /**
   * The major version. Another one upgrades the data in place, which takes the database away meanwhile
   * and cannot be taken back; it never goes down.
   * @default "15"
   */
  readonly version?: string;
  /** One primary and standbys that follow it. */
  readonly instances: number;
  /** What the runbook demands of it. @default 1 */
  readonly leastInstances?: number;
  /** Of each instance. A change restarts one after the other, the primary last. */
  readonly resources: {
    readonly requests: { readonly cpu: Cpu; readonly memory: Size };
    readonly limits: { readonly cpu?: Cpu; readonly memory: Size };
  };
  /** Of each instance. It can grow, never shrink. */
  readonly storage: Size;
  /** Changing it moves no data: only instances created later follow it. */
  readonly storageClass: string;
  /** WARNING: of a cluster that exists, another name leaves the data in the first database. */
  readonly database: string;
  /** Owns the database, and nothing else. WARNING: another name does not take over what exists. */
  readonly owner: string;
  /**
   * Secret. A recovery region is given the primary's, for it has the primary's roles.
   * @default generated
   */
  readonly password?: pulumi.Input<string>;
  /** Another value makes another password, at once. @default "1" */
  readonly rotation?: string;
  /** PgBouncer in front, by transaction. @default false */
  readonly pooling?: boolean;
  /** To be there in the database. @default none */
  readonly extensions?: readonly string[];
  /** Of the server; some restart it. @default none */
  readonly parameters?: Readonly<Record<string, string>>;
  /** How far back it can be restored, in whole days; needs `store`. @default not at all */
  readonly pointInTimeRecovery?: Duration;
  /** What the runbook demands of it. @default a day */
  readonly leastRetention?: Duration;
  /** Where base backups and the write-ahead log go. @default nowhere */
  readonly store?: ObjectStore | undefined;
  /** Prefix below which they lie, without a slash at either end. @default "postgres" */
  readonly path?: string;
  /**
   * The name of this generation of the database below `path`. A new cluster needs one under which
   * nothing lies yet: one that is built again after a disaster takes a new name, for example with the
   * date, and the old one as `restoreFrom`. Each major version lies apart: no backup restores across.
   * @default `clusterName`
   */
  readonly archive?: string;
  /**
   * Follows another cluster's archive, read-only. Leave it out to promote it: it becomes a primary of
   * its own for good, and what the other one wrote afterwards is not in it.
   * @default a primary
   */
  readonly replicaOf?: ArchiveSource;
  /** Begins with what is in another cluster's archive; read once, when it is created. @default empty */
  readonly restoreFrom?: ArchiveSource & {
    /** Like 2026-01-31T12:40:33+00:00. */
    readonly targetTime?: string;
  };
  /** For the pods, beside the operator's own. @default none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Labels of the nodes that the pods may use. @default any node */
  readonly nodes?: Readonly<Record<string, string>>;
  /** Who may connect. */
  readonly allowFrom: readonly k8s.types.input.networking.v1.NetworkPolicyPeer[];
  readonly monitoringNamespace: string;
  /** What serves Prometheus' own kinds. @default it is not scraped */
  readonly metricsReady?: readonly pulumi.Resource[];
  readonly operatorNamespace: string;
  /** Refuses to delete or replace the cluster until it is taken back. */
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

/** Where it stores its own archive, if it keeps one. */
export function archiveOf(args: CloudNativePgArguments): ArchiveSource | undefined {
  const { store, pointInTimeRecovery, path = DEFAULT_PATH, archive = args.clusterName } = args;
  if (store === undefined || pointInTimeRecovery === undefined) return undefined;
  return { store, path, archive };
}

/** Whose archive it reads. */
export const sourceOf = (
  args: Pick<CloudNativePgArguments, "replicaOf" | "restoreFrom">,
): ArchiveSource | undefined => args.replicaOf ?? args.restoreFrom;

/** The buckets that its pods sign in at, each once. */
export function storesOf(args: CloudNativePgArguments): readonly ObjectStore[] {
  const all = [archiveOf(args), sourceOf(args)].flatMap((one) =>
    one === undefined ? [] : [one.store],
  );
  return [...new Set(all)];
}

/** Those of them for which the pods' account needs a right of its own. */
export const signedStores = (args: CloudNativePgArguments): readonly ObjectStore[] =>
  storesOf(args).filter(
    ({ credentials, grantedElsewhere }) => credentials === undefined && grantedElsewhere !== true,
  );

/** A service's full name: it resolves in every namespace. */
export const serviceHost = (service: string, namespace: string): string =>
  `${service}.${namespace}.svc.cluster.local`;

/** `metadata` of an object that belongs to the cluster. */
export const metadataOf = (
  { system, namespace, clusterName }: CloudNativePgArguments,
  suffix?: string,
): { name: string; namespace: string; labels: { readonly [label: string]: string } } => ({
  name: suffix === undefined ? clusterName : `${clusterName}-${suffix}`,
  namespace,
  labels: commonLabels(system, clusterName),
});
