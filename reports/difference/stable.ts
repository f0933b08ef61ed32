/** Values as text that does not depend on the order of keys. */
import type { PlanValue } from "../../offline/plan";
import { isObject } from "../values";

/** JSON with sorted keys; empty for undefined. */
export function stableText(value: PlanValue | undefined): string {
  if (Array.isArray(value)) return `[${(value as readonly PlanValue[]).map(stableText).join()}]`;
  if (!isObject(value)) return value === undefined ? "" : JSON.stringify(value);
  const entries = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${stableText(value[name])}`);
  return `{${entries.join()}}`;
}

export const same = (a: PlanValue | undefined, b: PlanValue | undefined): boolean =>
  a === b || stableText(a) === stableText(b);
