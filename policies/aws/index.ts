/** Policies on what Amazon runs. */
import type { Policy } from "../policy";

export const aws: readonly Policy[] = [];
