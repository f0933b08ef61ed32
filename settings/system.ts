import type { Database, Secret, System } from "../systems/model";

/** Who runs a data service: the cloud, an operator in the cluster, or another provider. */
export const VARIANTS = ["managed", "operator", "external"] as const;
export type Variant = (typeof VARIANTS)[number];

/** The kinds of data service with a choice of who runs them. */
export const DATA_KINDS = ["postgres", "redis", "kafka"] as const;
export type DataKind = (typeof DATA_KINDS)[number];

/** Who runs each kind of data service, as set by the stack. */
export type Choices = Readonly<Partial<Record<DataKind, Variant | undefined>>>;

export const servicesOf = (system: System, kind: DataKind) =>
  ({ postgres: system.databases, redis: system.caches, kafka: system.eventBuses })[kind];

/**
 * The system as this stack runs it: who runs its data services, and where its connection URLs come
 * from. If a database that is external in the runbook is run by the stack, its URL is derived. Pure.
 */
export function resolveSystem(system: System, { postgres, redis, kafka }: Choices): System {
  const databases = system.databases.map((one) => ({ ...one, runs: postgres ?? one.runs }));
  return {
    ...system,
    databases,
    caches: system.caches.map((one) => ({ ...one, runs: redis ?? one.runs })),
    eventBuses: system.eventBuses.map((one) => ({ ...one, runs: kafka ?? one.runs })),
    secrets: system.secrets.map((secret) => ({
      ...secret,
      keys: secret.keys.map((key) => ({ ...key, source: source(secret, key, databases) })),
    })),
  };
}

function source(
  { name }: Secret,
  key: Secret["keys"][number],
  databases: readonly Database[],
): Secret["keys"][number]["source"] {
  const database = databases.find(({ url }) => url.secret === name && url.key === key.key);
  return database === undefined || database.runs === "external" || key.source.kind !== "given"
    ? key.source
    : { kind: "derived", from: database.name, part: "url" };
}

/** Whether a person provides the database's URL under its own key in the system's secrets. */
export function urlIsGiven(system: System, database: Database): boolean {
  return system.secrets.some(({ name, keys }) =>
    keys.some(
      ({ key, source: { kind } }) =>
        name === database.url.secret && key === database.url.key && kind === "given",
    ),
  );
}
