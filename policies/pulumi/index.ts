/** Policies on how a Pulumi program declares its resources. */
import type { Policy } from "../policy";
import { namedReferences } from "./named-references";
import { options } from "./options";
import { outputs } from "./outputs";
import { protection } from "./protection";
import { providers } from "./providers";
import { tags } from "./tags";

export const pulumi: readonly Policy[] = [
  ...protection,
  ...options,
  ...providers,
  ...tags,
  ...outputs,
  namedReferences,
];
