/**
 * Plain scalars as `kubectl` reads them before it sends JSON to the API server: YAML 1.1 as the Go
 * library of Kubernetes implements it (`yes`, `on` and `y` are true, `010` is eight). Base-60 numbers
 * and dates stay strings.
 */

type Scalar = string | number | boolean | null;

const WORDS: ReadonlyMap<string, Scalar> = new Map<string, Scalar>([
  ...["y", "Y", ...cases("yes"), ...cases("true"), ...cases("on")].map((w) => [w, true] as const),
  ...["n", "N", ...cases("no"), ...cases("false"), ...cases("off")].map((w) => [w, false] as const),
  ...["", "~", ...cases("null")].map((word) => [word, null] as const),
  ...[".nan", ".NaN", ".NAN"].map((word) => [word, NaN] as const),
  ...["", "+"].flatMap((sign) =>
    cases("inf").map((word) => [`${sign}.${word}`, Infinity] as const),
  ),
  ...cases("inf").map((word) => [`-.${word}`, -Infinity] as const),
]);

/** `yes`, `Yes`, `YES`. */
function cases(word: string): readonly string[] {
  return [word, word.charAt(0).toUpperCase() + word.slice(1), word.toUpperCase()];
}

const MAY_BE_NUMBER = /^[-+.\d]/;
const WITHOUT_WHOLE_PART = /^\.\d+(?:[eE][-+]?\d+)?$/;
const DECIMAL = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const WITH_BASE = /^([-+]?)0(?:[xX]([\da-fA-F]+)|[bB]([01]+)|[oO]?([0-7]+))$/;
const BASES = [16, 2, 8] as const;

/** The value of a scalar without quotes or tag. */
export function plainScalar(text: string): Scalar {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  return MAY_BE_NUMBER.test(text) ? (numberOf(text) ?? text) : text;
}

function numberOf(text: string): number | undefined {
  if (text.startsWith(".")) return WITHOUT_WHOLE_PART.test(text) ? Number(text) : undefined;
  const digits = text.replaceAll("_", "");
  const [, sign = "", ...inBases] = WITH_BASE.exec(digits) ?? [];
  for (const [index, base] of BASES.entries()) {
    const found = inBases[index];
    if (found !== undefined) return Number.parseInt(`${sign}${found}`, base);
  }
  const value = DECIMAL.test(digits) ? Number(digits) : undefined;
  // What is too large for a number remains text.
  return Number.isFinite(value) ? value : undefined;
}
