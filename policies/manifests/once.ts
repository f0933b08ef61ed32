/** One violation a fault: what the API server refuses is not said again by policies that read the same value. */
import type { Level } from "../policy";
import type { Key } from "../values";
import type { Found } from "./evaluate";

/** After these nothing else can be said of a value, nor of what is inside it. */
const WHOLE: ReadonlySet<string> = new Set(["api-field-type", "api-field-known"]);

/** Lower for what says more exactly what is wrong. */
function rank({ policy: { themes } }: Found): number {
  if (themes[0] === "api") return 0;
  return themes.includes("api") ? 1 : 2;
}

const idOf = (at: readonly Key[]): string => JSON.stringify(at);

/** The violations of one object, without those on a value for which another says what is wrong. */
export function withoutRepeats(found: readonly Found[]): readonly Found[] {
  const best = new Map<string, number>();
  const whole = new Set<string>();
  for (const one of found) {
    const own = rank(one);
    if (own > 1 || one.at.length === 0) continue;
    const id = idOf(one.at);
    best.set(id, Math.min(own, best.get(id) ?? own));
    if (WHOLE.has(one.policy.name)) whole.add(id);
  }
  if (best.size === 0) return found;
  const isInside = ({ at }: Found): boolean =>
    at.some((_, length) => length > 0 && whole.has(idOf(at.slice(0, length))));
  return found.filter((one) => {
    const own = rank(one);
    return own === 0 || (own <= (best.get(idOf(one.at)) ?? own) && !isInside(one));
  });
}

/** The violations of one object, each fault once: see `coveredBy`. */
export function withoutCovered(all: readonly Found[]): readonly Found[] {
  const keyOf = (name: string, level: Level, at: readonly Key[]): string =>
    JSON.stringify([name, level, at]);
  const said = new Set(all.map(({ policy, level, at }) => keyOf(policy.name, level, at)));
  // Advice does not take the place of a mandatory violation.
  const isSaid = (by: string, { level, at }: Found): boolean =>
    said.has(keyOf(by, "mandatory", at)) ||
    (level === "advisory" && said.has(keyOf(by, "advisory", at)));
  return all.filter(
    (one) => one.at.length === 0 || one.policy.coveredBy?.some((by) => isSaid(by, one)) !== true,
  );
}
