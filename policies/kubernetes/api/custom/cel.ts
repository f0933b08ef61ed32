/** The rules of a definition, in the Common Expression Language, on one value. */
import { Environment } from "@marcbachmann/cel-js";
import { addKubernetesFunctions } from "./cel-library";
import { isMap, keepsAll, propertyOf, type Schema, type Validation } from "./schema";
import { fieldName, isUnordered, namesIn } from "./names";
import { within } from "./within";

export type Outcome =
  | { readonly is: "kept" }
  | { readonly is: "broken"; readonly message: string }
  /** The library cannot evaluate the rule, or not in time. */
  | { readonly is: "undecided"; readonly reason: string };

type Program = (context: Readonly<Record<string, unknown>>) => unknown;

let environment: Environment | undefined;
const programs = new Map<string, Program>();

function programOf(rule: string): Program {
  const known = programs.get(rule);
  if (known !== undefined) return known;
  environment ??= addKubernetesFunctions(
    new Environment({
      enableOptionalTypes: true,
      homogeneousAggregateLiterals: false,
    }).registerVariable("self", "dyn"),
  );
  const program = environment.parse(inGo(rule)) as Program;
  programs.set(rule, program);
  return program;
}

/** The library's own `matches` reads a pattern as JavaScript does. */
const inGo = (rule: string): string => rule.replace(/\.matches\s*\(/g, ".matchesInGo(");

/** A rule on the change of a value holds when the value is created. */
export const isOnChange = ({ rule, messageExpression = "" }: Validation): boolean =>
  /\boldSelf\b/.test(rule) || /\boldSelf\b/.test(messageExpression);

/**
 * @param self from `celValue`
 * @param schema of the value
 */
export function evaluate(validation: Validation, self: unknown, schema: Schema = {}): Outcome {
  const { rule } = validation;
  const undecided = (why: string): Outcome => ({
    is: "undecided",
    reason: `the rule ${short(rule)} ${why}`,
  });
  const listName = comparedSet(rule, schema);
  if (listName !== undefined) {
    return undecided(
      `compares ${listName}, whose entries have no order, which cannot be done here`,
    );
  }
  try {
    const result = within(rule, () => programOf(rule)({ self }));
    if (result === true) return { is: "kept" };
    if (result === false) return { is: "broken", message: messageOf(validation, self) };
    return undecided("is neither true nor false");
  } catch (error) {
    // Of a missing field the API server says the same, and refuses the object.
    if (codeOf(error) === "no_such_key" && isDeclared(error, schema)) {
      return { is: "broken", message: `${messageOf(validation, self)} (${firstLine(error)})` };
    }
    return undecided(`cannot be evaluated here: ${firstLine(error)}`);
  }
}

/** Whether the API server knows the field too, so that it is the object that misses it. */
function isDeclared(error: unknown, schema: Schema): boolean {
  const [, key = ""] = /^No such key: (.*)$/.exec(firstLine(error)) ?? [];
  const { fields, hasMaps } = namesIn(schema);
  return fields.has(key) || (hasMaps && !OF_METADATA.includes(key));
}

/** Lists of these types are equal in any order, and `+` joins them without repetitions. */
function comparedSet(rule: string, schema: Schema): string | undefined {
  const { sets } = namesIn(schema);
  const own = isUnordered(schema) ? ["self"] : [];
  return [...own, ...sets].find((name) => {
    const escaped = name.replace(/[^\w]/g, "\\$&");
    const before = new RegExp(`\\b${escaped}\\s*(==|!=|\\+)`);
    const after = new RegExp(`(==|!=|\\+)\\s*[\\w.?]*\\b${escaped}\\b(?!\\s*[.([\\w])`);
    return before.test(rule) || after.test(rule);
  });
}

function messageOf({ rule, message, messageExpression }: Validation, self: unknown): string {
  if (messageExpression !== undefined) {
    try {
      const text = within(messageExpression, () => programOf(messageExpression)({ self }));
      if (typeof text === "string" && text !== "") return oneLine(text);
    } catch {
      // The API server falls back in the same way.
    }
  }
  return message === undefined ? `it breaks the rule ${short(rule)}` : oneLine(message);
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim();
const short = (rule: string): string => {
  const text = oneLine(rule);
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
};
const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
const codeOf = (error: unknown): unknown =>
  typeof error === "object" && error !== null ? Reflect.get(error, "code") : undefined;

/** The value as a rule sees it: with defaults, whole numbers apart from others, and no unknown fields. */
export function celValue(raw: unknown, schema: Schema, isRoot = false): unknown {
  if (raw === undefined || raw === null) return raw;
  if (typeof raw === "number") {
    return Number.isInteger(raw) && schema.type !== "number" ? BigInt(raw) : raw;
  }
  if (typeof raw === "string") return celText(raw, schema);
  if (Array.isArray(raw)) return raw.map((one: unknown) => celValue(one, schema.items ?? {}));
  if (!isMap(raw)) return raw;
  const isObject = isRoot || schema["x-kubernetes-embedded-resource"] === true;
  return { ...celObject(raw, schema), ...(isObject ? partsOfObject(raw) : {}) };
}

/** @throws if the library cannot read it, although the format allows it */
function celText(text: string, { type, format }: Schema): unknown {
  if (type !== "string") return text;
  if (format === "duration") return programOf("duration(self)")({ self: text });
  if (format === "date-time") return programOf("timestamp(self)")({ self: text });
  if (format === "date") return programOf("timestamp(self)")({ self: `${text}T00:00:00Z` });
  return format === "byte" ? Buffer.from(text, "base64") : text;
}

const OF_METADATA: readonly string[] = ["name", "generateName"];

/** What a rule sees of every object, whatever its schema says. */
function partsOfObject({
  apiVersion,
  kind,
  metadata,
}: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const own = isMap(metadata) ? metadata : {};
  const names = OF_METADATA.flatMap((key) =>
    own[key] === undefined || own[key] === null ? [] : [[key, own[key]] as const],
  );
  return { apiVersion, kind, metadata: Object.fromEntries(names) };
}

function celObject(
  raw: Readonly<Record<string, unknown>>,
  schema: Schema,
): Readonly<Record<string, unknown>> {
  const isOfFields = isMap(schema.properties);
  const entries = Object.entries(raw).flatMap(([key, value]) => {
    const its = propertyOf(schema, key);
    const isHidden =
      its === undefined && !keepsAll(schema) && schema.type === "object" && isOfFields;
    const isNull = value === null && its?.nullable !== true;
    if (isHidden || value === undefined || isNull) return [];
    return [[isOfFields ? fieldName(key) : key, celValue(value, its ?? {})] as const];
  });
  return Object.fromEntries(entries);
}
