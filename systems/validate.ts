/**
 * Rejects contradictions in a system: pure, on plain data, before the first resource exists.
 *
 * Contradictions in the runbook itself are not problems but `findings`, which record what the stack does
 * instead.
 */
import type { System } from "./model";
import { DATA_RULES } from "./validate/data";
import { EXCEPTION_RULES } from "./validate/exceptions";
import { FINDING_RULES } from "./validate/findings";
import { METRIC_RULES } from "./validate/metrics";
import { namespaceFree } from "./validate/namespaces";
import { OBJECTIVE_RULES } from "./validate/objectives";
import type { Problem, Rule } from "./validate/problem";
import { RECOVERY_RULES } from "./validate/recovery";
import { REFERENCE_RULES } from "./validate/references";
import { SERVICE_RULES } from "./validate/services";
import { WRITING_RULES } from "./validate/writing";

export type { Problem } from "./validate/problem";

export const RULES: readonly Rule[] = [
  ...REFERENCE_RULES,
  ...SERVICE_RULES,
  ...DATA_RULES,
  ...OBJECTIVE_RULES,
  ...METRIC_RULES,
  ...RECOVERY_RULES,
  ...FINDING_RULES,
  ...EXCEPTION_RULES,
  namespaceFree,
  ...WRITING_RULES,
];

/** All contradictions of the system, in the order of the rules; empty if there are none. */
export function validateSystem(system: System): readonly Problem[] {
  return RULES.flatMap((rule) =>
    rule.check(system).map((problem) => ({ rule: rule.id, ...problem })),
  );
}
