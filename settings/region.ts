import type { System } from "../systems/model";
import type { Values } from "./schema";

/**
 * Where a stack is: as it says, or else where its runbook has the system, which for a recovery
 * environment is the other region. Undefined on a cloud that the runbook does not know.
 */
export function regionOf(
  { cloud, region, environment }: Pick<Values, "cloud" | "region" | "environment">,
  { home }: System,
): string | undefined {
  if (region !== undefined) return region;
  if (cloud !== undefined && cloud !== home.cloud) return undefined;
  return environment === "dr" ? (home.recoveryRegion ?? home.region) : home.region;
}
