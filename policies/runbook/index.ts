/** Whether the stack does what its system's runbook says. */
import type { Policy } from "../policy";
import { conformance } from "./conformance";

export const runbook: readonly Policy[] = [...conformance];
