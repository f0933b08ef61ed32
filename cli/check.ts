/** `npm run check`: parses arguments, checks manifests, prints the results, sets the exit code. */
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import type * as Catalog from "../policies/catalog";
import { mandatoryIn, renderCheckJson, type CheckReport } from "../reports/check";
import type * as Sarif from "../reports/check-sarif";
import { messageLines, renderCheckText } from "../reports/check-text";
import { UsageError } from "./arguments";
import { parseCheckArguments, USAGE, type CheckArguments } from "./check/arguments";
import { check } from "./check/checking";
import { reasonOf } from "./check/files";
import { configurationOf, policyContextOf } from "./check/settings";
import { WRONG } from "./exit-code";
import { Progress, Results, wantsColour } from "./terminal";

const load = createRequire(__filename);

/** What not every call needs. */
const lazily = {
  catalog: () => load("../policies/catalog") as typeof Catalog,
  sarif: () => load("../reports/check-sarif") as typeof Sarif,
};

const results = new Results(process.stdout);
const errors = new Progress(process.stderr);

function exitCode(report: CheckReport): number {
  if (report.errors.length > 0) return WRONG;
  return mandatoryIn(report) > 0 ? 1 : 0;
}

function writeSarif(file: string, report: CheckReport): void {
  try {
    writeFileSync(file, lazily.sarif().renderCheckSarif(report));
  } catch (error) {
    throw new UsageError(`--sarif ${file} cannot be written: ${reasonOf(error)}.`);
  }
}

function run(args: CheckArguments): number {
  const policies = lazily.catalog().POLICIES;
  const policyContext = policyContextOf(args);
  const report = check(args.paths, process.cwd(), {
    policies,
    policyContext,
    namespace: args.namespace,
    configured: configurationOf(policies, policyContext, args),
    ...(args.exemptions === undefined ? {} : { exemptionsIn: args.exemptions }),
  });
  for (const error of report.errors) errors.say(messageLines(error).join("\n"));
  if (args.sarif !== undefined) writeSarif(args.sarif, report);
  const colour = wantsColour(process.stdout, process.env);
  results.write(args.json ? renderCheckJson(report) : renderCheckText(report, { colour }));
  return exitCode(report);
}

function main(): number {
  try {
    const args = parseCheckArguments(process.argv.slice(2));
    if (!args.help) return run(args);
    results.write(USAGE);
    return 0;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    for (const line of message.split("\n")) {
      errors.say(messageLines({ file: "", line: 0, column: 0, message: line }).join("\n"));
    }
    return WRONG;
  }
}

process.exitCode = main();
