import { describe, expect, it } from "vitest";
import { comparisonsOf } from "./rules";
import { serverTime } from "./ways";

describe("serverTime", () => {
  it.each([
    ["300", 300],
    ["90s", 90],
    ["5min", 300],
    ["5 min", 300],
    ["2h", 7200],
    ["1d", 86_400],
    ["0", Infinity],
    ["soon", Infinity],
  ])("reads %s as %d seconds", (text, seconds) => {
    expect(serverTime(text)).toBe(seconds);
  });
});

describe("comparisonsOf", () => {
  const above = (bound: number) => ({ operator: "above", bound });
  const below = (bound: number) => ({ operator: "below", bound });

  it.each([
    ["a > 0.05", [above(0.05)]],
    ["a >= 3", [above(3)]],
    ["a <2", [below(2)]],
    ["a <= -1.5", [below(-1.5)]],
    ["a > bool 1e3", [above(1000)]],
    ["a > 2E-2", [above(0.02)]],
    ["(a > 0) / b > 5 or c < 7", [above(0), above(5), below(7)]],
    ["a{b=~\"x > 5\",c!~'y < 3'} > 1", [above(1)]],
    ["a[5m:1m] > 2", [above(2)]],
    ["label_replace(a, `x > 9`) > 4", [above(4)]],
    ['a{b="\\" > 8"} > 6', [above(6)]],
    ["a > b", []],
    ["a == 1", []],
    ["a > 5m", []],
    ["", []],
  ])("finds in %s", (expression, found) => {
    expect(comparisonsOf(expression)).toEqual(found);
  });
});
