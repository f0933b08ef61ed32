/**
 * The expectations that most checks have of one value.
 *
 * Each notes an unknown value, so a check made only of these needs no further care for previews.
 */
import { list } from "../lib/words";
import type { CheckContext, ResourceCheck, Setting, Resource } from "./policy";
import { finding } from "./policy";
import type { Key, Value } from "./values";

/** The resource to check, and the context to report to. */
export interface Check {
  readonly resource: Resource;
  readonly context: CheckContext;
  /** A part of the resource, for messages: `container "api"`. */
  readonly part?: string;
}

/** A check of every resource of these type keys (see `typeKey`). */
export function each(types: ResourceCheck["types"], run: (check: Check) => void): ResourceCheck {
  return {
    kind: "resource",
    types,
    run: (resource, context) => {
      run({ resource, context });
    },
  };
}

/** @param expected the end of the sentence: `it must be true`, `set …`. */
export function expectThat(
  { resource, context, part }: Check,
  value: Value,
  isRight: (value: Value) => boolean,
  message: string,
): void {
  if (context.noteUnknown(value, resource.urn) || isRight(value)) return;
  context.report(finding(resource, value, message, part), resource.urn);
}

/** Exactly this value; it is not the default. */
export function expectEqual(
  check: Check,
  value: Value,
  expected: Setting,
  message = `it must be ${JSON.stringify(expected)}`,
): void {
  expectThat(check, value, ({ scalar }) => scalar === expected, message);
}

/** Any other value; this one is not the default. */
export function expectNot(
  check: Check,
  value: Value,
  refused: Setting,
  message = `it must not be ${JSON.stringify(refused)}`,
): void {
  expectThat(check, value, ({ scalar }) => scalar !== refused, message);
}

export function expectOneOf(
  check: Check,
  value: Value,
  allowed: readonly string[],
  message = `it must be ${list(allowed)}`,
): void {
  expectThat(
    check,
    value,
    ({ string }) => string !== undefined && allowed.includes(string),
    message,
  );
}

export function expectAtLeast(
  check: Check,
  value: Value,
  least: number,
  message = `it must be ${String(least)} or more`,
): void {
  expectThat(check, value, ({ number }) => number !== undefined && number >= least, message);
}

/** Present and not empty. An unknown value is present, so it is not counted as unknown. */
export function expectPresent(
  { resource, context, part }: Check,
  value: Value,
  message: string,
): void {
  const isEmpty = value.string === "" || value.isEmptyList;
  if (!value.isMissing && !isEmpty) return;
  context.report(finding(resource, value, message, part), resource.urn);
}

/** Missing. */
export function expectAbsent(check: Check, value: Value, message: string): void {
  expectThat(check, value, ({ isMissing }) => isMissing, message);
}

/** Whether all of them are known; notes the unknown ones. */
export function knows({ resource, context }: Check, ...values: readonly Value[]): boolean {
  return !values.map((value) => context.noteUnknown(value, resource.urn)).includes(true);
}

/** The same for everything inside them, at any depth. */
export function knowsAllOf(check: Check, ...values: readonly Value[]): boolean {
  return knows(check, ...values.flatMap((value) => value.unknowns()));
}

/**
 * The known elements of a list; notes the others, and an unknown list. To report a missing element
 * use `lacks`, because an unknown one may be it.
 */
export function elements(check: Check, list: Value): readonly Value[] {
  return knows(check, list) ? list.list().filter((it) => knows(check, it)) : [];
}

/**
 * Whether a list certainly lacks a string: among its elements, or at a path in each. An unknown one
 * may be it, and is noted.
 */
export function lacks(
  check: Check,
  list: Value,
  isIt: (text: string) => boolean,
  ...path: readonly Key[]
): boolean {
  const texts = list.list().map((it) => it.get(...path));
  if (texts.some(({ string }) => string !== undefined && isIt(string))) return false;
  return knows(check, list, ...texts);
}
