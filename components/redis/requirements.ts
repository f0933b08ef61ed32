import type { Settings } from "../../settings";
import type { Cache } from "../../systems/model";

/** The common arguments of every implementation. */
export const redisRequirements = (settings: Settings, { name, use }: Cache) => ({
  use,
  rotation: settings.rotations[name] ?? "1",
  protect: settings.protection.redis,
});
