import { isCron } from "../../lib/cron";
import type { Backup } from "../../systems/model";
import { durationText } from "../../systems/units";
import { enforce, quoted, repeated, type Rule } from "../kit/validation";
import type { Expiration } from "../object-store/contract";

/** The backups that a CronJob makes; the others are made by the data service, or by nothing. */
export const dumpsOf = (backups: readonly Backup[]): readonly Backup[] =>
  backups.filter(({ method }) => method === "dump");

/** How long the bucket must keep the dumps, by prefix. */
export function expirations(backups: readonly Backup[]): readonly Expiration[] {
  return dumpsOf(backups).map((backup) => ({
    prefix: `${prefix(backup)}/`,
    days: retentionDays(backup),
  }));
}

/** The CronJob's name; alerts on a backup's age select it. */
export function jobName(backup: Pick<Backup, "name" | "job">): string {
  return backup.job ?? backup.name;
}

/** The dumps' prefix in the bucket, without slashes at the ends. */
export function prefix(backup: Pick<Backup, "name" | "job" | "file">): string {
  return (backup.file?.prefix ?? jobName(backup)).replace(/^\/+|\/+$/g, "");
}

/** The dump's file name in the format of `date`; names sort by time. */
export function fileFormat(backup: Pick<Backup, "name" | "job" | "file">): string {
  return (backup.file?.name ?? `${jobName(backup)}-{date}_{time}.dump`)
    .replaceAll("%", "%%")
    .replace("{date}", "%Y%m%d")
    .replace("{time}", "%H%M%S");
}

/**
 * The runbook's schedule, or one with exactly the backup's interval.
 *
 * @throws ComponentError if neither exists.
 */
export function schedule(component: string, backup: Pick<Backup, "schedule" | "every">): string {
  enforce(component, scheduleRules(backup));
  return scheduleOf(backup) ?? "";
}

const scheduleOf = ({ schedule: cron, every }: Pick<Backup, "schedule" | "every">) =>
  cron ?? regularSchedule(every.seconds / 60);

function scheduleRules(backup: Pick<Backup, "schedule" | "every">): readonly Rule[] {
  const cron = scheduleOf(backup);
  return [
    {
      holds: cron !== undefined,
      key: "every",
      value: durationText(backup.every),
      allowed: "an interval that divides an hour or a day",
      next: "Set the backup's schedule.",
    },
    {
      holds: cron !== undefined && isCron(cron),
      key: "schedule",
      value: quoted(cron ?? ""),
      allowed: 'a schedule of a CronJob, such as "0 2 * * *"',
      next: "Its times are in UTC.",
    },
  ];
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

/** Pure. Refuses what this folder cannot create, before anything is created. */
export function checkBackups(
  name: string,
  backups: readonly Backup[],
  databases: readonly string[],
): void {
  const dumps = dumpsOf(backups);
  for (const backup of dumps) {
    enforce(`Backups ${name}, backup ${backup.name}`, [
      {
        holds: databases.includes(backup.of),
        key: "of",
        value: quoted(backup.of),
        allowed: `a database: ${databases.join(", ")}`,
        next: "Only a database can be dumped.",
      },
      ...dumpRules(backup),
    ]);
  }
  enforce(`Backups ${name}`, [
    ...apartRules("job", dumps.map(jobName), "One CronJob makes one backup."),
    ...apartRules(
      "file.prefix",
      dumps.map(prefix),
      "Backups below one prefix would expire together.",
    ),
  ]);
}

const apartRules = (key: string, values: readonly string[], next: string): readonly Rule[] =>
  repeated(values).map((value) => ({
    holds: false,
    key,
    value: `"${value}" twice`,
    allowed: "different for each backup",
    next,
  }));

/** Pure. */
export function checkDump(component: string, backup: Backup): void {
  enforce(component, dumpRules(backup));
}

function dumpRules(backup: Backup): readonly Rule[] {
  const job = jobName(backup);
  const days = retentionDays(backup);
  const file = backup.file?.name ?? "{date}{time}.dump";
  return [
    {
      // A CronJob's name may have 52 characters, and the restore's ends in -restore.
      holds: /^[a-z0-9]([a-z0-9-]{0,42}[a-z0-9])?$/.test(job),
      key: backup.job === undefined ? "name" : "job",
      value: quoted(job),
      allowed:
        "1 to 44 lower-case letters, digits and hyphens, with a letter or digit at both ends",
      next: "The CronJob is named after it.",
    },
    ...scheduleRules(backup),
    {
      holds: Number.isInteger(days) && days >= 1 && backup.retention.seconds > backup.every.seconds,
      key: "retention",
      value: durationText(backup.retention),
      allowed: `whole days, longer than the interval of ${durationText(backup.every)}`,
      next: "Object stores expire objects by the day.",
    },
    {
      holds: /^[\w-]*\{date\}[\w-]*\{time\}[\w-]*\.(dump|sql\.gz)$/.test(file),
      key: "file.name",
      value: quoted(file),
      allowed: "letters, digits, _ and - with {date} before {time}, ending in .dump or .sql.gz",
      next: "The ending decides between pg_dump's custom format and compressed SQL.",
    },
  ];
}
