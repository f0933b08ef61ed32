/** What a simulated cloud holds, and how one thing in it refers to another. */
import type { Held } from "../contract";
import {
  isList,
  isObject,
  mapObject,
  SECRET_VALUE,
  SIGNATURE,
  type Wire,
  type WireObject,
} from "../../offline/wire";

export interface Thing extends Held {
  /** The URN of the resource that created it; empty if no program did. */
  readonly urn: string;
  readonly inputs: WireObject;
  readonly outputs: WireObject;
}

/** The keys under which clouds write what others call a thing by. */
const IDENTIFIERS = ["arn", "name", "keyId", "selfLink", "email", "uuid", "secretId", "bucket"];

/** Whether `reference` means the thing. */
export function isCalled(thing: Thing, reference: string): boolean {
  if (reference === thing.id || reference === thing.name) return true;
  return IDENTIFIERS.some((key) => {
    const known = thing.outputs[key];
    return typeof known === "string" && known === reference;
  });
}

/** The texts at a path of keys, through every list and secret on the way. */
export function textsAt(value: Wire | undefined, path: string): readonly string[] {
  return valuesAt(value, path === "" ? [] : path.split(".")).flatMap((found) =>
    typeof found === "string" && found !== "" ? [found] : [],
  );
}

/** What is at a path, if there is one. */
export const valueAt = (value: Wire | undefined, path: string): Wire | undefined =>
  valuesAt(value, path.split("."))[0];

function valuesAt(value: Wire | undefined, keys: readonly string[]): readonly Wire[] {
  if (value === undefined || value === null) return [];
  if (isList(value)) return value.flatMap((item) => valuesAt(item, keys));
  const [key, ...rest] = keys;
  if (key === undefined) return [value];
  return isObject(value) ? valuesAt(value[key], rest) : [];
}

/** Values without the marks of secrets. */
export function plain(value: Wire): Wire {
  if (isList(value)) return value.map(plain);
  if (!isObject(value)) return value;
  if (value[SIGNATURE] === SECRET_VALUE) return plain(value["value"] ?? null);
  return mapObject(value, plain);
}
