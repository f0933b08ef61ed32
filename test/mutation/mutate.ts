/**
 * `npm run mutate [-- PATH…]`: whether the tests of the pack notice each condition that is wrong.
 *
 * Every condition in `policies/` is negated in turn, and every boundary moved by one; a test must
 * fail for each. Those that no test fails for are printed. Exit code: 0 none, 1 some, 2 the tests
 * fail by themselves.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { instrument, type Mutant } from "./mutants";

const ROOT = join(__dirname, "..", "..");
const CONFIG = join(__dirname, "vitest.config.mts");

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

/** Runs the tests with the switch; undefined where they fail without any mutant. */
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

function report(mutants: readonly Mutant[], { asked, killed }: Log): number {
  const left = mutants.filter(({ id }) => !killed.has(id));
  for (const { id, code } of left) {
    const why = asked.has(id) ? "no test fails" : "no test reaches it";
    process.stdout.write(`${id}: ${why}\n    ${code.slice(0, 90)}\n`);
  }
  const noticed = mutants.length - left.length;
  process.stdout.write(
    `${String(mutants.length)} mutants, ${String(noticed)} noticed, ${String(left.length)} not\n`,
  );
  return left.length === 0 ? 0 : 1;
}

function main(paths: readonly string[]): number {
  const log = run(paths);
  if (log === undefined) {
    process.stderr.write("The tests fail without any mutant; make them pass first.\n");
    return 2;
  }
  const mutants = sources(paths).flatMap(
    (file) => instrument(file, readFileSync(join(ROOT, file), "utf8")).mutants,
  );
  return report(mutants, log);
}

process.exitCode = main(process.argv.slice(2));
