/** Rules that several keys share. */
import { list, nearest } from "../../lib/words";
import type { Range } from "../../systems/model";
import { problem, unless, type SettingsProblem } from "../problem";

/** A range whose minimum exceeds its maximum, or which leaves the runbook's range in production. */
export const withinRunbook = (
  key: string,
  { min, max }: Range,
  runbook: Range,
  heading: string,
  production: boolean,
): readonly SettingsProblem[] => [
  ...unless(min <= max, `${key}.min`, min, `at most ${key}.max, which is ${max}`),
  ...unless(
    !production || min >= runbook.min,
    `${key}.min`,
    min,
    `at least ${runbook.min}, the runbook's minimum (${heading})`,
  ),
  ...unless(
    !production || max <= runbook.max,
    `${key}.max`,
    max,
    `at most ${runbook.max}, the runbook's maximum (${heading})`,
  ),
];

/**
 * Keys of a map must be names of the system's elements. For a misspelt one, the error suggests the nearest
 * name.
 */
export const namesOf = (
  key: string,
  given: Readonly<Record<string, unknown>>,
  known: readonly string[],
  elements: string,
): readonly SettingsProblem[] =>
  Object.entries(given)
    .filter(([name]) => !known.includes(name))
    .map(([name, value]) => {
      const near = nearest(name, known);
      const hint = near === undefined ? "" : ` (did you mean ${JSON.stringify(near)}?)`;
      const allowed =
        known.length === 0
          ? `not set: there is no ${elements}`
          : `for a ${elements}: ${list(known)}`;
      return problem(`${key}.${name}`, value, allowed + hint);
    });
