/**
 * The conditions of a source file, each made switchable: negated, or with its boundary moved.
 *
 * All mutants of a file live in one instrumented copy of it, so that the tests are loaded once and
 * only the switch changes between their runs.
 */
import ts from "typescript";

export interface Mutant {
  /** `policies/aws/eks.ts:57:12 negated`: unique, and where to look. */
  readonly id: string;
  /** The condition's source text, on one line. */
  readonly code: string;
}

export interface Instrumented {
  readonly mutants: readonly Mutant[];
  /** The file with a call of the switch around each condition. */
  readonly code: string;
}

/** The switch's name in instrumented code; it is a property of `globalThis`. */
export const SWITCH = "__mutation";

const COMPARISONS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
]);
const ORDERINGS = new Set(["<", "<=", ">", ">="]);
const LOGICAL: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
]);
/** Functions and methods whose callback answers yes or no. */
const ASKS = new Set([
  ...["filter", "some", "every", "find", "findIndex", "findLast"],
  ...["expectThat", "isThat", "isMissingOr", "where"],
]);
/** What has such a name, value or function, is a yes or no. */
const QUESTION = /^(is|has|may|can|holds|needs|allows|knows|covers)[A-Z]/;

interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

export function instrument(file: string, text: string): Instrumented {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const mutants: Mutant[] = [];
  const edits: Edit[] = [];
  const add = (node: ts.Node, what: string): string => {
    const { line, character } = source.getLineAndCharacterOfPosition(node.getStart());
    const id = `${file}:${String(line + 1)}:${String(character + 1)} ${what}`;
    mutants.push({ id, code: node.getText().replace(/\s+/g, " ") });
    return JSON.stringify(id);
  };
  const visit = (node: ts.Node): void => {
    if (isAtom(node)) edits.push(...negatable(node, add(node, "negated")));
    if (ts.isBinaryExpression(node) && ORDERINGS.has(node.operatorToken.getText())) {
      edits.push(...movable(node, add(node, "with its boundary moved")));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { mutants, code: applied(text, edits) };
}

/** A part of a condition without further `&&`, `||` or `!`. */
function isAtom(node: ts.Node): node is ts.Expression {
  if (!ts.isExpression(node) || isComposite(node)) return false;
  return isComparison(node) || decides(node);
}

function isComposite(node: ts.Node): boolean {
  if (ts.isParenthesizedExpression(node)) return true;
  if (ts.isPrefixUnaryExpression(node)) return node.operator === ts.SyntaxKind.ExclamationToken;
  return ts.isBinaryExpression(node) && LOGICAL.has(node.operatorToken.kind);
}

const isComparison = (node: ts.Node): boolean =>
  ts.isBinaryExpression(node) && COMPARISONS.has(node.operatorToken.kind);

/** Whether an expression is used as a condition. */
function decides(node: ts.Expression): boolean {
  const { parent } = node;
  if (ts.isFunctionLike(node)) return false;
  if (ts.isIfStatement(parent)) return parent.expression === node;
  if (ts.isConditionalExpression(parent)) return parent.condition === node;
  if (ts.isArrowFunction(parent)) return parent.body === node && isQuestion(parent);
  if (ts.isReturnStatement(parent)) return isQuestion(functionOf(parent));
  if (ts.isVariableDeclaration(parent)) return parent.initializer === node && isNamedSo(parent);
  if (ts.isPrefixUnaryExpression(parent)) return isComposite(parent);
  if (ts.isParenthesizedExpression(parent)) return decides(parent);
  return ts.isBinaryExpression(parent) && isComposite(parent) && decides(parent);
}

/** The function around a statement. */
function functionOf(node: ts.Node): ts.Node {
  return ts.isFunctionLike(node) || ts.isSourceFile(node) ? node : functionOf(node.parent);
}

function isQuestion(node: ts.Node): boolean {
  if (ts.isFunctionLike(node) && answersOtherwise(node)) return false;
  if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) return isNamedSo(node);
  if (!ts.isArrowFunction(node)) return false;
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) return isNamedSo(parent);
  return ts.isCallExpression(parent) && ASKS.has(calledName(parent.expression));
}

/** Whether its type says that it answers something else than yes or no, whatever its name. */
function answersOtherwise({ type }: ts.SignatureDeclaration): boolean {
  if (type === undefined || ts.isTypePredicateNode(type)) return false;
  return type.kind !== ts.SyntaxKind.BooleanKeyword;
}

function isNamedSo({ name }: ts.NamedDeclaration): boolean {
  return name !== undefined && ts.isIdentifier(name) && QUESTION.test(name.text);
}

/** `isThat` of `isThat(…)`, `some` of `list.some(…)`. */
function calledName(called: ts.Expression): string {
  if (ts.isIdentifier(called)) return called.text;
  return ts.isPropertyAccessExpression(called) ? called.name.text : "";
}

function negatable(node: ts.Expression, id: string): readonly Edit[] {
  return [
    { at: node.getStart(), remove: 0, insert: `${SWITCH}.negated(${id}, ` },
    { at: node.getEnd(), remove: 0, insert: ")" },
  ];
}

/** `a < b` becomes `moved(id, "<", a, b)`. */
function movable({ left, operatorToken, right }: ts.BinaryExpression, id: string): readonly Edit[] {
  const operator = operatorToken.getText();
  return [
    { at: left.getStart(), remove: 0, insert: `${SWITCH}.moved(${id}, "${operator}", ` },
    { at: operatorToken.getStart(), remove: operator.length, insert: "," },
    { at: right.getEnd(), remove: 0, insert: ")" },
  ];
}

/** Of two edits at one position, the outer node's was found first: it opens first and closes last. */
function applied(text: string, edits: readonly Edit[]): string {
  const ordered = edits
    .map((edit, index) => ({ ...edit, index }))
    .sort((a, b) => a.at - b.at || order(a, b));
  let result = "";
  let from = 0;
  for (const { at, remove, insert } of ordered) {
    result += text.slice(from, at) + insert;
    from = at + remove;
  }
  return result + text.slice(from);
}

function order(a: Edit & { index: number }, b: Edit & { index: number }): number {
  const [closesA, closesB] = [a.insert === ")", b.insert === ")"];
  if (closesA !== closesB) return closesA ? -1 : 1;
  return closesA ? b.index - a.index : a.index - b.index;
}
