import type { Settings } from "../../settings";

/** Whose it is and what it is for, on everything that can carry it. */
export const ownerTags = ({
  system,
  environment,
}: Pick<Settings, "system" | "environment">): Record<string, string> => ({
  "managed-by": "runstack",
  system: system.id,
  environment,
});
