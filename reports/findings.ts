/**
 * Policy findings, from `plan` about resources or from `check` about manifests. All reports for people and code
 * hosts use this; the JSON of each command has its own format.
 */
import { many } from "../lib/words";
import type { Enforcement, PolicyDescription } from "../offline/plan";

/** A position in a file. */
export interface Place {
  /** Empty if it is not about a single file. */
  readonly file: string;
  /** From 1; 0 for the whole file. */
  readonly line: number;
  /** From 1; 0 for the whole line. */
  readonly column: number;
}

export const NO_PLACE: Place = { file: "", line: 0, column: 0 };

/** A finding about one object, and its position. */
export interface Statement {
  readonly place: Place;
  /** For display: `Deployment shop/orders`. */
  readonly subject: string;
  /** The same for machines, such as a URN; empty if the finding is about all objects together. */
  readonly subjectId: string;
  readonly message: string;
}

/** A policy's description from the pack. Only the name is never empty. */
export interface AboutPolicy extends PolicyDescription {
  /** Runbook clause or published control. */
  readonly clause: string;
}

export interface Finding extends Statement {
  readonly about: AboutPolicy;
  readonly enforcement: Enforcement;
  /** Identifies the finding among the policy's others, independent of its message and line. */
  readonly identity: readonly string[];
}

export interface Findings {
  readonly findings: readonly Finding[];
  /** How many times a policy was applied. */
  readonly evaluated: number;
  /** Failures of the tool: a policy that could not run, a file that could not be read. */
  readonly failures: readonly Statement[];
  /** What is no violation: left undecided, not judged. @default none */
  readonly notes?: readonly Statement[];
}

/** The findings of one policy at one level. */
export interface Group {
  readonly about: AboutPolicy;
  readonly enforcement: Enforcement;
  readonly findings: readonly Finding[];
}

export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Mandatory findings first, then by policy. Findings keep their order. */
export function groupsOf(findings: readonly Finding[]): readonly Group[] {
  const groups = new Map<string, Group & { readonly findings: Finding[] }>();
  for (const finding of findings) {
    const { about, enforcement } = finding;
    const key = `${enforcement} ${about.name}`;
    const group = groups.get(key) ?? { about, enforcement, findings: [] };
    group.findings.push(finding);
    groups.set(key, group);
  }
  return [...groups.values()].sort(
    (a, b) => byText(b.enforcement, a.enforcement) || byText(a.about.name, b.about.name),
  );
}

export const mandatoryIn = (findings: readonly Pick<Finding, "enforcement">[]): number =>
  findings.filter(({ enforcement }) => enforcement === "mandatory").length;

/** `2 mandatory violations, 1 advisory violation in 340 evaluations`, or `0 violations in …`. */
export function verdict(
  findings: readonly Pick<Finding, "enforcement">[],
  evaluated: number,
): string {
  const hard = mandatoryIn(findings);
  const soft = findings.length - hard;
  const found = [
    ...(hard === 0 ? [] : [many(hard, "mandatory violation")]),
    ...(soft === 0 ? [] : [many(soft, "advisory violation")]),
  ];
  return `${found.join(", ") || "0 violations"} in ${many(evaluated, "evaluation")}`;
}

/** `deploy/orders.yaml:12:3`, as editors and terminals expect it. */
export const placeText = ({ file, line, column }: Place): string =>
  [file, ...[line, column].filter((number) => number > 0)].join(":");
