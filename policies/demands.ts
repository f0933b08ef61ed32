/**
 * The questions that most checks ask of one value.
 *
 * Each leaves an unknown open (it is counted as undecided), so a check that is made of these alone
 * needs no further care for previews.
 */
import { list } from "../lib/words";
import type { Context, ResourceCheck, Setting, Subject } from "./policy";
import { finding } from "./policy";
import type { Value } from "./values";

/** Whose value is asked about, and who is told. */
export interface Asked {
  readonly resource: Subject;
  readonly context: Context;
  /** A part of the resource, for messages: `container "api"`. */
  readonly part?: string;
}

/** A check of every resource of these type keys (see `typeKey`). */
export function each(types: ResourceCheck["types"], run: (asked: Asked) => void): ResourceCheck {
  return {
    kind: "resource",
    types,
    run: (resource, context) => {
      run({ resource, context });
    },
  };
}

/** @param wanted how the sentence ends: `it must be true`, `write …`. */
export function must(
  { resource, context, part }: Asked,
  value: Value,
  isRight: (value: Value) => boolean,
  wanted: string,
): void {
  if (context.unsure(value, resource.urn) || isRight(value)) return;
  context.report(finding(resource, value, wanted, part), resource.urn);
}

/** Exactly this value, which no default stands in for. */
export function mustBe(
  asked: Asked,
  value: Value,
  expected: Setting,
  wanted = `it must be ${JSON.stringify(expected)}`,
): void {
  const isRight = (it: Value): boolean => (it.text ?? it.number ?? it.flag) === expected;
  must(asked, value, isRight, wanted);
}

/** Anything but this value, which is not the default either. */
export function mustNotBe(
  asked: Asked,
  value: Value,
  refused: Setting,
  wanted = `it must not be ${JSON.stringify(refused)}`,
): void {
  const isRight = (it: Value): boolean => (it.text ?? it.number ?? it.flag) !== refused;
  must(asked, value, isRight, wanted);
}

export function mustBeOneOf(
  asked: Asked,
  value: Value,
  allowed: readonly string[],
  wanted = `it must be ${list(allowed)}`,
): void {
  must(asked, value, ({ text }) => text !== undefined && allowed.includes(text), wanted);
}

export function mustBeAtLeast(
  asked: Asked,
  value: Value,
  least: number,
  wanted = `it must be ${String(least)} or more`,
): void {
  must(asked, value, ({ number }) => number !== undefined && number >= least, wanted);
}

/** Present and not empty. One that is not known yet is present, so it is not counted as undecided. */
export function mustBeWritten(
  { resource, context, part }: Asked,
  value: Value,
  wanted: string,
): void {
  const isEmpty = value.text === "" || value.isEmptyList;
  if (!value.isMissing && !isEmpty) return;
  context.report(finding(resource, value, wanted, part), resource.urn);
}

/** Not there at all. */
export function mustBeAbsent(asked: Asked, value: Value, wanted: string): void {
  must(asked, value, ({ isMissing }) => isMissing, wanted);
}

/** What is in a list; none where the list is not known, which leaves the policy open. */
export function elements({ resource, context }: Asked, list: Value): readonly Value[] {
  context.unsure(list, resource.urn);
  return list.list();
}
