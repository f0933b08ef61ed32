import type { Settings } from "../../settings";
import type { Cache } from "../../systems/model";

/** Staging goes without what takes over. */
export const isReplicated = (settings: Settings, { topology }: Cache): boolean =>
  settings.production && topology !== "single";

/** What every implementation is told of the cache. */
export const redisRequirements = (settings: Settings, { name, use }: Cache) => ({
  use,
  rotation: settings.rotations[name] ?? "1",
  protect: settings.protection.redis,
});
