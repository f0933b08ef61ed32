/**
 * The result of `check` as GitLab's code quality report, which marks lines of a merge request.
 *
 * @see https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
 */
import type { CheckReport } from "./check";
import { jsonText, visible } from "./escape";
import type { Finding } from "./findings";
import { fingerprints } from "./sarif";

const MANDATORY: Readonly<Record<string, string>> = {
  critical: "blocker",
  high: "critical",
  medium: "major",
};

const severityOf = ({ enforcement, about }: Finding): string => {
  if (enforcement === "mandatory") return MANDATORY[about.severity] ?? "minor";
  return about.severity === "low" ? "info" : "minor";
};

/** A violation about all objects together stands in the first file, because GitLab wants one. */
export function renderGitlab({ findings, files, errors, undecidedList }: CheckReport): string {
  const prints = fingerprints(findings, "runstack/check/");
  const location = (file: string, line: number): object => ({
    path: visible(file || (files[0] ?? "")),
    lines: { begin: Math.max(1, line) },
  });
  return jsonText([
    ...errors.map(({ file, line, message }, index) => ({
      description: visible(message),
      check_name: "runstack-check",
      fingerprint: `${file}:${line}:${index}`,
      severity: "blocker",
      location: location(file, line),
    })),
    ...undecidedList.map(({ about, place, identity, message }) => ({
      description: visible(`Undecided: ${message}`),
      check_name: visible(about.name),
      fingerprint: `undecided:${about.name}:${identity.join(":")}`,
      severity: "info",
      location: location(place.file, place.line),
    })),
    ...findings.map((finding, index) => ({
      description: visible(`${finding.message} ${finding.about.remediation}`.trim()),
      check_name: visible(finding.about.name),
      fingerprint: prints[index],
      severity: severityOf(finding),
      location: location(finding.place.file, finding.place.line),
    })),
  ]);
}
