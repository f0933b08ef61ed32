/** The runbook's backups: frequency, retention and restore. */
import type { Backup } from "../../systems/model";
import { durationText } from "../../systems/units";
import type { Policy, StackResource } from "../policy";
import { ONLY_IN_PRODUCTION, finding, nameOf } from "../policy";
import { covers, expirationsOf, names, type Expiration } from "./buckets";
import { environmentOf, jobsOf, type Dump } from "./dumps";
import { compare, demandedBy, recovery, type Compared } from "./system";
import { databasesOf, ownWays } from "./ways";

const DAY = 86_400;
const age = (seconds: number): string => durationText({ kind: "duration", seconds });
const jobName = ({ job, name }: Backup): string => job ?? name;

/** The CronJob that makes a backup: by the runbook's name, or by what it covers. */
function jobOf(backup: Backup, jobs: readonly Dump[]): Dump | undefined {
  return (
    jobs.find(({ name }) => name === jobName(backup)) ??
    jobs.find(({ name }) => name === `${backup.of}-snapshots` || name === `${backup.of}-backup`) ??
    (backup.method === "dump" ? jobs.find(({ dumps }) => dumps) : undefined)
  );
}

interface Snapshots {
  readonly resource: StackResource;
  /** The longest interval; undefined if there are none. */
  readonly every: number | undefined;
}

/** Caches with automatic snapshots, and their interval. */
function cacheSnapshots({ stack, context }: Compared): readonly Snapshots[] {
  const daily = stack
    .of("aws:elasticache/replicationGroup:ReplicationGroup", "aws:elasticache/cluster:Cluster")
    .map((resource) => {
      const kept = resource.props.get("snapshotRetentionLimit");
      // Nothing is kept if the limit is missing or 0; the service takes one snapshot a day.
      const isOn = context.noteUnknown(kept, resource.urn) || (kept.number ?? 0) > 0;
      return { resource, every: isOn ? DAY : undefined };
    });
  const google = stack.of("gcp:redis/instance:Instance").map((resource) => {
    const period = resource.props.get("persistenceConfig", "rdbSnapshotPeriod");
    return { resource, every: PERIODS[period.string ?? ""] };
  });
  return [...daily, ...google];
}

const HOUR = 3600;
const PERIODS: Readonly<Record<string, number>> = {
  ONE_HOUR: HOUR,
  SIX_HOURS: 6 * HOUR,
  TWELVE_HOURS: 12 * HOUR,
  TWENTY_FOUR_HOURS: DAY,
};

/**
 * Dumps, snapshots and manifests. Continuous backups (log, history, replication) are evaluated by
 * `runbook-recovery-point` and `runbook-backup-apart`.
 */
const SCHEDULED: ReadonlySet<Backup["method"]> = new Set(["dump", "snapshot", "manifests"]);

function made(compared: Compared): void {
  const { system, stack, context } = compared;
  const jobs = jobsOf(stack, context);
  const caches = new Set(system.caches.map(({ name }) => name));
  for (const backup of system.backups.filter(({ method }) => SCHEDULED.has(method))) {
    const job = jobOf(backup, jobs);
    const own = caches.has(backup.of) ? cacheSnapshots(compared) : [];
    if (job !== undefined) evaluateJob(backup, job, compared);
    else if (own.length > 0) for (const one of own) evaluateSnapshots(backup, one, compared);
    else if (!isHidden(jobs)) {
      const message = `The backup "${backup.name}" (${backup.method} of ${backup.of}) is not made by anything in the stack; ${demandedBy(system, backup)}.`;
      context.report({ message, of: backup.of });
    }
  }
}

const isHidden = (jobs: readonly Dump[]): boolean =>
  jobs.some(({ resource }) => resource.props.get("metadata", "name").isUnknown);

const expected = ({ name, every }: Backup): string =>
  `the runbook makes "${name}" every ${durationText(every)}`;

function evaluateJob(backup: Backup, job: Dump, { context }: Compared): void {
  const { resource, schedule, suspended, gap } = job;
  if (suspended) {
    const suspend = resource.props.get("spec", "suspend");
    context.report(
      { ...finding(resource, suspend, expected(backup)), of: backup.of },
      resource.urn,
    );
  } else if (!schedule.isUnknown && (gap ?? Infinity) > backup.every.seconds) {
    const found = gap === undefined ? "which never runs" : `which may leave ${age(gap)}`;
    const what = finding(resource, schedule, `${found}; ${expected(backup)}`);
    context.report({ ...what, of: backup.of }, resource.urn);
  }
}

function evaluateSnapshots(
  backup: Backup,
  { resource, every }: Snapshots,
  { context }: Compared,
): void {
  if ((every ?? Infinity) <= backup.every.seconds) return;
  const found = every === undefined ? "takes no snapshots" : `takes a snapshot every ${age(every)}`;
  const message = `${nameOf(resource)} ${found}; ${expected(backup)}.`;
  context.report({ message, of: backup.of }, resource.urn);
}

function kept(compared: Compared): void {
  const { system, stack, context } = compared;
  const jobs = jobsOf(stack, context);
  const expirations = expirationsOf(stack);
  for (const backup of system.backups) {
    const job = jobOf(backup, jobs);
    if (system.databases.some(({ name }) => name === backup.of)) evaluateOwn(backup, compared);
    if (job !== undefined) evaluateObjects(backup, job, expirations, compared);
    if (backup.method === "replication") evaluateVersions(backup, expirations, compared);
  }
}

const keeps = ({ name, retention }: Backup): string =>
  `the runbook keeps "${name}" for ${durationText(retention)}`;

/**
 * The database's own backups. Another policy checks their frequency: only those that are frequent
 * enough count here.
 */
function evaluateOwn(backup: Backup, { stack, context }: Compared): void {
  if (backup.method === "dump") return;
  for (const resource of databasesOf(stack)) {
    const { found, open } = ownWays(resource, { stack, context });
    const [longest] = found
      .filter(({ every }) => every <= backup.every.seconds)
      .sort((a, b) => b.kept - a.kept);
    if (open || longest === undefined || longest.kept >= backup.retention.seconds) continue;
    const { at, by, of = resource } = longest;
    if (at !== undefined && context.noteUnknown(at, of.urn)) continue;
    context.report(
      at === undefined
        ? `${nameOf(resource)}: ${by} keeps backups for ${age(longest.kept)}; ${keeps(backup)}.`
        : finding(of, at, `${by} keeps backups for ${age(longest.kept)}; ${keeps(backup)}`),
      of.urn,
    );
  }
}

/** Lifecycle rules of the bucket that the job writes to. */
function evaluateObjects(
  backup: Backup,
  { resource: job }: Dump,
  expirations: readonly Expiration[],
  { context }: Compared,
): void {
  const environment = environmentOf(job);
  const prefix = backup.file?.prefix ?? jobName(backup);
  for (const one of expirations) {
    const { bucket, days, resource } = one;
    const isIts =
      bucket !== undefined &&
      environment.some((text) => names(text, bucket)) &&
      (covers(one, prefix) || covers(one, backup.of));
    if (!isIts || context.noteUnknown(days, resource.urn)) continue;
    if (days.isMissing || (days.number ?? 0) * DAY >= backup.retention.seconds) continue;
    context.report(finding(resource, days, keeps(backup)), resource.urn);
  }
}

/** In a replicated bucket, previous versions serve as the backup. */
function evaluateVersions(
  backup: Backup,
  expirations: readonly Expiration[],
  { context }: Compared,
): void {
  for (const { bucket, formerDays, resource } of expirations) {
    if (bucket !== backup.of || context.noteUnknown(formerDays, resource.urn)) continue;
    const days = formerDays.number ?? Infinity;
    if (days * DAY >= backup.retention.seconds) continue;
    context.report(finding(resource, formerDays, keeps(backup)), resource.urn);
  }
}

function restorable({ system, stack, context }: Compared): void {
  const jobs = jobsOf(stack, context);
  for (const backup of system.backups.filter(({ method }) => method === "dump")) {
    const job = jobOf(backup, jobs);
    if (job === undefined || isHidden(jobs)) continue;
    if (jobs.some((one) => one.restores || one.name === `${jobName(backup)}-restore`)) continue;
    context.report(
      `${nameOf(job.resource)} makes "${backup.name}", and nothing in the stack restores it; add a suspended CronJob with pg_restore or psql that an operator starts.`,
      job.resource.urn,
    );
  }
}

export const backups: readonly Policy[] = [
  {
    ...recovery,
    name: "runbook-backups",
    title: "The runbook's backups exist",
    clause: { reference: "PO-02; ALL-12" },
    severity: "high",
    prevents:
      "A backup that the runbook relies on was never made, or was made once a day instead of once an hour.",
    description:
      "In production, every dump, snapshot and export in the runbook is made by a CronJob that is not suspended or by the service, at least as often as the runbook says.",
    remediation:
      "Add a CronJob with the backup's name and schedule in systems/, or let the service take snapshots (snapshotRetentionLimit, persistenceConfig); if it cannot, add an exception with the runbook finding to the system's exceptions.",
    enforcement: ONLY_IN_PRODUCTION,
    check: compare(made),
  },
  {
    ...recovery,
    name: "runbook-backup-retention",
    title: "Backups are kept for the runbook's retention",
    clause: { reference: "PO-02; ALL-12" },
    severity: "high",
    prevents: "A mistake is noticed after two weeks, when every backup already contains it.",
    description:
      "In production, databases keep their backups and logs, and buckets their objects and previous versions, for at least the runbook's retention.",
    remediation:
      "Raise the number that the message names to the backup's retention in systems/, in days.",
    enforcement: ONLY_IN_PRODUCTION,
    check: compare(kept),
  },
  {
    ...recovery,
    name: "runbook-restore-path",
    title: "Every database dump has a restore CronJob",
    clause: { reference: "PO-02; ALL-12" },
    severity: "high",
    prevents: "Someone writes the restore for the first time during the disaster.",
    description:
      "In production, every CronJob that dumps a database has a counterpart in the stack that restores it.",
    remediation:
      "Add a suspended CronJob <backup>-restore that fetches a dump and runs pg_restore or psql, and rehearse it.",
    enforcement: ONLY_IN_PRODUCTION,
    check: compare(restorable),
  },
];
