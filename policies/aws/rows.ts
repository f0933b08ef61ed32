/** Policies whose rule is one demand on each of a few properties, as rows. */
import type { Asked } from "../demands";
import {
  each,
  must,
  mustBe,
  mustBeAtLeast,
  mustBeOneOf,
  mustBeWritten,
  mustNotBe,
} from "../demands";
import { isProduction } from "../environment";
import type { Policy, ResourceCheck, Setting } from "../policy";
import type { Key, Value } from "../values";

/** What is asked of one value. */
export type Ask = (asked: Asked, value: Value) => void;

/** A path as Pulumi writes it, `vpcConfig.endpointPrivateAccess`, and what is asked of its value. */
export type Row = readonly [path: string, ask: Ask];

export const is =
  (expected: Setting, wanted?: string): Ask =>
  (asked, value) => {
    mustBe(asked, value, expected, wanted);
  };

export const isNot =
  (refused: Setting, wanted?: string): Ask =>
  (asked, value) => {
    mustNotBe(asked, value, refused, wanted);
  };

export const isOneOf =
  (...allowed: readonly string[]): Ask =>
  (asked, value) => {
    mustBeOneOf(asked, value, allowed);
  };

export const isAtLeast =
  (least: number, wanted?: string): Ask =>
  (asked, value) => {
    mustBeAtLeast(asked, value, least, wanted);
  };

/** At least the policy's setting of that name. */
export const isAtLeastSetting =
  (name: string, least: number): Ask =>
  (asked, value) => {
    mustBeAtLeast(asked, value, asked.context.setting(name, least));
  };

export const isWritten =
  (wanted: string): Ask =>
  (asked, value) => {
    mustBeWritten(asked, value, wanted);
  };

/** Left out, where the cloud's default is right, or one of these. */
export const isMissingOr =
  (isRight: (value: Value) => boolean, wanted: string): Ask =>
  (asked, value) => {
    must(asked, value, (it) => it.isMissing || isRight(it), wanted);
  };

/** Which resources are asked at all. */
export type Applies = (asked: Asked) => boolean;

export const inProduction: Applies = ({ context }) => isProduction(context.surroundings);

/** Whether all of them are known; those that are not are left open. */
export function knows({ resource, context }: Asked, ...values: readonly Value[]): boolean {
  return !values.map((value) => context.unsure(value, resource.urn)).includes(true);
}

/** The elements of a list that are known; others, and a list that is not known, are left open. */
export function elements(asked: Asked, list: Value): readonly Value[] {
  return knows(asked, list) ? list.list().filter((it) => knows(asked, it)) : [];
}

/**
 * Whether a list surely has no such name: among its elements, or at a path in each. One that is not
 * known may be it, and is left open.
 */
export function lacks(
  asked: Asked,
  list: Value,
  isIt: (name: string) => boolean,
  ...path: readonly Key[]
): boolean {
  const names = list.list().map((it) => it.get(...path));
  if (names.some(({ text }) => text !== undefined && isIt(text))) return false;
  return knows(asked, list, ...names);
}

function askAll(asked: Asked, rows: readonly Row[]): void {
  for (const [path, ask] of rows) ask(asked, asked.resource.props.get(...keysOf(path)));
}

/** The same rows for every resource of these types. */
export function rows(
  types: readonly string[],
  asks: readonly Row[],
  applies: Applies = () => true,
): ResourceCheck {
  return each(types, (asked) => {
    if (applies(asked)) askAll(asked, asks);
  });
}

/** Rows for each type, where the types name the same thing differently. */
export function rowsByType(
  byType: Readonly<Record<string, readonly Row[]>>,
  applies: Applies = () => true,
): ResourceCheck {
  return each(Object.keys(byType), (asked) => {
    if (applies(asked)) askAll(asked, byType[asked.resource.type] ?? []);
  });
}

/** A remedy that writes these values over others, except over what is not known yet. */
export function sets(
  ...values: readonly (readonly [path: string, value: Setting])[]
): NonNullable<Policy["remedy"]> {
  return ({ props }) =>
    values.flatMap(([path, value]) => {
      const keys = keysOf(path);
      const found = props.get(...keys);
      const isDone = found.isUnknown || (found.text ?? found.number ?? found.flag) === value;
      return isDone ? [] : [{ path: keys, value }];
    });
}

function keysOf(path: string): readonly Key[] {
  return path.split(".").map((key) => (/^\d+$/.test(key) ? Number(key) : key));
}
