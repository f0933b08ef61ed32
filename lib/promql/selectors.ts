/** What a selector names: a metric, and matchers of labels. */
import { stringFault, unquoted } from "./quotes";
import type { Fault, Node } from "./syntax";

export interface Matcher {
  readonly label: string;
  readonly operator: "=" | "!=" | "=~" | "!~";
  readonly value: string;
}

export interface Selector {
  /** Undefined where it is chosen by labels only. */
  readonly metric: string | undefined;
  readonly matchers: readonly Matcher[];
}

interface Read extends Selector {
  readonly faults: readonly Fault[];
}

export function readSelector(node: Node, text: string): Read {
  const written = (of: Node): string => text.slice(of.from, of.to);
  const [first, second] = node.children;
  const faults: Fault[] = [];
  const matchers: Matcher[] = [];
  const names = first?.name === "Identifier" ? [written(first)] : [];
  const list = first?.name === "LabelMatchers" ? first : second;
  for (const one of list === undefined ? [] : list.children) {
    if (one.name === "QuotedLabelName") {
      names.push(unquoted(written(one)) ?? "");
      continue;
    }
    const { fault, ...matcher } = readMatcher(one, written);
    if (fault !== undefined) faults.push({ offset: one.from, message: fault });
    matchers.push(matcher);
  }
  const named = matchers.find(({ label }) => label === "__name__");
  const [metric = named?.operator === "=" ? named.value : undefined] = names;
  const twice = names[1] ?? (names.length === 0 ? undefined : named?.value);
  if (twice !== undefined) {
    const message = `the metric is named twice, "${metric ?? ""}" and "${twice}"`;
    faults.push({ offset: node.from, message });
  } else if (names.length === 0 && faults.length === 0 && matchers.every(takesNothing)) {
    const message = `${written(node)} fits every series: name a metric, or a label and its value`;
    faults.push({ offset: node.from, message });
  }
  return { metric, matchers, faults };
}

function readMatcher(
  node: Node,
  written: (of: Node) => string,
): Matcher & { readonly fault: string | undefined } {
  const [label, operator, quoted] = node.children.map(written);
  const name = label === undefined ? "" : (unquoted(label) ?? label);
  const value = unquoted(quoted ?? "");
  const isPattern = operator === "=~" || operator === "!~";
  const fault =
    value === undefined
      ? stringFault(quoted ?? "")
      : isPattern && !isExpression(value)
        ? `${quoted ?? ""} is not a valid regular expression`
        : undefined;
  return { label: name, operator: operator as Matcher["operator"], value: value ?? "", fault };
}

/** Whether a series without the label fits too. */
function takesNothing({ operator, value }: Matcher): boolean {
  if (operator === "=" || operator === "!=") return (value === "") === (operator === "=");
  return new RegExp(`^(?:${inJavaScript(value)})$`).test("") === (operator === "=~");
}

/** Letters that RE2 takes behind a backslash; others, such as those of references, it refuses. */
const ESCAPED = "aftnrvdDsSwWbBAzQEpPx";
const MOST_REPEATED = 1000;

/** RE2, as Prometheus reads it, has no lookarounds and no references; what JavaScript lacks is written in its words. */
function isExpression(pattern: string): boolean {
  const bare = withoutLiterals(pattern);
  if (/\(\?(<?[=!])|\\[1-9]/.test(bare)) return false;
  if (new RegExp(`\\\\(?![${ESCAPED}])[a-zA-Z]`).test(bare)) return false;
  const counts = [...bare.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].flatMap(([, ...all]) => all);
  if (counts.some((count) => Number(count) > MOST_REPEATED)) return false;
  try {
    new RegExp(inJavaScript(pattern));
    return true;
  } catch {
    return false;
  }
}

/** Without what stands for itself: escaped backslashes, and what is between `\\Q` and `\\E`. */
const withoutLiterals = (pattern: string): string =>
  pattern.replaceAll("\\\\", "").replace(/\\Q.*?(?:\\E|$)/gs, "");

const inJavaScript = (pattern: string): string =>
  pattern
    // Between \Q and \E everything stands for itself.
    .replace(/\\Q(.*?)(?:\\E|$)/gs, (_, literal: string) => literal.replace(/\W/g, "\\$&"))
    .replace(/\(\?P</g, "(?<")
    .replace(/\(\?[imsU-]+(:|\))/g, (_, end) => (end === ":" ? "(?:" : ""))
    .replace(/\[:\^?[a-z]+:\]/g, "a")
    .replace(/\\[AzE]/g, "");
