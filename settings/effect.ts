import type { System } from "../systems/model";
import { problem, type Check } from "./problem";
import type { Values } from "./schema";

/** Where a key has an effect: set elsewhere, it would be taken for one and do nothing. */
interface Effect {
  readonly key: keyof Values;
  /** What comes after "not set: only …". */
  readonly only: string;
  readonly applies: (at: {
    readonly cloud: string;
    readonly system: System;
    readonly values: Values;
  }) => boolean;
  /** What counts as not set, besides nothing. */
  readonly resting?: unknown;
}

const runs = (elements: readonly { readonly runs: string }[], variant: string): boolean =>
  elements.some((element) => element.runs === variant);

const EFFECTS: readonly Effect[] = [
  { key: "project", only: "for gcp", applies: ({ cloud }) => cloud === "gcp" },
  { key: "zones", only: "for aws and gcp", applies: ({ cloud }) => /^(aws|gcp)$/.test(cloud) },
  { key: "kubeContext", only: "for existing", applies: ({ cloud }) => cloud === "existing" },
  { key: "storageClass", only: "for existing", applies: ({ cloud }) => cloud === "existing" },
  { key: "backupEndpoint", only: "for existing", applies: ({ cloud }) => cloud === "existing" },
  {
    key: "secretStore",
    only: "for aws and gcp, which have a secret manager",
    applies: ({ cloud }) => /^(aws|gcp)$/.test(cloud),
    resting: "none",
  },
  {
    key: "postgresUpgrade",
    only: "for a managed Postgres on aws",
    applies: ({ cloud, system }) => cloud === "aws" && runs(system.databases, "managed"),
    resting: false,
  },
  {
    key: "redisVersion",
    only: "where the stack runs Redis, or its cloud does",
    applies: ({ system }) => runs(system.caches, "managed") || runs(system.caches, "operator"),
  },
  {
    key: "kafkaVersion",
    only: "where the stack runs Kafka, or its cloud does",
    applies: ({ system }) =>
      runs(system.eventBuses, "managed") || runs(system.eventBuses, "operator"),
  },
  {
    key: "models",
    only: "for a system with a model server",
    applies: ({ system }) => system.appliances.some(({ engine }) => engine === "ollama"),
  },
];

const isSet = (value: unknown, resting: unknown): boolean =>
  value !== undefined && value !== resting && !(Array.isArray(value) && value.length === 0);

export const effects: Check = (values, system) => {
  const cloud = values.cloud ?? system.home.cloud;
  return EFFECTS.filter(
    ({ key, resting, applies }) =>
      isSet(values[key], resting) && !applies({ cloud, system, values }),
  ).map(({ key, only }) => problem(key, values[key], `not set: it has an effect only ${only}`));
};
