/** Recovery points: the runbook's objectives against the restore paths of the data. */
import type { System } from "../../systems/model";
import { recoveryPointOf, type RecoveryPoint } from "../../systems/recovery-point";
import { durationText } from "../../systems/units";
import type { Policy, StackResource } from "../policy";
import { ONLY_IN_PRODUCTION, nameOf } from "../policy";
import { recovery, compare, runbookOf, type Compared } from "./system";
import { databasesOf, dumpWays, hasDatabase, ownWays, type Way } from "./ways";

/** The subject of a violation: title, resource, and how to fix it. */
interface Place {
  readonly title: string;
  /** The database's name. */
  readonly of: string;
  readonly resource?: StackResource;
  readonly advice: string;
}

function points(compared: Compared): void {
  evaluateDatabases(compared);
  evaluateEvents(compared);
}

/**
 * The stack does not show which of a runbook's databases a resource is, so only one is supported.
 */
function evaluateDatabases(compared: Compared): void {
  const { system, stack, context } = compared;
  const [database, second] = system.databases;
  const point = database === undefined ? undefined : recoveryPointOf(system, database.name);
  if (database === undefined || second !== undefined || point === undefined) return;
  const dumps = dumpWays(stack, context);
  for (const resource of databasesOf(stack)) {
    const { found, advice, open } = ownWays(resource, { stack, context });
    if (open) continue;
    const place = { title: nameOf(resource), of: database.name, resource, advice };
    evaluate([...found, ...dumps], point, place, compared);
  }
  // A stack without a database uses one elsewhere.
  if (hasDatabase(stack)) return;
  const title = `Database "${database.name}", which runs outside the stack`;
  const advice = "have its provider keep a history and add that to the system's backups";
  evaluate(
    [...promised(system, database.name), ...dumps],
    point,
    { title, of: database.name, advice },
    compared,
  );
}

/** Provider backups that the runbook lists for a database outside the stack. */
function promised({ databases, backups }: System, name: string): readonly Way[] {
  const isOutside = databases.some((one) => one.name === name && one.runs === "external");
  return backups
    .filter(({ of, method }) => isOutside && of === name && method === "provider")
    .map(({ every, retention }) => ({
      by: "its provider's history",
      every: every.seconds,
      kept: retention.seconds,
    }));
}

const age = (seconds: number): string =>
  seconds === Infinity ? "of any age" : `${durationText({ kind: "duration", seconds })} old`;

function evaluate(
  ways: readonly Way[],
  { objective, rpo }: RecoveryPoint,
  { title, of, resource, advice }: Place,
  { system, context }: Compared,
): void {
  const [best] = [...ways].sort((a, b) => a.every - b.every);
  if (best !== undefined && best.every <= rpo.seconds) return;
  const found =
    best === undefined
      ? "nothing in the stack restores it"
      : `the latest restorable state may be ${age(best.every)} (${best.by})`;
  const text = durationText(rpo);
  const expected = `${runbookOf(system)} allows the loss of ${text} for ${objective.of} (${objective.clause.heading})`;
  const message = `${title}: ${found}; ${expected}: ${advice}, or dump it every ${text}.`;
  context.report({ message, of }, resource?.urn);
}

const KAFKAS = [
  "aws:msk/cluster:Cluster",
  "digitalocean:index/databaseCluster:DatabaseCluster",
  "gcp:managedkafka/cluster:Cluster",
  "kubernetes:kafka.strimzi.io:Kafka",
] as const;
const MIRRORS = [
  "aws:msk/replicator:Replicator",
  "gcp:managedkafka/connector:Connector",
  "kubernetes:kafka.strimzi.io:KafkaMirrorMaker2",
] as const;

/**
 * Replicas on several brokers protect events while the cluster exists; a mirror protects against
 * its loss. A mirror runs next to its target cluster, so the stack of the recovery region must have
 * it.
 */
function evaluateEvents({ system, stack, context }: Compared): void {
  if (context.environment !== "dr" || stack.of(...MIRRORS).length > 0) return;
  for (const bus of system.eventBuses) {
    const point = recoveryPointOf(system, bus.name);
    const cluster = stack.of(...KAFKAS).find(isKafka);
    if (point === undefined || cluster === undefined) continue;
    const expected = `${runbookOf(system)} allows the loss of ${durationText(point.rpo)} (${point.objective.clause.heading})`;
    const message = `${nameOf(cluster)}: nothing replicates the events of the other region here; ${expected}: mirror its topics, for example with a KafkaMirrorMaker2.`;
    context.report({ message, of: bus.name }, cluster.urn);
  }
}

const isKafka = ({ type, props }: StackResource): boolean =>
  !type.startsWith("digitalocean:") || props.get("engine").string === "kafka";

export const recoveryPoints: readonly Policy[] = [
  {
    ...recovery,
    name: "runbook-recovery-point",
    title: "Backups meet the recovery point objective",
    clause: { reference: "PO-02; ALL-12; P5-07" },
    severity: "critical",
    prevents: "The restore succeeds, and hours of data that the runbook promised are missing.",
    description:
      "In production, every database can be restored to a state no older than the runbook's recovery point, through the service's point-in-time recovery, an operator's WAL archive, or the schedule of a dump; in the recovery region, a mirror copies the events.",
    remediation:
      "Enable point-in-time recovery (RDS backupRetentionPeriod, Cloud SQL pointInTimeRecoveryEnabled, a WAL archiver and a ScheduledBackup of CloudNativePG), or run a CronJob with pg_dump at least as often as the recovery point.",
    enforcement: ONLY_IN_PRODUCTION,
    check: compare(points),
  },
];
