/**
 * Makes inputs of the real engine and the offline plan comparable. Only what is removed here
 * may differ:
 *
 * - `__defaults`, which bridged providers add to every object to record the defaults that they filled in, and
 *   `__internal`, which the engine stores in a provider;
 * - a secret's value, which neither side shows: the engine encrypts or masks it, and the plan never contains it.
 */

/** The engine's notation for unknown values. */
const ENGINE_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/**
 * The key that marks an object as something that JSON cannot express, and the value that marks a secret.
 */
const ENGINE_SIGNATURE = "4dabf18193072939515e22adb298388d";
const ENGINE_SECRET = "1b47061264138c4ac30d75fd1eb44270";
const ENGINE_MASK = "[secret]";

const UNKNOWN = "(unknown)";
const SECRET = "(secret)";

export function normalise(value: unknown): unknown {
  if (typeof value === "string") return normaliseText(value);
  if (Array.isArray(value)) return value.map(normalise);
  if (!isObject(value)) return value;
  if ("$unknown" in value) return UNKNOWN;
  if ("$secret" in value || value[ENGINE_SIGNATURE] === ENGINE_SECRET) return SECRET;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "__defaults" && key !== "__internal")
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, normalise(inner)]),
  );
}

/** An unknown inside a text makes the whole text unknown. */
function normaliseText(text: string): string {
  if (text.includes(ENGINE_UNKNOWN)) return UNKNOWN;
  return text === ENGINE_MASK ? SECRET : text;
}

/**
 * Paths at which two values differ, with both sides; empty when they are the same.
 *
 * @param isOpen whether the engine may know what the plan does not, because something exists already
 */
export function differences(
  engine: unknown,
  plan: unknown,
  path = "",
  isOpen = false,
): readonly string[] {
  const [a, b] = [JSON.stringify(engine), JSON.stringify(plan)];
  if (a === b || (isOpen && plan === UNKNOWN)) return [];
  const inner = (one: unknown, other: unknown, at: string): readonly string[] =>
    differences(one, other, `${path}${at}`, isOpen);
  if (isList(engine) && isList(plan) && engine.length === plan.length) {
    return engine.flatMap((one, at) => inner(one, plan[at], `[${String(at)}]`));
  }
  if (isObject(engine) && isObject(plan)) {
    const keys = [...new Set([...Object.keys(engine), ...Object.keys(plan)])].sort();
    return keys.flatMap((key) => inner(engine[key], plan[key], `.${key}`));
  }
  // Where one side keeps a value secret, the other must not tell it.
  const isHidden = engine === SECRET || plan === SECRET;
  const shown = (value: unknown, text: string | undefined): string =>
    isHidden && value !== SECRET && value !== UNKNOWN ? "a plain value" : clip(text);
  return [`${path}: engine ${shown(engine, a)}, plan ${shown(plan, b)}`];
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `JSON.stringify(undefined)` is undefined, contrary to its type. */
const clip = (text: string | undefined): string => (text ?? "nothing").slice(0, 120);
