/** Selectors of labels, nodes and objects, wherever they are. */
import { isKey } from "../../labels";
import type { Value } from "../../../values";
import type { Faults } from "../fault";
import { labelKey, labelValue } from "./forms";
import { fields, isSet, needs, needsSome, oneOf, type Rule, type Rules } from "./kit";

/** A map whose keys are label keys, and whose values are labels. */
export const labels =
  (...path: readonly string[]): Rule =>
  (value, faults) => {
    for (const [key, label] of value.get(...path).entries()) {
      const wrong = keyFault(key) ?? (label.isKnown ? labelValue(label) : undefined);
      if (wrong !== undefined) faults.add("value-allowed", label, wrong);
    }
  };

export const keyFault = (key: string): string | undefined => (isKey(key) ? undefined : KEY_RULE);

const KEY_RULE = "a key is a name of at most 63 characters, or a domain, a slash and a name";

/** Whether `values` may, must or must not be there depends on the operator. */
function valuesByOperator(
  some: readonly string[],
  none: readonly string[],
  one: readonly string[] = [],
): Rule {
  return (value, faults) => {
    const { string: operator = "" } = value.get("operator");
    const values = value.get("values");
    const count = values.list().length;
    if (some.includes(operator) && (values.isMissing || values.isEmptyList)) {
      faults.add("field-required", values, `the operator ${operator} needs at least one value`);
    }
    if (none.includes(operator) && count > 0) {
      faults.rule(values, `the operator ${operator} takes no values: remove them`);
    }
    if (one.includes(operator) && !values.isUnknown && count !== 1) {
      faults.rule(values, `the operator ${operator} takes exactly one value, a whole number`);
    }
  };
}

const requirement: readonly Rule[] = [
  fields({
    key: labelKey,
    operator: oneOf("In", "NotIn", "Exists", "DoesNotExist"),
    "values[]": labelValue,
  }),
  valuesByOperator(["In", "NotIn"], ["Exists", "DoesNotExist"]),
];

const NODE_OPERATORS = ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"] as const;

/** A node is selected by its name only, with one value. */
const matchFields: Rule = (value, faults) => {
  for (const field of value.get("matchFields").list()) {
    const [key, operator] = [field.get("key"), field.get("operator")];
    if (key.isKnown && key.string !== "metadata.name") {
      faults.add("value-allowed", key, 'it must be "metadata.name"');
    }
    if (operator.isKnown && !["In", "NotIn"].includes(operator.string ?? "")) {
      faults.add("value-allowed", operator, 'it must be "In" or "NotIn"');
    }
    if (field.get("values").list().length > 1) {
      faults.rule(field.get("values"), "it must have exactly one value");
    }
  }
};

const nodeExpressions: Rule = (value, faults) => {
  for (const one of value.get("matchExpressions").list()) {
    fields({ key: labelKey, "values[]": labelValue })(one, faults, []);
  }
};

/** Whether an object is surely not selected by labels that are all known. */
export function selectsNot(selector: Value, labelsOf: Value): boolean {
  const pairs = selector.entries();
  if (labelsOf.isUnknown) return false;
  return pairs.some(([key, value]) => {
    const own = labelsOf.get(key);
    return value.isKnown && !own.isUnknown && own.string !== value.string && isText(value);
  });
}

const isText = (value: Value): boolean => value.string !== undefined;

export function reference(
  group: string,
  kinds: readonly string[],
): (value: Value, faults: Faults) => void {
  return (value, faults) => {
    const [apiGroup, kind] = [value.get("apiGroup"), value.get("kind")];
    if (apiGroup.isKnown && isSet(apiGroup) && apiGroup.string !== group) {
      faults.add("value-allowed", apiGroup, `it must be ${JSON.stringify(group)}`);
    }
    const wrong = kind.isKnown && isSet(kind) ? oneOf(...kinds)(kind) : undefined;
    if (wrong !== undefined) faults.add("value-allowed", kind, wrong);
  };
}

export const SELECTORS: Rules = {
  "meta.v1.LabelSelector": [labels("matchLabels")],
  "meta.v1.LabelSelectorRequirement": requirement,
  "core.v1.NodeSelector": [needsSome("nodeSelectorTerms")],
  "core.v1.NodeSelectorTerm": [nodeExpressions, matchFields],
  "core.v1.NodeSelectorRequirement": [
    fields({ operator: oneOf(...NODE_OPERATORS) }),
    valuesByOperator(["In", "NotIn"], ["Exists", "DoesNotExist"], ["Gt", "Lt"]),
  ],
  "core.v1.TopologySelectorLabelRequirement": [needsSome("values")],
  "meta.v1.OwnerReference": [needs("uid")],
};
