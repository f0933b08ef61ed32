import * as k8s from "@pulumi/kubernetes";
import * as random from "@pulumi/random";
import * as pulumi from "@pulumi/pulumi";
import type { Cpu, Duration, Size } from "../../systems/units";
import { commonLabels } from "../labels";
import type { ObjectStore } from "../object-store/contract";
import type { Part } from "../observability/part";

/** What every operator of PostgreSQL is told, in no operator's words. */
export interface InClusterPostgresArguments {
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
  /** Of base backups, in UTC: minute, hour, day, month, weekday. @default "15 1 * * *" */
  readonly schedule?: string;
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

/**
 * Base backups and the write-ahead log of a cluster of the same major version, as that one was told to
 * store them. Neither operator reads what the other one wrote.
 */
export interface ArchiveSource {
  readonly store: ObjectStore;
  /** @default "postgres" */
  readonly path?: string;
  readonly archive: string;
}

export const DEFAULT_VERSION = "15";
export const DEFAULT_SCHEDULE = "15 1 * * *";
export const DEFAULT_PATH = "postgres";
/** Survives a node. */
export const POOLER_INSTANCES = 2;
/** PostgreSQL's own default of `max_connections`. */
const MAX_CONNECTIONS = 100;

export const versionOf = ({ version = DEFAULT_VERSION }: InClusterPostgresArguments) => version;

/** Where it stores its own archive, if it keeps one. */
export function archiveOf(args: InClusterPostgresArguments): ArchiveSource | undefined {
  const { store, pointInTimeRecovery, path = DEFAULT_PATH, archive = args.clusterName } = args;
  if (store === undefined || pointInTimeRecovery === undefined) return undefined;
  return { store, path, archive };
}

/** Whose archive it reads. */
export const sourceOf = (
  args: Pick<InClusterPostgresArguments, "replicaOf" | "restoreFrom">,
): ArchiveSource | undefined => args.replicaOf ?? args.restoreFrom;

/** The buckets that its pods sign in at, each once. */
export function storesOf(args: InClusterPostgresArguments): readonly ObjectStore[] {
  const all = [archiveOf(args), sourceOf(args)].flatMap((one) =>
    one === undefined ? [] : [one.store],
  );
  return [...new Set(all)];
}

/** Those of them for which the pods' account needs a right of its own. */
export const signedStores = (args: InClusterPostgresArguments): readonly ObjectStore[] =>
  storesOf(args).filter(
    ({ credentials, grantedElsewhere }) => credentials === undefined && grantedElsewhere !== true,
  );

/** A service's full name: it resolves in every namespace. */
export const serviceHost = (service: string, namespace: string): string =>
  `${service}.${namespace}.svc.cluster.local`;

/**
 * What PostgreSQL is told unless somebody says otherwise: a quarter of the memory as shared buffers,
 * its manual's own advice (PostgreSQL, "Resource Consumption").
 */
export function serverParameters(
  { resources, parameters = {} }: Pick<InClusterPostgresArguments, "resources" | "parameters">,
  more: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const quarter = Math.floor(resources.requests.memory.bytes / 4 / 1024 ** 2);
  return { shared_buffers: `${String(quarter)}MB`, ...more, ...parameters };
}

/**
 * Server connections that each pooler may hold: all poolers together leave a fifth of them to dumps,
 * migrations, measurements and the operator.
 */
export function poolSize({ parameters = {} }: Pick<InClusterPostgresArguments, "parameters">) {
  const connections = Number(parameters["max_connections"] ?? MAX_CONNECTIONS);
  return Math.floor((connections * 0.8) / POOLER_INSTANCES);
}

/** Letters and digits alone, which every URL and file takes as they are. */
export function ownerPassword(
  part: Part,
  { password, rotation = "1" }: Pick<InClusterPostgresArguments, "password" | "rotation">,
): pulumi.Output<string> {
  if (password !== undefined) return pulumi.secret(password);
  const generated = new random.RandomPassword(
    part.child("password"),
    {
      length: 48,
      special: false,
      minLower: 1,
      minUpper: 1,
      minNumeric: 1,
      keepers: { rotation },
    },
    part.options(),
  );
  return pulumi.secret(generated.result);
}

/** `metadata` of an object that belongs to the cluster. */
export const metadataOf = (
  { system, namespace, clusterName }: InClusterPostgresArguments,
  suffix?: string,
): { name: string; namespace: string; labels: { readonly [label: string]: string } } => ({
  name: suffix === undefined ? clusterName : `${clusterName}-${suffix}`,
  namespace,
  labels: commonLabels(system, clusterName),
});

/** Over zones, then over hosts, as far as there are any. */
export const spreadOver = (
  labels: Readonly<Record<string, string>>,
): k8s.types.input.core.v1.TopologySpreadConstraint[] =>
  ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: { ...labels } },
  }));

/** Neither operator brings one for its poolers. */
export function poolerBudget(
  part: Part,
  args: InClusterPostgresArguments,
  labels: Readonly<Record<string, string>>,
): k8s.policy.v1.PodDisruptionBudget {
  return new k8s.policy.v1.PodDisruptionBudget(
    part.child("pooler-budget"),
    {
      metadata: metadataOf(args, "pooler"),
      spec: {
        maxUnavailable: 1,
        selector: { matchLabels: { ...labels } },
        unhealthyPodEvictionPolicy: "AlwaysAllow",
      },
    },
    part.options(),
  );
}
