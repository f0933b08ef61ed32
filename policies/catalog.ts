/** All policies of the pack, in the order in which they are evaluated and documented. */
import { exemptionValid } from "./exemptions";
import { podSecurity } from "./pod-security";
import type { Policy } from "./policy";
import { undecided } from "./undecided";

export const POLICIES: readonly Policy[] = [
  ...podSecurity,
  exemptionValid,
  // Counts what the others left open, so it comes after them.
  undecided,
];
