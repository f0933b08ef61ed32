/**
 * Makes inputs of the real engine and of the offline plan comparable. What is left out here is what
 * the two may differ in, and nothing else:
 *
 * - `__defaults`, which bridged providers add to every object to remember what they filled in, and
 *   `__internal`, which the engine keeps in a provider;
 * - a secret's value, which neither shows: the engine masks it, the plan never has it;
 * - whether a secret is known: the engine's mask hides it, and a secret that is not known yet is
 *   shown by the engine as unknown and by the plan as secret.
 */

/** How the engine writes what only a cloud could know. */
const ENGINE_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const ENGINE_SECRET = "[secret]";
/** Stands for a value that both sides hide, each in its own way. */
const HIDDEN = "(hidden)";

export function normalise(value: unknown): unknown {
  if (typeof value === "string") return isHiddenText(value) ? HIDDEN : value;
  if (Array.isArray(value)) return value.map(normalise);
  if (typeof value !== "object" || value === null) return value;
  if ("$unknown" in value || "$secret" in value) return HIDDEN;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "__defaults" && key !== "__internal")
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, normalise(inner)]),
  );
}

/** An unknown inside a text makes the whole text unknown. */
const isHiddenText = (text: string): boolean =>
  text === ENGINE_SECRET || text.includes(ENGINE_UNKNOWN);

/** Paths at which two values differ, with both sides; empty when they are the same. */
export function differences(engine: unknown, plan: unknown, path = ""): readonly string[] {
  const [a, b] = [JSON.stringify(engine), JSON.stringify(plan)];
  if (a === b) return [];
  if (isObject(engine) && isObject(plan)) {
    const keys = [...new Set([...Object.keys(engine), ...Object.keys(plan)])].sort();
    return keys.flatMap((key) => differences(engine[key], plan[key], `${path}.${key}`));
  }
  return [`${path}: engine ${clip(a)}, plan ${clip(b)}`];
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `JSON.stringify(undefined)` is undefined, whatever its type says. */
const clip = (text: string | undefined): string => (text ?? "nothing").slice(0, 120);
