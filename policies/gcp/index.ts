/** Policies on what Google Cloud runs. */
import type { Policy } from "../policy";

export const gcp: readonly Policy[] = [];
