import { describe, expect, it } from "vitest";
import { secondsOf } from "./durations";

describe("secondsOf", () => {
  it.each<[string, number | undefined]>([
    ["0", 0],
    ["90s", 90],
    ["1h30m", 5400],
    ["1m30s", 90],
    ["1.5h", 5400],
    ["250ms", 0.25],
    ["100ms200ms", 0.3],
    ["3us", 3e-6],
    ["3µs", 3e-6],
    ["3ns", 3e-9],
    ["6h", 21_600],
    ["2d", 172_800],
    ["1w", 604_800],
    ["1y", 31_536_000],
    ["5", undefined],
    ["m", undefined],
    ["5 m", undefined],
    ["-5m", undefined],
    ["5mx", undefined],
    ["x5m", undefined],
    ["", undefined],
  ])("%j is %s", (text, seconds) => {
    expect(secondsOf(text)).toBe(seconds);
  });
});
