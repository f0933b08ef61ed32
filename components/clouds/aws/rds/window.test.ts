import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hours, minutes } from "../../../../systems/units";
import { refusal } from "../../../kit/testing";
import { clock, minutesOf } from "../../../kit/clock";
import { windowRules, windowsOf, type WindowArguments } from "./window";
import { enforce } from "../../../kit/validation";

const sunday = { day: "sunday", start: "03:00", duration: hours(2) } as const;

describe("the windows of a database", () => {
  it.each<[WindowArguments, string, string]>([
    [{ maintenance: sunday }, "02:00-03:00", "sun:03:00-sun:05:00"],
    [
      { maintenance: { day: "saturday", start: "23:15", duration: minutes(90) } },
      "22:15-23:15",
      "sat:23:15-sun:00:45",
    ],
    [
      { maintenance: { day: "monday", start: "00:30", duration: minutes(30) } },
      "23:30-00:30",
      "mon:00:30-mon:01:00",
    ],
  ])("%j are %s and %s", (given, backup, maintenance) => {
    expect(windowsOf(given)).toEqual({ backup, maintenance });
  });

  it("never overlap, whenever maintenance starts", () => {
    const minute = fc.integer({ min: 0, max: 1439 });
    fc.assert(
      fc.property(minute, fc.integer({ min: 30, max: 1439 }), (start, length) => {
        const args: WindowArguments = {
          maintenance: { day: "friday", start: clock(start), duration: minutes(length) },
        };
        const inMaintenance = (m: number) => (m - start + 1440) % 1440 < length;
        const backup = minutesOf(windowsOf(args).backup.slice(0, 5));
        const overlap = Array.from({ length: 60 }, (_, i) => (backup + i) % 1440).some(
          inMaintenance,
        );
        const said = refusal(() => {
          enforce("db", windowRules(args));
        });
        expect(said !== "").toBe(overlap);
      }),
    );
  });
});
