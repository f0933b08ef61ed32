/** What `check` found in manifests, and its JSON. Pure data: how it is shown is decided elsewhere. */
import type { Enforcement, PolicyDescription } from "../offline/plan";
import { jsonText } from "./escape";
import { many } from "./policies";

export interface CheckViolation {
  readonly policy: string;
  readonly enforcement: Enforcement;
  readonly severity: string;
  /** Empty, with line and column 0, where all files together are meant. */
  readonly file: string;
  /** Of the offending key, or of the nearest one around it that is written; from 1. */
  readonly line: number;
  readonly column: number;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** The template of a Helm chart that the object comes from; empty where none is known. */
  readonly template: string;
  /** As in `spec.template.spec.containers[0].image`; empty where the policy means the whole object. */
  readonly path: string;
  readonly message: string;
  readonly remediation: string;
  readonly clause: string;
}

/** What the pack says about a policy that is violated. */
export interface CheckedPolicy extends PolicyDescription {
  readonly clause: string;
}

/** Something that has to be said of a file; line and column are 0 where all of it is meant. */
export interface CheckMessage {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface CheckReport {
  /** By file, then object, then line. */
  readonly violations: readonly CheckViolation[];
  /** Those that are violated, in the order of the pack. */
  readonly policies: readonly CheckedPolicy[];
  /** How often a policy looked at an object, or at all of them. */
  readonly evaluated: number;
  /** Files in which objects were checked. */
  readonly files: number;
  readonly objects: number;
  /** Files of folders that hold no Kubernetes objects. */
  readonly skipped: number;
  readonly exempted: number;
  readonly undecided: number;
  /** What could not be read: each makes the check fail. */
  readonly errors: readonly CheckMessage[];
  readonly notes: readonly CheckMessage[];
}

/** `deploy/orders.yaml:12:3`, as editors and terminals take it. */
export function placeText({ file, line, column }: Omit<CheckMessage, "message">): string {
  return line === 0 ? file : `${file}:${line}:${column}`;
}

const count = (report: CheckReport, enforcement: Enforcement): number =>
  report.violations.filter((violation) => violation.enforcement === enforcement).length;

export const mandatoryIn = (report: CheckReport): number => count(report, "mandatory");

/** One line that says whether the manifests may be applied. */
export function checkSummary(report: CheckReport): string {
  const hard = mandatoryIn(report);
  const soft = count(report, "advisory");
  const { objects, files, evaluated, exempted, undecided, skipped, errors } = report;
  const found = [
    ...(hard > 0 || soft === 0 ? [many(hard, "mandatory violation")] : []),
    ...(soft > 0 ? [many(soft, "advisory violation")] : []),
  ].join(", ");
  return [
    `${many(objects, "object")} in ${many(files, "file")}: ${found} in ${many(evaluated, "evaluation")}`,
    ...(exempted === 0 ? [] : [`${exempted} exempt`]),
    ...(undecided === 0 ? [] : [`${undecided} undecided`]),
    ...(skipped === 0 ? [] : [`${many(skipped, "other file")} skipped`]),
    ...(errors.length === 0 ? [] : [many(errors.length, "error")]),
  ].join("; ");
}

/** One object: violations, and what was and was not checked. Ends with a line break. */
export function renderCheckJson(report: CheckReport): string {
  const { violations, evaluated, files, objects, skipped, errors, notes } = report;
  const { exempted, undecided } = report;
  return jsonText({
    violations,
    evaluated,
    files,
    objects,
    skipped,
    errors,
    notes,
    undecided,
    exempted,
  });
}
