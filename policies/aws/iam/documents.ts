/**
 * IAM policy documents, as JSON or as objects, in the forms that IAM accepts: one statement or a
 * list, one action or a list, principals as a string or by kind. Anything else is ignored.
 */
import type { Check } from "../../expect";
import type { Value } from "../../values";

export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

export interface Principal {
  /** `AWS`, `Service`, `Federated`, `CanonicalUser`; `*` for everyone. */
  readonly kind: string;
  readonly name: string;
}

export interface Statement {
  /** Its path: `policy.Statement[1]`. */
  readonly path: string;
  readonly isAllow: boolean;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  /** Everything except these. */
  readonly notResources: readonly string[];
  readonly principals: readonly Principal[];
  /** Whether it uses NotPrincipal: everyone except the listed principals. */
  readonly hasNotPrincipal: boolean;
  readonly conditions: readonly Condition[];
}

export interface Document {
  readonly statements: readonly Statement[];
  /** The unknown parts, which are in no statement. */
  readonly open: readonly Value[];
}

/** Cached, because many policies read the same document. */
const documents = new WeakMap<Value, Document>();

/**
 * The statements of a document, except those with an unknown effect, action or condition. This
 * function notes nothing: one policy for each kind of document does that (see `leaveOpen`), for all
 * policies that read it.
 */
export function documentOf(value: Value): Document {
  const known = documents.get(value) ?? read(value);
  documents.set(value, known);
  return known;
}

/** Notes the unknown parts of a document. */
export function leaveOpen(value: Value, { resource, context }: Check): void {
  for (const open of documentOf(value).open) context.noteUnknown(open, resource.urn);
}

function read(document: Value): Document {
  const { string } = document;
  const plain = string === undefined ? plainly(document) : parsed(string);
  const statements = listOf(child(plain, "Statement")).flatMap((statement, index) =>
    typeof statement === "object" && isDecided(statement)
      ? [statementOf(statement, `${document.path}.Statement[${index}]`)]
      : [],
  );
  return { statements, open: document.unknowns() };
}

/** Placeholder for an unknown. */
const OPEN = Symbol("open");

const holdsOpen = (node: unknown): boolean =>
  node === OPEN || entries(node).some(([, inner]) => holdsOpen(inner));

/** A partly known list of actions, resources or principals can be evaluated; these cannot. */
const isDecided = (statement: unknown): boolean =>
  !["Effect", "Condition"].some((key) => holdsOpen(child(statement, key)));

function statementOf(statement: unknown, path: string): Statement {
  return {
    path,
    isAllow: child(statement, "Effect") === "Allow",
    actions: texts(child(statement, "Action")),
    notActions: texts(child(statement, "NotAction")),
    resources: texts(child(statement, "Resource")),
    notResources: texts(child(statement, "NotResource")),
    principals: principals(child(statement, "Principal")),
    hasNotPrincipal: ![undefined, OPEN].includes(child(statement, "NotPrincipal") as undefined),
    conditions: conditions(child(statement, "Condition")),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The provider rejects it.
    return undefined;
  }
}

function plainly(value: Value): unknown {
  if (value.isUnknown) return OPEN;
  if (value.scalar !== undefined || value.isMissing) return value.scalar;
  const items = value.list();
  if (items.length > 0) return items.map(plainly);
  return Object.fromEntries(value.entries().map(([key, inner]) => [key, plainly(inner)]));
}

function child(node: unknown, key: string): unknown {
  if (typeof node !== "object" || node === null || !Object.hasOwn(node, key)) return undefined;
  return Reflect.get(node, key);
}

const listOf = (node: unknown): readonly unknown[] =>
  Array.isArray(node) ? (node as readonly unknown[]) : [node];

const texts = (node: unknown): readonly string[] =>
  listOf(node).filter((it): it is string => typeof it === "string");

function entries(node: unknown): readonly (readonly [string, unknown])[] {
  return typeof node === "object" && node !== null ? Object.entries(node) : [];
}

function principals(node: unknown): readonly Principal[] {
  if (node === "*") return [{ kind: "*", name: "*" }];
  return entries(node).flatMap(([kind, names]) => texts(names).map((name) => ({ kind, name })));
}

function conditions(node: unknown): readonly Condition[] {
  return entries(node).flatMap(([operator, keys]) =>
    entries(keys).map(([key, values]) => ({ operator, key, values: texts(values) })),
  );
}

/** Matches as IAM does: `*` and `?`; actions are case-insensitive. */
export function covers(pattern: string, action: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "i").test(action);
}

/** Whether it matches everything of its kind: `*`, `arn:aws:iam::*:role/*`, `arn:aws:s3:::*`. */
export function isEverything(resource: string): boolean {
  if (resource === "*") return true;
  const [, , service, , , ...rest] = resource.split(":");
  const last = rest.join(":");
  // A bucket ARN has no kind before the name, so the part before the slash is one bucket.
  return /^[*]+(\/[*]+)?$/.test(last) || (service !== "s3" && /^[\w-]+[/:][*]+$/.test(last));
}

/** Whether it applies to everything, or to everything with exceptions. */
export const isBroad = ({ resources, notResources }: Statement): boolean =>
  notResources.length > 0 || resources.some(isEverything);

/** Everyone, inside or outside AWS. */
export const isEverybody = ({ kind, name }: Principal): boolean =>
  name === "*" && (kind === "*" || kind === "AWS");
