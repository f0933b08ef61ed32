/**
 * Values against the part of JSON Schema that policies use for their configuration. What is wrong is
 * said in one sentence, which names the place, the value and what is wanted.
 */
import type { Configuration } from "./policy";
import { pathOf, type Key } from "./values";

export type Schema = Exclude<NonNullable<Configuration["properties"]>[string], boolean>;
type TypeName = Extract<Schema["type"], string>;

const TYPES: Readonly<Record<TypeName, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === "boolean",
  array: Array.isArray,
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  null: (value) => value === null,
};

const NOUNS: Readonly<Record<TypeName, string>> = {
  string: "a text",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  null: "null",
};

type Rule = (schema: Schema, value: unknown) => string | undefined;

/** A rule for values of one type, where the schema has its keyword. */
function rule<Value, Limit>(
  isOfType: (value: unknown) => value is Value,
  limitOf: (schema: Schema) => Limit | undefined,
  isRight: (value: Value, limit: Limit) => boolean,
  expected: (limit: Limit) => string,
): Rule {
  return (schema, value) => {
    const limit = limitOf(schema);
    if (limit === undefined || !isOfType(value) || isRight(value, limit)) return undefined;
    return expected(limit);
  };
}

const isNumber = (value: unknown): value is number => typeof value === "number";
const isText = (value: unknown): value is string => typeof value === "string";
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const isAny = (value: unknown): value is unknown => value !== undefined;
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;

/** In the order in which they are asked; the first that is broken is said. */
const RULES: Readonly<Record<string, Rule>> = {
  type: rule(
    isAny,
    ({ type }) => (type === undefined ? undefined : [type].flat()),
    (value, types) => types.some((type) => TYPES[type](value)),
    (types) => `be ${types.map((type) => NOUNS[type]).join(" or ")}`,
  ),
  enum: rule(
    isAny,
    (schema) => schema.enum,
    (value, allowed) => allowed.some((one) => same(one, value)),
    (allowed) => `be one of ${allowed.map((one) => JSON.stringify(one)).join(", ")}`,
  ),
  minimum: rule(
    isNumber,
    ({ minimum }) => minimum,
    (value, least) => value >= least,
    (least) => `be ${least} or more`,
  ),
  exclusiveMinimum: rule(
    isNumber,
    ({ exclusiveMinimum }) => exclusiveMinimum,
    (value, least) => value > least,
    (least) => `be more than ${least}`,
  ),
  maximum: rule(
    isNumber,
    ({ maximum }) => maximum,
    (value, most) => value <= most,
    (most) => `be ${most} or less`,
  ),
  minLength: rule(
    isText,
    ({ minLength }) => minLength,
    (value, least) => value.length >= least,
    (least) => `have ${plural(least, "character")} or more`,
  ),
  pattern: rule(
    isText,
    ({ pattern }) => pattern,
    (value, pattern) => new RegExp(pattern, "u").test(value),
    (pattern) => `match ${pattern}`,
  ),
  minItems: rule(
    isList,
    ({ minItems }) => minItems,
    (value, least) => value.length >= least,
    (least) => `have ${plural(least, "item")} or more`,
  ),
};

/** Keywords that a schema of this pack may have; others would be passed over in silence. */
export const KEYWORDS: readonly string[] = [
  ...Object.keys(RULES),
  "items",
  "description",
  "default",
];

/** What is wrong with the value at `path`, or inside it. */
export function faultsOf(schema: Schema, value: unknown, path: readonly Key[]): readonly string[] {
  for (const check of Object.values(RULES)) {
    const expected = check(schema, value);
    if (expected !== undefined) {
      return [`${pathOf(path)} is ${JSON.stringify(value)}; it must ${expected}.`];
    }
  }
  const { items } = schema;
  if (!isList(value) || typeof items !== "object" || Array.isArray(items)) return [];
  return value.flatMap((item, index) => faultsOf(items, item, [...path, index]));
}
