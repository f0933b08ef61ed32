/** Compares a custom resource with the schema of its definition. */
import { nearest } from "../../../../lib/words";
import { Value } from "../../../values";
import type { Faults } from "../fault";
import { wrongScalar } from "../scalars";
import { plainOf } from "./definitions";
import { Undecided } from "./patterns";
import { keepsAll, propertyOf, withDefaults, type Schema } from "./schema";
import { expectations } from "./values";

export interface Findings {
  readonly faults: Faults;
  /** Values that could not be compared, and why. */
  readonly undecided: { readonly value: Value; readonly reason: string }[];
}

/** Which an embedded object has too, whatever its schema says. */
const OF_OBJECTS = new Set(["apiVersion", "kind", "metadata"]);

export function compare(value: Value, schema: Schema, findings: Findings, isRoot = false): void {
  const { faults } = findings;
  if (value.isUnknown) faults.unknown.push(value);
  if (!value.isKnown) return;
  const wrong = wrongType(value, schema);
  if (wrong !== undefined) {
    faults.add("field-type", value, wrong);
    return;
  }
  judgeValue(value, schema, findings);
  if (value.isList) for (const one of value.list()) compareElement(one, schema, findings);
  else if (value.isMap) compareMap(value, schema, findings, isRoot);
}

function compareElement(value: Value, { items }: Schema, findings: Findings): void {
  if (items === undefined) return;
  if (value.isMissing && items.nullable !== true) {
    findings.faults.add("field-type", value, "it must not be null");
  } else compare(value, items, findings);
}

function judgeValue(value: Value, schema: Schema, { faults, undecided }: Findings): void {
  try {
    const [first] = [...expectations(value, schema), ...combined(value, schema)];
    if (first !== undefined) faults.add("value-allowed", value, first);
  } catch (error) {
    if (!(error instanceof Undecided)) throw error;
    undecided.push({ value, reason: error.message });
  }
}

function wrongType(value: Value, schema: Schema): string | undefined {
  if (schema["x-kubernetes-int-or-string"] === true) {
    return wrongScalar(value, "int-or-string")?.expected;
  }
  switch (schema.type) {
    case "object":
      return value.isMap ? undefined : "it must be a map of keys and values";
    case "array":
      return value.isList ? undefined : "it must be a list";
    case "integer":
      return wrongScalar(value, schema.format === "int32" ? "int32" : "int64")?.expected;
    case "number":
    case "boolean":
    case "string":
      return wrongScalar(value, schema.type)?.expected;
    default:
      return undefined;
  }
}

function compareMap(value: Value, schema: Schema, findings: Findings, isRoot: boolean): void {
  const { faults } = findings;
  const isObject = isRoot || schema["x-kubernetes-embedded-resource"] === true;
  for (const [key, child] of value.entries()) {
    // The API server's own, and the same in every kind.
    if (isObject && OF_OBJECTS.has(key)) continue;
    const its = propertyOf(schema, key);
    if (its === undefined) {
      if (!keepsAll(schema) && schema.type === "object")
        faults.add("field-known", child, hint(schema, key));
    } else if (child.isMissing && its.nullable !== true && its.default === undefined) {
      faults.add("field-type", child, "it must not be null: remove it");
    } else compare(child, its, findings);
  }
  for (const key of schema.required ?? []) {
    const child = value.get(key);
    if (
      child.isMissing &&
      propertyOf(schema, key)?.default === undefined &&
      !value.entries().some(([own]) => own === key)
    ) {
      faults.add("field-required", child, "it is required");
    }
  }
}

function hint({ properties = {} }: Schema, key: string): string {
  const names = Object.keys(properties);
  const near =
    names.find((name) => name.toLowerCase() === key.toLowerCase()) ?? nearest(key, names);
  if (near !== undefined) return `there is no such field, but there is ${JSON.stringify(near)}`;
  if (names.length === 0) return "there are no fields here: remove it";
  const some = names.slice(0, 8).join(", ");
  return `there is no such field; ${names.length > 8 ? "some of those here are" : "there are"} ${some}`;
}

/** The alternatives of a schema, which only add to what its fields say. @throws Undecided */
function combined(written: Value, schema: Schema): readonly string[] {
  const { allOf = [], anyOf = [], oneOf = [], not } = schema;
  if (allOf.length + anyOf.length + oneOf.length === 0 && not === undefined) return [];
  // Alternatives are about the value with its defaults.
  const isKnown = written.isMap && written.unknowns().length === 0;
  const value = isKnown ? Value.plain(withDefaults(plainOf(written), schema) as object) : written;
  const parts = allOf.flatMap((part) => complaints(value, part).slice(0, 1));
  const fits = (all: readonly Schema[]): number =>
    all.filter((part) => complaints(value, part).length === 0).length;
  return [
    ...parts,
    ...(anyOf.length > 0 && fits(anyOf) === 0 ? [`it must be one of ${shapes(anyOf)}`] : []),
    ...(oneOf.length > 0 && fits(oneOf) !== 1
      ? [`it must be exactly one of ${shapes(oneOf)}`]
      : []),
    ...(not !== undefined && complaints(value, not).length === 0
      ? [`it must not be ${shapes([not])}`]
      : []),
  ];
}

const shapes = (all: readonly Schema[]): string => {
  const text = JSON.stringify(all);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
};

/** What does not hold of the value and everything inside; unknown values fit. */
function complaints(value: Value, schema: Schema): readonly string[] {
  if (!value.isKnown) return [];
  const wrong = wrongType(value, schema);
  if (wrong !== undefined) return [wrong];
  const inside = value.isList
    ? value
        .list()
        .flatMap((one) => (schema.items === undefined ? [] : complaints(one, schema.items)))
    : value.entries().flatMap(([key, child]) => {
        const its = propertyOf(schema, key);
        return its === undefined ? [] : complaints(child, its);
      });
  const required = value.isMap
    ? (schema.required ?? []).filter((key) => value.get(key).isMissing)
    : [];
  return [...expectations(value, schema), ...combined(value, schema), ...required, ...inside];
}
