import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { cores, gib, millicores, type Cpu, type Size } from "../../systems/units";
import { QDRANT } from "../../versions";
import { ComponentError } from "../kit/component";
import type { ObjectStore } from "../object-store/contract";

export interface QdrantArguments {
  readonly system: string;
  /** WARNING: another namespace is another, empty store; the first one is deleted. */
  readonly namespace: string;
  /**
   * Of the Service and the pods. WARNING: another name is another, empty store; the first one is
   * deleted.
   * @default "qdrant"
   */
  readonly objectName?: string;
  /**
   * Raised by one minor version at a time: each one reads what the one before it wrote, and no older
   * one reads it afterwards (Qdrant, "Upgrading").
   * @default "1.7.0"
   */
  readonly version?: string;
  /**
   * One, or three and more that agree among themselves. Each holds what clients put there: a
   * collection survives a pod only if it was created with a replication factor. Shards must be moved
   * off a pod before its number goes down.
   * @default 1
   */
  readonly replicas?: number;
  /** Of each pod. It grows in place where the class allows, and never shrinks: Kubernetes refuses it. */
  readonly storage: Size;
  /** WARNING: another class replaces the volumes, and what they hold. */
  readonly storageClass: string;
  /**
   * Of each pod, for snapshots: while one is made, the largest collection lies there up to three
   * times. On a volume of its own, so that a snapshot never fills the data's.
   * @default as much as `storage`
   */
  readonly snapshotStorage?: Size;
  /** @default half a core and 2Gi, at most 2 cores and 4Gi */
  readonly resources?: {
    readonly requests: { readonly cpu: Cpu; readonly memory: Size };
    readonly limits: { readonly cpu?: Cpu; readonly memory: Size };
  };
  /** Labels of the nodes it runs on; empty for any. */
  readonly nodes: Readonly<Record<string, string>>;
  /**
   * A second key that only reads, with which Prometheus scrapes too.
   * @default true
   */
  readonly readOnlyApiKey?: boolean;
  /** Another text makes new keys and restarts the pods. @default "1" */
  readonly rotation?: string;
  /**
   * Certificates from an authority of its own, made by cert-manager, whose chart is `certManager`.
   * Undefined is plain text, keys included: for a network that encrypts by itself.
   */
  readonly tls: { readonly certManager: readonly pulumi.Resource[] } | undefined;
  readonly monitoring: {
    readonly namespace: string;
    /** What serves Prometheus' own kinds. */
    readonly ready: readonly pulumi.Resource[];
  };
  /** Who may connect, beside the monitoring and its own pods. */
  readonly allowFrom: readonly k8s.types.input.networking.v1.NetworkPolicyPeer[];
  /** @default daily, two kept on the volume */
  readonly snapshots?: SnapshotArguments;
  /** Of the volumes: taking them away needs a change of this first. */
  readonly protect: boolean;
}

export interface SnapshotArguments {
  /** In UTC: minute, hour, day, month, weekday. @default "30 2 * * *" */
  readonly schedule?: string;
  /**
   * Where each snapshot is copied to, checked by its sum, and then removed from the volume. How long
   * it stays there is the bucket's own rule.
   * @default nowhere: they stay on the volume
   */
  readonly store?: ObjectStore | undefined;
  /** Below which they lie, without a slash at either end. @default the object's name */
  readonly prefix?: string;
  /** Of each collection on the volume, where there is no store; those made by hand count too. @default 2 */
  readonly keep?: number;
  /** In seconds: what takes longer is stopped and counts as failed. @default 7200 */
  readonly deadline?: number;
}

export const PORTS = { http: 6333, grpc: 6334, peers: 6335 } as const;

/** Names in the cluster that several files need. */
export function names({
  objectName = "qdrant",
  namespace,
}: Pick<QdrantArguments, "objectName" | "namespace">) {
  const peers = `${objectName}-peers`;
  return {
    object: objectName,
    host: `${objectName}.${namespace}.svc.cluster.local`,
    /** The headless Service, below which each pod has its own name. */
    peers,
    peerDomain: `${peers}.${namespace}.svc.cluster.local`,
    keys: `${objectName}-api-keys`,
    certificate: `${objectName}-tls`,
    snapshots: `${objectName}-snapshots`,
    restore: `${objectName}-restore`,
  };
}

/** What selects its pods, and never changes. */
export const selector = (args: Pick<QdrantArguments, "objectName" | "namespace">) => ({
  "app.kubernetes.io/name": "qdrant",
  "app.kubernetes.io/instance": names(args).object,
});

/** Absent arguments filled in. */
export function filled(args: QdrantArguments) {
  return {
    version: args.version ?? QDRANT.version,
    replicas: args.replicas ?? 1,
    snapshotStorage: args.snapshotStorage ?? args.storage,
    resources: args.resources ?? {
      requests: { cpu: millicores(500), memory: gib(2) },
      limits: { cpu: cores(2), memory: gib(4) },
    },
    readOnlyApiKey: args.readOnlyApiKey ?? true,
    rotation: args.rotation ?? "1",
  };
}

const NAME = /^[a-z]([a-z0-9-]{0,46}[a-z0-9])?$/;
const VERSION = /^(\d+)\.(\d+)\.(\d+)$/;

/** Compares versions by their numbers; undefined for what is none. */
export function atLeast(version: string, least: readonly [number, number, number]): boolean {
  const parts = VERSION.exec(version)?.slice(1).map(Number);
  if (parts === undefined) return false;
  for (const [index, part] of parts.entries()) {
    const bound = least[index] ?? 0;
    if (part !== bound) return part > bound;
  }
  return true;
}

/** What Kubernetes or Qdrant would refuse, or worse, would not. Pure. */
export function checkQdrant(name: string, args: QdrantArguments): void {
  const { object } = names(args);
  const { version, replicas, snapshotStorage } = filled(args);
  const { schedule, keep = 2, deadline = 7200, prefix } = args.snapshots ?? {};
  const whole = (n: number, least: number) => Number.isInteger(n) && n >= least;
  const rules: readonly (readonly [boolean, string, string, string, string])[] = [
    [
      NAME.test(object),
      "objectName",
      `"${object}"`,
      "1 to 48 lower-case letters, digits and hyphens, beginning with a letter",
      "The names of its pods and jobs are made from it.",
    ],
    [
      atLeast(version, [1, 7, 0]),
      "version",
      `"${version}"`,
      "three numbers, 1.7.0 or later",
      "Older ones know no key that only reads.",
    ],
    [
      replicas === 1 || (whole(replicas, 3) && replicas % 2 === 1),
      "replicas",
      String(replicas),
      "1 or an odd number from 3",
      "Of an even number, one half cannot outvote the other.",
    ],
    ...(["storage", "snapshotStorage"] as const).map((key) => {
      const size = key === "storage" ? args.storage : snapshotStorage;
      return [
        whole(size.bytes, gib(1).bytes),
        key,
        `${String(size.bytes)} bytes`,
        "1 GiB or more",
        "Volumes grow by configuration, and never shrink.",
      ] as const;
    }),
    [
      schedule === undefined || /^\S+( \S+){4}$/.test(schedule),
      "snapshots.schedule",
      `"${schedule ?? ""}"`,
      "five fields of cron",
      "Minute, hour, day, month and weekday, in UTC.",
    ],
    [whole(keep, 1), "snapshots.keep", String(keep), "1 or more", "None is no snapshot."],
    [
      whole(deadline, 60),
      "snapshots.deadline",
      String(deadline),
      "60 seconds or more",
      "A day's data must fit into it.",
    ],
    [
      prefix === undefined || /^[^/]+(\/[^/]+)*$/.test(prefix),
      "snapshots.prefix",
      `"${prefix ?? ""}"`,
      "without a slash at either end",
      "Each snapshot gets a folder below it.",
    ],
  ];
  for (const [holds, key, value, allowed, next] of rules) {
    if (!holds) throw new ComponentError(`Qdrant ${name}`, key, value, allowed, next);
  }
}
