/**
 * `npm run plan`: parses arguments, runs the host, prints reports, sets the exit code.
 *
 * The program's process starts as early as possible. Code for the reports is loaded while it runs.
 */
import { availableParallelism } from "node:os";
import type * as Host from "../offline/host";
import type * as StackFiles from "../offline/stack-files";
import type * as Assemble from "../reports/assemble";
import type * as Escape from "../reports/escape";
import type * as Files from "../reports/files";
import type * as Json from "../reports/json";
import type * as Text from "../reports/text";
import type * as Width from "../reports/width";
import type * as Secrets from "../settings/secrets";
import type * as Systems from "../systems";
import { COMMAND, planArguments, type PlanArguments } from "./arguments";
import { exitCode, WRONG } from "./exit-code";
import type { PolicyPackConfig } from "../offline/policy-config";
import type * as OutFolder from "./out-folder";
import type * as Against from "./against";
import type * as DataFile from "./data-file";
import type * as Places from "./places";
import type * as Preview from "./preview";
import { parseOptions, usage } from "./options";
import {
  planStack,
  policiesOf,
  type Failed,
  type Modules,
  type Outcome,
  type Running,
} from "./planning";
import { pool } from "./pool";
import { chooseStacks } from "./stacks";
import { Progress, Results, wantsColour, widthOf } from "./terminal";

/* eslint-disable @typescript-eslint/no-require-imports -- loaded when needed, in the process of the sources as in the built file */
const lazily = {
  stackFiles: () => require("../offline/stack-files") as typeof StackFiles,
  host: () => require("../offline/host") as typeof Host,
  assemble: () => require("../reports/assemble") as typeof Assemble,
  escape: () => require("../reports/escape") as typeof Escape,
  files: () => require("../reports/files") as typeof Files,
  json: () => require("../reports/json") as typeof Json,
  text: () => require("../reports/text") as typeof Text,
  systems: () => require("../systems") as typeof Systems,
  secrets: () => require("../settings/secrets") as typeof Secrets,
  width: () => require("../reports/width") as typeof Width,
  outFolder: () => require("./out-folder") as typeof OutFolder,
  against: () => require("./against") as typeof Against,
  dataFile: () => require("./data-file") as typeof DataFile,
  places: () => require("./places") as typeof Places,
  preview: () => require("./preview") as typeof Preview,
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** Long enough for the host to start its processes, and short compared to their own startup. */
const PRELOAD_AFTER_MS = 50;

const results = new Results(process.stdout);
const progress = new Progress(process.stderr);

/** Starts planning every stack. Each outcome resolves when it is ready, in the order of the stacks. */
function startAll(
  projectDir: string,
  stacks: readonly string[],
  running: Omit<Running, "onProgress">,
): readonly Promise<Outcome>[] {
  const modules: Modules = {
    host: lazily.host(),
    stackFiles: lazily.stackFiles(),
    reports: lazily.assemble,
    systems: lazily.systems,
    secrets: lazily.secrets,
  };
  const tasks = stacks.map((stack) => async () => {
    progress.begin(stack);
    const onProgress = (registered: number): void => {
      progress.registered(stack, registered);
    };
    const outcome = await planStack(projectDir, stack, modules, { ...running, onProgress });
    progress.end(stack);
    return outcome;
  });
  return pool(tasks, availableParallelism());
}

/** Lines of a stack trace in packages or in Node itself. */
const FOREIGN_FRAME = /^\s+at .*(?:node:|node_modules)/;

/**
 * One paragraph per error, with its further lines (a stack trace of the project's code) indented below.
 */
function sayErrors(stack: string, errors: readonly string[]): void {
  const { visible, visibleLines } = lazily.escape();
  const { wrapIndented } = lazily.width();
  for (const error of errors) {
    const [first, ...more] = visibleLines(error).filter((line) => !FOREIGN_FRAME.test(line));
    const lines = [`${visible(stack)}: ${first ?? ""}`, ...more.map((line) => `  ${line}`)];
    progress.say(lines.flatMap((line) => wrapIndented(line, widthOf(process.stderr))).join("\n"));
  }
}

/** A failed stack has no results, and those of an earlier run would be mistaken for them. */
async function withoutStale(outcome: Failed, out: string): Promise<Outcome> {
  try {
    await lazily.outFolder().clearOut(out, outcome.stack);
    return outcome;
  } catch (error) {
    const errors = [error instanceof Error ? error.message : String(error)];
    sayErrors(outcome.stack, errors);
    return { ...outcome, errors: [...outcome.errors, ...errors] };
  }
}

async function report(outcome: Outcome, args: PlanArguments, projectDir: string): Promise<Outcome> {
  if ("errors" in outcome) {
    sayErrors(outcome.stack, outcome.errors);
    return args.out === undefined ? outcome : withoutStale(outcome, args.out);
  }
  if (!args.json) {
    progress.clear();
    const colour = wantsColour(process.stdout, process.env);
    results.write(
      `${lazily.text().renderText(outcome.plan, { colour, width: widthOf(process.stdout) })}\n`,
    );
  }
  if (args.out === undefined) return outcome;
  try {
    const places = lazily.places().placesOf(outcome.plan, projectDir);
    const files = lazily.files().planFiles(outcome.plan, places);
    await lazily.outFolder().writeOut(args.out, outcome.stack, files);
    return outcome;
  } catch (error) {
    const errors = [error instanceof Error ? error.message : String(error)];
    sayErrors(outcome.stack, errors);
    return { stack: outcome.stack, errors };
  }
}

/** Also removes what an earlier run said of a difference, which is not true of these plans. */
async function writeTogether(
  out: string,
  outcomes: readonly Outcome[],
  projectDir: string,
): Promise<void> {
  const { placesOf } = lazily.places();
  const plans = outcomes.flatMap((one) => ("plan" in one ? [one.plan] : []));
  const placed = plans.map((plan) => ({ plan, placeOf: placesOf(plan, projectDir) }));
  const { writeTop, SARIF_OF_ALL } = lazily.outFolder();
  const text = lazily.files().sarifOfAll(placed);
  await writeTop(out, plans.length === 0 ? [] : [{ name: SARIF_OF_ALL, text }]);
}

/** The output after the last stack: JSON of all stacks, or a summary of several. */
function conclude(outcomes: readonly Outcome[], args: PlanArguments): void {
  const plans = outcomes.flatMap((outcome) => ("plan" in outcome ? [outcome.plan] : []));
  const several = outcomes.length > 1;
  progress.clear();
  if (args.json) {
    if (several || plans.length > 0) results.write(lazily.json().renderJson(plans, several));
  } else if (several) {
    const lines = outcomes.map((outcome) =>
      "plan" in outcome
        ? lazily.text().summaryLine(outcome.plan)
        : lazily.escape().visible(`${outcome.stack}: failed`),
    );
    results.write(`${lines.join("\n")}\n`);
  }
}

/** Names and values of configuration are compared with the packs' once they have started. @throws UsageError */
function runningOf(
  { policyPacks, policyPackConfigs, ignoreEnvironments }: PlanArguments,
  projectDir: string,
): Omit<Running, "onProgress"> {
  const configs = policyPackConfigs.map(
    (file) =>
      (lazily.dataFile().readData("--policy-pack-config", file, projectDir) ??
        {}) as PolicyPackConfig,
  );
  return { policies: policiesOf(projectDir, policyPacks, configs), ignoreEnvironments };
}

/** The differences to a revision instead of the plans. */
function against(args: PlanArguments, projectDir: string): Promise<number> {
  const running = runningOf(args, projectDir);
  return lazily.against().planAgainst(args, projectDir, {
    startAll: (stacks) => startAll(projectDir, stacks, running),
    sayErrors,
    say: (text) => {
      progress.say(text);
    },
    begin: (label) => {
      progress.begin(label);
    },
    end: (label) => {
      progress.end(label);
    },
    write: (text) => {
      progress.clear();
      results.write(text);
    },
    colour: wantsColour(process.stdout, process.env),
    width: widthOf(process.stdout),
  });
}

/** The plan of one stack beside the engine's preview of it. */
async function compared(
  running: readonly Promise<Outcome>[],
  file: string,
  projectDir: string,
): Promise<number> {
  const preview = lazily.preview().previewIn(file, projectDir);
  const outcomes = await Promise.all(running);
  let code = exitCode(outcomes);
  for (const outcome of outcomes) {
    if ("errors" in outcome) sayErrors(outcome.stack, outcome.errors);
    else {
      const { text, differs } = lazily.preview().comparison(outcome.plan, preview);
      progress.clear();
      results.write(text);
      if (differs) code = WRONG;
    }
  }
  return code;
}

async function plan(args: PlanArguments, projectDir: string): Promise<number> {
  if (args.against !== undefined) return against(args, projectDir);
  const stacks = chooseStacks(args.stacks, lazily.stackFiles().listStacks(projectDir));
  if (args.out !== undefined) {
    await lazily.outFolder().checkOut(args.out, stacks);
    await lazily.outFolder().checkTop(args.out, [lazily.outFolder().SARIF_OF_ALL]);
  }
  const running = startAll(projectDir, stacks, runningOf(args, projectDir));
  setTimeout(() => {
    lazily.assemble();
    lazily.systems();
    lazily.secrets();
    if (args.out !== undefined) lazily.files();
    if (args.json) lazily.json();
    else lazily.text();
  }, PRELOAD_AFTER_MS).unref();
  if (args.preview !== undefined) return compared(running, args.preview, projectDir);
  const outcomes: Outcome[] = [];
  for (const outcome of running) outcomes.push(await report(await outcome, args, projectDir));
  if (args.out !== undefined) await writeTogether(args.out, outcomes, projectDir);
  conclude(outcomes, args);
  return exitCode(outcomes);
}

async function main(): Promise<number> {
  const given = parseOptions(COMMAND, process.argv.slice(2));
  if (!given.has("help")) return plan(planArguments(given), process.cwd());
  results.write(usage(COMMAND));
  return 0;
}

function fail(error: unknown): number {
  const text = lazily.escape().visible(error instanceof Error ? error.message : String(error));
  progress.say(lazily.width().wrapIndented(text, widthOf(process.stderr)).join("\n"));
  return WRONG;
}

/** Exits immediately. The host's exit handler ends its processes. */
function endOn(signal: NodeJS.Signals, code: number): void {
  process.on(signal, () => {
    progress.clear();
    process.exit(code);
  });
}

export function run(): void {
  endOn("SIGINT", 130);
  endOn("SIGTERM", 143);
  endOn("SIGHUP", 129);
  process.on("uncaughtException", (error) => {
    process.exit(fail(error));
  });
  void main()
    .catch(fail)
    .then(async (code) => {
      await results.flush();
      process.exit(code);
    });
}

if (require.main === module) run();
