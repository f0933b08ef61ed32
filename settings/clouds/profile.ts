import type { EnvironmentName, System } from "../../systems/model";
import type { Check } from "../problem";
import type { DataKind } from "../system";

/** Networks of one environment, as text. They differ by environment, so that they can be peered. */
export interface Network {
  /** Of the nodes. */
  readonly vpc: string;
  /** Of the pods; the same as `vpc` if pods get addresses from the nodes' network. */
  readonly pods: string;
  /** Of Services inside the cluster. */
  readonly services: string;
  /** Of the cloud's managed services. */
  readonly managed: string;
}

/** How large a range may be: prefixes from the widest to the narrowest. */
export interface Prefixes {
  readonly widest: number;
  readonly narrowest: number;
  /** What follows the numbers in an error message. */
  readonly because: string;
}

/** Sizes by configuration key, by the cloud's own names. */
export interface Sizes {
  readonly systemNodeSize: string;
  readonly nodeSize: string;
  readonly postgresSize: string;
  readonly redisSize: string;
  readonly kafkaSize: string;
}

/** Versions of the engines of managed services; empty if unknown. */
export interface ManagedVersions {
  readonly postgres: readonly string[];
  /** Whether a minor version of PostgreSQL can be set. @default false: only a major version */
  readonly postgresMinor?: boolean;
  readonly redis: (engine: System["caches"][number]["engine"]) => readonly string[];
  readonly kafka: readonly string[];
  /** Kafka versions whose support has ended, with the date. @default none */
  readonly kafkaEnded?: Readonly<Record<string, string>>;
}

/** What one cloud offers, its limits, and the defaults of a stack on it. */
export interface CloudProfile {
  /** The cloud's name in messages. */
  readonly title: string;
  readonly kubernetesVersion: string;
  /** Whether it runs a minor version of Kubernetes without extended-support charges. */
  readonly runsKubernetes: (minor: string) => boolean;
  /** Whether an exact version of Kubernetes can be set. */
  readonly exactKubernetes: boolean;
  readonly sizes: Sizes;
  readonly networks: Readonly<Record<EnvironmentName, Network>>;
  /** The limits of each network, if the cloud has any. */
  readonly prefixes: Readonly<Partial<Record<keyof Network, Prefixes>>>;
  /** Ranges that no network may overlap, and who uses them. */
  readonly reserved: { readonly ranges: readonly string[]; readonly by: string };
  /** The data services that it offers as managed services. */
  readonly managed: readonly DataKind[];
  readonly versions: ManagedVersions;
  /** Maximum point-in-time recovery window of its managed Postgres, in days. */
  readonly recoveryDays: number;
  /** How long its managed Postgres keeps daily backups, in days. */
  readonly backupDays: number;
  /** Whether its managed Redis takes snapshots. */
  readonly redisSnapshots: boolean;
  /** Three zones of a region by their full names; empty if the cloud has no zones to choose from. */
  zones(region: string): readonly string[];
  /** The region for backups that must survive the loss of this one. */
  backupRegion(region: string): string | undefined;
  readonly rules: readonly Check[];
}
