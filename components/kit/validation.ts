import { ComponentError } from "./component";

/** One thing that must hold of a component's arguments. */
export interface Rule {
  readonly holds: boolean;
  readonly key: string;
  readonly value: string;
  readonly allowed: string;
  readonly next: string;
}

/** Refuses the first that does not hold, before the first resource exists. */
export function enforce(component: string, rules: readonly Rule[]): void {
  const broken = rules.find(({ holds }) => !holds);
  if (broken === undefined) return;
  throw new ComponentError(component, broken.key, broken.value, broken.allowed, broken.next);
}

export const quoted = (text: string): string => `"${text}"`;

/** For what may be more than a text. */
export const shown = (value: unknown): string => JSON.stringify(value);

/** Every value that stood there before. */
export const repeated = <T>(values: readonly T[]): readonly T[] =>
  values.filter((value, index) => values.indexOf(value) !== index);
