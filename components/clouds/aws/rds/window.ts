import type { MaintenanceWindow } from "../../../../systems/model";
import type { Rule } from "../../../kit/validation";
import { quoted } from "../../../kit/validation";

export type Maintenance = Pick<MaintenanceWindow, "day" | "start" | "duration">;

export interface WindowArguments {
  readonly maintenance: Maintenance;
  /**
   * `HH:MM`, UTC: when the hour begins in which the daily backup is made.
   * @default an hour before the maintenance window, so that a fresh backup exists then
   */
  readonly backupStart?: string;
}

const MINUTES_A_DAY = 24 * 60;
const BACKUP_MINUTES = 60;
/** Amazon accepts no shorter maintenance window (RDS API, `PreferredMaintenanceWindow`). */
const SHORTEST_MAINTENANCE = 30;

const WEEK = [
  "sunday",
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
] as const satisfies readonly Maintenance["day"][];

/** `HH:MM` as minutes since midnight; NaN for anything else. */
export function minutesOf(time: string): number {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time);
  return match === null ? NaN : Number(match[1]) * 60 + Number(match[2]);
}

/** Minutes since some midnight as `HH:MM` of their day. */
export function clock(minutes: number): string {
  const ofDay = ((minutes % MINUTES_A_DAY) + MINUTES_A_DAY) % MINUTES_A_DAY;
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(Math.floor(ofDay / 60))}:${two(ofDay % 60)}`;
}

/** The two windows as Amazon writes them, in UTC. Pure. */
export function windowsOf({ maintenance, backupStart }: WindowArguments): {
  readonly backup: string;
  readonly maintenance: string;
} {
  const start = minutesOf(maintenance.start);
  const end = start + maintenance.duration.seconds / 60;
  const first = WEEK.indexOf(maintenance.day);
  const day = (minutes: number) =>
    (WEEK[(first + Math.floor(minutes / MINUTES_A_DAY)) % 7] ?? maintenance.day).slice(0, 3);
  const backup = backupStart === undefined ? start - BACKUP_MINUTES : minutesOf(backupStart);
  return {
    backup: `${clock(backup)}-${clock(backup + BACKUP_MINUTES)}`,
    maintenance: `${day(start)}:${clock(start)}-${day(end)}:${clock(end)}`,
  };
}

/** Backups are daily, so they overlap if the times of day do, whatever the day of maintenance. */
export function windowRules({ maintenance, backupStart }: WindowArguments): readonly Rule[] {
  const start = minutesOf(maintenance.start);
  const length = maintenance.duration.seconds / 60;
  const backup = backupStart === undefined ? start - BACKUP_MINUTES : minutesOf(backupStart);
  const after = (from: number, to: number) =>
    (((to - from) % MINUTES_A_DAY) + MINUTES_A_DAY) % MINUTES_A_DAY;
  const time = "a time of day in UTC as HH:MM";
  return [
    {
      holds: !Number.isNaN(start),
      key: "maintenance.start",
      value: quoted(maintenance.start),
      allowed: time,
      next: "Change the system's maintenance window.",
    },
    {
      holds: Number.isInteger(length) && length >= SHORTEST_MAINTENANCE && length < MINUTES_A_DAY,
      key: "maintenance.duration",
      value: `${length} minutes`,
      allowed: `${SHORTEST_MAINTENANCE} minutes to less than a day`,
      next: "Change the system's maintenance window.",
    },
    {
      holds: !Number.isNaN(backup),
      key: "backupStart",
      value: quoted(backupStart ?? ""),
      allowed: time,
      next: "Leave it out for the hour before maintenance.",
    },
    {
      holds: after(start, backup) >= length && after(backup, start) >= BACKUP_MINUTES,
      key: "backupStart",
      value: quoted(clock(backup)),
      allowed: `such that the hour from it stays clear of maintenance, ${length} minutes from ${maintenance.start}`,
      next: "Leave it out for the hour before maintenance.",
    },
  ];
}
