import { foldedPaths } from "../lib/folded-paths";
import type { System } from "../systems/model";
import { unreadPaths } from "../systems/reading";
import { usesOf } from "../systems/uses";
import type { Stack } from "../systems/uses/use";

/** For values that `systems/uses` does not list. */
const UNLISTED = "systems/uses gives no reason";

/**
 * What the system says and nothing in this stack follows: one sentence for each reason, with the values' paths. Every
 * preview prints it, so that it does not come as a surprise in an incident. Called when everything is registered.
 *
 * @param system as in `Settings`, which records what is read; for any other, nothing is known
 */
export function unread(system: System, stack: Stack): readonly string[] {
  const byReason = new Map<string, string[]>();
  for (const [path, use] of usesOf(unreadPaths(system), system, stack)) {
    if (use !== undefined && use.by !== "nothing" && use.by !== "nothing here") continue;
    const reason = use?.why ?? UNLISTED;
    byReason.set(reason, [...(byReason.get(reason) ?? []), path]);
  }
  return [...byReason].map(([reason, paths]) => `Nothing reads ${foldedPaths(paths)}: ${reason}.`);
}
