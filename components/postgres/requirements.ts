import type { Settings } from "../../settings";
import { recoveryWindow } from "../../settings/recovery-window";
import type { Database, Resources } from "../../systems/model";
import { gib, millicores, type Size } from "../../systems/units";
import { ENGINES } from "../../versions";

const DEFAULT_STORAGE = gib(50);

/** Of each instance in the cluster, if the runbook does not size the server. */
export const DATABASE_RESOURCES: Pick<Resources, "requests" | "limits"> = {
  requests: { cpu: millicores(500), memory: gib(1) },
  limits: { memory: gib(2) },
};

/** The common arguments of every implementation, from the runbook or the stack. */
export function postgresRequirements(database: Database, settings: Settings) {
  const called = settings.system.id.replaceAll("-", "_");
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
    pointInTimeRecovery: recoveryWindow(database, settings),
    ...(settings.production && database.pointInTimeRecovery !== undefined
      ? { leastRetention: database.pointInTimeRecovery }
      : {}),
    readReplicas:
      settings.postgresReplicas ?? (settings.production ? (database.readReplicas ?? 0) : 0),
    protect: settings.protection.postgres,
    rotation: settings.rotations[database.name] ?? settings.rotations[database.url.key] ?? "1",
  };
}
