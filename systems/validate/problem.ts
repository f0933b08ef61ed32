/** A rule's problem, and its message. */
import type { System } from "../model";

export interface Problem {
  /** The rule's id. */
  readonly rule: string;
  /** The path in the system, for example `alerts[HighErrorRate/critical].level`. */
  readonly path: string;
  /** One sentence: the element, its value, what is allowed, and the next step. */
  readonly message: string;
}

/** A rule that every system must satisfy. `check` is pure and only uses plain data. */
export interface Rule {
  readonly id: string;
  check(system: System): readonly Report[];
}

export interface Report {
  readonly path: string;
  readonly message: string;
}

/** "<element> is <value>, but must be <allowed>: <next>." */
export const report = (
  path: string,
  element: string,
  value: string,
  allowed: string,
  next: string,
): Report => ({ path, message: `${element} is ${value}, but must be ${allowed}: ${next}.` });

export const quoted = (text: string): string => `"${text}"`;

/** `"a", "b" or "c"`, sorted; a text if there is nothing to choose from. */
export function oneOf(names: Iterable<string>): string {
  const all = [...new Set(names)].sort().map(quoted);
  if (all.length === 0) return "nothing, because none is declared";
  const last = all.pop() ?? "";
  return all.length === 0 ? last : `${all.join(", ")} or ${last}`;
}

/** The values that occur more than once, without repetition, in order. */
export const repeated = (values: readonly string[]): readonly string[] => [
  ...new Set(values.filter((value, index) => values.indexOf(value) !== index)),
];
