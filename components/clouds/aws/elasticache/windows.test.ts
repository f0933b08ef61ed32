import { describe, expect, it } from "vitest";
import { hours, minutes } from "../../../../systems/units";
import {
  isClock,
  maintenanceWindow,
  snapshotStartAfter,
  snapshotWindow,
  windowsOverlap,
  type Window,
} from "./windows";

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
    expect(maintenanceWindow(window(changes))).toBe(expected);
  });

  it.each([
    [{}, "06:20-07:20"],
    [{ start: "21:10" }, "00:10-01:10"],
    [{ start: "20:30" }, "23:30-00:30"],
  ])("the snapshot follows the maintenance %j at %s, if nobody says when", (changes, expected) => {
    const start = snapshotStartAfter(window(changes));
    expect(snapshotWindow(start)).toBe(expected);
    expect(windowsOverlap(window(changes), start)).toBe(false);
  });

  it.each([
    ["02:20", false],
    ["02:21", true],
    ["03:20", true],
    ["05:19", true],
    ["05:20", false],
    ["23:59", false],
  ])("a snapshot at %s overlaps 03:20 to 05:20: %s", (start, expected) => {
    expect(windowsOverlap(window(), start)).toBe(expected);
  });

  it.each([
    ["23:30", true],
    ["00:59", true],
    ["01:00", false],
    ["22:00", false],
    ["22:01", true],
  ])("a snapshot at %s overlaps 23:00 to 01:00: %s", (start, expected) => {
    expect(windowsOverlap(window({ start: "23:00" }), start)).toBe(expected);
  });

  it.each([
    ["00:00", true],
    ["23:59", true],
    ["24:00", false],
    ["7:30", false],
    ["07:60", false],
  ])("%s is a time of day: %s", (text, expected) => {
    expect(isClock(text)).toBe(expected);
  });
});
