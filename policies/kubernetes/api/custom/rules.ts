/** Evaluates the rules of a definition on a custom resource and on everything inside. */
import type { Value } from "../../../values";
import { celValue, evaluate, isOnChange } from "./cel";
import { plainOf } from "./definitions";
import { propertyOf, withDefaults, type Schema, type Validation } from "./schema";

export interface Broken {
  readonly value: Value;
  readonly message: string;
}

export interface Evaluated {
  readonly broken: Broken[];
  readonly undecided: { readonly value: Value; readonly reason: string }[];
  /** Unknown values inside of what a rule is about. */
  readonly unknown: Value[];
}

export function evaluateRules(
  value: Value,
  schema: Schema,
  found: Evaluated,
  isRoot = false,
): void {
  if (!value.isKnown) return;
  const rules = (schema["x-kubernetes-validations"] ?? []).filter((rule) => !isOnChange(rule));
  if (rules.length > 0) evaluateHere(value, schema, found, isRoot);
  if (value.isList) {
    for (const one of value.list()) evaluateRules(one, schema.items ?? {}, found);
    return;
  }
  for (const [key, child] of value.entries()) {
    const its = propertyOf(schema, key);
    if (its !== undefined) evaluateRules(child, its, found);
  }
}

/** What the rule says that it is about; what it stands at otherwise. */
const fieldOf = (value: Value, { fieldPath = "" }: Validation): Value =>
  value.get(
    ...Array.from(
      fieldPath.matchAll(/\.([A-Za-z_]\w*)|\['([^']*)'\]/g),
      ([, name, quoted]) => name ?? quoted ?? "",
    ),
  );

function evaluateHere(value: Value, schema: Schema, found: Evaluated, isRoot: boolean): void {
  const unknown = value.unknowns();
  if (unknown.length > 0) {
    found.unknown.push(...unknown);
    return;
  }
  let self: unknown;
  try {
    self = celValue(withDefaults(plainOf(value), schema), schema, isRoot);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    found.undecided.push({ value, reason: `its rules cannot be evaluated here: ${why}` });
    return;
  }
  for (const validation of schema["x-kubernetes-validations"] ?? []) {
    if (isOnChange(validation)) continue;
    const outcome = evaluate(validation, self, schema);
    if (outcome.is === "broken")
      found.broken.push({ value: fieldOf(value, validation), message: outcome.message });
    if (outcome.is === "undecided") found.undecided.push({ value, reason: outcome.reason });
  }
}
