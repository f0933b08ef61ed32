/**
 * Which values of a system are read: computed, so that what nothing reads can be said.
 *
 * A value is a text, a number, a switch, a quantity such as `minutes(5)`, or a list of texts or numbers. Looking at an
 * element is not reading its values. Only a view made by `watched` records; the system itself is plain data.
 */
import { labelsOf } from "./paths";
import type { System } from "./model";

/** What was read of a view, by path, and the system behind it. */
interface Reading {
  readonly read: Set<string>;
  readonly system: System;
}

const RECORDS = new WeakMap<object, Reading>();
const PLAIN = new WeakMap<object, object>();

type Fields = Readonly<{ [key: string]: unknown }>;

const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null;

/** The attribute that holds a quantity's number. */
const AMOUNTS = ["seconds", "bytes", "millicores", "value"];

/** Whether this is a `Duration`, `Size`, `Cpu` or `Ratio`. */
const isQuantity = (value: Fields): boolean =>
  "kind" in value &&
  Object.keys(value).length === 2 &&
  AMOUNTS.some((key) => typeof value[key] === "number");

/** Whether this is one value, read as a whole. */
const isValue = (value: unknown): boolean =>
  !isObject(value) || (Array.isArray(value) ? !value.some(isObject) : isQuantity(value));

/** The path of each child of an object or a list of elements, by key. */
function childPaths(value: Fields, path: string): ReadonlyMap<string, string> {
  if (Array.isArray(value)) {
    return new Map(labelsOf(value).map((label, index) => [String(index), `${path}[${label}]`]));
  }
  const at = path === "" ? "" : `${path}.`;
  return new Map(Object.keys(value).map((key) => [key, at + key]));
}

/** The path of every value of the system, in the order in which it is written. An empty list asks for nothing. */
export function valuePaths(value: unknown, path = ""): readonly string[] {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return [];
  if (!isObject(value) || isValue(value)) return [path];
  return [...childPaths(value, path)].flatMap(([key, at]) => valuePaths(value[key], at));
}

/** A view of a list or an object below the system. */
function view<T extends object>(target: T, path: string, read: Set<string>): T {
  const value = target as unknown as Fields;
  const whole = isValue(target);
  const paths = whole ? undefined : childPaths(value, path);
  const views = new Map<string, object>();
  const seen = new Proxy(target, {
    get(_, key) {
      const child: unknown = Reflect.get(target, key);
      if (typeof key === "symbol" || !Object.hasOwn(target, key)) return child;
      if (paths === undefined) {
        if (key !== "kind" && key !== "length") read.add(path);
        return child;
      }
      const at = paths.get(key);
      if (at === undefined || !isObject(child)) {
        if (at !== undefined) read.add(at);
        return child;
      }
      const known = views.get(key) ?? view(child, at, read);
      views.set(key, known);
      return known;
    },
  });
  PLAIN.set(seen, target);
  return seen;
}

/** The same system, which records what is read of it. */
export function watched(system: System): System {
  const read = new Set<string>();
  const seen = view(system, "", read);
  RECORDS.set(seen, { read, system });
  return seen;
}

/** The data behind a view, to check it without using it. A system that is no view is returned as it is. */
export const unwatched = <T extends object>(seen: T): T => (PLAIN.get(seen) ?? seen) as T;

/** The paths of the values that were read of a view so far; none of a system that is no view. */
export const readPaths = (seen: System): ReadonlySet<string> =>
  RECORDS.get(seen)?.read ?? new Set<string>();

/** The paths of the values that were not read so far, in order; none of a system that is no view. */
export function unreadPaths(seen: System): readonly string[] {
  const record = RECORDS.get(seen);
  if (record === undefined) return [];
  return valuePaths(record.system).filter((path) => !record.read.has(path));
}
