import type { EnvironmentName } from "../../systems/model";
import type { Check } from "../problem";
import type { Values } from "../schema";

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

export interface Rule {
  /** What the check reads: it is not asked while one of these is malformed. */
  readonly keys: readonly (keyof Values)[];
  readonly check: Check;
}

/** The kinds of data service for which there is a choice of who runs them. */
export const DATA_KINDS = ["postgres", "redis", "kafka"] as const;
export type DataKind = (typeof DATA_KINDS)[number];

/** Sizes by configuration key, in the cloud's own words. */
export interface Sizes {
  readonly systemNodeSize: string;
  readonly nodeSize: string;
  readonly postgresSize: string;
  readonly redisSize: string;
  readonly kafkaSize: string;
}

/** What one cloud offers, and what a stack on it is where its file says nothing. */
export interface CloudOffer {
  /** As sentences call it. */
  readonly title: string;
  readonly kubernetesVersion: string;
  readonly sizes: Sizes;
  readonly networks: Readonly<Record<EnvironmentName, Network>>;
  /** Which data services it runs itself. */
  readonly managed: readonly DataKind[];
  /** Days to any moment of which its own Postgres can be restored, at most. */
  readonly recoveryDays: number;
  /** Three zones of a region by their full names; empty where the cloud has none to choose. */
  zones(region: string): readonly string[];
  /** Where copies go that must survive the loss of the region. */
  backupRegion(region: string): string | undefined;
  readonly rules: readonly Rule[];
}

/** The ranges that a stack gives, by their parts. */
export const rangesOf = (given: Values["network"]): readonly (readonly [string, string])[] =>
  Object.entries(given ?? {}).flatMap(([part, text]) =>
    text === undefined ? [] : [[part, text] as const],
  );
