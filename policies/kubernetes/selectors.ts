/** Kubernetes label selectors on values that may be unknown. */
import type { Value } from "../values";

export type Match = "yes" | "no" | "unknown";

/** The labels of an object: a `Value`, or one with what its controller adds. */
export interface Labels {
  readonly get: (key: string) => Value;
  /** Whether a controller adds that label, and with that value if one is given. */
  readonly adds?: (key: string, value?: string) => boolean;
}

/**
 * Whether a label selector (`matchLabels`, `matchExpressions`) selects an object with these labels.
 * An empty selector selects everything; the meaning of a missing one depends on its owner, so check
 * that first.
 */
export function selects(selector: Value, labels: Labels): Match {
  const matchLabels = selector.get("matchLabels");
  const matchExpressions = selector.get("matchExpressions");
  return all([
    open(selector),
    open(matchLabels),
    open(matchExpressions),
    ...matchLabels.entries().map(([key, expected]) => has(labels, key, expected)),
    ...matchExpressions.list().map((expression) => holds(expression, labels)),
  ]);
}

/** The same for the plain labels of a Service's selector; an empty one selects nothing. */
export function selectsByLabels(selector: Value, labels: Labels): Match {
  const pairs = selector.entries();
  if (pairs.length === 0) return selector.isUnknown ? "unknown" : "no";
  return all(pairs.map(([key, expected]) => has(labels, key, expected)));
}

/** "no" if any answer is "no", whatever the others are. */
export function all(matches: readonly Match[]): Match {
  if (matches.includes("no")) return "no";
  return matches.includes("unknown") ? "unknown" : "yes";
}

const open = (value: Value): Match => (value.isUnknown ? "unknown" : "yes");
const yes = (holds: boolean): Match => (holds ? "yes" : "no");

function equal(one: Value, other: Value): Match {
  if (one.isUnknown || other.isUnknown) return "unknown";
  return yes(one.string !== undefined && one.string === other.string);
}

function has(labels: Labels, key: string, expected: Value): Match {
  const own = labels.get(key);
  if (
    own.isMissing &&
    expected.string !== undefined &&
    labels.adds?.(key, expected.string) === true
  )
    return "yes";
  return equal(own, expected);
}

function holds(expression: Value, labels: Labels): Match {
  const key = expression.get("key");
  const operator = expression.get("operator");
  if (key.string === undefined || operator.isUnknown) return "unknown";
  const label = labels.get(key.string);
  if (label.isUnknown) return "unknown";
  if (label.isMissing && labels.adds?.(key.string) === true)
    return added(expression, key.string, labels);
  const values = expression.get("values");
  switch (operator.string) {
    case "Exists":
      return yes(label.isKnown);
    case "DoesNotExist":
      return yes(label.isMissing);
    case "In":
      return oneOf(label, values);
    case "NotIn":
      return not(oneOf(label, values));
    default:
      return "no";
  }
}

/** The same for a label that a controller adds, of which only some values can be told. */
function added(expression: Value, key: string, labels: Labels): Match {
  const operator = expression.get("operator").string;
  if (operator === "Exists" || operator === "DoesNotExist") return yes(operator === "Exists");
  const values = expression.get("values");
  const isOne = values
    .list()
    .some(({ string }) => string !== undefined && labels.adds?.(key, string));
  if (operator === "In") return values.isUnknown ? "unknown" : yes(isOne);
  return isOne || values.isUnknown ? "unknown" : yes(operator === "NotIn");
}

function oneOf(label: Value, values: Value): Match {
  if (values.isUnknown) return "unknown";
  const matches = values.list().map((value) => equal(label, value));
  if (matches.includes("yes")) return "yes";
  return matches.includes("unknown") ? "unknown" : "no";
}

function not(match: Match): Match {
  if (match === "unknown") return match;
  return match === "yes" ? "no" : "yes";
}
