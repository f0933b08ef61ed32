import { clock, MINUTES_A_DAY, minutesOf } from "../../../kit/clock";
import { quoted, type Rule } from "../../../kit/validation";
import { weeklyWindow, type Window } from "../window";

export interface WindowArguments {
  /** The daily backup runs in the hour before maintenance, so that a recent one exists then. */
  readonly maintenance: Window;
}

const BACKUP_MINUTES = 60;
/** Amazon's minimum for the maintenance window (RDS API, `PreferredMaintenanceWindow`). */
const SHORTEST_MAINTENANCE = 30;
/** Backups are daily, so the windows must not overlap on any day. */
const LONGEST_MAINTENANCE = MINUTES_A_DAY - BACKUP_MINUTES;

/** The two windows in Amazon's format, in UTC. Pure. */
export function windowsOf({ maintenance }: WindowArguments): {
  readonly backup: string;
  readonly maintenance: string;
} {
  const start = minutesOf(maintenance.start);
  const backup = start - BACKUP_MINUTES;
  return {
    backup: `${clock(backup)}-${clock(backup + BACKUP_MINUTES)}`,
    maintenance: weeklyWindow(maintenance),
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
