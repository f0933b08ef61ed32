import type { MaintenanceWindow } from "../../../../systems/model";
import type { Rule } from "../../../kit/validation";
import { quoted } from "../../../kit/validation";

export type Maintenance = Pick<MaintenanceWindow, "day" | "start" | "duration">;

export interface WindowArguments {
  /** The daily backup is made in the hour before it, so that a fresh one exists then. */
  readonly maintenance: Maintenance;
}

const MINUTES_A_DAY = 24 * 60;
const BACKUP_MINUTES = 60;
/** Amazon accepts no shorter maintenance window (RDS API, `PreferredMaintenanceWindow`). */
const SHORTEST_MAINTENANCE = 30;
/** Backups are daily, so they must not overlap whatever the day of maintenance. */
const LONGEST_MAINTENANCE = MINUTES_A_DAY - BACKUP_MINUTES;

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
export function windowsOf({ maintenance }: WindowArguments): {
  readonly backup: string;
  readonly maintenance: string;
} {
  const start = minutesOf(maintenance.start);
  const end = start + maintenance.duration.seconds / 60;
  const first = WEEK.indexOf(maintenance.day);
  const day = (minutes: number) =>
    (WEEK[(first + Math.floor(minutes / MINUTES_A_DAY)) % 7] ?? maintenance.day).slice(0, 3);
  const backup = start - BACKUP_MINUTES;
  return {
    backup: `${clock(backup)}-${clock(backup + BACKUP_MINUTES)}`,
    maintenance: `${day(start)}:${clock(start)}-${day(end)}:${clock(end)}`,
  };
}

export function windowRules({ maintenance }: WindowArguments): readonly Rule[] {
  const start = minutesOf(maintenance.start);
  const length = maintenance.duration.seconds / 60;
  return [
    {
      holds: !Number.isNaN(start),
      key: "maintenance.start",
      value: quoted(maintenance.start),
      allowed: "a time of day in UTC as HH:MM",
      next: "Change the system's maintenance window.",
    },
    {
      holds:
        Number.isInteger(length) && length >= SHORTEST_MAINTENANCE && length <= LONGEST_MAINTENANCE,
      key: "maintenance.duration",
      value: `${length} minutes`,
      allowed: `${SHORTEST_MAINTENANCE} to ${LONGEST_MAINTENANCE} minutes: the backup before it takes an hour of each day`,
      next: "Change the system's maintenance window.",
    },
  ];
}
