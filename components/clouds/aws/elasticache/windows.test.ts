import { describe, expect, it } from "vitest";
import { hours, minutes } from "../../../../systems/units";
import { weeklyWindow, type Window } from "../window";
import { snapshotWindow } from "./windows";

const window = (changes: Partial<Window> = {}): Window => ({
  day: "tuesday",
  start: "03:20",
  duration: hours(2),
  ...changes,
});

describe("ElastiCache's windows", () => {
  it.each([
    [{}, "tue:03:20-tue:05:20"],
    [{ start: "23:05" }, "tue:23:05-wed:01:05"],
    [{ day: "saturday", start: "23:00", duration: hours(1) }, "sat:23:00-sun:00:00"],
    [{ duration: minutes(90) }, "tue:03:20-tue:04:50"],
  ] as const)("%j is %s", (changes, expected) => {
    expect(weeklyWindow(window(changes))).toBe(expected);
  });

  it.each([
    [{}, "06:20-07:20"],
    [{ start: "21:10" }, "00:10-01:10"],
    [{ start: "20:30" }, "23:30-00:30"],
  ])("the snapshot follows the maintenance %j at %s", (changes, expected) => {
    expect(snapshotWindow(window(changes))).toBe(expected);
  });
});
