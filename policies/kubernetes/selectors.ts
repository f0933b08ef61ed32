/** Kubernetes label selectors on values that may be unknown. */
import type { Value } from "../values";

export type Match = "yes" | "no" | "unknown";

/**
 * Whether a label selector (`matchLabels`, `matchExpressions`) selects an object with these labels.
 * An empty selector selects everything; the meaning of a missing one depends on its owner, so check
 * that first.
 */
export function selects(selector: Value, labels: Value): Match {
  const matchLabels = selector.get("matchLabels");
  const matchExpressions = selector.get("matchExpressions");
  return all([
    open(selector),
    open(matchLabels),
    open(matchExpressions),
    ...matchLabels.entries().map(([key, expected]) => equal(labels.get(key), expected)),
    ...matchExpressions.list().map((expression) => holds(expression, labels)),
  ]);
}

/** The same for the plain labels of a Service's selector; an empty one selects nothing. */
export function selectsByLabels(selector: Value, labels: Value): Match {
  const pairs = selector.entries();
  if (pairs.length === 0) return selector.isUnknown ? "unknown" : "no";
  return all(pairs.map(([key, expected]) => equal(labels.get(key), expected)));
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

function holds(expression: Value, labels: Value): Match {
  const key = expression.get("key");
  const operator = expression.get("operator");
  if (key.string === undefined || operator.isUnknown) return "unknown";
  const label = labels.get(key.string);
  if (label.isUnknown) return "unknown";
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
