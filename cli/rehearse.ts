/** `npm run rehearse`: creates, loses and rebuilds an environment with the real engine, on this machine. */
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { nearest } from "../lib/words";
import { listStacks } from "../offline/stack-files";
import { playAll } from "../rehearsal/play";
import { Rehearsal } from "../rehearsal/rehearsal";
import { renderRehearsalHtml } from "../rehearsal/report/html";
import { reportOf } from "../rehearsal/report/report";
import { renderRehearsal } from "../rehearsal/report/text";
import { SCENARIOS } from "../rehearsal/scenarios";
import type { Scenario } from "../rehearsal/scenarios/scenario";
import { findBinaries, versionsOf } from "../rehearsal/tools/binaries";
import { UsageError, type Command, type Given } from "./options";
import { runCommand, runProcess, type Io } from "./process";

const PROJECT = join(__dirname, "..");

const COMMAND: Command<"scenario" | "charts" | "json" | "html" | "list"> = {
  name: "rehearse",
  summary:
    "Runs pulumi up of the unchanged program against a real Kubernetes control plane and simulated clouds, " +
    "loses things the way disasters do, follows docs/recovery.md, and reports what came back.",
  operand: { shown: "STACK…", term: "STACK", help: "stacks of this project" },
  options: {
    scenario: { value: "NAME", many: true, help: "only these; what they need is created first" },
    charts: {
      value: "DIR",
      help: "real charts, as `helm pull` names them; the others are replaced by stand-ins",
    },
    json: { help: "print JSON" },
    html: { value: "FILE", help: "also write a page with a timeline" },
    list: { help: "print the scenarios" },
  },
  exitCodes: "0 all passed, 1 a scenario failed, 2 it could not be rehearsed.",
};

function scenarioOf(name: string): Scenario {
  const found = SCENARIOS.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = SCENARIOS.map((one) => one.name);
  const near = nearest(name, names);
  const hint =
    near === undefined ? `The scenarios are: ${names.join(", ")}.` : `Did you mean ${near}?`;
  throw new UsageError(`There is no scenario ${JSON.stringify(name)}. ${hint}`);
}

function stacksOf(operands: readonly string[]): readonly string[] {
  const known = listStacks(PROJECT);
  if (operands.length === 0) {
    throw new UsageError(`Name a stack to rehearse. The stacks are: ${known.join(", ")}.`);
  }
  const unknown = operands.find((one) => !known.includes(one));
  if (unknown === undefined) return operands;
  const near = nearest(unknown, known);
  const hint =
    near === undefined ? `The stacks are: ${known.join(", ")}.` : `Did you mean ${near}?`;
  throw new UsageError(`There is no Pulumi.${unknown}.yaml. ${hint}`);
}

type Options = Given<"scenario" | "charts" | "json" | "html" | "list">;

async function rehearse({ operands, value, values, has }: Options, io: Io): Promise<number> {
  if (has("list")) {
    io.results.write(`${SCENARIOS.map(({ name, summary }) => `${name}: ${summary}`).join("\n")}\n`);
    return 0;
  }
  const chosen = values("scenario").map(scenarioOf);
  const scenarios =
    chosen.length === 0 ? SCENARIOS : SCENARIOS.filter((one) => chosen.includes(one));
  const stacks = stacksOf(operands);
  const binaries = findBinaries();
  const charts = value("charts");
  const reports = [];
  for (const stack of stacks) {
    const rehearsal = await Rehearsal.open(PROJECT, stack, {
      binaries,
      ...(charts === undefined ? {} : { charts: resolve(io.cwd, charts) }),
      say: (line) => {
        io.progress.say(line);
      },
    });
    try {
      const report = reportOf(rehearsal, await playAll(rehearsal, scenarios), versionsOf(binaries));
      reports.push(report);
      if (!has("json")) io.results.write(renderRehearsal(report, io));
    } finally {
      await rehearsal.close();
    }
  }
  if (has("json")) io.results.write(`${JSON.stringify(reports, undefined, 2)}\n`);
  const html = value("html");
  if (html !== undefined) writeFileSync(resolve(io.cwd, html), renderRehearsalHtml(reports));
  const failed = reports.some(({ scenarios: all }) => all.some(({ faults }) => faults.length > 0));
  return failed ? 1 : 0;
}

export const main = (argv: readonly string[], io: Io): Promise<number> =>
  runCommand(COMMAND, argv, io, (given) => rehearse(given, io));

export const run = (): void => {
  runProcess("rehearse", main);
};
