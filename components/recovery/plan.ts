import type { Backup, Database } from "../../systems/model";
import { durationText } from "../../systems/units";
import { ComponentError } from "../component";

/** What becomes of a backup here: a job of ours, or nothing because somebody else makes it. */
export const METHODS = {
  dump: "created",
  provider: "provided",
  replication: "provided",
} as const satisfies Partial<Record<Backup["method"], "created" | "provided">>;

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
  databases: readonly Database[],
): void {
  for (const backup of backups) {
    const component = `Backups ${name}, backup ${backup.name}`;
    if (!(backup.method in METHODS)) {
      throw new ComponentError(
        component,
        "method",
        `"${backup.method}"`,
        Object.keys(METHODS).join(", "),
        "Choose one of them in the system's file, or leave the backup out.",
      );
    }
    if (backup.method !== "dump") continue;
    if (!databases.some(({ name: database }) => database === backup.of)) {
      throw new ComponentError(
        component,
        "of",
        `"${backup.of}"`,
        `a database: ${databases.map(({ name: database }) => database).join(", ")}`,
        "A dump covers a database only.",
      );
    }
    checkDump(component, backup);
  }
  checkTogether(
    `Backups ${name}`,
    backups.filter(({ method }) => method === "dump"),
  );
}

function checkTogether(component: string, dumps: readonly Backup[]): void {
  const dumped = [...new Set(dumps.map(({ of }) => of))];
  if (dumped.length > 1) {
    throw new ComponentError(
      component,
      "backups",
      `dumps of ${dumped.join(" and ")}`,
      "dumps of one database",
      "Give each database a Backups component of its own.",
    );
  }
  const places = dumps.map(prefix);
  const shared = places.find((place, index) => places.indexOf(place) !== index);
  if (shared !== undefined) {
    throw new ComponentError(
      component,
      "file.prefix",
      `"${shared}" twice`,
      "different for each backup",
      "Backups below one prefix would expire together.",
    );
  }
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
  if (!/^[\w-]*\{date\}[\w-]*\{time\}[\w-]*\.dump$/.test(file)) {
    throw new ComponentError(
      component,
      "file.name",
      `"${file}"`,
      "letters, digits, _ and - with {date} before {time}, ending in .dump",
      "Dumps are in pg_dump's custom format.",
    );
  }
}
