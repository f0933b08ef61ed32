/** Numbers and durations in an expression, and what is calculated of them alone. */
import { secondsOf } from "../durations";
import type { Node } from "./syntax";

const CALCULATED: Readonly<Record<string, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a % b,
  "^": (a, b) => a ** b,
};

/** The number that an expression is, whatever is measured; a duration counts its seconds. */
export function constantOf(node: Node, text: string): number | undefined {
  const [first, second, third] = node.children;
  const written = (of: Node): string => text.slice(of.from, of.to);
  if (/^NumberDurationLiteral/.test(node.name)) return numberOf(written(node));
  if (first === undefined) return undefined;
  if (/^(ParenExpr|DurationExpr)$/.test(node.name) && second === undefined) {
    return constantOf(first, text);
  }
  if (second === undefined) return undefined;
  if (node.name === "UnaryExpr") {
    const value = constantOf(second, text);
    return value === undefined || written(first) === "+" ? value : -value;
  }
  const calculate = node.name === "BinaryExpr" ? CALCULATED[written(second)] : undefined;
  if (calculate === undefined || third === undefined) return undefined;
  const [a, b] = [constantOf(first, text), constantOf(third, text)];
  return a === undefined || b === undefined ? undefined : calculate(a, b);
}

function numberOf(literal: string): number | undefined {
  const [, sign, digits = ""] = /^([-+]?)\s*(.*)$/s.exec(literal) ?? [];
  const value = /^inf$/i.test(digits)
    ? Infinity
    : (secondsOf(digits) ?? Number(digits.replaceAll("_", "")));
  return sign === "-" ? -value : value;
}
