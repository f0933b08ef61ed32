import type { System } from "../systems/model";
import type { Values } from "./schema";

/** One mistake in a stack file. */
export interface SettingsProblem {
  readonly key: string;
  readonly value: unknown;
  readonly allowed: string;
}

/** Looks at the whole stack; says nothing where all is well. */
export type Check = (values: Values, system: System) => readonly SettingsProblem[];

export const problem = (key: string, value: unknown, allowed: string): SettingsProblem => ({
  key,
  value,
  allowed,
});
