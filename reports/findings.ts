/**
 * What policies found, whoever asked them: `plan` about resources, `check` about manifests. Every
 * report for people and code hosts is written from this; the JSON of each command has its own shape.
 */
import { many } from "../lib/words";
import type { Enforcement, PolicyDescription } from "../offline/plan";

/** Where something is written. */
export interface Place {
  /** Empty where no single file is meant. */
  readonly file: string;
  /** From 1; 0 where the whole file is meant. */
  readonly line: number;
  /** From 1; 0 where the whole line is meant. */
  readonly column: number;
}

export const NO_PLACE: Place = { file: "", line: 0, column: 0 };

/** What is said about one thing, and where that is written. */
export interface Statement {
  readonly place: Place;
  /** For people: `Deployment shop/orders`. */
  readonly subject: string;
  /** The same for machines, such as a URN; empty where all things together are meant. */
  readonly subjectId: string;
  readonly message: string;
}

/** What the pack says about one of its policies; only the name is never empty. */
export interface AboutPolicy extends PolicyDescription {
  /** Runbook clause or published control. */
  readonly clause: string;
}

export interface Finding extends Statement {
  readonly about: AboutPolicy;
  readonly enforcement: Enforcement;
  /** What tells it from the policy's other findings, whatever its wording and its line. */
  readonly identity: readonly string[];
}

export interface Findings {
  readonly findings: readonly Finding[];
  /** How many times a policy was applied. */
  readonly evaluated: number;
  /** What the tool could not do: run a policy, read a file. */
  readonly failures: readonly Statement[];
}

/** The findings of one policy at one level. */
export interface Group {
  readonly about: AboutPolicy;
  readonly enforcement: Enforcement;
  readonly findings: readonly Finding[];
}

export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What stops a change first, then by policy; findings keep their order. */
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

/** `deploy/orders.yaml:12:3`, as editors and terminals take it. */
export const placeText = ({ file, line, column }: Place): string =>
  [file, ...[line, column].filter((number) => number > 0)].join(":");
