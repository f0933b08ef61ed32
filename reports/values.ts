/** Reads a plan's values without assuming their structure. */
import type { PlanObject, PlanValue } from "../offline/plan";

export function isObject(value: PlanValue | undefined): value is PlanObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Marks for what JSON cannot express, as in `offline/plan.ts`: `unknown`, `secret`, `resource`, `asset`, …
 */
export function markOf(value: PlanValue | undefined): string | undefined {
  if (!isObject(value)) return undefined;
  const [key, ...others] = Object.keys(value);
  return key?.startsWith("$") === true && key.length > 1 && others.length === 0
    ? key.slice(1)
    : undefined;
}

/** The value at a path of keys and indexes, or `undefined` if the path ends early or at a mark. */
export function at(
  value: PlanValue | undefined,
  ...path: readonly (string | number)[]
): PlanValue | undefined {
  let here = value;
  for (const step of path) {
    if (typeof step === "number")
      here = Array.isArray(here) ? (here[step] as PlanValue) : undefined;
    else here = isObject(here) && Object.hasOwn(here, step) ? here[step] : undefined;
  }
  return here;
}

export function stringAt(
  value: PlanValue | undefined,
  ...path: readonly (string | number)[]
): string | undefined {
  const found = at(value, ...path);
  return typeof found === "string" ? found : undefined;
}

export function listAt(
  value: PlanValue | undefined,
  ...path: readonly (string | number)[]
): readonly PlanValue[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? (found as readonly PlanValue[]) : [];
}

/** Keys of an object; empty if it is absent, a mark or something else. */
export function keysAt(
  value: PlanValue | undefined,
  ...path: readonly (string | number)[]
): readonly string[] {
  const found = at(value, ...path);
  return isObject(found) && markOf(found) === undefined ? Object.keys(found) : [];
}

/**
 * A value in a few characters: `?` for unknown, `secret` for a secret, `undefined` if it has no short
 * form.
 */
export function brief(value: PlanValue | undefined): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const mark = markOf(value);
  if (mark === "unknown") return "?";
  return mark === "secret" ? "secret" : undefined;
}

/** The same value with the keys of every object in alphabetical order. */
export function sorted(value: PlanValue): PlanValue {
  if (Array.isArray(value)) return (value as readonly PlanValue[]).map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key] ?? null)]),
  );
}

/**
 * The first place in a value, as `spec.host` or `spec.rules[0]`, that holds a mark other than a secret.
 */
export function firstOpen(
  value: PlanValue,
  path = "",
): { readonly path: string; readonly mark: string } | undefined {
  const mark = markOf(value);
  if (mark !== undefined) return mark === "secret" ? undefined : { path, mark };
  if (Array.isArray(value)) {
    for (const [index, item] of (value as readonly PlanValue[]).entries()) {
      const found = firstOpen(item, `${path}[${index}]`);
      if (found !== undefined) return found;
    }
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      const found = firstOpen(item, path === "" ? key : `${path}.${key}`);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
