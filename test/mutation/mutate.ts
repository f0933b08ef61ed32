/**
 * `npm run mutate [-- PATH…]`: whether the pack's tests catch each wrong condition.
 * Every condition is negated in turn, and every boundary moved by one; a test must fail for each.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import type { Command } from "../../cli/options";
import { runCommand, type Io } from "../../cli/process";
import { sabotagePlans } from "./plans-run";
import { instrument, type Mutant } from "./mutants";

const ROOT = join(__dirname, "..", "..");
const CONFIG = join(__dirname, "vitest.config.mts");

const COMMAND: Command<"plans" | "list"> = {
  name: "mutate",
  summary:
    "Negates every condition in policies/ in turn, and moves every boundary by one, and prints those " +
    "for which no test fails. With --plans, breaks one value of each stack's plan at a time, and prints " +
    "how many of these faults the policies notice.",
  operand: {
    shown: "[PATH…]",
    term: "PATH",
    help: "a file or folder; default: policies. With --plans, a stack's name; default: all",
  },
  options: {
    plans: { help: "break plans instead of conditions" },
    list: { value: "FILE", help: "with --plans: where to write each change that nobody notices" },
  },
  exitCodes:
    "0 a test fails for each, or a policy notices each fault; 1 not for all; 2 the tests fail without any mutant.",
};

function sources(paths: readonly string[]): readonly string[] {
  return readdirSync(join(ROOT, "policies"), { recursive: true, encoding: "utf8" })
    .map((file) => join("policies", file))
    .filter((file) => file.endsWith(".ts") && !/\.test\.ts$|^policies\/testing\//.test(file))
    .filter((file) => paths.length === 0 || paths.some((path) => file.startsWith(path)))
    .sort();
}

interface Log {
  readonly asked: ReadonlySet<string>;
  readonly killed: ReadonlySet<string>;
}

/** Runs the tests with the switch; undefined if they fail without any mutant. */
function run(paths: readonly string[]): Log | undefined {
  const folder = mkdtempSync(join(tmpdir(), "mutation-"));
  const log = join(folder, "log");
  writeFileSync(log, "");
  try {
    const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
    const { status } = spawnSync(process.execPath, [vitest, "run", "--config", CONFIG, ...paths], {
      cwd: ROOT,
      env: { ...process.env, MUTATION_LOG: log },
      stdio: ["ignore", 2, 2],
    });
    const lines = readFileSync(log, "utf8").split("\n");
    const of = (what: string): ReadonlySet<string> =>
      new Set(
        lines
          .filter((line) => line.startsWith(`${what} `))
          .map((line) => line.slice(what.length + 1)),
      );
    return status === 0 ? { asked: of("asked"), killed: of("killed") } : undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(mutants: readonly Mutant[], { asked, killed }: Log, { results }: Io): number {
  const left = mutants.filter(({ id }) => !killed.has(id));
  for (const { id, code } of left) {
    const why = asked.has(id) ? "no test fails" : "no test reaches it";
    results.write(`${id}: ${why}\n    ${code.slice(0, 90)}\n`);
  }
  const noticed = mutants.length - left.length;
  results.write(
    `${String(mutants.length)} mutants, ${String(noticed)} noticed, ${String(left.length)} not\n`,
  );
  return left.length === 0 ? 0 : 1;
}

export const main = (argv: readonly string[], io: Io): Promise<number> =>
  runCommand(COMMAND, argv, io, ({ operands, has, value }) =>
    has("plans") ? sabotagePlans(operands, value("list"), io) : mutate(operands, io),
  );

function mutate(paths: readonly string[], io: Io): number {
  const log = run(paths);
  if (log === undefined) {
    io.progress.say("The tests fail without any mutant; make them pass first.");
    return 2;
  }
  const mutants = sources(paths).flatMap(
    (file) => instrument(file, readFileSync(join(ROOT, file), "utf8")).mutants,
  );
  return report(mutants, log, io);
}
