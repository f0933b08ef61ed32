/** Findings in SARIF 2.1.0 (OASIS), the format that code hosts use to annotate changes. */
import { createHash } from "node:crypto";
import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import { COUNTING_POLICIES } from "../lib/counting-policies";
import type { Enforcement } from "../offline/plan";
import { jsonText, visible } from "./escape";
import { groupsOf, NO_PLACE } from "./findings";
import type { AboutPolicy, Finding, Findings, Place, Statement } from "./findings";

const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

/** GitHub shows this many results of a run, and drops a file with more than 25,000. */
const MOST_RESULTS = 5000;

/** Whose findings they are. */
export interface SarifRun {
  /** The host replaces earlier results of the same id: `runstack/prod/`. */
  readonly id: string;
  /** A sentence that says how to add an exemption. */
  readonly exempt: string;
  /** The position for findings without a file, because code hosts reject results without a position. */
  readonly whole: Place;
}

/** Findings of advisory policies with low severity are informational. */
function levelOf(
  enforcement: Enforcement,
  { severity }: AboutPolicy,
): "error" | "warning" | "note" {
  if (enforcement === "mandatory") return "error";
  return severity === "low" ? "note" : "warning";
}

/** A policy can be both mandatory and advisory in a report; mandatory takes precedence. */
function ruleOf(about: AboutPolicy, enforcement: Enforcement, exempt: string): object {
  const { name, title, description, remediation, url, severity, clause } = about;
  const enforces = clause === "" ? "No clause given." : `Enforces ${visible(clause)}.`;
  const fix = remediation === "" ? "The message of each result says how to fix it." : remediation;
  return {
    id: visible(name),
    ...(title === "" ? {} : { name: visible(title) }),
    shortDescription: { text: title === "" ? `Policy ${visible(name)}` : visible(title) },
    fullDescription: { text: description === "" ? enforces : `${description} ${enforces}` },
    help: { text: `${fix} ${enforces} ${exempt}` },
    ...(/^https?:\/\//.test(url) && URL.canParse(url) ? { helpUri: new URL(url).href } : {}),
    defaultConfiguration: { level: levelOf(enforcement, about) },
    ...(severity === "" ? {} : { properties: { severity } }),
  };
}

/** Paths inside the working directory are relative to it, so that code hosts find the files. */
function uriOf(file: string): string {
  if (isAbsolute(file)) return pathToFileURL(file).href;
  return file.split("/").map(encodeURIComponent).join("/");
}

function physical({ file, line, column }: Place): object {
  const region = { startLine: line, ...(column === 0 ? {} : { startColumn: column }) };
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(file) },
      ...(line === 0 ? {} : { region }),
    },
  };
}

function locationsOf({ place, subjectId }: Statement, whole: Place): readonly object[] {
  const location = {
    ...[place, whole].filter(({ file }) => file !== "").map(physical)[0],
    ...(subjectId === ""
      ? {}
      : { logicalLocations: [{ fullyQualifiedName: visible(subjectId), kind: "resource" }] }),
  };
  return Object.keys(location).length === 0 ? [] : [location];
}

/** In the format of code hosts: a hash, and a counter for equal ones. */
export function fingerprints(findings: readonly Finding[], id: string): readonly string[] {
  const counts = new Map<string, number>();
  return findings.map(({ about, identity }) => {
    const parts = JSON.stringify([id, about.name, ...identity]);
    const hash = createHash("sha256").update(parts).digest("hex").slice(0, 16);
    const count = (counts.get(hash) ?? 0) + 1;
    counts.set(hash, count);
    return `${hash}:${count}`;
  });
}

/** Each policy once: of its groups the one that stops a change. */
function brokenPolicies(findings: readonly Finding[]) {
  const groups = groupsOf(findings);
  const names = groups.map(({ about }) => about.name);
  return groups.filter(({ about }, index) => names.indexOf(about.name) === index);
}

/** What a run says of itself rather than of a file: failures of the tool, and what is not a violation. */
function notifications(
  { failures, notes: said = [] }: Findings,
  notes: readonly Finding[],
  omitted: number,
): readonly object[] {
  const one = (level: string, text: string, locations: readonly object[]): object => ({
    level,
    message: { text },
    locations,
  });
  return [
    ...failures.map((failure) => one("error", failure.message, locationsOf(failure, NO_PLACE))),
    ...notes.map((note) => one("note", `${note.about.name}: ${note.message}`, [])),
    ...said.map((note) => one("note", note.message, locationsOf(note, NO_PLACE))),
    ...(omitted === 0
      ? []
      : [
          one(
            "warning",
            `${omitted} more results are left out: code hosts show ${MOST_RESULTS}.`,
            [],
          ),
        ]),
  ];
}

/** Not more than code hosts show: mandatory ones first where some are left out. */
function shownOf(results: readonly Finding[]): readonly Finding[] {
  if (results.length <= MOST_RESULTS) return results;
  const isHard = ({ enforcement }: Finding): boolean => enforcement === "mandatory";
  return [...results.filter(isHard), ...results.filter((one) => !isHard(one))].slice(
    0,
    MOST_RESULTS,
  );
}

/** One SARIF log with one run; the same findings give the same bytes. */
export function renderSarif(all: Findings, run: SarifRun): string {
  const isNote = ({ about }: Finding): boolean => COUNTING_POLICIES.has(about.name);
  const notes = all.findings.filter(isNote);
  const results = all.findings.filter((finding) => !isNote(finding));
  const shown = shownOf(results);
  const broken = brokenPolicies(shown);
  const rules = broken.map(({ about, enforcement }) => ruleOf(about, enforcement, run.exempt));
  const said = notifications(all, notes, results.length - shown.length);
  return jsonText({
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Runstack policies", rules } },
        automationDetails: { id: visible(run.id) },
        columnKind: "utf16CodeUnits",
        invocations: [
          {
            executionSuccessful: all.failures.length === 0,
            toolExecutionNotifications: said,
          },
        ],
        results: resultsOf(
          shown,
          broken.map(({ about }) => about.name),
          run,
        ),
      },
    ],
  });
}

function resultsOf(
  findings: readonly Finding[],
  rules: readonly string[],
  { id, whole }: SarifRun,
): readonly object[] {
  const prints = fingerprints(findings, id);
  return findings.map((finding, index) => {
    const { about, enforcement, message } = finding;
    return {
      ruleId: visible(about.name),
      ruleIndex: rules.indexOf(about.name),
      level: levelOf(enforcement, about),
      message: { text: message || about.description || "No message." },
      locations: locationsOf(finding, whole),
      partialFingerprints: { primaryLocationLineHash: prints[index] },
    };
  });
}
