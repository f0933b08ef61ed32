/** `npm run check`: parses arguments, checks manifests, prints the results and returns the exit code. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { POLICIES } from "../policies/catalog";
import {
  checkFindings,
  noteLines,
  renderCheckJson,
  renderCheckText,
  type CheckReport,
} from "../reports/check";
import { mandatoryIn, NO_PLACE } from "../reports/findings";
import { renderSarif } from "../reports/sarif";
import { UsageError } from "./options";
import { checkArguments, COMMAND, type CheckArguments } from "./check/arguments";
import { aboutPolicies } from "./check/about";
import { check } from "./check/checking";
import { reasonOf } from "./check/files";
import { configurationOf, policyContextOf } from "./check/settings";
import { runCommand, runProcess, WRONG, type Io } from "./process";

function exitCode(report: CheckReport): number {
  if (report.errors.length > 0) return WRONG;
  return mandatoryIn(report.findings) > 0 ? 1 : 0;
}

function writeSarif(file: string, report: CheckReport, cwd: string): void {
  const text = renderSarif(checkFindings(report), {
    id: "runstack/check/",
    exempt: "Use --exemptions to add an exemption with a reason and an expiry date.",
    whole: { ...NO_PLACE, file: report.files[0] ?? "" },
  });
  try {
    writeFileSync(resolve(cwd, file), text);
  } catch (error) {
    throw new UsageError(`--sarif ${file} cannot be written: ${reasonOf(error)}.`);
  }
}

function run(args: CheckArguments, { results, progress, colour, width, cwd, stdin }: Io): number {
  const policyContext = policyContextOf(args, cwd);
  const report = check(args.paths, cwd, {
    policies: POLICIES,
    policyContext,
    namespace: args.namespace,
    configured: configurationOf(POLICIES, policyContext, args, cwd),
    stdin,
    ...(args.exemptions === undefined ? {} : { exemptionsIn: args.exemptions }),
  });
  for (const error of report.errors) progress.say(noteLines(error).join("\n"));
  if (args.sarif !== undefined) writeSarif(args.sarif, report, cwd);
  results.write(args.json ? renderCheckJson(report) : renderCheckText(report, colour, width));
  return exitCode(report);
}

export const main = (argv: readonly string[], io: Io): Promise<number> =>
  runCommand(COMMAND, argv, io, (given) => {
    const about = aboutPolicies(given, POLICIES, io.colour);
    if (about === undefined) return run(checkArguments(given), io);
    io.results.write(about);
    return 0;
  });

const start = (): void => {
  runProcess("check", main);
};

export { start as run };
