import type { CloudSqlPostgresArguments } from "./arguments";
import { clock, minutesOf } from "../../../kit/clock";
import { quoted, type Rule } from "../../../kit/validation";

type WindowArguments = Pick<CloudSqlPostgresArguments, "maintenance">;

/** Google starts a backup at some point in the four hours after its start time. */
const BACKUP_MINUTES = 240;

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

/** The two windows in Google's format, in UTC. Pure. */
export function windowsOf({ maintenance }: WindowArguments): {
  readonly backup: string;
  readonly day: number;
  readonly hour: number;
} {
  const start = minutesOf(maintenance.start);
  return {
    backup: clock(start - BACKUP_MINUTES),
    day: DAY[maintenance.day],
    hour: Math.floor(start / 60),
  };
}

export function windowRules({ maintenance }: WindowArguments): readonly Rule[] {
  const start = minutesOf(maintenance.start);
  return [
    {
      holds: start % 60 === 0,
      key: "maintenance.start",
      value: quoted(maintenance.start),
      allowed: "a full hour in UTC as HH:00",
      next: "Google's windows start on the hour: change the system's maintenance window.",
    },
  ];
}
