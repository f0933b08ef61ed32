/** A plan's policy results as findings. */
import { many } from "../lib/words";
import type { PolicyReport, Violation } from "../offline/plan";
import {
  byText,
  mandatoryIn,
  NO_PLACE,
  verdict,
  type AboutPolicy,
  type Findings,
  type Place,
} from "./findings";

/** The position where a violation can be fixed. */
export type PlaceOf = (violation: Violation) => Place;

const NOTHING = { title: "", description: "", remediation: "", url: "", severity: "" } as const;

/** The message without the description that the pack's library puts in front. */
export function withoutDescription(message: string, description = ""): string {
  if (description === "" || !message.startsWith(description)) return message;
  const rest = message.slice(description.length);
  return rest === "" || rest.startsWith("\n") ? rest.trimStart() : message;
}

/** By resource, then by message. */
export function planFindings(report: PolicyReport, placeOf: PlaceOf = () => NO_PLACE): Findings {
  const described = new Map((report.descriptions ?? []).map((about) => [about.name, about]));
  const subject = (urn: string) => ({ subject: resourceLabel(urn), subjectId: urn });
  const findings = report.violations.map((violation) => {
    const { policy, enforcement, urn, message, clause } = violation;
    const about: AboutPolicy = { ...NOTHING, ...described.get(policy), name: policy, clause };
    return {
      about,
      enforcement,
      place: placeOf(violation),
      ...subject(urn),
      message: withoutDescription(message, about.description),
      identity: [urn],
    };
  });
  return {
    findings: findings.sort(
      (a, b) => byText(a.subjectId, b.subjectId) || byText(a.message, b.message),
    ),
    evaluated: report.evaluated,
    failures: report.failures.map(({ policy, urn, message }) => ({
      place: NO_PLACE,
      ...subject(urn),
      message: `Policy ${policy} could not run: ${message}`,
    })),
  };
}

/** Whether a mandatory policy is violated, or one could not run. */
export const stopsChange = ({ violations, failures }: PolicyReport): boolean =>
  failures.length > 0 || mandatoryIn(violations) > 0;

/** `1 mandatory violation in 340 evaluations, 1 policy could not run` */
export const planVerdict = ({ violations, failures, evaluated }: PolicyReport): string =>
  verdict(violations, evaluated) +
  (failures.length === 0 ? "" : `, ${many(failures.length, "policy", "policies")} could not run`);

/** `Deployment todo-chatbot-backend` for a URN; `the stack as a whole` for none. */
export function resourceLabel(urn: string): string {
  if (urn === "") return "the stack as a whole";
  const [, , types, ...name] = urn.split("::");
  const type = types?.split("$").at(-1)?.split(":").at(-1);
  return type === undefined || name.length === 0 ? urn : `${type} ${name.join("::")}`;
}
