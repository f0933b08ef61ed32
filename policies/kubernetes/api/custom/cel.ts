/** The rules of a definition, in the Common Expression Language, on one value. */
import { Environment } from "@marcbachmann/cel-js";
import { addKubernetesFunctions } from "./cel-library";
import { isMap, keepsAll, propertyOf, type Schema, type Validation } from "./schema";
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
  const program = environment.parse(rule) as Program;
  programs.set(rule, program);
  return program;
}

/** A rule on the change of a value holds when the value is created. */
export const isOnChange = ({ rule, messageExpression = "" }: Validation): boolean =>
  /\boldSelf\b/.test(rule) || /\boldSelf\b/.test(messageExpression);

/** @param self from `celValue` */
export function evaluate(validation: Validation, self: unknown): Outcome {
  const { rule } = validation;
  try {
    const result = within(rule, () => programOf(rule)({ self }));
    if (result === true) return { is: "kept" };
    if (result === false) return { is: "broken", message: messageOf(validation, self) };
    return { is: "undecided", reason: `the rule ${short(rule)} is neither true nor false` };
  } catch (error) {
    // Of a missing field the API server says the same, and refuses the object.
    if (codeOf(error) === "no_such_key") {
      return { is: "broken", message: `${messageOf(validation, self)} (${firstLine(error)})` };
    }
    return {
      is: "undecided",
      reason: `the rule ${short(rule)} cannot be evaluated here: ${firstLine(error)}`,
    };
  }
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

/** Words of the language, which fields of an object cannot have as names in it. */
const RESERVED: ReadonlySet<string> = new Set(
  "true false null in as break const continue else for function if import let loop package namespace return var void while".split(
    " ",
  ),
);

/** How a field is called in a rule. */
function fieldName(name: string): string {
  if (RESERVED.has(name)) return `__${name}__`;
  return name
    .replaceAll("__", "__underscores__")
    .replaceAll(".", "__dot__")
    .replaceAll("-", "__dash__")
    .replaceAll("/", "__slash__");
}

/** The value as a rule sees it: with defaults, whole numbers apart from others, and no unknown fields. */
export function celValue(raw: unknown, schema: Schema): unknown {
  if (raw === undefined || raw === null) return raw;
  if (typeof raw === "number") {
    return Number.isInteger(raw) && schema.type !== "number" ? BigInt(raw) : raw;
  }
  if (Array.isArray(raw)) return raw.map((one: unknown) => celValue(one, schema.items ?? {}));
  if (isMap(raw)) return celObject(raw, schema);
  return raw;
}

function celObject(raw: Readonly<Record<string, unknown>>, schema: Schema): unknown {
  const isOfFields = isMap(schema.properties);
  const entries = Object.entries(raw).flatMap(([key, value]) => {
    const its = propertyOf(schema, key);
    const isHidden =
      its === undefined && !keepsAll(schema) && schema.type === "object" && isOfFields;
    if (isHidden || value === undefined || value === null) return [];
    return [[isOfFields ? fieldName(key) : key, celValue(value, its ?? {})] as const];
  });
  return Object.fromEntries(entries);
}
