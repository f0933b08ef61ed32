/** How long a schedule may leave between two runs. */

const MACROS: Readonly<Record<string, string>> = {
  "@hourly": "0 * * * *",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *",
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
};
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

interface Field {
  readonly from: number;
  readonly to: number;
  /** Names of the numbers, starting with `from`. */
  readonly names?: readonly string[];
}

const MINUTE: Field = { from: 0, to: 59 };
const HOUR: Field = { from: 0, to: 23 };
const DAY: Field = { from: 1, to: 31 };
const MONTH: Field = { from: 1, to: 12, names: MONTHS };
/** 7 is Sunday too. */
const WEEKDAY: Field = { from: 0, to: 7, names: WEEKDAYS };

const DAY_SECONDS = 86_400;
/** Eight years: every length of month and year is among them, and 29 February twice. */
const DAYS = Array.from({ length: 8 * 365 + 2 }, (_, index) => index);

/**
 * The longest time between two runs of a cron expression, in seconds, as Kubernetes reads it; with six
 * fields the first is seconds, as CloudNativePG reads it. Undefined for a text that is no schedule, or
 * that never comes. A time zone's change of clocks is left out.
 */
export function longestGap(schedule: string): number | undefined {
  const text = schedule.trim().toLowerCase();
  const fields = (MACROS[text] ?? text).split(/\s+/);
  const [minute, hour, day, month, weekday] = fields.length === 6 ? fields.slice(1) : fields;
  if (weekday === undefined || fields.length > 6) return undefined;
  const [minutes, hours] = [numbers(minute, MINUTE), numbers(hour, HOUR)];
  const dates = {
    days: numbers(day, DAY),
    months: numbers(month, MONTH),
    weekdays: numbers(weekday, WEEKDAY),
  };
  const times = hours?.flatMap((h) => (minutes ?? []).map((m) => h * 3600 + m * 60)) ?? [];
  const runs = daysOf(dates, day === "*", weekday === "*");
  return runs === undefined ? undefined : longest(times, runs);
}

/** Within a day, and from its last run to the first of the next day that has one. */
function longest(times: readonly number[], runs: readonly number[]): number | undefined {
  const [begin, end] = [times[0], times.at(-1)];
  if (begin === undefined || end === undefined || runs.length === 0) return undefined;
  const inside = times.map((time, index) => time - (times[index - 1] ?? time));
  const between = runs.slice(1).map((day, index) => day - (runs[index] ?? day));
  const overnight = Math.max(...between) * DAY_SECONDS - end + begin;
  return Math.max(overnight, ...inside);
}

interface Dates {
  readonly days: readonly number[] | undefined;
  readonly months: readonly number[] | undefined;
  readonly weekdays: readonly number[] | undefined;
}

/** The days with a run, counted from one. A day of the month and of the week that are both given add up. */
function daysOf(
  { days, months, weekdays }: Dates,
  anyDay: boolean,
  anyWeekday: boolean,
): readonly number[] | undefined {
  if (days === undefined || months === undefined || weekdays === undefined) return undefined;
  return DAYS.filter((index) => {
    const date = new Date(Date.UTC(2024, 0, 1 + index));
    const byDay = days.includes(date.getUTCDate());
    const byWeekday = weekdays.some((one) => one % 7 === date.getUTCDay());
    const isDay = anyDay || anyWeekday ? byDay && byWeekday : byDay || byWeekday;
    return isDay && months.includes(date.getUTCMonth() + 1);
  });
}

/** The numbers of a field in rising order; undefined where it is no field. */
function numbers(text: string | undefined, field: Field): readonly number[] | undefined {
  const found = new Set<number>();
  for (const part of (text ?? "").split(",")) {
    const match = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part);
    if (match === null) return undefined;
    const [, any, first, last, every] = match;
    const from = any === undefined ? numberOf(first, field) : field.from;
    // A step after a single number counts from it to the field's end.
    const to =
      any !== undefined || (last === undefined && every !== undefined)
        ? field.to
        : numberOf(last ?? first, field);
    const step = Number(every ?? 1);
    if (from === undefined || to === undefined || from > to || step < 1) return undefined;
    for (let number = from; number <= to; number += step) found.add(number);
  }
  return [...found].sort((a, b) => a - b);
}

function numberOf(text: string | undefined, { from, to, names = [] }: Field): number | undefined {
  const named = names.indexOf(text ?? "");
  const number = named >= 0 ? named + from : Number(text);
  return Number.isInteger(number) && number >= from && number <= to ? number : undefined;
}
