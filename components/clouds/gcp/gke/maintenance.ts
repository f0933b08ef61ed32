import type { GkeArguments } from "./arguments";

/** RFC 5545's names, in the order in which Google returns them. */
const DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;
const NAMES = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/**
 * Google requires 48 hours in any 32 days and counts only windows of at least four hours
 * (cloud.google.com/kubernetes-engine/docs/how-to/maintenance-windows-and-exclusions). Any 32 days
 * contain four whole weeks, so twelve hours a week are enough.
 */
const HOURS_A_WEEK = 12;
export const SHORTEST_HOURS = 4;

type Window = GkeArguments["maintenance"];

/**
 * The days on which maintenance may start: the window's own, and as many following days as needed.
 */
export function maintenanceDays({ day, duration }: Omit<Window, "start">): readonly string[] {
  const hours = duration.seconds / 3600;
  const first = NAMES.indexOf(day);
  const count = Math.ceil(HOURS_A_WEEK / hours);
  const chosen = Array.from({ length: count }, (_, offset) => (first + offset) % DAYS.length);
  return DAYS.filter((_, index) => chosen.includes(index));
}

/** `maintenancePolicy` of a cluster. */
export function maintenancePolicy({ maintenance }: Pick<GkeArguments, "maintenance">) {
  const { day, start, duration } = maintenance;
  // The first occurrence, in a week that began on Monday, the first of January.
  const first = new Date(Date.UTC(2024, 0, 1 + NAMES.indexOf(day)));
  const [hours = 0, minutes = 0] = start.split(":").map(Number);
  first.setUTCHours(hours, minutes);
  const end = new Date(first.getTime() + duration.seconds * 1000);
  return {
    recurringWindow: {
      startTime: instant(first),
      endTime: instant(end),
      recurrence: `FREQ=WEEKLY;BYDAY=${maintenanceDays(maintenance).join(",")}`,
    },
    maintenanceExclusions: [
      {
        exclusionName: "minor-versions",
        startTime: "2024-01-01T00:00:00Z",
        // Moves with the version: it ends when the support of the running version ends.
        exclusionOptions: {
          scope: "NO_MINOR_UPGRADES",
          endTimeBehavior: "UNTIL_END_OF_SUPPORT",
        },
      },
    ],
  };
}

/** In UTC without fractions, as Google returns it: another format would be a permanent diff. */
const instant = (date: Date): string => date.toISOString().replace(".000Z", "Z");
