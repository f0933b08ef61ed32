/**
 * Values against the part of JSON Schema that policies use for their configuration. What is wrong is
 * said in one sentence, which names the place, the value and what is wanted.
 */

type TypeName = "string" | "number" | "integer" | "boolean" | "array" | "object" | "null";

/** The keywords that are looked at; others are passed over. */
export interface Schema {
  readonly type?: TypeName | readonly TypeName[];
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  /** A schema for each item of a list; lists of schemas are passed over. */
  readonly items?: unknown;
  readonly default?: unknown;
  readonly description?: string;
}

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

const PLURALS: Readonly<Partial<Record<TypeName, string>>> = {
  string: "texts",
  number: "numbers",
  integer: "whole numbers",
};

/** What a value of the schema is: `a list of texts`. */
export function nounOf({ type = [], items }: Schema): string {
  const nouns = ([type].flat() as readonly TypeName[]).map((one) => NOUNS[one]);
  const of = isSchema(items) ? PLURALS[items.type as TypeName] : undefined;
  return nouns.join(" or ") + (of === undefined ? "" : ` of ${of}`);
}

type Rule = (schema: Schema, value: unknown) => string | undefined;

/** A rule for values of one type, where the schema has its keyword. */
function rule<Value, Limit>(
  isOfType: (value: unknown) => value is Value,
  limitOf: (schema: Schema) => Limit | undefined,
  isRight: (value: Value, limit: Limit) => boolean,
  expected: (limit: Limit, value: Value, schema: Schema) => string,
): Rule {
  return (schema, value) => {
    const limit = limitOf(schema);
    if (limit === undefined || !isOfType(value) || isRight(value, limit)) return undefined;
    return expected(limit, value, schema);
  };
}

const isNumber = (value: unknown): value is number => typeof value === "number";
const isText = (value: unknown): value is string => typeof value === "string";
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isAny = (value: unknown): value is unknown => value !== undefined;
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;

/** How a text that stands where a list is wanted is written as one: commas were meant to part it. */
function listForm(types: readonly TypeName[], value: unknown, { items }: Schema): string {
  if (!types.includes("array") || !(isText(value) || isNumber(value))) return "";
  const parts = String(value).split(",");
  const texts = parts.map((part) => part.trim()).filter((part) => part !== "");
  const isOfNumbers = isSchema(items) && (items.type === "number" || items.type === "integer");
  const numbers = texts.map(Number);
  if (isOfNumbers && numbers.some(Number.isNaN)) return "";
  const written = isOfNumbers ? numbers : texts;
  return `: write ${JSON.stringify(written).replaceAll(",", ", ")}`;
}

/** In the order in which they are asked; the first that is broken is said. */
const RULES: Readonly<Record<string, Rule>> = {
  type: rule(
    isAny,
    ({ type }) => (type === undefined ? undefined : ([type].flat() as readonly TypeName[])),
    (value, types) => types.some((type) => !Object.hasOwn(TYPES, type) || TYPES[type](value)),
    (types, value, schema) =>
      `be ${types.map((type) => NOUNS[type]).join(" or ")}${listForm(types, value, schema)}`,
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

type Path = readonly (string | number)[];

const pathText = (path: Path): string =>
  path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`))
    .join("")
    .slice(1);

/** What is wrong with the value at `path`, or inside it. */
export function faultsOf(schema: Schema, value: unknown, path: Path): readonly string[] {
  for (const check of Object.values(RULES)) {
    const expected = check(schema, value);
    if (expected !== undefined) {
      return [`${pathText(path)} is ${JSON.stringify(value)}; it must ${expected}.`];
    }
  }
  const { items } = schema;
  if (!isList(value) || !isSchema(items)) return [];
  return value.flatMap((item, index) => faultsOf(items, item, [...path, index]));
}
