/** The runbook's incident levels, for alerts that no runbook names. */
import type { Severity, System } from "../../systems/model";
import { LABEL } from "../kit/conventions";

/**
 * The level of a generated alert, from the runbook's table. Several levels can have the same severity: the first
 * of them is for a complete outage, and whatever is merely getting worse has the last.
 */
export function levelLabel(
  { incidents }: System,
  severity: Severity,
  extent: "outage" | "part" = "part",
): Readonly<Record<string, string>> {
  const levels = incidents.levels.filter((each) => each.severity === severity);
  const level = (extent === "outage" ? levels[0] : levels.at(-1))?.level;
  return level === undefined ? {} : { [LABEL.level]: level };
}
