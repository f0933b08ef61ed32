/** Compares two values: each path that changes, with its old and new value. */
import type { PlanObject, PlanValue } from "../../offline/plan";
import { isObject, markOf } from "../values";
import { align } from "./lists";
import { same } from "./stable";

/**
 * Replaces a plain value that is a secret on the other side. Like `$secret`, but the value was not a
 * secret.
 */
export const PLAIN = { $plain: true } as const;
/** What the host writes instead of a secret inside a text. */
const REDACTED = "[secret]";

export interface ValueChange {
  /** For display: `spec.containers[backend].image`, `metadata.labels["example.org/a.b"]`. */
  readonly path: string;
  /** Its keys without list elements, joined by dots, as in the rules about inputs. */
  readonly key: string;
  /** Absent if there was no value. */
  readonly from?: PlanValue;
  /** Absent if there is no value any more. */
  readonly to?: PlanValue;
}

/** The position of a value. */
interface Place {
  readonly path: string;
  readonly key: string;
}

const ROOT: Place = { path: "", key: "" };

/** `rules[2]` before `rules[12]`. */
const BY_PATH = new Intl.Collator("en", { numeric: true });

/** Sorted by path. */
export function valueChanges(before: PlanObject, after: PlanObject): readonly ValueChange[] {
  return [...changes(ROOT, before, after)].sort((a, b) => BY_PATH.compare(a.path, b.path));
}

function* changes(
  place: Place,
  before: PlanValue | undefined,
  after: PlanValue | undefined,
): Generator<ValueChange> {
  if (same(before, after)) return;
  if (isPlainObject(before) && isPlainObject(after)) yield* inObjects(place, before, after);
  else if (isList(before) && isList(after)) yield* inLists(place, before, after);
  else yield* inTexts(place, before, after);
}

function* inObjects(place: Place, before: PlanObject, after: PlanObject): Generator<ValueChange> {
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    yield* changes(below(place, name), before[name], after[name]);
  }
}

function* inLists(
  place: Place,
  before: readonly PlanValue[],
  after: readonly PlanValue[],
): Generator<ValueChange> {
  const { pairs, order } = align(before, after);
  if (pairs === undefined) {
    yield leaf(place, before, after);
    return;
  }
  for (const { name, from, to } of pairs) yield* changes(element(place, name), from, to);
  if (order !== undefined) {
    yield { ...leaf(place, order.from, order.to), path: `${place.path} (order)` };
  }
}

/**
 * A text that is JSON on both sides is compared by its content. If only the layout differs, the whole text
 * counts as changed.
 */
function* inTexts(
  place: Place,
  before: PlanValue | undefined,
  after: PlanValue | undefined,
): Generator<ValueChange> {
  const [old, now] = [parsed(before), parsed(after)];
  const inside = old === undefined || now === undefined ? [] : [...changes(ROOT, old, now)];
  if (inside.length === 0) yield leaf(place, before, after);
  for (const change of inside) {
    yield { ...change, path: `${place.path} » ${change.path}`, key: place.key };
  }
}

function leaf(
  { path, key }: Place,
  before: PlanValue | undefined,
  after: PlanValue | undefined,
): ValueChange {
  const from = covered(before, after);
  const to = covered(after, before);
  return {
    path,
    key,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

/** The value, unless it is a secret on the other side, which must not leak here. */
function covered(
  value: PlanValue | undefined,
  other: PlanValue | undefined,
): PlanValue | undefined {
  if (value === undefined || markOf(value) !== undefined) return value;
  if (markOf(other) === "secret") return PLAIN;
  const redacted = (one: PlanValue | undefined) => JSON.stringify(one ?? null).includes(REDACTED);
  return redacted(other) && !redacted(value) ? PLAIN : value;
}

const isList = (value: PlanValue | undefined): value is readonly PlanValue[] =>
  Array.isArray(value);

const isPlainObject = (value: PlanValue | undefined): value is PlanObject =>
  isObject(value) && markOf(value) === undefined;

function parsed(value: PlanValue | undefined): PlanValue | undefined {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value) as PlanValue;
  } catch {
    return undefined;
  }
}

const WORD = /^[\w$/-]+$/;

function below({ path, key }: Place, name: string): Place {
  const last = WORD.test(name) ? (path === "" ? name : `.${name}`) : `[${JSON.stringify(name)}]`;
  return { path: `${path}${last}`, key: key === "" ? name : `${key}.${name}` };
}

const element = ({ path, key }: Place, name: string): Place => ({ path: `${path}[${name}]`, key });
