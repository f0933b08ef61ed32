/** Exit codes of `plan`. Scripts rely on them. */
import type { Outcome } from "./planning";

const CLEAN = 0;
/** A mandatory policy is violated, or a policy could not run. */
const VIOLATED = 1;
/** An error in the program, its configuration or the command line. */
export const WRONG = 2;

/** The worst code of all stacks: an error counts more than a violation. */
export function exitCode(outcomes: readonly Outcome[]): number {
  if (outcomes.some((outcome) => "errors" in outcome)) return WRONG;
  const violated = outcomes.some(
    (outcome) =>
      "plan" in outcome &&
      (outcome.plan.policies.failures.length > 0 ||
        outcome.plan.policies.violations.some(({ enforcement }) => enforcement === "mandatory")),
  );
  return violated ? VIOLATED : CLEAN;
}
