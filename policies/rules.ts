/**
 * Policies whose rule is one expectation on each of a few properties are written as a table:
 *
 *     check: rules({ types: [CLUSTER], rows: { "vpcConfig.endpointPrivateAccess": is(true) } }),
 *
 * Every resource of the types is asked every row, in this order, and each row says on its own what is
 * wrong. A value that is unknown is left open.
 *
 * A path has its keys with dots between them, numbers for places in a list, and `[]` for each known
 * element of one: `masterAuthorizedNetworksConfig.cidrBlocks[].cidrBlock`. A key that has a dot itself
 * cannot be written so.
 *
 * Rules that need more (other properties, other resources, a choice) are functions with `each`.
 */
import {
  each,
  elements,
  expectAtLeast,
  expectEqual,
  expectNot,
  expectOneOf,
  expectPresent,
  expectThat,
  type Check,
} from "./expect";
import { typeKey, type Change, type Policy, type ResourceCheck, type Setting } from "./policy";
import type { Key, Value } from "./values";

/** What is asked of one value. */
export interface Expectation {
  (check: Check, value: Value): void;
  /** What makes the value right; none where it is right, unknown, or several values would be. */
  readonly remedy?: (value: Value) => Setting | undefined;
}

/** Path → what is asked of the value there. */
export type Rows = Readonly<Record<string, Expectation>>;

export interface Table {
  /** Type keys (see `typeKey`). */
  readonly types: readonly string[];
  readonly rows: Rows;
  /** Which resources the rows are about; it leaves open what is unknown, by `knows`. @default all */
  readonly applies?: (check: Check) => boolean;
}

/** The check of one or several tables. */
export function rules(...tables: readonly Table[]): ResourceCheck {
  return each([...new Set(tables.flatMap(({ types }) => types))], (check) => {
    for (const { rows } of tablesFor(check, tables)) {
      expectRows(check, check.resource.props, rows);
    }
  });
}

/**
 * The check, and the remedy that writes the value of every row with `is` or `isOrMissing`. Only where
 * writing it is safe: it replaces nothing, can be taken back, and nobody has to do more for it.
 */
export function rulesAndRemedy(
  ...tables: readonly Table[]
): Required<Pick<Policy, "check" | "remediate">> {
  return {
    check: rules(...tables),
    remediate: (resource, context) => {
      const check = { resource, context };
      return tablesFor(check, tables).flatMap(({ rows }) => changes(check, rows));
    },
  };
}

/** The rows for a part of a resource: a container, the configuration of nodes. */
export function expectRows(check: Check, part: Value, rows: Rows): void {
  for (const [path, expectation] of Object.entries(rows)) {
    for (const value of valuesAt(check, part, path)) expectation(check, value);
  }
}

export const is = (expected: Setting, message?: string): Expectation =>
  withRemedy(
    (check, value) => {
      expectEqual(check, value, expected, message);
    },
    ({ scalar }) => (scalar === expected ? undefined : expected),
  );

/** Left out, where the cloud's default is this value, or written. */
export const isOrMissing = (
  expected: Setting,
  message = `it must be ${JSON.stringify(expected)} or missing`,
): Expectation =>
  withRemedy(
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

/** At least the policy's setting of that name. */
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

/** Left out, where the cloud's default is right, or one of these. */
export function isMissingOr(isRight: (value: Value) => boolean, message: string): Expectation {
  return isThat((it) => it.isMissing || isRight(it), message);
}

const withRemedy = (run: Expectation, remedy: NonNullable<Expectation["remedy"]>): Expectation =>
  Object.assign(
    (check: Check, value: Value): void => {
      run(check, value);
    },
    { remedy: (value: Value) => (value.isUnknown ? undefined : remedy(value)) },
  );

function tablesFor(check: Check, tables: readonly Table[]): readonly Table[] {
  const key = typeKey(check.resource.type);
  return tables.filter(({ types, applies }) => types.includes(key) && applies?.(check) !== false);
}

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
