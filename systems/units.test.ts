import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cores,
  days,
  durationText,
  gib,
  hours,
  mib,
  millicores,
  milliseconds,
  minutes,
  percent,
  quantity,
  seconds,
} from "./units";

describe("durations", () => {
  it.each([
    [milliseconds(500), 0.5, "500ms"],
    [milliseconds(1500), 1.5, "1500ms"],
    [seconds(90), 90, "90s"],
    [minutes(5), 300, "5m"],
    [minutes(60), 3600, "1h"],
    [hours(26), 93_600, "26h"],
    [days(7), 604_800, "7d"],
    [seconds(0), 0, "0ms"],
  ])("are counted in seconds and written in their largest whole unit", (duration, count, text) => {
    expect(duration).toEqual({ kind: "duration", seconds: count });
    expect(durationText(duration)).toBe(text);
  });

  it("are written without loss of precision", () => {
    const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
    fc.assert(
      fc.property(fc.nat(100_000_000), (ms) => {
        const [, count, suffix] = /^(\d+)(ms|s|m|h|d)$/.exec(durationText(milliseconds(ms))) ?? [];
        expect(Number(count) * unit[suffix as keyof typeof unit]).toBe(ms);
      }),
    );
  });
});

describe("quantities", () => {
  it.each([
    [mib(512), "512Mi"],
    [gib(2), "2Gi"],
    [mib(1024), "1Gi"],
    [mib(1.5), "1536Ki"],
    [{ kind: "size" as const, bytes: 1001 }, "1001"],
    [millicores(250), "250m"],
    [millicores(2000), "2"],
    [cores(4), "4"],
    [cores(0.5), "500m"],
  ])("are written as Kubernetes writes them", (amount, text) => {
    expect(quantity(amount)).toBe(text);
  });
});

describe("percent", () => {
  it.each([
    [99.9, 0.999],
    [0.1, 0.001],
    [5, 0.05],
    [100, 1],
  ])("turns %s into an exact ratio", (written, value) => {
    expect(percent(written)).toEqual({ kind: "ratio", value });
  });
});
