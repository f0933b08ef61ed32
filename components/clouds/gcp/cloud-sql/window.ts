import type { CloudSqlPostgresArguments } from "./arguments";
import { clock, minutesOf } from "../../aws/rds/window";
import { quoted, type Rule } from "../../../kit/validation";

type WindowArguments = Pick<CloudSqlPostgresArguments, "maintenance" | "backupStart">;

const MINUTES_A_DAY = 24 * 60;
/** Google begins a backup some time in the four hours from its start. */
const BACKUP_MINUTES = 240;
/** And maintenance in one hour. */
const MAINTENANCE_MINUTES = 60;

/** As Google counts: Monday is 1. */
const DAY = {
  monday: 1,
  tuesday: 2,
  wednesday: 3,
  thursday: 4,
  friday: 5,
  saturday: 6,
  sunday: 7,
} as const;

/** The two windows in Google's words, in UTC. Pure. */
export function windowsOf({ maintenance, backupStart }: WindowArguments): {
  readonly backup: string;
  readonly day: number;
  readonly hour: number;
} {
  const start = minutesOf(maintenance.start);
  return {
    backup: backupStart ?? clock(start - BACKUP_MINUTES),
    day: DAY[maintenance.day],
    hour: Math.floor(start / 60),
  };
}

export function windowRules({ maintenance, backupStart }: WindowArguments): readonly Rule[] {
  const start = minutesOf(maintenance.start);
  const backup = backupStart === undefined ? start - BACKUP_MINUTES : minutesOf(backupStart);
  const after = (from: number, to: number) =>
    (((to - from) % MINUTES_A_DAY) + MINUTES_A_DAY) % MINUTES_A_DAY;
  return [
    {
      holds: start % 60 === 0,
      key: "maintenance.start",
      value: quoted(maintenance.start),
      allowed: "a full hour in UTC as HH:00",
      next: "Google's window begins with an hour: change the system's.",
    },
    {
      holds: !Number.isNaN(backup),
      key: "backupStart",
      value: quoted(backupStart ?? ""),
      allowed: "a time of day in UTC as HH:MM",
      next: "Leave it out for the four hours before maintenance.",
    },
    {
      holds: after(start, backup) >= MAINTENANCE_MINUTES && after(backup, start) >= BACKUP_MINUTES,
      key: "backupStart",
      value: quoted(clock(backup)),
      allowed: `such that the four hours from it stay clear of maintenance in the hour from ${maintenance.start}`,
      next: "Leave it out for the four hours before maintenance.",
    },
  ];
}
