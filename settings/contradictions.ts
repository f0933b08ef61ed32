import { isDeepStrictEqual } from "node:util";
import { ALL, type Values } from "./keys";
import type { Key } from "./keys/key";
import { problem, type Check, type SettingsProblem } from "./problem";
import type { Site } from "./site";

/** Thrown when a rule reads a malformed key, which has already been reported. */
class Malformed extends Error {}

/** The values. Reading a malformed one throws. */
export const guarded = (values: Values, malformed: ReadonlySet<unknown>): Values =>
  new Proxy(values, {
    get(target, key) {
      if (malformed.has(key)) throw new Malformed();
      return Reflect.get(target, key) as unknown;
    },
  });

/** The problems that a rule finds; none if it reads a malformed key. */
function ask(check: Check, values: Values, site: Site): readonly SettingsProblem[] {
  try {
    return check(values, site);
  } catch (error) {
    if (error instanceof Malformed) return [];
    throw error;
  }
}

/** Refuses a key that is set where it has no effect, unless the value equals its default there. */
const withoutEffect =
  (name: keyof Values, { only, presence, fallback, settle }: Key): Check =>
  (values, site) => {
    const value = values[name];
    if (only === undefined || value === undefined || only.applies(site)) return [];
    const resting =
      presence === "default" ? fallback(site.profile) : settle(undefined as never, site);
    return isDeepStrictEqual(value, resting)
      ? []
      : [problem(name, value, `not set: it only has an effect ${only.where}`)];
  };

/** Rules of the keys and of the stack's cloud, in the order of the keys. */
export function contradictions(values: Values, site: Site): readonly SettingsProblem[] {
  const ofCloud: Check = () => site.profile.rules.flatMap((rule) => ask(rule, values, site));
  return [
    ...ALL.flatMap(([name, key]) => [withoutEffect(name, key), ...(key.rules ?? [])]),
    ofCloud,
  ].flatMap((check) => ask(check, values, site));
}
