/**
 * The questions that most checks ask of one value.
 *
 * Each leaves an unknown open (it is counted as unknown), so a check that is made of these alone
 * needs no further care for previews.
 */
import { list } from "../lib/words";
import type { CheckContext, ResourceCheck, Setting, Resource } from "./policy";
import { finding } from "./policy";
import type { Key, Value } from "./values";

/** Whose value is asked about, and who is told. */
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

/** @param expected how the sentence ends: `it must be true`, `write …`. */
export function expectThat(
  { resource, context, part }: Check,
  value: Value,
  isRight: (value: Value) => boolean,
  message: string,
): void {
  if (context.noteUnknown(value, resource.urn) || isRight(value)) return;
  context.report(finding(resource, value, message, part), resource.urn);
}

/** Exactly this value, which no default stands in for. */
export function expectEqual(
  check: Check,
  value: Value,
  expected: Setting,
  message = `it must be ${JSON.stringify(expected)}`,
): void {
  expectThat(check, value, ({ scalar }) => scalar === expected, message);
}

/** Anything but this value, which is not the default either. */
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

/** Present and not empty. One that is not known yet is present, so it is not counted as unknown. */
export function expectPresent(
  { resource, context, part }: Check,
  value: Value,
  message: string,
): void {
  const isEmpty = value.string === "" || value.isEmptyList;
  if (!value.isMissing && !isEmpty) return;
  context.report(finding(resource, value, message, part), resource.urn);
}

/** Not there at all. */
export function expectAbsent(check: Check, value: Value, message: string): void {
  expectThat(check, value, ({ isMissing }) => isMissing, message);
}

/** Whether all of them are known; those that are not are left open. */
export function knows({ resource, context }: Check, ...values: readonly Value[]): boolean {
  return !values.map((value) => context.noteUnknown(value, resource.urn)).includes(true);
}

/** The same of all that is in them, however deep. */
export function knowsAllOf(check: Check, ...values: readonly Value[]): boolean {
  return knows(check, ...values.flatMap((value) => value.unknowns()));
}

/**
 * The known elements of a list. Others, and an unknown list, are left open; where an element that is
 * not there is a fault, ask `lacks`, because an unknown one may be it.
 */
export function elements(check: Check, list: Value): readonly Value[] {
  return knows(check, list) ? list.list().filter((it) => knows(check, it)) : [];
}

/**
 * Whether a list surely has no such text: among its elements, or at a path in each. One that is unknown
 * may be it, and is left open.
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
