/** What was meant by a field that does not exist, or where it belongs. */
import { nearest } from "../../../lib/words";
import type { Value } from "../../values";
import { fieldsOf } from "./schemas";

/** An object on the way to a value, and its type. */
export interface Step {
  readonly value: Value;
  readonly type: string;
}

/** How far below an object a field is looked for. */
const DEPTH = 4;
/** So many objects have these that a place for them would be a guess. */
const COMMON: ReadonlySet<string> = new Set([
  "name",
  "type",
  "value",
  "kind",
  "key",
  "spec",
  "status",
]);

/** @param way the objects around the field, its own the last */
export function hintFor(field: Value, key: string, way: readonly Step[]): string {
  const fields = fieldsOf(way.at(-1)?.type ?? "")?.types ?? new Map<string, string>();
  const same = [...fields.keys()].find((name) => name.toLowerCase() === key.toLowerCase());
  const near = same ?? nearest(key, [...fields.keys()]);
  const sure = same ?? (isClose(key, near) ? near : undefined);
  if (sure !== undefined) return meant(sure);
  const place = placeOf(field, key, way);
  if (place !== undefined) return `there is no such field here; it belongs to ${place}`;
  if (near !== undefined) return meant(near);
  return `there is no such field; ${known([...fields.keys()])}`;
}

const meant = (name: string): string =>
  `there is no such field, but there is ${JSON.stringify(name)}`;

function known(names: readonly string[]): string {
  if (names.length === 0) return "there are no fields here: remove it";
  const some = names.slice(0, 8).join(", ");
  return names.length > 8 ? `some of those here are ${some}` : `there are ${some}`;
}

/** The same but for one or two letters. */
const isClose = (key: string, near: string | undefined): boolean =>
  near !== undefined &&
  Math.abs(key.length - near.length) <= 1 &&
  key.length > 4 &&
  near[0] === key[0];

/** The object that has the field: around this one, or the nearest below one of those. */
function placeOf(field: Value, key: string, way: readonly Step[]): string | undefined {
  if (COMMON.has(key)) return undefined;
  const outwards = [...way].reverse();
  const around = outwards.slice(1).find(({ type }) => accepts(type, key, field));
  if (around !== undefined)
    return around.value.path === "" ? "the object itself" : around.value.path;
  for (const { value, type } of outwards) {
    const below = placeBelow(field, key, type);
    if (below !== undefined) return value.path === "" ? below : `${value.path}.${below}`;
  }
  return undefined;
}

/** The path from a type to the nearest one below that has the field: `containers[].securityContext`. */
function placeBelow(field: Value, key: string, from: string): string | undefined {
  const seen = new Set([from]);
  let level: readonly (readonly [string, string])[] = [["", from]];
  for (let depth = 0; depth < DEPTH; depth += 1) {
    const next = level.flatMap(([path, type]) => childrenOf(path, type, seen));
    const found = next.find(([, type]) => accepts(type, key, field));
    if (found !== undefined) return found[0];
    level = next;
  }
  return undefined;
}

function childrenOf(
  path: string,
  type: string,
  seen: Set<string>,
): readonly (readonly [string, string])[] {
  return [...(fieldsOf(type)?.types ?? [])].flatMap(([name, written]) => {
    const inner = written.replace(/^(\[\]|\{\})+/, "");
    if (seen.has(inner) || fieldsOf(inner) === undefined || name === "status") return [];
    seen.add(inner);
    const suffix = written.startsWith("[]") ? "[]" : "";
    return [[`${path === "" ? "" : `${path}.`}${name}${suffix}`, inner] as const];
  });
}

/** Whether an object of the type has the field, and the value is of the field's form. */
function accepts(type: string, key: string, field: Value): boolean {
  const written = fieldsOf(type)?.types.get(key);
  if (written === undefined) return false;
  if (written.startsWith("[]")) return field.isList;
  return field.isMap === (written.startsWith("{}") || fieldsOf(written) !== undefined);
}
