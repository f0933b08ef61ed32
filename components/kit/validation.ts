import { ComponentError } from "./component";

/** A rule for a component's arguments. */
export interface Rule {
  readonly holds: boolean;
  readonly key: string;
  readonly value: string;
  readonly allowed: string;
  readonly next: string;
}

/** Throws for the first rule that does not hold, before the first resource is created. */
export function enforce(component: string, rules: readonly Rule[]): void {
  const broken = rules.find(({ holds }) => !holds);
  if (broken === undefined) return;
  throw new ComponentError(component, broken.key, broken.value, broken.allowed, broken.next);
}

export const quoted = (text: string): string => `"${text}"`;

/** For a value that may not be a string. */
export const shown = (value: unknown): string => JSON.stringify(value);

/** Every value that stood there before. */
export const repeated = <T>(values: readonly T[]): readonly T[] =>
  values.filter((value, index) => values.indexOf(value) !== index);
