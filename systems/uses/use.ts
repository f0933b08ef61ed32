/** Who reads a value of a system that the program does not read, and the paths of such values. */
import type { EnvironmentName, System } from "../model";
import { labelsOf } from "../paths";

export type Reader =
  /** Text that is kept and shown as written. */
  | "people"
  /** `systems/validate`, for a value whose only purpose is to check others. */
  | "rules"
  /** `settings/`, which has applied it before the program sees the system. */
  | "settings"
  | "policies"
  | "reports"
  /** The program, in another stack of the system. */
  | "another stack"
  /** Nothing: what is missing, said by every plan. */
  | "nothing";

export interface Use {
  /**
   * Paths of values. `*` is any label or attribute, `**` is anything; at the start, `**.` is also nothing. A function, where it depends on the values of the
   * element.
   */
  readonly paths: readonly string[] | ((system: System, environment: EnvironmentName) => string[]);
  readonly by: Reader;
  /** The start of a sentence, without the full stop. */
  readonly why: string;
}

/** The paths of those elements of a list that satisfy the condition. */
export function elements<T>(
  list: readonly T[],
  path: string,
  holds: (element: T) => boolean,
  rest: readonly string[],
): string[] {
  const labels = labelsOf(list);
  return list.flatMap((element, index) =>
    holds(element) ? rest.map((one) => `${path}[${labels[index] ?? ""}].${one}`) : [],
  );
}

const EXPRESSIONS = new Map<string, RegExp>();

/** `services[*].rollout.*` matches `services[backend].rollout.by`. */
export function matches(pattern: string, path: string): boolean {
  const known = EXPRESSIONS.get(pattern);
  if (known !== undefined) return known.test(path);
  const text = pattern
    .replaceAll(/[\\^$.|?+()[\]{}]/g, "\\$&")
    .replace(/^\*\*\\\./, "\u0002")
    .replaceAll("**", "\u0000")
    .replaceAll("[*", "[\u0001")
    .replaceAll("*", "[^.[\\]]*")
    .replaceAll("\u0001", "[^\\]]*")
    .replaceAll("\u0000", ".+")
    .replace("\u0002", "(.+\\.)?");
  const expression = new RegExp(`^${text}$`);
  EXPRESSIONS.set(pattern, expression);
  return expression.test(path);
}
