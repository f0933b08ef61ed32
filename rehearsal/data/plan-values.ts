/** Reads in a plan's values, whatever they are. */
import type { PlanObject, PlanValue } from "../../offline/plan";

export const text = (value: PlanValue | undefined): string | undefined =>
  typeof value === "string" ? value : undefined;

export const texts = (value: PlanValue | undefined): readonly string[] =>
  Array.isArray(value) ? value.flatMap((one: PlanValue) => text(one) ?? []) : [];

const isObject = (value: PlanValue | undefined): value is PlanObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Empty for what is not an object. */
export function objectAt(object: PlanObject, key: string): PlanObject {
  const value = object[key];
  return isObject(value) ? value : {};
}

export function listAt(object: PlanObject, key: string): readonly PlanObject[] {
  const value = object[key];
  return Array.isArray(value) ? value.filter(isObject) : [];
}
