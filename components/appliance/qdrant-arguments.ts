import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { gib, type Size } from "../../systems/units";
import { QDRANT } from "../../versions";
import { enforce, quoted, type Rule } from "../kit/validation";
import type { ObjectStore } from "../object-store/contract";

export interface QdrantArguments {
  readonly system: string;
  /** Of the cluster; empty if its nodes have no zone label. */
  readonly zones: readonly string[];
  /** WARNING: changing it creates a new, empty store; the old one is deleted. */
  readonly namespace: string;
  /**
   * Name of the Service and the pods. WARNING: changing it creates a new, empty store; the old one
   * is deleted.
   * @default "qdrant"
   */
  readonly objectName?: string;
  /**
   * Upgrade by one minor version at a time: each version reads only data of the version before it,
   * and a downgrade is impossible (Qdrant, "Upgrading").
   * @default "1.7.0"
   */
  readonly version?: string;
  /**
   * One, or three or more that form a cluster. Data is not replicated by default: a collection
   * survives the loss of a pod only if it was created with a replication factor. Move shards off a
   * pod before you lower the number.
   * @default 1
   */
  readonly replicas?: number;
  /**
   * Size of each pod's data volume, and of a second one for snapshots: while a snapshot is made, up
   * to three copies of the largest collection are stored. It can grow in place if the class allows
   * it, but not shrink: Kubernetes rejects that.
   */
  readonly storage: Size;
  /** WARNING: changing it replaces the volumes and their data. */
  readonly storageClass: string;
  /** Labels of the nodes it runs on; empty for any. */
  readonly nodes: Readonly<Record<string, string>>;
  /**
   * Certificates from a private CA, issued by cert-manager; `certManager` is its chart. Undefined
   * means plain text, including the API keys: use it only on an encrypted network.
   */
  readonly tls: { readonly certManager: readonly pulumi.Resource[] } | undefined;
  readonly monitoring: {
    readonly namespace: string;
    /** The chart that installs the Prometheus operator's CRDs. */
    readonly ready: readonly pulumi.Resource[];
  };
  /** Who may connect, besides monitoring and Qdrant's own pods. */
  readonly allowFrom: readonly k8s.types.input.networking.v1.NetworkPolicyPeer[];
  /** @default kept on the volume */
  readonly snapshots?: SnapshotArguments;
  /** Protects the volumes: to delete them, set this to false first. */
  readonly protect: boolean;
}

export interface SnapshotArguments {
  /**
   * The bucket to which each snapshot is copied and verified by checksum; it is then removed from
   * the volume. The bucket's own rules decide how long it is kept.
   * @default none: snapshots stay on the volume
   */
  readonly store?: ObjectStore | undefined;
  /** Prefix of the snapshots, without a slash at either end. @default the object's name */
  readonly prefix?: string;
}

export const PORTS = { http: 6333, grpc: 6334, peers: 6335 } as const;

/** Names of objects that several files use. */
export function names({
  objectName = "qdrant",
  namespace,
}: Pick<QdrantArguments, "objectName" | "namespace">) {
  const peers = `${objectName}-peers`;
  return {
    object: objectName,
    host: `${objectName}.${namespace}.svc.cluster.local`,
    /** The headless Service, which gives each pod a DNS name. */
    peers,
    peerDomain: `${peers}.${namespace}.svc.cluster.local`,
    keys: `${objectName}-api-keys`,
    certificate: `${objectName}-tls`,
    snapshots: `${objectName}-snapshots`,
    restore: `${objectName}-restore`,
  };
}

/** Selector labels, which never change. */
export const selector = (args: Pick<QdrantArguments, "objectName" | "namespace">) => ({
  "app.kubernetes.io/name": "qdrant",
  "app.kubernetes.io/instance": names(args).object,
});

/** The arguments with defaults filled in. */
export function filled(args: QdrantArguments) {
  return {
    version: args.version ?? QDRANT.version,
    replicas: args.replicas ?? 1,
  };
}

const NAME = /^[a-z]([a-z0-9-]{0,46}[a-z0-9])?$/;
const VERSION = /^(\d+)\.(\d+)\.(\d+)$/;

/** Compares versions by number; undefined if one is not a version. */
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

/** What Kubernetes or Qdrant would reject, or accept with a bad result. Pure. */
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
