import { describe, expect, it } from "vitest";
import { isCron, longestGap } from "./cron";

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
    ["@every 1h30m", 90 * MINUTE],
    ["@every 0s", 1],
    ["?/5 * * * *", 5 * MINUTE],
    ["0 2 */1 * 1", 7 * DAY],
    ["0 2 *,5 * 1", 7 * DAY],
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
    "constructor",
    "__proto__",
    "@Daily",
    "@every",
    "@every h",
    "0 15 1 * * *",
    "0 2 * * 7",
    "CRON_TZ=Etc/UTC 0 2 * * *",
  ])("of %j is none", (schedule) => {
    expect(longestGap(schedule)).toBeUndefined();
  });
});

describe("isCron", () => {
  it.each([
    ["0 0 1 1 *", true],
    ["59 23 31 12 6", true],
    ["*/5 * * * *", true],
    [" 1,2,30-40/3 0 ? JAN-dec sun ", true],
    ["0 0 * * mon-fri", true],
    ["@daily", true],
    ["@every 1h30m", true],
    ["@reboot", false],
    ["60 * * * *", false],
    ["* 24 * * *", false],
    ["* * 0 * *", false],
    ["* * 32 * *", false],
    ["* * * 0 *", false],
    ["* * * 13 *", false],
    ["* * * * 7", false],
    ["* * * * -1", false],
    ["5-4 * * * *", false],
    ["1-2-3 * * * *", false],
    ["4-4 * * * *", true],
    ["*/0 * * * *", false],
    ["mon * * * *", false],
    ["* * * *", false],
    ["* * * * * *", false],
    ["TZ=Etc/UTC 0 0 * * *", false],
    ["CRON_TZ=Etc/UTC 0 0 * * *", false],
    ["0 0 * * fri-sun", false],
    ["0 0 * * 1-7", false],
    ["0 0 * * */7", true],
    // croner alone would take these.
    ["0 0 L * *", false],
    ["0 0 15W * *", false],
    ["0 0 * * mon#2", false],
    ["0 0 +1 * mon", false],
    ["/5 * * * *", false],
    ["0 0 * * * 2026", false],
    // Kubernetes takes it for "0 * * * *".
    ["*/90 * * * *", false],
    ["0 2 31 2 *", true],
    ["0 0 * * mon,", false],
    ["", false],
  ])("%j: %s", (text, expected) => {
    expect(isCron(text)).toBe(expected);
  });
});
