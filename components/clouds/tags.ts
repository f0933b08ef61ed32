import type { Settings } from "../../settings";

/** Owner and purpose, on every resource that supports tags. */
export const ownerTags = ({
  system,
  environment,
}: Pick<Settings, "system" | "environment">): Record<string, string> => ({
  "managed-by": "runstack",
  system: system.id,
  environment,
});
