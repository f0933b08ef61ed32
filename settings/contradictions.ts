import { isDeepStrictEqual } from "node:util";
import { ALL, type Values } from "./keys";
import type { Key } from "./keys/key";
import { problem, type Check, type SettingsProblem } from "./problem";
import type { Site } from "./site";

/** Thrown where a rule reads a malformed key, about which there is a message already. */
class Malformed extends Error {}

/** The values, of which malformed ones cannot be read. */
export const guarded = (values: Values, malformed: ReadonlySet<unknown>): Values =>
  new Proxy(values, {
    get(target, key) {
      if (malformed.has(key)) throw new Malformed();
      return Reflect.get(target, key) as unknown;
    },
  });

/** What a rule finds; nothing while a key that it reads is malformed. */
function ask(check: Check, values: Values, site: Site): readonly SettingsProblem[] {
  try {
    return check(values, site);
  } catch (error) {
    if (error instanceof Malformed) return [];
    throw error;
  }
}

/** A key that is set where it has no effect; the value that it has there anyway is no mistake. */
const withoutEffect =
  (name: keyof Values, { only, presence, fallback, settle }: Key): Check =>
  (values, site) => {
    const value = values[name];
    if (only === undefined || value === undefined || only.applies(site)) return [];
    const resting =
      presence === "default" ? fallback(site.profile) : settle(undefined as never, site);
    return isDeepStrictEqual(value, resting)
      ? []
      : [problem(name, value, `not set: it has an effect only ${only.where}`)];
  };

/** Rules of the keys and of the stack's cloud, in the order of the keys. */
export function contradictions(values: Values, site: Site): readonly SettingsProblem[] {
  const ofCloud: Check = () => site.profile.rules.flatMap((rule) => ask(rule, values, site));
  return [
    ...ALL.flatMap(([name, key]) => [withoutEffect(name, key), ...(key.rules ?? [])]),
    ofCloud,
  ].flatMap((check) => ask(check, values, site));
}
