import { describe, expect, it } from "vitest";
import { longestGap } from "./cron";
import { serverTime } from "./ways";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

describe("longestGap", () => {
  it.each([
    ["* * * * *", MINUTE],
    ["*/15 * * * *", 15 * MINUTE],
    ["7-59/20 * * * *", 20 * MINUTE],
    ["5/25 * * * *", 25 * MINUTE],
    ["0,10 * * * *", 50 * MINUTE],
    ["30 */6 * * *", 6 * HOUR],
    ["0 */5 * * *", 5 * HOUR],
    ["0 2 * * *", DAY],
    ["0 1,13 * * *", 12 * HOUR],
    ["0 8-18/5 * * *", 14 * HOUR],
    ["0 2 * * 0", 7 * DAY],
    ["0 2 * * 7", 7 * DAY],
    ["0 2 * * sun", 7 * DAY],
    ["0 2 * * Mon-Fri", 3 * DAY],
    ["0 2 1 * *", 31 * DAY],
    ["0 2 1 JAN *", 366 * DAY],
    ["0 2 1 1,7 *", 184 * DAY],
    ["0 2 1 * 1", 7 * DAY],
    ["0 2 31 * *", 61 * DAY],
    ["0 2 29 2 *", 1461 * DAY],
    ["@hourly", HOUR],
    ["@daily", DAY],
    ["@midnight", DAY],
    ["@weekly", 7 * DAY],
    ["@monthly", 31 * DAY],
    ["@yearly", 366 * DAY],
    ["@annually", 366 * DAY],
    [" 0  2 * * * ", DAY],
    // CloudNativePG puts seconds in front.
    ["0 15 1 * * *", DAY],
    ["0 */30 * * * *", 30 * MINUTE],
  ])("of %s is %d seconds", (schedule, gap) => {
    expect(longestGap(schedule)).toBe(gap);
  });

  it.each([
    "",
    "0 2 * *",
    "0 0 2 * * * *",
    "60 2 * * *",
    "0 24 * * *",
    "0 2 0 * *",
    "0 2 32 * *",
    "0 2 * 13 *",
    "0 2 * 0 *",
    "0 2 * * 8",
    "0 2 * * noday",
    "5-2 * * * *",
    "*/0 * * * *",
    "1- * * * *",
    "* x * * *",
    "0 2 31 2 *",
    "1.5 * * * *",
  ])("of %j is none", (schedule) => {
    expect(longestGap(schedule)).toBeUndefined();
  });
});

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
