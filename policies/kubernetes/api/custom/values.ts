/** What a schema asks of one value: enumerations, lengths, ranges, patterns. */
import { list } from "../../../../lib/words";
import type { Value } from "../../../values";
import { plainOf } from "./definitions";
import { hasFormat } from "./formats";
import { matches } from "./patterns";
import type { Schema } from "./schema";

/** The end of a sentence for each expectation that does not hold. @throws Undecided */
export function expectations(value: Value, schema: Schema): readonly string[] {
  return [
    ...chosen(value, schema),
    ...ofText(value, schema),
    ...ofNumber(value, schema),
    ...ofSize(value, schema),
  ];
}

function chosen(value: Value, schema: Schema): readonly string[] {
  if (!Array.isArray(schema.enum)) return [];
  const allowed = schema.enum as readonly unknown[];
  const own = JSON.stringify(plainOf(value));
  if (allowed.some((one) => JSON.stringify(one) === own)) return [];
  const texts = allowed.map((one) => (typeof one === "string" ? one : JSON.stringify(one)));
  return [`it must be ${list(texts)}`];
}

function ofText({ string }: Value, schema: Schema): readonly string[] {
  if (string === undefined) return [];
  const { pattern, format, minLength = 0, maxLength = Infinity } = schema;
  // In code points, as the API server counts.
  const { length } = Array.from(string);
  return [
    ...(length < minLength ? [`it must have ${String(minLength)} characters or more`] : []),
    ...(length > maxLength ? [`it must have ${String(maxLength)} characters or less`] : []),
    ...(pattern !== undefined && !matches(string, pattern) ? [`it must match ${pattern}`] : []),
    ...(format !== undefined && !hasFormat(string, format)
      ? [`it must be of the format ${format}`]
      : []),
  ];
}

function ofNumber({ number }: Value, schema: Schema): readonly string[] {
  if (number === undefined) return [];
  const { minimum = -Infinity, maximum = Infinity, multipleOf } = schema;
  const isLow = schema.exclusiveMinimum === true ? number <= minimum : number < minimum;
  const isHigh = schema.exclusiveMaximum === true ? number >= maximum : number > maximum;
  const than = (isExclusive: boolean | undefined, bound: number, word: string): string =>
    isExclusive === true
      ? `it must be ${word} than ${String(bound)}`
      : `it must be ${String(bound)} or ${word}`;
  return [
    ...(isLow ? [than(schema.exclusiveMinimum, minimum, "more")] : []),
    ...(isHigh ? [than(schema.exclusiveMaximum, maximum, "less")] : []),
    ...(multipleOf !== undefined && number % multipleOf !== 0
      ? [`it must be a multiple of ${String(multipleOf)}`]
      : []),
  ];
}

function ofSize(value: Value, schema: Schema): readonly string[] {
  const { minItems = 0, maxItems = Infinity, minProperties = 0, maxProperties = Infinity } = schema;
  if (value.isList) {
    const { length } = value.list();
    return [
      ...(length < minItems ? [`it must have ${String(minItems)} entries or more`] : []),
      ...(length > maxItems ? [`it must have ${String(maxItems)} entries or less`] : []),
      ...repeated(value, schema),
    ];
  }
  if (!value.isMap) return [];
  const { length } = value.entries();
  return [
    ...(length < minProperties ? [`it must have ${String(minProperties)} keys or more`] : []),
    ...(length > maxProperties ? [`it must have ${String(maxProperties)} keys or less`] : []),
  ];
}

/** Entries of a set, and of a list with keys, are unique. */
function repeated(value: Value, schema: Schema): readonly string[] {
  const kind = schema["x-kubernetes-list-type"];
  if (kind !== "set" && kind !== "map" && schema.uniqueItems !== true) return [];
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  const defaults = schema.items?.properties ?? {};
  const ids = value.list().map((one) => {
    if (one.unknowns().length > 0) return undefined;
    if (kind !== "map") return JSON.stringify(plainOf(one));
    return JSON.stringify(keys.map((key) => plainOf(one.get(key)) ?? defaults[key]?.default));
  });
  const known = ids.filter((id) => id !== undefined);
  if (new Set(known).size === known.length) return [];
  const what =
    kind === "map" ? `entries with the same ${keys.join(" and ")}` : "the same entry twice";
  return [`it must not have ${what}`];
}
