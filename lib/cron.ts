/**
 * Schedules as Kubernetes' CronJob reads them (robfig/cron v3, `ParseStandard`): five fields, or a word
 * such as `@daily`; no seconds, and no time zone, which has a field of its own. croner counts the runs,
 * and knows more than Kubernetes: what only it would take is refused here. Refused as well is a step longer
 * than its field, which Kubernetes takes for the first value alone, and nobody means.
 */
import { Cron } from "croner";

const MACROS: ReadonlyMap<string, string> = new Map([
  ["@hourly", "0 * * * *"],
  ["@daily", "0 0 * * *"],
  ["@midnight", "0 0 * * *"],
  ["@weekly", "0 0 * * 0"],
  ["@monthly", "0 0 1 * *"],
  ["@yearly", "0 0 1 1 *"],
  ["@annually", "0 0 1 1 *"],
]);

const DAY_SECONDS = 86_400;
const START = Date.UTC(2024, 0, 1) / 1000;
/** Every length of month and year is among them, and 29 February twice. */
const EIGHT_YEARS = 2922 * DAY_SECONDS;

/** Whether Kubernetes' controller can read it; it may still never come, as on 31 February. */
export const isCron = (schedule: string): boolean =>
  intervalOf(schedule) !== undefined || patternOf(schedule) !== undefined;

/**
 * The longest time between two runs, in seconds. Undefined for a text that is no schedule, or that never
 * comes. A time zone's change of clocks is left out.
 */
export function longestGap(schedule: string): number | undefined {
  const [minute, hour, ...dates] = patternOf(schedule)?.split(" ") ?? [];
  if (minute === undefined || hour === undefined) return intervalOf(schedule);
  const times = runsOf(`${minute} ${hour} * * *`, DAY_SECONDS);
  const isDaily = dates.every((field) => field === "*");
  const days = runsOf(`0 0 ${dates.join(" ")}`, isDaily ? 2 * DAY_SECONDS : EIGHT_YEARS);
  const [begin, end] = [times[0], times.at(-1)];
  if (begin === undefined || end === undefined || days.length === 0) return undefined;
  // Within a day, and from its last run to the first of the next day that has one.
  return Math.max(...gaps(times), Math.max(...gaps(days)) - end + begin);
}

const gaps = (times: readonly number[]): readonly number[] =>
  times.slice(1).map((time, index) => time - (times[index] ?? time));

/** In seconds from the start, for as long as that. */
function runsOf(pattern: string, seconds: number): readonly number[] {
  const cron = counted(pattern);
  const found: number[] = [];
  let run = cron.nextRun(new Date(START * 1000 - 1));
  while (run !== null && run.getTime() / 1000 < START + seconds) {
    found.push(run.getTime() / 1000 - START);
    run = cron.nextRun(run);
  }
  return found;
}

/** Without a time zone; `5/25` counts from five to the end. */
const counted = (pattern: string): Cron =>
  new Cron(pattern, { mode: "5-part", utcOffset: 0, sloppyRanges: true });

/** Seconds of `@every 1h30m`, one at least. */
function intervalOf(schedule: string): number | undefined {
  const match = /^@every (?=\d)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(schedule);
  if (match === null) return undefined;
  const [, hours = "0", minutes = "0", seconds = "0"] = match;
  return Math.max(1, (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds));
}

/** One value, a range of them, or all; then a step. */
const PART = /^(?:\*|(?:\d+|[a-z]{3})(?:-(?:\d+|[a-z]{3}))?)(?:\/[1-9]\d*)?$/;
/** To Kubernetes Sunday is 0, and begins a week. */
const LATE_SUNDAY = /(^|[,-])7|-sun/;

/** Five fields as both read them; undefined for what is no schedule. */
function patternOf(schedule: string): string | undefined {
  const fields = (MACROS.get(schedule) ?? schedule)
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .map((field) => field.replaceAll("?", "*").replaceAll(/\*\/0*1(?!\d)/g, "*"))
    // An open field leaves the days to the other one, whatever else it says.
    .map((field) => (field.split(",").includes("*") ? "*" : field));
  const isPlain = fields.every((field) => field.split(",").every((part) => PART.test(part)));
  if (fields.length !== 5 || !isPlain || LATE_SUNDAY.test(fields[4] ?? "")) return undefined;
  const pattern = fields.join(" ");
  try {
    counted(pattern);
    return pattern;
  } catch {
    return undefined;
  }
}
