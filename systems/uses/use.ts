/** Who reads a value of a system that the program does not read, and the paths of such values. */
import type { CloudName, EnvironmentName, System } from "../model";
import { labelsOf } from "../paths";

export type Reader =
  /** Whoever reads `systems/`: no plan, policy or report shows it. */
  | "documentation"
  /** Messages about the value beside it, of policies, rules and reports. */
  | "messages"
  /** `npm run findings`. */
  | "findings"
  /** `systems/validate`, for a value whose only purpose is to check others. */
  | "rules"
  /** `settings/`, which has applied it before the program sees the system. */
  | "settings"
  | "policies"
  | "reports"
  /** The program, in another stack of the system. */
  | "another stack"
  /** Nothing in any stack: what is missing, said by every plan. */
  | "nothing"
  /** Nothing in this stack, which its plan says; another cloud, choice or element has it read. */
  | "nothing here";

/** What a use may depend on besides the system. */
export interface Stack {
  readonly environment: EnvironmentName;
  readonly cloud: CloudName;
}

export interface Use {
  /**
   * Paths of values. `*` is any label or attribute, `**` is anything; at the start, `**.` is also nothing. A function,
   * where it depends on the values of the element or on the stack.
   */
  readonly paths: readonly string[] | ((system: System, stack: Stack) => string[]);
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
