/** Alerts on the archive of a database in the cluster: without it, there is no point-in-time recovery. */
import type { Database, System } from "../../systems/model";
import { EXPORTED, LABEL, OURS } from "../kit/conventions";
import { numbered, selector } from "./promql";
import { origin, type AlertingRule, type RuleTarget } from "./rule";
import { levelLabel } from "./levels";

/** In seconds, without any file archived while one waits: each takes some seconds. */
const LONGEST_WAIT = 300;

/** Base backups are taken once a day; two hours for the backup itself. */
const OLDEST_BACKUP = 26 * 3600;

/** Two for each database that CloudNativePG runs. A cloud watches the archive of its own databases. */
export const archiveAlerts = (system: System, target: RuleTarget): readonly AlertingRule[] =>
  system.databases
    .filter(({ runs }) => runs === "operator")
    .flatMap((database) => [
      archiving(system, database, target),
      baseBackup(system, database, target),
    ]);

/** The instances: a namespace can have other databases too. */
const instancesOf = ({ name }: Database, { namespace }: RuleTarget) => ({
  namespace,
  pod: numbered(name),
});

/**
 * The last attempt failed, or files wait and none has succeeded for a while: an attempt that hangs never fails. Only
 * the primary archives; one that became a standby keeps the times of its last attempts.
 */
function archiving(system: System, database: Database, target: RuleTarget): AlertingRule {
  const pods = instancesOf(database, target);
  const of = (metric: string, labels = {}): string =>
    `${metric}${selector({ ...pods, ...labels })}`;
  const archived = of(EXPORTED.archived);
  return {
    alert: OURS.archivingFailed,
    expr:
      `(\n  ${of(EXPORTED.archiveFailed)} > ${archived}\n  or\n  time() - ${archived} > ${String(LONGEST_WAIT)}\n` +
      `  and on (namespace, pod) ${of(EXPORTED.archiveFiles, { value: "ready" })} > 0\n)\n` +
      `and on (namespace, pod) ${of(EXPORTED.databaseInRecovery)} == 0`,
    for: "10m",
    ...common(system, database, target, {
      summary: `${database.name}: its log is not archived`,
      description:
        "The recovery point falls behind, and the disk fills with the log. Read the plugin's reason: " +
        "kubectl logs -c plugin-barman-cloud of the primary; without one, an attempt hangs. A reason that names " +
        "a non-empty archive means that another cluster wrote to it: dump the database first " +
        "(docs/recovery.md), then raise its incarnation, which deletes it, and restore the dump.",
    }),
  };
}

/** The plugin reports 0 before the first backup. */
function baseBackup(system: System, database: Database, target: RuleTarget): AlertingRule {
  const pods = selector(instancesOf(database, target));
  return {
    alert: OURS.baseBackupOld,
    expr: `time() - max by (namespace) (${EXPORTED.baseBackup}${pods}) > ${String(OLDEST_BACKUP)}\nor\nabsent(${EXPORTED.baseBackup}${pods})`,
    for: "2h",
    ...common(system, database, target, {
      summary: `${database.name}: no base backup for a day`,
      description:
        "A restore must replay the log since the last one, and once that expires nothing can be restored. " +
        "Look at the newest Backup object: kubectl get backups.postgresql.cnpg.io.",
    }),
  };
}

const common = (
  system: System,
  database: Database,
  target: RuleTarget,
  words: { readonly summary: string; readonly description: string },
): Pick<AlertingRule, "labels" | "annotations"> => ({
  labels: {
    [LABEL.system]: system.id,
    [LABEL.service]: database.name,
    [LABEL.severity]: "critical",
    ...levelLabel(system, "critical"),
  },
  annotations: {
    ...words,
    ...origin(database, target),
    origin: "Generated for every database in the cluster, not a row of the runbook.",
  },
});
