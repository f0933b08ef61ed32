import { describe, expect, it } from "vitest";
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
