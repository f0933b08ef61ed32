import { describe, expect, it } from "vitest";
import { hours, minutes } from "../../../../systems/units";
import type { GkeArguments } from "./arguments";
import { maintenanceDays, maintenancePolicy } from "./maintenance";
import { args } from "./testing";

const policy = (maintenance: Partial<GkeArguments["maintenance"]>) =>
  maintenancePolicy({ maintenance: { ...args.maintenance, ...maintenance } });

describe("the maintenance of a GKE cluster", () => {
  it("keeps the minor version while it is supported, and leaves patches to the window", () => {
    expect(policy({})).toEqual({
      recurringWindow: {
        startTime: "2024-01-06T03:30:00Z",
        endTime: "2024-01-06T08:30:00Z",
        recurrence: "FREQ=WEEKLY;BYDAY=MO,SA,SU",
      },
      maintenanceExclusions: [
        {
          exclusionName: "minor-versions",
          startTime: "2024-01-01T00:00:00Z",
          exclusionOptions: {
            scope: "NO_MINOR_UPGRADES",
            endTimeBehavior: "UNTIL_END_OF_SUPPORT",
          },
        },
      ],
    });
  });

  it.each([
    ["monday", "2024-01-01"],
    ["wednesday", "2024-01-03"],
    ["sunday", "2024-01-07"],
  ] as const)("starts on its day: %s", (day, date) => {
    const { startTime } = policy({ day }).recurringWindow;
    expect(startTime).toBe(`${date}T03:30:00Z`);
    expect(new Date(startTime).toLocaleDateString("en", { weekday: "long", timeZone: "UTC" })).toBe(
      `${day.charAt(0).toUpperCase()}${day.slice(1)}`,
    );
  });

  it("may end on the next day", () => {
    expect(policy({ day: "sunday", start: "23:15" }).recurringWindow).toMatchObject({
      startTime: "2024-01-07T23:15:00Z",
      endTime: "2024-01-08T04:15:00Z",
    });
  });
});

describe("the days on which maintenance may start", () => {
  it.each([
    ["sunday", hours(4), ["MO", "TU", "SU"]],
    ["sunday", hours(6), ["MO", "SU"]],
    ["friday", hours(5), ["FR", "SA", "SU"]],
    ["tuesday", minutes(11 * 60 + 59), ["TU", "WE"]],
    ["tuesday", hours(12), ["TU"]],
    ["tuesday", hours(24), ["TU"]],
  ] as const)("are enough for 48 hours in 32 days: %s, %o", (day, duration, days) => {
    expect(maintenanceDays({ day, duration })).toEqual(days);
    expect((days.length * 4 * duration.seconds) / 3600).toBeGreaterThanOrEqual(48);
  });
});
