import type { Values } from "./keys";
import type { Site } from "./site";

/** One problem in a stack file. */
export interface SettingsProblem {
  readonly key: string;
  readonly value: unknown;
  /** What comes after "must be". */
  readonly allowed: string;
}

/** Checks the whole stack; empty if there is no problem. Not applied if it reads a malformed key. */
export type Check = (values: Values, site: Site) => readonly SettingsProblem[];

export const problem = (key: string, value: unknown, allowed: string): SettingsProblem => ({
  key,
  value,
  allowed,
});

/** One problem, or none. */
export const unless = (
  holds: boolean,
  key: string,
  value: unknown,
  allowed: string,
): readonly SettingsProblem[] => (holds ? [] : [problem(key, value, allowed)]);
