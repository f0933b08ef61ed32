import type { EnvironmentName, System } from "../../systems/model";
import type { Check } from "../problem";
import type { DataKind } from "../system";

/** Networks of one environment, as text. Different ones per environment can be peered. */
export interface Network {
  /** Of the nodes. */
  readonly vpc: string;
  /** Of the pods; the same as `vpc` where pods take addresses of their nodes' network. */
  readonly pods: string;
  /** Of Services inside the cluster. */
  readonly services: string;
  /** In which the cloud's managed services get their addresses. */
  readonly managed: string;
}

/** How large a range may be: prefixes from the widest to the narrowest. */
export interface Prefixes {
  readonly widest: number;
  readonly narrowest: number;
  /** What follows the numbers in a refusal. */
  readonly because: string;
}

/** Sizes by configuration key, in the cloud's own words. */
export interface Sizes {
  readonly systemNodeSize: string;
  readonly nodeSize: string;
  readonly postgresSize: string;
  readonly redisSize: string;
  readonly kafkaSize: string;
}

/** Versions of engines that the cloud runs itself; empty where nothing is known of them. */
export interface ManagedVersions {
  readonly postgres: readonly string[];
  /** Whether a minor version of PostgreSQL may be named. @default false: the cloud follows the major one */
  readonly postgresMinor?: boolean;
  readonly redis: (engine: System["caches"][number]["engine"]) => readonly string[];
  readonly kafka: readonly string[];
  /** Versions of Kafka whose support has ended, with the day. @default none */
  readonly kafkaEnded?: Readonly<Record<string, string>>;
}

/** What one cloud offers, what it bounds, and what a stack on it is where its file is silent. */
export interface CloudProfile {
  /** As sentences call it. */
  readonly title: string;
  readonly kubernetesVersion: string;
  /** Whether it runs a minor version of Kubernetes without extra pay. */
  readonly runsKubernetes: (minor: string) => boolean;
  /** Whether an exact version of Kubernetes may be named. */
  readonly exactKubernetes: boolean;
  readonly sizes: Sizes;
  readonly networks: Readonly<Record<EnvironmentName, Network>>;
  /** Of each network, where the cloud bounds it. */
  readonly prefixes: Readonly<Partial<Record<keyof Network, Prefixes>>>;
  /** Ranges that no network may overlap, and who uses them. */
  readonly reserved: { readonly ranges: readonly string[]; readonly by: string };
  /** Which data services it runs itself. */
  readonly managed: readonly DataKind[];
  readonly versions: ManagedVersions;
  /** Days to any moment of which its own Postgres can be restored, at most. */
  readonly recoveryDays: number;
  /** Three zones of a region by their full names; empty where the cloud has none to choose. */
  zones(region: string): readonly string[];
  /** Where copies go that must survive the loss of the region. */
  backupRegion(region: string): string | undefined;
  readonly rules: readonly Check[];
}
