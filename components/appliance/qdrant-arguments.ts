import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { gib, type Size } from "../../systems/units";
import { QDRANT } from "../../versions";
import { enforce, quoted, type Rule } from "../kit/validation";
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
  /**
   * Of each pod, and as much again for snapshots: while one is made, the largest collection lies there up
   * to three times. It grows in place where the class allows, and never shrinks: Kubernetes refuses it.
   */
  readonly storage: Size;
  /** WARNING: another class replaces the volumes, and what they hold. */
  readonly storageClass: string;
  /** Labels of the nodes it runs on; empty for any. */
  readonly nodes: Readonly<Record<string, string>>;
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
  /** @default kept on the volume */
  readonly snapshots?: SnapshotArguments;
  /** Of the volumes: taking them away needs a change of this first. */
  readonly protect: boolean;
}

export interface SnapshotArguments {
  /**
   * Where each snapshot is copied to, checked by its sum, and then removed from the volume. How long
   * it stays there is the bucket's own rule.
   * @default nowhere: they stay on the volume
   */
  readonly store?: ObjectStore | undefined;
  /** Below which they lie, without a slash at either end. @default the object's name */
  readonly prefix?: string;
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

const whole = (n: number, least: number): boolean => Number.isInteger(n) && n >= least;

/** What Kubernetes or Qdrant would refuse, or worse, would not. Pure. */
export function checkQdrant(name: string, args: QdrantArguments): void {
  const { object } = names(args);
  const { version, replicas } = filled(args);
  enforce(`Qdrant ${name}`, [
    {
      holds: NAME.test(object),
      key: "objectName",
      value: quoted(object),
      allowed: "1 to 48 lower-case letters, digits and hyphens, beginning with a letter",
      next: "The names of its pods and jobs are made from it.",
    },
    {
      holds: atLeast(version, [1, 7, 0]),
      key: "version",
      value: quoted(version),
      allowed: "three numbers, 1.7.0 or later",
      next: "Older versions have no read-only key.",
    },
    {
      holds: replicas === 1 || (whole(replicas, 3) && replicas % 2 === 1),
      key: "replicas",
      value: String(replicas),
      allowed: "1 or an odd number from 3",
      next: "With an even number, half of the peers have no majority.",
    },
    ...volumeRules(args),
  ]);
}

function volumeRules({ storage, snapshots }: QdrantArguments): readonly Rule[] {
  const prefix = snapshots?.prefix;
  return [
    {
      holds: whole(storage.bytes, gib(1).bytes),
      key: "storage",
      value: `${String(storage.bytes)} bytes`,
      allowed: "1 GiB or more",
      next: "A volume can be enlarged, but not shrunk.",
    },
    {
      holds: prefix === undefined || /^[^/]+(\/[^/]+)*$/.test(prefix),
      key: "snapshots.prefix",
      value: quoted(prefix ?? ""),
      allowed: "without a slash at either end",
      next: "Each snapshot gets a folder below it.",
    },
  ];
}
