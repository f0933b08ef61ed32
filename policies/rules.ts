/**
 * Policies that check a few properties one by one are written as a table of paths:
 *
 *     check: rules([CLUSTER], { "vpcConfig.endpointPrivateAccess": is(true) }),
 *     check: rules(where([DATABASE], isPrimary), { deletionProtection: is(true) }),
 *     ...withRemedy(rules([BUCKET], { "versioning.enabled": is(true) })),
 *
 * Every row is checked on every resource of these types, in this order, and reports its own violation.
 * An unknown value is noted.
 *
 * A path has keys separated by dots, numbers for list indexes, and `[]` for each known element of a
 * list: `masterAuthorizedNetworksConfig.cidrBlocks[].cidrBlock`. A key that contains a dot cannot be
 * written this way.
 *
 * Rules that need more (other properties, other resources, alternatives) are functions with `each`.
 */
import {
  elements,
  expectAtLeast,
  expectEqual,
  expectNot,
  expectOneOf,
  expectPresent,
  expectThat,
  type Check,
} from "./expect";
import type { Change, Policy, Resource, ResourceCheck, Setting } from "./policy";
import { typeKey } from "./policy";
import type { Key, Value } from "./values";

/** The expectation of one value. */
export interface Expectation {
  (check: Check, value: Value): void;
  /** The fix for the value; none if it is right, unknown, or several values would be right. */
  readonly remedy?: (value: Value) => Setting | undefined;
}

/** Path → the expectation of the value there. */
export type Rows = Readonly<Record<string, Expectation>>;

/** A check that can fix a resource. */
export interface Rules extends ResourceCheck {
  readonly types: readonly string[];
  readonly remediate: NonNullable<Policy["remediate"]>;
}

/** Resources of these type keys (see `typeKey`), if the rules apply to them. */
interface Selection {
  readonly types: readonly string[];
  readonly applies: (check: Check) => boolean;
}

/** @param applies notes unknown values, with `knows` */
export const where = (types: readonly string[], applies: Selection["applies"]): Selection => ({
  types,
  applies,
});

export function rules(on: readonly string[] | Selection, rows: Rows): Rules {
  const { types, applies } = "types" in on ? on : where(on, () => true);
  return {
    kind: "resource",
    types,
    run: (resource, context) => {
      const check = { resource, context };
      if (applies(check)) expectRows(check, resource.props, rows);
    },
    remediate: (resource, context) => {
      const check = { resource, context };
      return applies(check) ? changes(check, rows) : [];
    },
  };
}

/** Combines several tables into the rules of one policy, in this order. */
export function combine(...tables: readonly Rules[]): Rules {
  const of = ({ type }: Resource): readonly Rules[] =>
    tables.filter(({ types }) => types.includes(typeKey(type)));
  return {
    kind: "resource",
    types: [...new Set(tables.flatMap(({ types }) => types))],
    run: (resource, context) => {
      for (const table of of(resource)) table.run(resource, context);
    },
    remediate: (resource, context) =>
      of(resource).flatMap((table) => table.remediate(resource, context)),
  };
}

/**
 * The rules with a remediation that sets the value of every row with `is` or `isOrMissing`. Only if
 * that is safe: it replaces nothing, can be undone, and needs no further steps.
 */
export const withRemedy = (check: Rules): Required<Pick<Policy, "check" | "remediate">> => ({
  check,
  remediate: check.remediate,
});

/** The rows for a part of a resource: a container, the configuration of nodes. */
export function expectRows(check: Check, part: Value, rows: Rows): void {
  for (const [path, expectation] of Object.entries(rows)) {
    for (const value of valuesAt(check, part, path)) expectation(check, value);
  }
}

export const is = (expected: Setting, message?: string): Expectation =>
  fixedBy(
    (check, value) => {
      expectEqual(check, value, expected, message);
    },
    ({ scalar }) => (scalar === expected ? undefined : expected),
  );

/** Missing, because the cloud's default is this value, or set to it. */
export const isOrMissing = (
  expected: Setting,
  message = `it must be ${JSON.stringify(expected)} or missing`,
): Expectation =>
  fixedBy(
    isMissingOr(({ scalar }) => scalar === expected, message),
    ({ isMissing, scalar }) => (isMissing || scalar === expected ? undefined : expected),
  );

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

/** At least the policy option of that name. */
export const isAtLeastSetting =
  (name: string, least: number): Expectation =>
  (check, value) => {
    expectAtLeast(check, value, check.context.setting(name, least));
  };

/** Present and not empty, known or not. */
export const isWritten =
  (message: string): Expectation =>
  (check, value) => {
    expectPresent(check, value, message);
  };

/** Several expectations of one value. */
export const all =
  (...expectations: readonly Expectation[]): Expectation =>
  (check, value) => {
    for (const expectation of expectations) expectation(check, value);
  };

export const isThat =
  (isRight: (value: Value) => boolean, message: string): Expectation =>
  (check, value) => {
    expectThat(check, value, isRight, message);
  };

export const isAbsent = (message: string): Expectation => isThat((it) => it.isMissing, message);

/** Missing, because the cloud's default is right, or one of these. */
export function isMissingOr(isRight: (value: Value) => boolean, message: string): Expectation {
  return isThat((it) => it.isMissing || isRight(it), message);
}

const fixedBy = (run: Expectation, remedy: NonNullable<Expectation["remedy"]>): Expectation =>
  Object.assign(
    (check: Check, value: Value): void => {
      run(check, value);
    },
    { remedy: (value: Value) => (value.isUnknown ? undefined : remedy(value)) },
  );

function changes(check: Check, rows: Rows): readonly Change[] {
  return Object.entries(rows).flatMap(([path, { remedy }]) =>
    valuesAt(check, check.resource.props, path).flatMap((found) => {
      const value = remedy?.(found);
      return value === undefined ? [] : [{ path: found.keys, value }];
    }),
  );
}

function valuesAt(check: Check, root: Value, path: string): readonly Value[] {
  const [first = "", ...others] = path.split("[]");
  return others.reduce<readonly Value[]>(
    (lists, rest) => lists.flatMap((list) => elements(check, list)).map((it) => at(it, rest)),
    [at(root, first)],
  );
}

const at = (value: Value, path: string): Value => value.get(...keysOf(path));

function keysOf(path: string): readonly Key[] {
  const keys = path.split(".").filter((key) => key !== "");
  return keys.map((key) => (/^\d+$/.test(key) ? Number(key) : key));
}
