/** `npm run check`: parses arguments, checks manifests, prints the results and returns the exit code. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { reasonOf } from "../lib/reading";
import { many } from "../lib/words";
import { POLICIES } from "../policies/catalog";
import {
  checkFindings,
  noteLines,
  renderCheckJson,
  renderCheckText,
  type CheckFinding,
  type CheckReport,
} from "../reports/check";
import { renderGithub } from "../reports/check-github";
import { renderGitlab } from "../reports/check-gitlab";
import { renderJunit } from "../reports/check-junit";
import { mandatoryIn, NO_PLACE } from "../reports/findings";
import { renderSarif } from "../reports/sarif";
import { UsageError } from "./options";
import {
  checkArguments,
  COMMAND,
  SEVERITIES,
  type CheckArguments,
  type FailOn,
} from "./check/arguments";
import { aboutPolicies } from "./check/about";
import { writeBaseline } from "./check/baseline";
import { check } from "./check/checking";
import { toolsOnPath } from "./check/tools";
import { configurationOf, exemptionsIn, policyContextOf } from "./check/settings";
import { runCommand, runProcess, WRONG, type Io } from "./process";

/** The violations that make the check fail. */
function failing({ findings }: CheckReport, failOn: FailOn): readonly CheckFinding[] {
  if (failOn === "never") return [];
  const least = failOn === "mandatory" ? Infinity : SEVERITIES.indexOf(failOn);
  return findings.filter(
    ({ enforcement, about }) =>
      enforcement === "mandatory" || SEVERITIES.findIndex((one) => one === about.severity) >= least,
  );
}

/** What fails the check must not look like advice where a build server shows it. */
function hardened(report: CheckReport, found: readonly CheckFinding[]): CheckReport {
  const failed = new Set(found);
  return {
    ...report,
    findings: report.findings.map((one) =>
      failed.has(one) ? { ...one, enforcement: "mandatory" } : one,
    ),
  };
}

const sarifOf = (report: CheckReport): string =>
  renderSarif(checkFindings(report), {
    id: "runstack/check/",
    exempt: "Suppress it beside the line, or by --exemptions, with a reason and a last day.",
    whole: { ...NO_PLACE, file: report.files[0] ?? "" },
  });

function writeSarif(file: string, report: CheckReport, cwd: string): void {
  try {
    writeFileSync(resolve(cwd, file), sarifOf(report));
  } catch (error) {
    throw new UsageError(`--sarif ${file} cannot be written: ${reasonOf(error)}.`);
  }
}

function rendered(report: CheckReport, args: CheckArguments, { colour, width }: Io): string {
  switch (args.format) {
    case "json":
      return renderCheckJson(report);
    case "sarif":
      return sarifOf(report);
    case "junit":
      return renderJunit(report);
    case "github":
      return renderGithub(report);
    case "gitlab":
      return renderGitlab(report);
    case "text":
      return renderCheckText(report, { colour, width, counts: args.summary });
  }
}

function run(args: CheckArguments, io: Io): number {
  const { results, progress, cwd, stdin } = io;
  const policyContext = policyContextOf(args, cwd);
  const where = exemptionsIn(args);
  const isWritten = args.writeBaseline !== undefined;
  const report = check(args.paths, cwd, {
    policies: POLICIES,
    policyContext,
    only: args.only,
    namespace: args.namespace,
    tools: args.render ? toolsOnPath(process.env["PATH"] ?? "", [cwd]) : undefined,
    ...configurationOf(POLICIES, policyContext, args, cwd),
    // What is written anew has everything that is there.
    baseline: isWritten ? undefined : args.baseline,
    withCopies: isWritten,
    project: args.project,
    stdin,
    ...(where === undefined ? {} : { exemptionsIn: where }),
  });
  for (const error of report.errors) progress.say(noteLines(error).join("\n"));
  const found = failing(report, args.failOn);
  const forMachines = hardened(report, found);
  if (args.sarif !== undefined) writeSarif(args.sarif, forMachines, cwd);
  if (args.writeBaseline !== undefined) return wroteBaseline(args.writeBaseline, report, io);
  const isForPeople = args.format === "text" || args.format === "json";
  results.write(rendered(isForPeople ? report : forMachines, args, io));
  const soft = found.length - mandatoryIn(found);
  if (soft > 0) {
    progress.say(`${many(soft, "advisory violation")} failed by --fail-on ${args.failOn}.`);
  }
  if (report.errors.length > 0) return WRONG;
  return found.length > 0 ? 1 : 0;
}

function wroteBaseline(file: string, { findings, errors }: CheckReport, io: Io): number {
  // What could not be read would count as new the day it can be.
  if (errors.length > 0) {
    io.progress.say(`${file} is not written, because not everything could be checked.`);
    return WRONG;
  }
  writeBaseline(findings, file, io.cwd);
  io.results.write(`${many(findings.length, "violation")} written to ${file}.\n`);
  return 0;
}

export const main = (argv: readonly string[], io: Io): Promise<number> =>
  runCommand(COMMAND, argv, io, (given) => {
    const about = aboutPolicies(given, POLICIES, io.colour);
    if (about === undefined) return run(checkArguments(given, io.cwd), io);
    io.results.write(about);
    return 0;
  });

const start = (): void => {
  runProcess("check", main);
};

export { start as run };
