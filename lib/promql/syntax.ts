/** The tree of an expression, or one sentence about the first thing in it that Prometheus cannot read. */
import type { SyntaxNode } from "@lezer/common";
import type { LRParser } from "@lezer/lr";
import { nearest } from "../words";
import { SIGNATURES } from "./functions";
import { isClosed } from "./quotes";

/** What is wrong, and at which character, counted from 0. */
export interface Fault {
  readonly offset: number;
  readonly message: string;
}

let parser: LRParser | undefined;

/** Loaded with the first expression: most manifests hold none, and commands start faster without. */
function grammar(): LRParser {
  if (parser !== undefined) return parser;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it at once
  const loaded = require("@prometheus-io/lezer-promql") as { readonly parser: LRParser };
  parser = loaded.parser.configure({ strict: true });
  return parser;
}

export interface Node {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly children: readonly Node[];
}

export function treeOf(text: string): Node | Fault {
  try {
    const [expression] = nodeOf(grammar().parse(text).topNode).children;
    if (expression !== undefined) return expression;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // The one place where the parser says how far it came is its sentence.
    const at = /\d+$/.exec(error.message)?.[0];
    return faultAt(text, at === undefined ? text.length : Number(at));
  }
  return { offset: 0, message: "there is no expression" };
}

const SUFFIXED = /^(OffsetExpr|StepInvariantExpr|MatrixSelector|SubqueryExpr)$/;

function nodeOf({ name, from, to, firstChild }: SyntaxNode): Node {
  const children: Node[] = [];
  for (let child = firstChild; child !== null; child = child.nextSibling) {
    if (child.name !== "LineComment") children.push(nodeOf(child));
  }
  const node = { name, from, to, children };
  return SUFFIXED.test(name) ? ofLastOperand(node) : node;
}

/**
 * Prometheus reads `a - b offset 5m` as `a - (b offset 5m)`; this grammar, which is made for editors, reads
 * `(a - b) offset 5m`, also with `@` and ranges.
 */
function ofLastOperand(node: Node): Node {
  const [inner, ...rest] = node.children;
  const last = inner?.children.at(-1);
  if (inner === undefined || last === undefined || !/^(Binary|Unary)Expr$/.test(inner.name)) {
    return node;
  }
  const applied = ofLastOperand({ ...node, from: last.from, children: [last, ...rest] });
  return { ...inner, to: node.to, children: [...inner.children.slice(0, -1), applied] };
}

interface Token {
  readonly offset: number;
  readonly text: string;
}

const TOKEN =
  /\s+|#.*|"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|`[^`]*`?|[$A-Za-z_:][$\w:]*|[\d.][\w.]*|[=!<>]=|[=!]~|./gu;

/** For sentences only: the grammar has its own idea of a token, which it does not tell. */
const tokensOf = (text: string): readonly Token[] =>
  [...text.matchAll(TOKEN)]
    .filter(([token]) => !/^[\s#]/.test(token))
    .map((found) => ({ offset: found.index, text: found[0] }));

const OPENING: ReadonlyMap<string, string> = new Map([
  [")", "("],
  ["]", "["],
  ["}", "{"],
]);
const OPERATOR = /^([-+*/%^<>]|[=!<>]=|and|or|unless|atan2|bool|offset|@)$/i;
const LABELS_FOLLOW = /^(by|without|on|ignoring)$/i;

/** @param offset where the parser could not go on */
function faultAt(text: string, offset: number): Fault {
  const tokens = tokensOf(text);
  const until = tokens.filter((token) => token.offset <= offset);
  const endless = until.find(({ text: quoted }) => /^["'`]/.test(quoted) && !isClosed(quoted));
  if (endless !== undefined) {
    return { offset: endless.offset, message: "the text that begins here has no closing quote" };
  }
  if (tokens.length === 0) return { offset: 0, message: "there is no expression" };
  const found = tokens.find((token) => token.offset >= offset);
  const before = tokens.filter((token) => token.offset < offset).at(-1);
  const open = openBrackets(until.filter((token) => token.offset < offset));
  if (found === undefined) return atEnd(before, open.at(-1), text.trimEnd().length);
  if (found.text === "(" && before !== undefined && /^[A-Za-z_]\w*$/.test(before.text)) {
    if (!LABELS_FOLLOW.test(before.text)) return noFunction(before);
  }
  return { offset: found.offset, message: unexpected(found, before, open.at(-1)) };
}

function openBrackets(tokens: readonly Token[]): readonly Token[] {
  const open: Token[] = [];
  for (const token of tokens) {
    if (/^[([{]$/.test(token.text)) open.push(token);
    else if (OPENING.has(token.text)) open.pop();
  }
  return open;
}

function atEnd(before: Token | undefined, open: Token | undefined, end: number): Fault {
  if (before !== undefined && isOperator(before)) {
    return { offset: end, message: `a value is missing after "${before.text}"` };
  }
  if (open !== undefined) return { offset: open.offset, message: `"${open.text}" is not closed` };
  return { offset: end, message: `it ends after "${before?.text ?? ""}", where more is expected` };
}

const isOperator = ({ text }: Token): boolean => OPERATOR.test(text);

function unexpected(found: Token, before: Token | undefined, open: Token | undefined): string {
  const shown = JSON.stringify(found.text);
  const opening = OPENING.get(found.text);
  if (opening !== undefined && open?.text !== opening) {
    const instead = open === undefined ? "" : `; "${open.text}" is still open`;
    return `${shown} closes nothing${instead}`;
  }
  if (before === undefined) return `an expression does not begin with ${shown}`;
  if (LABELS_FOLLOW.test(before.text)) {
    return `write the labels after "${before.text}" in parentheses; ${shown} is not in any`;
  }
  if (open?.text === "[") return `${shown} is not a duration: write one such as 5m`;
  if (isOperator(before) && (isOperator(found) || opening !== undefined || found.text === ",")) {
    return `a value is missing between "${before.text}" and ${shown}`;
  }
  if (open?.text === "{" && /^(=|!=|=~|!~)$/.test(before.text)) {
    return `write what a label is compared with in quotes; ${shown} is not`;
  }
  return `${shown} cannot follow ${JSON.stringify(before.text)}`;
}

function noFunction({ offset, text }: Token): Fault {
  if (text === "holt_winters") {
    const message = '"holt_winters" is called "double_exponential_smoothing" since Prometheus 3';
    return { offset, message };
  }
  const meant = nearest(text, [...SIGNATURES.keys()]);
  const hint = meant === undefined ? "" : `; did you mean "${meant}"?`;
  return { offset, message: `there is no function "${text}"${hint}` };
}
