/**
 * PromQL by Prometheus' own grammar (`@prometheus-io/lezer-promql`), with the types that the grammar leaves
 * to the server. `promtool check rules` refuses what this refuses, up to experimental functions, which are
 * accepted here.
 */
import { constantOf } from "./constants";
import type { ValueType } from "./functions";
import { readSelector, type Selector } from "./selectors";
import { treeOf, type Fault, type Node } from "./syntax";
import { Types } from "./types";

export type { ValueType } from "./functions";
export type { Matcher } from "./selectors";

export interface SelectorInUse extends Selector {
  /** Seconds of a range vector; undefined where the newest sample is meant, or it cannot be calculated. */
  readonly range: number | undefined;
}

/** A comparison of something measured with a number, on whichever side that is written. */
export interface Threshold {
  readonly operator: "above" | "below";
  readonly bound: number;
}

export interface Expression {
  /** `column 8: …`, the first first; with none Prometheus takes the expression. */
  readonly problems: readonly string[];
  /** Undefined where there are problems. */
  readonly type: ValueType | undefined;
  readonly selectors: readonly SelectorInUse[];
  readonly thresholds: readonly Threshold[];
  /** The value of an expression that measures nothing: `1`, `vector(1)`. */
  readonly constant: number | undefined;
}

/** Several policies, and rules beside panels, ask about the same expressions. */
const known = new Map<string, Expression>();
/** More than a large stack has; then it starts anew. */
const MOST_KNOWN = 10_000;

/** Reads an expression. Of one that cannot be parsed, nothing but the problem is known. */
export function readPromql(text: string): Expression {
  const found = known.get(text);
  if (found !== undefined) return found;
  const read = readNew(text);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(text, read);
  return read;
}

function readNew(text: string): Expression {
  const tree = treeOf(text);
  if ("message" in tree) {
    return {
      problems: [placed(tree, text)],
      type: undefined,
      selectors: [],
      thresholds: [],
      constant: undefined,
    };
  }
  const types = new Types(text);
  const type = types.of(tree);
  const faults = [...types.faults].sort((a, b) => a.offset - b.offset);
  return {
    problems: faults.map((fault) => placed(fault, text)),
    type: faults.length === 0 ? type : undefined,
    selectors: collect(tree, (node, parent) => selectorIn(node, parent, text)),
    thresholds: collect(tree, (node) => thresholdIn(node, text)),
    constant: constantOf(tree, text) ?? vectorOf(tree, text),
  };
}

/** The names of the metrics that an expression reads, each once, in order. */
export const metricNames = ({ selectors }: Expression): readonly string[] => [
  ...new Set(selectors.flatMap(({ metric }) => metric ?? [])),
];

function placed({ offset, message }: Fault, text: string): string {
  const lines = text.slice(0, offset).split("\n");
  const column = `column ${(lines.at(-1) ?? "").length + 1}`;
  const isOneLine = !text.trimEnd().includes("\n");
  return `${isOneLine ? column : `line ${lines.length}, ${column}`}: ${message}`;
}

/** What is found in the nodes of a tree, in the order of the text. */
function collect<T>(
  node: Node,
  find: (node: Node, parent: Node | undefined) => T | undefined,
  parent?: Node,
): readonly T[] {
  const found = find(node, parent);
  const below = node.children.flatMap((child) => collect(child, find, node));
  return found === undefined ? below : [found, ...below];
}

function selectorIn(node: Node, parent: Node | undefined, text: string): SelectorInUse | undefined {
  if (node.name !== "VectorSelector") return undefined;
  const { metric, matchers } = readSelector(node, text);
  const duration = parent?.name === "MatrixSelector" ? parent.children[1] : undefined;
  return {
    metric,
    matchers,
    range: duration === undefined ? undefined : constantOf(duration, text),
  };
}

function thresholdIn(node: Node, text: string): Threshold | undefined {
  const [left, operator] = node.children;
  const right = node.children.at(-1);
  if (node.name !== "BinaryExpr" || left === undefined || right === undefined) return undefined;
  const sign = /^(Gtr|Gte|Lss|Lte)$/.exec(operator?.name ?? "")?.[0];
  const [first, last] = [constantOf(left, text), constantOf(right, text)];
  const bound = last ?? first;
  if (sign === undefined || bound === undefined) return undefined;
  if (first !== undefined && last !== undefined) return undefined;
  return { operator: sign.startsWith("G") === (first === undefined) ? "above" : "below", bound };
}

function vectorOf(node: Node, text: string): number | undefined {
  const [name, body] = node.children;
  if (node.name !== "FunctionCall" || name === undefined || body === undefined) return undefined;
  const [value] = body.children;
  const isVector = text.slice(name.from, name.to) === "vector";
  return isVector && value !== undefined ? constantOf(value, text) : undefined;
}
