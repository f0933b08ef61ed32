import type { Values } from "./keys";
import type { Site } from "./site";

/** One mistake in a stack file. */
export interface SettingsProblem {
  readonly key: string;
  readonly value: unknown;
  /** What comes after "must be". */
  readonly allowed: string;
}

/** Looks at the whole stack; empty where all is well. Not asked while a key that it reads is malformed. */
export type Check = (values: Values, site: Site) => readonly SettingsProblem[];

export const problem = (key: string, value: unknown, allowed: string): SettingsProblem => ({
  key,
  value,
  allowed,
});

/** One mistake, or none. */
export const unless = (
  holds: boolean,
  key: string,
  value: unknown,
  allowed: string,
): readonly SettingsProblem[] => (holds ? [] : [problem(key, value, allowed)]);
