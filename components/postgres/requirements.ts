import type { Settings } from "../../settings";
import type { Database, Resources } from "../../systems/model";
import { days, gib, millicores, type Duration, type Size } from "../../systems/units";
import { ENGINES } from "../../versions";

const DEFAULT_STORAGE = gib(50);
const WEEK = days(7);

/** Of each instance in the cluster, if the runbook does not size the server. */
export const DATABASE_RESOURCES: Pick<Resources, "requests" | "limits"> = {
  requests: { cpu: millicores(500), memory: gib(1) },
  limits: { memory: gib(2) },
};

/** The common arguments of every implementation, from the runbook or the stack. */
export function postgresRequirements(database: Database, settings: Settings) {
  const called = settings.system.id.replaceAll("-", "_");
  // Staging keeps a week, which every cloud supports; production keeps the runbook's period.
  const runbook = settings.production ? (database.pointInTimeRecovery ?? WEEK) : WEEK;
  const recovery: Duration =
    settings.pointInTimeRecovery === undefined ? runbook : days(settings.pointInTimeRecovery);
  const storage: Size =
    settings.postgresStorage === undefined
      ? (database.storage ?? DEFAULT_STORAGE)
      : gib(settings.postgresStorage);
  return {
    version: settings.postgresVersion ?? database.version ?? ENGINES.postgres,
    database: database.database ?? called,
    owner: database.owner ?? called,
    storage,
    extensions: database.extensions ?? [],
    parameters: database.parameters ?? {},
    pooling: database.pooling ?? false,
    pointInTimeRecovery: recovery,
    ...(settings.production && database.pointInTimeRecovery !== undefined
      ? { leastRetention: database.pointInTimeRecovery }
      : {}),
    readReplicas:
      settings.postgresReplicas ?? (settings.production ? (database.readReplicas ?? 0) : 0),
    protect: settings.protection.postgres,
    rotation: settings.rotations[database.name] ?? settings.rotations[database.url.key] ?? "1",
  };
}

/**
 * How far a service reaches back whose backups live as long as its log: as the runbook asks of either. Cloud SQL counts
 * its backups apart.
 */
export function keptFor(database: Database, settings: Settings): Duration {
  const { system, production } = settings;
  const kept = system.backups
    .filter(({ of, method }) => production && of === database.name && method === "provider")
    .map(({ retention }) => retention);
  const { pointInTimeRecovery } = postgresRequirements(database, settings);
  return [pointInTimeRecovery, ...kept].reduce((a, b) => (a.seconds < b.seconds ? b : a));
}
