import type { Database, Secret, System } from "../systems/model";
import type { DataKind } from "./clouds/offer";
import type { VARIANTS } from "./schema";

export type Variant = (typeof VARIANTS)[number];

/** Who runs each kind of data service, where the stack says so. */
export type Choices = Readonly<Partial<Record<DataKind, Variant | undefined>>>;

/**
 * The system as this stack runs it: who runs its data services, and where its connection URLs come
 * from. A runbook's external database that is managed here has its URL derived, not given. Pure.
 */
export function place(system: System, { postgres, redis, kafka }: Choices): System {
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

/** Whether an operator gives the database's URL under its own key in the system's secrets. */
export function urlIsGiven(system: System, database: Database): boolean {
  return system.secrets.some(({ name, keys }) =>
    keys.some(
      ({ key, source: { kind } }) =>
        name === database.url.secret && key === database.url.key && kind === "given",
    ),
  );
}
