/** The result of `check` on manifests: as pure data, as findings, as JSON and as text. */
import { many } from "../lib/words";
import { paint, type Paint } from "./colour";
import { jsonText, visibleLines } from "./escape";
import { countsText } from "./counts";
import { findingsText, placed } from "./findings-text";
import {
  mandatoryIn,
  verdict,
  type Finding,
  type Findings,
  type Place,
  type Statement,
} from "./findings";
import { wrapIndented } from "./width";

/** A finding in a manifest. */
export interface CheckFinding extends Finding {
  /** All empty if the finding is about all objects together. */
  readonly object: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    /** The Helm chart template that the object comes from; empty if unknown. */
    readonly template: string;
  };
  /**
   * For example `spec.template.spec.containers[0].image`; empty if the finding is about the whole object.
   */
  readonly path: string;
}

/** An error or note about a file. */
export interface Note extends Place {
  readonly message: string;
}

/** An object that was checked. */
export interface CheckedObject {
  readonly file: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export interface CheckReport {
  /** By file, then object, then line. */
  readonly findings: readonly CheckFinding[];
  /** How many times a policy checked an object, or all objects together. */
  readonly evaluated: number;
  /** Files with checked objects. */
  readonly files: readonly string[];
  readonly objects: readonly CheckedObject[];
  /** Files in folders without Kubernetes objects. */
  readonly skipped: number;
  /** Violations that an exemption covers, or that are suppressed beside what violates. */
  readonly exempted: number;
  /** Violations that the baseline has. */
  readonly baseline: number;
  readonly undecided: number;
  /** The project's file with settings; empty without one. */
  readonly settings: string;
  /** Of the undecided, references that something else in the input may fulfil. */
  readonly undecidedList: readonly CheckFinding[];
  /** Files that could not be read. Any of them makes the check fail. */
  readonly errors: readonly Note[];
  readonly notes: readonly Note[];
}

/** A file that cannot be read counts as a failure of the tool. */
export const checkFindings = (report: CheckReport): Findings => ({
  findings: report.findings,
  evaluated: report.evaluated,
  failures: report.errors.map(statementOf),
  notes: notesOf(report).map(statementOf),
});

const statementOf = ({ message, ...place }: Note): Statement => ({
  place,
  subject: "",
  subjectId: "",
  message,
});

/** What was left undecided, and what else a reader must know: neither is a violation. */
export const notesOf = ({ undecidedList, notes }: CheckReport): readonly Note[] => [
  ...undecidedList.map(({ about, place, message }) => ({
    ...place,
    message: `undecided, ${about.name}: ${message}`,
  })),
  ...notes,
];

/** One line of summary that says whether the manifests pass. */
export function checkSummary(report: CheckReport): string {
  const { objects, files, findings, evaluated, exempted, undecided, skipped, errors } = report;
  const { baseline, settings } = report;
  return [
    `${many(objects.length, "object")} in ${many(files.length, "file")}: ${verdict(findings, evaluated)}`,
    ...(exempted === 0 ? [] : [`${exempted} exempt`]),
    ...(baseline === 0 ? [] : [`${baseline} in the baseline`]),
    ...(undecided === 0 ? [] : [`${undecided} undecided`]),
    ...(skipped === 0 ? [] : [`${many(skipped, "other file")} skipped`]),
    ...(errors.length === 0 ? [] : [many(errors.length, "error")]),
    ...(settings === "" ? [] : [`settings of ${settings}`]),
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

const openRowOf = ({ about, place, object, path, message }: CheckFinding): object => ({
  policy: about.name,
  ...place,
  ...object,
  path,
  message,
});

/** One JSON object: violations, and what was and was not checked. Ends with a line break. */
export function renderCheckJson(report: CheckReport): string {
  const { findings, evaluated, files, objects, skipped, errors, notes } = report;
  const { exempted, baseline, undecided, undecidedList, settings } = report;
  return jsonText({
    version: 1,
    violations: findings.map(rowOf),
    evaluated,
    files: files.length,
    objects: objects.length,
    skipped,
    errors,
    notes,
    undecided,
    undecidedList: undecidedList.map(openRowOf),
    exempted,
    baseline,
    ...(settings === "" ? {} : { settings }),
  });
}

/** `file:line:column: message`, wrapped to `width` columns where possible. */
export const noteLines = (note: Note, width = 100, indent = ""): readonly string[] =>
  visibleLines(placed(note, note.message)).flatMap((line) => wrapIndented(indent + line, width));

const noteText = (
  notes: readonly Note[],
  width: number,
  p: Paint,
  counts: boolean,
): readonly string[] =>
  counts
    ? [p.dim(`${many(notes.length, "note")}, shown without --summary`)]
    : [p.bold("Notes"), ...notes.flatMap((one) => noteLines(one, width, "  "))];

export interface TextOptions {
  readonly colour?: boolean;
  readonly width?: number;
  /** Counts by policy and severity instead of each finding. @default false */
  readonly counts?: boolean;
}
const undecidedLines = (
  { about, place, message }: CheckFinding,
  width: number,
): readonly string[] => noteLines({ ...place, message: `${about.name}: ${message}` }, width, "  ");

/** Findings, notes and one line of summary; ends with a line break. Does not include errors. */
export function renderCheckText(
  report: CheckReport,
  { colour = false, width = 100, counts = false }: TextOptions = {},
): string {
  const p = paint(colour);
  const { findings, errors, notes, undecidedList } = report;
  const fails = mandatoryIn(findings) > 0 || errors.length > 0;
  const mark = fails ? p.red : findings.length > 0 ? p.yellow : p.green;
  const found = counts ? countsText(findings, p) : findingsText(findings, width, p);
  return [
    ...(found.length === 0 ? [] : [...found, ""]),
    ...(undecidedList.length === 0
      ? []
      : [p.bold("Undecided"), ...undecidedList.flatMap((one) => undecidedLines(one, width)), ""]),
    ...(notes.length === 0 ? [] : [...noteText(notes, width, p, counts), ""]),
    ...wrapIndented(checkSummary(report), width).map(mark),
    "",
  ].join("\n");
}
