import type { Backup } from "../../systems/model";
import { durationText } from "../../systems/units";
import { ComponentError } from "../kit/component";
import type { Expiration } from "../object-store/contract";

/**
 * What becomes of a backup here: a job of ours, nothing because the data service makes it by itself,
 * or nothing because nobody makes it.
 */
const METHODS: Readonly<Record<Backup["method"], "created" | "provided" | "missing">> = {
  dump: "created",
  wal: "provided",
  snapshot: "provided",
  provider: "provided",
  replication: "provided",
  manifests: "missing",
};

export const dumpsOf = (backups: readonly Backup[]): readonly Backup[] =>
  backups.filter(({ method }) => METHODS[method] === "created");

/** Who makes the backups that this program does not, by backup: in the system's own words if it has any. */
export function providedReasons(backups: readonly Backup[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    backups
      .filter(({ method }) => METHODS[method] === "provided")
      .map(({ name, of, method, ours }) => [
        name,
        `${of} by ${method}: ${ours?.["method"] ?? "the data service makes it by itself."}`,
      ]),
  );
}

/** A sentence for each backup that nobody makes. */
export function missingBackups(backups: readonly Backup[]): readonly string[] {
  return backups
    .filter(({ method }) => METHODS[method] === "missing")
    .map(
      ({ name, of, method, every, retention }) =>
        `The backup ${name} (${method} of ${of}) is made by nobody: make it by hand every ` +
        `${durationText(every)} and keep it for ${durationText(retention)}.`,
    );
}

/** How long a bucket must keep what the dumps put into it, by prefix. */
export function expirations(backups: readonly Backup[]): readonly Expiration[] {
  return dumpsOf(backups).map((backup) => ({
    prefix: `${prefix(backup)}/`,
    days: retentionDays(backup),
  }));
}

/** The CronJob's name; alerts on a backup's age select by it. */
export function jobName(backup: Pick<Backup, "name" | "job">): string {
  return backup.job ?? backup.name;
}

/** Where the dumps lie in the bucket, without slashes at the ends. */
export function prefix(backup: Pick<Backup, "name" | "job" | "file">): string {
  return (backup.file?.prefix ?? jobName(backup)).replace(/^\/+|\/+$/g, "");
}

/** The dump's file name in the notation of `date`; names sort by time. */
export function fileFormat(backup: Pick<Backup, "name" | "job" | "file">): string {
  return (backup.file?.name ?? `${jobName(backup)}-{date}_{time}.dump`)
    .replaceAll("%", "%%")
    .replace("{date}", "%Y%m%d")
    .replace("{time}", "%H%M%S");
}

/**
 * The runbook's hour, or else the schedule that keeps the interval exactly.
 *
 * @throws ComponentError where neither exists.
 */
export function schedule(component: string, backup: Pick<Backup, "schedule" | "every">): string {
  const minutes = backup.every.seconds / 60;
  const cron = backup.schedule ?? regularSchedule(minutes);
  if (cron === undefined) {
    throw new ComponentError(
      component,
      "every",
      durationText(backup.every),
      "an interval that divides an hour or a day",
      "Give the backup a schedule.",
    );
  }
  if (cron.trim().split(/\s+/).length === 5) return cron;
  throw new ComponentError(
    component,
    "schedule",
    `"${cron}"`,
    "a cron expression of five fields",
    "It is read in UTC.",
  );
}

function regularSchedule(minutes: number): string | undefined {
  if (minutes === 1440) return "0 2 * * *";
  if (minutes >= 60 && 1440 % minutes === 0 && minutes % 60 === 0) {
    return `0 */${String(minutes / 60)} * * *`;
  }
  const regular = Number.isInteger(minutes) && minutes >= 1 && 60 % minutes === 0;
  return regular ? `*/${String(minutes)} * * * *` : undefined;
}

export function retentionDays({ retention }: Pick<Backup, "retention">): number {
  return retention.seconds / 86_400;
}

/** Pure. What this folder cannot make is refused here, before anything is created. */
export function checkBackups(
  name: string,
  backups: readonly Backup[],
  databases: readonly string[],
): void {
  const dumps = dumpsOf(backups);
  for (const backup of dumps) {
    const component = `Backups ${name}, backup ${backup.name}`;
    if (!databases.includes(backup.of)) {
      throw new ComponentError(
        component,
        "of",
        `"${backup.of}"`,
        `a database: ${databases.join(", ")}`,
        "A dump covers a database only.",
      );
    }
    checkDump(component, backup);
  }
  checkApart(`Backups ${name}`, "job", dumps.map(jobName), "One CronJob makes one backup.");
  checkApart(
    `Backups ${name}`,
    "file.prefix",
    dumps.map(prefix),
    "Backups below one prefix would expire together.",
  );
}

function checkApart(component: string, key: string, values: readonly string[], why: string): void {
  const shared = values.find((value, index) => values.indexOf(value) !== index);
  if (shared === undefined) return;
  throw new ComponentError(component, key, `"${shared}" twice`, "different for each backup", why);
}

/** Pure. */
export function checkDump(component: string, backup: Backup): void {
  const job = jobName(backup);
  // A CronJob's name may have 52 characters, and the restore's ends in -restore.
  if (!/^[a-z0-9]([a-z0-9-]{0,42}[a-z0-9])?$/.test(job)) {
    throw new ComponentError(
      component,
      backup.job === undefined ? "name" : "job",
      `"${job}"`,
      "1 to 44 lower-case letters, digits and hyphens, with a letter or digit at both ends",
      "Kubernetes names the CronJob by it.",
    );
  }
  schedule(component, backup);
  const days = retentionDays(backup);
  if (!Number.isInteger(days) || days < 1 || backup.retention.seconds <= backup.every.seconds) {
    throw new ComponentError(
      component,
      "retention",
      durationText(backup.retention),
      `whole days, longer than the interval of ${durationText(backup.every)}`,
      "Object stores expire objects by the day.",
    );
  }
  const file = backup.file?.name ?? "{date}{time}.dump";
  if (!/^[\w-]*\{date\}[\w-]*\{time\}[\w-]*\.(dump|sql\.gz)$/.test(file)) {
    throw new ComponentError(
      component,
      "file.name",
      `"${file}"`,
      "letters, digits, _ and - with {date} before {time}, ending in .dump or .sql.gz",
      "The ending decides between pg_dump's custom format and compressed SQL.",
    );
  }
}
