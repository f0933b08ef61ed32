/**
 * `npm run bench`: the cost of a plan, compared with the minimum for any Pulumi program in TypeScript (loading
 * the SDK and the Kubernetes types), measured in the same run. Reports medians. Rows are measured in turn, so
 * that a busy moment of the machine does not affect only one of them.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../cli/options";
import type { Command } from "../../cli/options";
import { runCommand, type Io } from "../../cli/process";
import { checkSection } from "./check";
import type { Phases } from "./phases";
import { measure, type Measured } from "./process-tree";
import { suiteSection } from "./suite";

const ROOT = join(__dirname, "../..");
const SYNTHETIC = join(__dirname, "synthetic");
const PACK = join(ROOT, "policies");
const COMMAND: Command<"runs" | "only" | "checkov" | "kube-score"> = {
  name: "bench",
  summary:
    "Measures the cost of plan and check, as medians of several runs, and optionally of the tests.",
  operand: { shown: "[TEST…]", term: "TEST", help: "tests to run with --only tests; default: all" },
  options: {
    runs: { value: "N", help: "number of runs for each; default: 5" },
    only: { value: "PART", help: "plan, check or tests; default: plan and check" },
    checkov: {
      value: "FILE",
      help: "Checkov executable to compare with; default: the one on the PATH",
    },
    "kube-score": {
      value: "FILE",
      help: "kube-score executable to compare with; default: the one on the PATH",
    },
  },
  exitCodes: "0 measured, 2 a command failed.",
};
/** The largest system takes long, so it is measured less often. */
const RUNS_OF_LARGEST = 1;
const LARGEST = 1000;

interface Row {
  readonly name: string;
  /** The reason why it could not be measured. The other rows are still printed. */
  failed?: string;
  readonly times: readonly Measured[];
  readonly phases: readonly Phases[];
}

interface Case {
  readonly name: string;
  readonly runs: number;
  readonly whole: readonly string[];
  readonly cwd: string;
  /** Arguments of `phases.ts`; the floor has no phases. */
  readonly inPhases?: readonly string[];
}

const TSX = ["--require", "tsx/cjs"];

const planCase = (name: string, projectDir: string, stack: string, runs: number): Case => ({
  name,
  runs,
  cwd: projectDir,
  whole: [join(ROOT, "cli/run.cjs"), "plan", "cli/plan.ts", stack],
  inPhases: [...TSX, join(__dirname, "phases.ts"), projectDir, stack, PACK],
});

function cases(runs: number): readonly Case[] {
  const prod = existsSync(join(ROOT, "Pulumi.prod.yaml"));
  return [
    {
      name: "floor",
      runs,
      cwd: ROOT,
      whole: ["-e", "require('@pulumi/pulumi');require('@pulumi/kubernetes')"],
    },
    ...(prod ? [planCase("prod", ROOT, "prod", runs)] : []),
    ...[10, 100, LARGEST].map((services) =>
      planCase(
        `${services} services`,
        SYNTHETIC,
        `services-${services}`,
        services === LARGEST ? RUNS_OF_LARGEST : runs,
      ),
    ),
  ];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** A violated policy (1) is a valid result; a failed program (2) is not. */
function checked(name: string, measured: Measured): Measured {
  if (measured.code === 0 || measured.code === 1) return measured;
  throw new Error(`${name} ended with ${String(measured.code)}: ${measured.stderr.trim()}`);
}

async function measureAll(all: readonly Case[], most: number): Promise<readonly Row[]> {
  const rows: (Row & { times: Measured[]; phases: Phases[] })[] = all.map(({ name }) => ({
    name,
    times: [],
    phases: [],
  }));
  for (let run = 0; run < most; run += 1) {
    for (const [index, { name, runs, cwd, whole, inPhases }] of all.entries()) {
      const row = rows[index];
      if (run >= runs || row === undefined || row.failed !== undefined) continue;
      process.stderr.write(`run ${run + 1} of ${runs}: ${name}\n`);
      try {
        row.times.push(checked(name, await measure(whole, cwd)));
        if (inPhases === undefined) continue;
        const { stderr } = checked(name, await measure(inPhases, cwd));
        row.phases.push(JSON.parse(stderr) as Phases);
      } catch (error) {
        row.failed = error instanceof Error ? error.message : String(error);
      }
    }
  }
  return rows;
}

const HEAD = [
  "",
  "wall",
  "× floor",
  "processor",
  "× floor",
  "load",
  "program",
  "policies",
  "report",
  "memory",
  "resources",
  "each",
];
const WIDTHS = [14, 8, 8, 11, 8, 8, 9, 9, 8, 9, 10, 8];

const line = (cells: readonly string[]): string =>
  cells
    .map((cell, column) =>
      column === 0 ? cell.padEnd(WIDTHS[0] ?? 0) : cell.padStart(WIDTHS[column] ?? 0),
    )
    .join("")
    .trimEnd();

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

interface Floor {
  readonly ms: number;
  readonly processorMs: number;
}

const medianOf = (times: readonly Measured[]): Floor => ({
  ms: median(times.map(({ ms }) => ms)),
  processorMs: median(times.map(({ processorMs }) => processorMs)),
});

function cellsOf({ name, times, phases, failed }: Row, floor: Floor): readonly string[] {
  if (failed !== undefined) return [name, "failed"];
  const { ms: wall, processorMs } = medianOf(times);
  const memory = `${median(times.map(({ peakMiB }) => peakMiB)).toFixed(0)} MiB`;
  const whole = [
    name,
    seconds(wall),
    (wall / floor.ms).toFixed(2),
    seconds(processorMs),
    (processorMs / floor.processorMs).toFixed(2),
  ];
  if (phases.length === 0) return [...whole, "", "", "", "", memory];
  const of = (key: keyof Phases): number => median(phases.map((phase) => phase[key]));
  const resources = of("resources");
  return [
    ...whole,
    seconds(of("loadMs")),
    seconds(of("programMs")),
    seconds(of("policiesMs")),
    seconds(of("reportMs")),
    memory,
    String(resources),
    `${((wall - floor.ms) / resources).toFixed(1)} ms`,
  ];
}

async function plans(runs: number): Promise<string> {
  const rows = await measureAll(cases(runs), runs);
  const floor = medianOf(rows[0]?.times ?? []);
  const table = [HEAD, ...rows.map((row) => cellsOf(row, floor))].map(line);
  return [
    ...table,
    "",
    ...rows.flatMap(({ failed }) => (failed === undefined ? [] : [failed, ""])),
    `Medians of ${runs} runs (${LARGEST} services: ${RUNS_OF_LARGEST}) on node ${process.version}. Wall, processor and memory are of`,
    "the command; load, program, policies and report of a second run in phases (with the policy",
    "pack, which the command finds only in the project's own folder). Memory is the sum of each",
    "process's largest resident set. Each: time above the floor by resource.",
    "",
  ].join("\n");
}

function runsOf(text = "5"): number {
  const runs = Number(text);
  if (Number.isInteger(runs) && runs > 0) return runs;
  throw new UsageError(`--runs is ${JSON.stringify(text)}; write a whole number, 1 or more.`);
}

function partOf(text?: string): string | undefined {
  if (text === undefined || ["plan", "check", "tests"].includes(text)) return text;
  throw new UsageError(`--only is ${JSON.stringify(text)}; it must be plan, check or tests.`);
}

export const main = (argv: readonly string[], io: Io): Promise<number> =>
  runCommand(COMMAND, argv, io, async ({ value, operands }) => {
    const runs = runsOf(value("runs"));
    const only = partOf(value("only"));
    if (only === "tests") {
      io.results.write(await suiteSection(operands));
      return 0;
    }
    if (operands.length > 0) throw new UsageError("TEST is only for --only tests: leave it out.");
    if (only !== "check") io.results.write(await plans(runs));
    if (only === "plan") return 0;
    const checkov = value("checkov") ?? "checkov";
    const kubeScore = value("kube-score") ?? "kube-score";
    io.results.write(await checkSection(runs, { checkov, kubeScore }));
    return 0;
  });
