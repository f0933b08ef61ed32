/**
 * What rules of the API server are made of. Each is given an object of the type that it is listed under, and
 * says nothing of a value that is missing, unknown or of a wrong type: others report those.
 */
import { list } from "../../../../lib/words";
import type { Value } from "../../../values";
import type { Faults } from "../fault";
import type { Step } from "../hints";

/** @param way the objects around the value, itself the last */
export type Rule = (value: Value, faults: Faults, way: readonly Step[]) => void;
/** By type. */
export type Rules = Readonly<Record<string, readonly Rule[]>>;
/** What a known value must be; undefined if it is. */
export type Form = (value: Value) => string | undefined;

/** Whether the field decides something: the API server reads an empty text, and 0, as if it were missing. */
export const isSet = (value: Value): boolean =>
  !value.isMissing && value.string !== "" && value.number !== 0;

/** Zero of a number with a least value is judged, unlike an empty text. */
const isWritten = (value: Value): boolean => value.isKnown && value.string !== "";

/** The form of each field, by its path: `ports[].name` for each element. */
export function fields(forms: Readonly<Record<string, Form>>): Rule {
  const rows = Object.entries(forms).map(([path, form]) => ({
    ...{ form, isElement: path.endsWith("[]"), parts: partsOf(path) },
  }));
  return (value, faults) => {
    for (const { form, isElement, parts } of rows) {
      for (const it of valuesAt(value, parts)) {
        const expected = it.isKnown && (isElement || isWritten(it)) ? form(it) : undefined;
        if (expected !== undefined) faults.add("value-allowed", it, expected);
      }
    }
  };
}

/** What one part of a path leads to. */
type Part = (value: Value) => readonly Value[];

/** Paths are read once, and followed for each of many objects. */
const partsOf = (path: string): readonly Part[] =>
  path.split(".").map((part) => {
    if (part === "*") return (value) => value.entries().map(([, child]) => child);
    const key = part.replace(/\[\]$/, "");
    return key === part ? (value) => [value.get(key)] : (value) => value.get(key).list();
  });

function valuesAt(value: Value, [first, ...others]: readonly Part[]): readonly Value[] {
  if (first === undefined) return [value];
  const found = first(value);
  return others.length === 0 ? found : found.flatMap((one) => valuesAt(one, others));
}

/** Fields that are required although the document does not say so. */
export function needs(...keys: readonly string[]): Rule {
  return (value, faults) => {
    for (const key of keys) {
      const it = value.get(key);
      if (!isSet(it)) faults.add("field-required", it, "it is required");
    }
  };
}

/** A text that has a default, and that must not be empty if it is there. */
export function notEmpty(...keys: readonly string[]): Rule {
  return (value, faults) => {
    for (const key of keys) {
      const it = value.get(key);
      if (it.string === "") faults.add("value-allowed", it, "it must not be empty: remove it");
    }
  };
}

/** A list that must not be empty. */
export function needsSome(...keys: readonly string[]): Rule {
  return (value, faults) => {
    for (const key of keys) {
      const it = value.get(key);
      if (it.isMissing || it.isEmptyList) faults.add("field-required", it, "it is required");
    }
  };
}

const present = (value: Value, keys: readonly string[]): readonly string[] =>
  keys.filter((key) => !value.get(key).isMissing);

const plain = (keys: readonly string[]): string => {
  const last = keys.at(-1) ?? "";
  return keys.length < 2 ? last : `${keys.slice(0, -1).join(", ")} and ${last}`;
};

/** @param what what the fields are: `handler` */
export function exactlyOne(what: string, keys: readonly string[]): Rule {
  return (value, faults, way) => {
    const set = present(value, keys);
    if (set.length === 0) {
      faults.rule(value, `it has no ${what}: give it exactly one of ${list(keys.slice(0, 6))}`);
    } else atMostOne(what, keys)(value, faults, way);
  };
}

export function atMostOne(what: string, keys: readonly string[]): Rule {
  return (value, faults) => {
    const [, second, ...more] = present(value, keys);
    if (second === undefined) return;
    const set = present(value, keys);
    faults.rule(
      value.get(more.at(-1) ?? second),
      `only one ${what} is allowed, and it has ${plain(set)}`,
    );
  };
}

/** No two elements of the list have the same values under the keys. */
export function unique(
  path: string,
  keys: readonly string[],
  defaults: Readonly<Record<string, string>> = {},
): Rule {
  const toElements = partsOf(`${path}[]`);
  return (value, faults) => {
    const elements = valuesAt(value, toElements);
    if (elements.length < 2) return;
    const seen = new Map<string, Value>();
    for (const element of elements) {
      const parts = keys.length === 0 ? [element] : keys.map((key) => element.get(key));
      const written = parts.map((part, index) =>
        isSet(part) ? part.scalar : defaults[keys[index] ?? ""],
      );
      if (written.includes(undefined)) continue;
      const id = JSON.stringify(written);
      const first = seen.get(id);
      const last = parts.findLast((part) => part.isKnown) ?? element;
      if (first === undefined) seen.set(id, element);
      else faults.rule(last, `${first.path} has the same: it must be unique in its list`);
    }
  };
}

export const oneOf =
  (...allowed: readonly string[]): Form =>
  ({ string }) =>
    string === undefined || allowed.includes(string) ? undefined : `it must be ${list(allowed)}`;

export const between =
  (least: number, most: number): Form =>
  ({ number }) =>
    number === undefined || (number >= least && number <= most)
      ? undefined
      : `it must be from ${String(least)} to ${String(most)}`;

export const atLeast =
  (least: number): Form =>
  ({ number }) =>
    number === undefined || number >= least ? undefined : `it must be ${String(least)} or more`;

export const atMost =
  (most: number): Form =>
  ({ number }) =>
    number === undefined || number <= most ? undefined : `it must be ${String(most)} or less`;

/** A text. */
export const text =
  (isRight: (text: string) => boolean, expected: string): Form =>
  ({ string }) =>
    string === undefined || isRight(string) ? undefined : expected;

export const both =
  (...forms: readonly Form[]): Form =>
  (value) => {
    for (const form of forms) {
      const expected = form(value);
      if (expected !== undefined) return expected;
    }
    return undefined;
  };
