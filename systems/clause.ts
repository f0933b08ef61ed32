import type { Clause } from "./model";
import type { RequirementId } from "./requirements";

/** `clause("Architecture Overview / Topics", "TC-03")`: the heading, then the requirements it realises. */
export const clause = (
  heading: string,
  ...ids: readonly RequirementId[]
): { readonly clause: Clause } => ({
  clause: { ids, heading },
});
