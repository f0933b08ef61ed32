/** What `check` found in manifests: pure data, as findings, as JSON, and as a text. */
import { many } from "../lib/words";
import { paint } from "./colour";
import { jsonText, visibleLines } from "./escape";
import { findingsText, placed } from "./findings-text";
import { mandatoryIn, verdict, type Finding, type Findings, type Place } from "./findings";
import { wrapIndented } from "./width";

/** A finding in a manifest. */
export interface CheckFinding extends Finding {
  /** All empty where all objects together are meant. */
  readonly object: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    /** The template of a Helm chart that the object comes from; empty where none is known. */
    readonly template: string;
  };
  /** As in `spec.template.spec.containers[0].image`; empty where the policy means the whole object. */
  readonly path: string;
}

/** Something that has to be said of a file. */
export interface Note extends Place {
  readonly message: string;
}

export interface CheckReport {
  /** By file, then object, then line. */
  readonly findings: readonly CheckFinding[];
  /** How often a policy looked at an object, or at all of them. */
  readonly evaluated: number;
  /** Files in which objects were checked. */
  readonly files: readonly string[];
  readonly objects: number;
  /** Files of folders that hold no Kubernetes objects. */
  readonly skipped: number;
  readonly exempted: number;
  readonly undecided: number;
  /** What could not be read: each makes the check fail. */
  readonly errors: readonly Note[];
  readonly notes: readonly Note[];
}

/** What could not be read is a failure of the tool. */
export const checkFindings = ({ errors, ...report }: CheckReport): Findings => ({
  ...report,
  failures: errors.map(({ message, ...place }) => ({ place, subject: "", subjectId: "", message })),
});

/** One line that says whether the manifests may be applied. */
export function checkSummary(report: CheckReport): string {
  const { objects, files, findings, evaluated, exempted, undecided, skipped, errors } = report;
  return [
    `${many(objects, "object")} in ${many(files.length, "file")}: ${verdict(findings, evaluated)}`,
    ...(exempted === 0 ? [] : [`${exempted} exempt`]),
    ...(undecided === 0 ? [] : [`${undecided} undecided`]),
    ...(skipped === 0 ? [] : [`${many(skipped, "other file")} skipped`]),
    ...(errors.length === 0 ? [] : [many(errors.length, "error")]),
  ].join("; ");
}

const rowOf = ({ about, enforcement, place, object, path, message }: CheckFinding): object => ({
  policy: about.name,
  enforcement,
  severity: about.severity,
  ...place,
  ...object,
  path,
  message,
  remediation: about.remediation,
  clause: about.clause,
});

/** One object: violations, and what was and was not checked. Ends with a line break. */
export function renderCheckJson(report: CheckReport): string {
  const { findings, evaluated, files, objects, skipped, errors, notes } = report;
  const { exempted, undecided } = report;
  return jsonText({
    violations: findings.map(rowOf),
    evaluated,
    files: files.length,
    objects,
    skipped,
    errors,
    notes,
    undecided,
    exempted,
  });
}

/** `file:line:column: message`, in lines of at most `width` columns where they can be broken. */
export const noteLines = (note: Note, width = 100, indent = ""): readonly string[] =>
  visibleLines(placed(note, note.message)).flatMap((line) => wrapIndented(indent + line, width));

/** Findings, notes and one line of summary; ends with a line break. Errors are not in it. */
export function renderCheckText(report: CheckReport, colour = false, width = 100): string {
  const p = paint(colour);
  const { findings, errors, notes } = report;
  const fails = mandatoryIn(findings) > 0 || errors.length > 0;
  const mark = fails ? p.red : findings.length > 0 ? p.yellow : p.green;
  const found = findingsText(findings, width, p);
  return [
    ...(found.length === 0 ? [] : [...found, ""]),
    ...(notes.length === 0
      ? []
      : [p.bold("Notes"), ...notes.flatMap((one) => noteLines(one, width, "  ")), ""]),
    ...wrapIndented(checkSummary(report), width).map(mark),
    "",
  ].join("\n");
}
