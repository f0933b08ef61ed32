/** Policies whose rule is one demand on each of a few properties, as rows. */
import type { Check } from "../expect";
import {
  each,
  expectThat,
  expectEqual,
  expectAtLeast,
  expectOneOf,
  expectPresent,
  expectNot,
} from "../expect";
import { isProduction } from "../policy-context";
import type { Policy, ResourceCheck, Setting } from "../policy";
import type { Key, Value } from "../values";

/** What is asked of one value. */
export type Expectation = (check: Check, value: Value) => void;

/** A path as Pulumi writes it, `vpcConfig.endpointPrivateAccess`, and what is asked of its value. */
export type Row = readonly [path: string, run: Expectation];

export const is =
  (expected: Setting, message?: string): Expectation =>
  (check, value) => {
    expectEqual(check, value, expected, message);
  };

export const isNot =
  (refused: Setting, message?: string): Expectation =>
  (check, value) => {
    expectNot(check, value, refused, message);
  };

export const isOneOf =
  (...allowed: readonly string[]): Expectation =>
  (check, value) => {
    expectOneOf(check, value, allowed);
  };

export const isAtLeast =
  (least: number, message?: string): Expectation =>
  (check, value) => {
    expectAtLeast(check, value, least, message);
  };

/** At least the policy's setting of that name. */
export const isAtLeastSetting =
  (name: string, least: number): Expectation =>
  (check, value) => {
    expectAtLeast(check, value, check.context.setting(name, least));
  };

export const isWritten =
  (message: string): Expectation =>
  (check, value) => {
    expectPresent(check, value, message);
  };

/** Left out, where the cloud's default is right, or one of these. */
export const isMissingOr =
  (isRight: (value: Value) => boolean, message: string): Expectation =>
  (check, value) => {
    expectThat(check, value, (it) => it.isMissing || isRight(it), message);
  };

/** Which resources are asked at all. */
export type Applies = (check: Check) => boolean;

export const inProduction: Applies = ({ context }) => isProduction(context);

function runRows(check: Check, rows: readonly Row[]): void {
  for (const [path, run] of rows) run(check, check.resource.props.get(...keysOf(path)));
}

/** The same rows for every resource of these types. */
export function rows(
  types: readonly string[],
  rows: readonly Row[],
  applies: Applies = () => true,
): ResourceCheck {
  return each(types, (check) => {
    if (applies(check)) runRows(check, rows);
  });
}

/** Rows for each type, where the types name the same thing differently. */
export function rowsByType(
  byType: Readonly<Record<string, readonly Row[]>>,
  applies: Applies = () => true,
): ResourceCheck {
  return each(Object.keys(byType), (check) => {
    if (applies(check)) runRows(check, byType[check.resource.type] ?? []);
  });
}

/** A remedy that writes these values over others, except over what is not known yet. */
export function sets(
  ...values: readonly (readonly [path: string, value: Setting])[]
): NonNullable<Policy["remediate"]> {
  return ({ props }) =>
    values.flatMap(([path, value]) => {
      const keys = keysOf(path);
      const found = props.get(...keys);
      const isDone = found.isUnknown || (found.string ?? found.number ?? found.boolean) === value;
      return isDone ? [] : [{ path: keys, value }];
    });
}

function keysOf(path: string): readonly Key[] {
  return path.split(".").map((key) => (/^\d+$/.test(key) ? Number(key) : key));
}
