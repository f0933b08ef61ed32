/** Compares an object with the types of the Kubernetes API, field by field. */
import { list } from "../../../lib/words";
import type { Value } from "../../values";
import type { Faults } from "./fault";
import { hintFor, type Step } from "./hints";
import { EMPTY_IS_SET, NOT_ENFORCED } from "./leniency";
import { RULES } from "./rules";
import { wrongScalar } from "./scalars";
import { fieldsOf, type Fields } from "./schemas";

export interface Walk {
  readonly faults: Faults;
  /** Whether everything that is required must be there: not so in a patch of an object. */
  readonly isWhole: boolean;
  /** Of a status only the fields and their types are judged: controllers write it. */
  readonly isStatus?: boolean;
}

const SCHEMA = "apiextensions.v1.JSONSchemaProps";

/**
 * @param way the objects around the value, from the outermost
 */
export function walk(value: Value, type: string, way: readonly Step[], walked: Walk): void {
  const { faults } = walked;
  if (value.isUnknown) faults.unknown.push(value);
  // The API server reads null as if the field were missing.
  if (!value.isKnown || type === "any") return;
  const step = steps.get(type) ?? stepOf(type);
  steps.set(type, step);
  step(value, way, walked);
}

type Inside = (value: Value, way: readonly Step[], walked: Walk) => void;

/** By type: the text of a type is read once, not for each value. */
const steps = new Map<string, Inside>();

function stepOf(type: string): Inside {
  const element = type.slice(2);
  if (type.startsWith("[]")) {
    return (value, way, walked) => {
      walkList(value, element, way, walked);
    };
  }
  if (type.startsWith("{}")) {
    return (value, way, walked) => {
      walkMap(value, element, way, walked);
    };
  }
  if (type.startsWith("=")) {
    const allowed = type.slice(1).split("|");
    return (value, _, walked) => {
      oneOf(value, allowed, walked);
    };
  }
  if (type.startsWith("schema-or-")) {
    return (value, way, walked) => {
      walkSchema(value, type, way, walked);
    };
  }
  const fields = fieldsOf(type);
  return fields === undefined ? scalarStep(type) : objectStep(type, fields);
}

const scalarStep =
  (type: string): Inside =>
  (value, _, { faults, isStatus }) => {
    const wrong = wrongScalar(value, type);
    if (wrong !== undefined && (wrong.isType || isStatus !== true)) {
      faults.add(wrong.isType ? "field-type" : "value-allowed", value, wrong.expected);
    }
  };

function walkList(value: Value, type: string, way: readonly Step[], walked: Walk): void {
  if (!value.isList) {
    walked.faults.add("field-type", value, "it must be a list");
    return;
  }
  for (const element of value.list()) walk(element, type, way, walked);
}

function walkMap(value: Value, type: string, way: readonly Step[], walked: Walk): void {
  if (!value.isMap) {
    walked.faults.add("field-type", value, "it must be a map of keys and values");
    return;
  }
  for (const [, element] of value.entries()) walk(element, type, way, walked);
}

function oneOf(value: Value, allowed: readonly string[], { faults, isStatus }: Walk): void {
  const wrong = wrongScalar(value, "string");
  if (wrong !== undefined) faults.add("field-type", value, wrong.expected);
  // The API server gives an empty text the default.
  else if (isStatus !== true && value.string !== "" && !allowed.includes(value.string ?? "")) {
    faults.add("value-allowed", value, `it must be ${list(allowed)}`);
  }
}

function walkSchema(value: Value, type: string, way: readonly Step[], walked: Walk): void {
  if (value.isMap) walk(value, SCHEMA, way, walked);
  else if (type === "schema-or-bool") walk(value, "boolean", way, walked);
  else walk(value, type === "schema-or-list" ? `[]${SCHEMA}` : "[]string", way, walked);
}

function objectStep(type: string, { types, required }: Fields): Inside {
  const enforced = required.filter((key) => !NOT_ENFORCED.has(`${type} ${key}`));
  const rules = RULES.get(type) ?? [];
  return (value, way, walked) => {
    const { faults } = walked;
    if (!value.isMap) {
      faults.add("field-type", value, `it must be a map with ${someOf(types)}`);
      return;
    }
    const inside = [...way, { value, type }];
    for (const [key, child] of value.entries()) {
      const its = types.get(key);
      if (its === undefined) faults.add("field-known", child, hintFor(child, key, inside));
      // What a status says is the controllers' own, and the API server only reads it.
      else if (way.length === 0 && key === "status") {
        walk(child, its, inside, { faults, isWhole: false, isStatus: true });
      } else walk(child, its, inside, walked);
    }
    if (!walked.isWhole) return;
    for (const key of enforced) expectGiven(value.get(key), type, key, faults);
    for (const rule of rules) rule(value, faults, inside);
  };
}

function expectGiven(value: Value, type: string, key: string, faults: Faults): void {
  if (!value.isMissing && value.string !== "") return;
  if (EMPTY_IS_SET.has(`${type} ${key}`) && value.isKnown) return;
  faults.add("field-required", value, "it is required");
}

const someOf = (fields: ReadonlyMap<string, string>): string => {
  const names = [...fields.keys()].slice(0, 3).join(", ");
  return fields.size > 3 ? `${names} and so on` : names;
};
