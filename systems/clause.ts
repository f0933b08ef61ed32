import type { Clause } from "./model";

/** `clause("Architecture Overview / Topics", "TC-03")`: the heading, then the requirements it realises. */
export const clause = (
  heading: string,
  ...ids: readonly string[]
): { readonly clause: Clause } => ({
  clause: { ids, heading },
});
