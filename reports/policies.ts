/** Policy results in the order people need them: what stops a change first, one policy at a time. */
import type { Enforcement, PolicyDescription, PolicyReport, Violation } from "../offline/plan";

export interface PolicyGroup {
  readonly policy: string;
  readonly enforcement: Enforcement;
  readonly clause: string;
  /** What the pack says about the policy; nothing where it is not known. */
  readonly about: PolicyDescription | undefined;
  /** Messages without the description, which the pack's library puts before each; empty where nothing is left. */
  readonly violations: readonly Violation[];
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What a message says beyond the description. */
export function withoutDescription(message: string, description = ""): string {
  if (description === "" || !message.startsWith(description)) return message;
  const rest = message.slice(description.length);
  return rest === "" || rest.startsWith("\n") ? rest.trimStart() : message;
}

/** Violations by policy and enforcement: mandatory first, then by policy name, then by resource. */
export function groupViolations(report: PolicyReport): readonly PolicyGroup[] {
  const descriptions = new Map((report.descriptions ?? []).map((about) => [about.name, about]));
  const groups = new Map<string, Violation[]>();
  for (const violation of report.violations) {
    const key = JSON.stringify([violation.enforcement, violation.policy]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [violation]);
    else group.push(violation);
  }
  return [...groups.values()]
    .flatMap((violations) => {
      const [first] = violations;
      if (first === undefined) return [];
      const { policy, enforcement, clause } = first;
      const about = descriptions.get(policy);
      const inOrder = violations
        .map((one) => ({ ...one, message: withoutDescription(one.message, about?.description) }))
        .sort((a, b) => byText(a.urn, b.urn) || byText(a.message, b.message));
      return [{ policy, enforcement, clause, about, violations: inOrder }];
    })
    .sort((a, b) =>
      a.enforcement === b.enforcement
        ? byText(a.policy, b.policy)
        : a.enforcement === "mandatory"
          ? -1
          : 1,
    );
}

export const mandatory = (report: PolicyReport): number =>
  report.violations.filter(({ enforcement }) => enforcement === "mandatory").length;

/** `1 policy`, `3 policies`. */
export const many = (number: number, one: string, more = `${one}s`): string =>
  `${number} ${number === 1 ? one : more}`;

/** `2 mandatory violations, 1 advisory in 340 evaluations`, or `0 violations in 340 evaluations`. */
export function verdict(report: PolicyReport): string {
  const hard = mandatory(report);
  const soft = report.violations.length - hard;
  const found =
    hard === 0 && soft === 0
      ? "0 violations"
      : [
          ...(hard === 0 ? [] : [many(hard, "mandatory violation")]),
          ...(soft === 0 ? [] : [many(soft, "advisory violation")]),
        ].join(", ");
  const broken =
    report.failures.length === 0
      ? ""
      : `, ${many(report.failures.length, "policy", "policies")} could not run`;
  return `${found} in ${many(report.evaluated, "evaluation")}${broken}`;
}

/** `Deployment todo-chatbot-backend` for a URN; `the stack as a whole` for none. */
export function resourceLabel(urn: string): string {
  if (urn === "") return "the stack as a whole";
  const [, , types, ...name] = urn.split("::");
  const type = types?.split("$").at(-1)?.split(":").at(-1);
  return type === undefined || name.length === 0 ? urn : `${type} ${name.join("::")}`;
}
