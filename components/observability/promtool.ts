/** For tests: runs promtool on the rules of a system. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { RuleGroup } from "./rule";

export const promtoolIsMissing = spawnSync("promtool", ["--version"]).error !== undefined;

export function promtool(...args: readonly string[]): string {
  const { stdout, stderr } = spawnSync("promtool", args, { encoding: "utf8" });
  return `${stdout}${stderr}`;
}

/** A rule file for `promtool` and for a Prometheus without the operator. */
export const ruleFile = (groups: readonly RuleGroup[]): string =>
  stringify({ groups }, { lineWidth: 0, aliasDuplicateObjects: false });

/** The output of `promtool check rules`, from a file: older versions do not read standard input. */
export const check = (groups: readonly RuleGroup[]): string =>
  withFiles(groups, "", (rules) => promtool("check", "rules", rules));

/** Series by name, in promtool's notation, with a value every 30 seconds. */
export interface Scenario {
  readonly name: string;
  readonly series: Readonly<Record<string, string>>;
  /** When the alerts are counted. @default after a quarter of an hour */
  readonly at?: string;
  /** The expected number of firing alerts with that name by then. */
  readonly firing: Readonly<Record<string, number>>;
}

/** The output of `promtool test rules`: it ends in SUCCESS, or lists the differences. */
export const simulate = (groups: readonly RuleGroup[], scenarios: readonly Scenario[]): string =>
  testRules(groups, scenarios.map(unitTest));

/** The same for tests in promtool's own form, with all rules evaluated every `minutes`. */
export function testRules(
  groups: readonly RuleGroup[],
  tests: readonly object[],
  minutes = 1,
): string {
  const file = stringify(
    { rule_files: ["rules.yaml"], evaluation_interval: `${String(minutes)}m`, tests },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
  return withFiles(groups, file, (_, path) => promtool("test", "rules", path));
}

function withFiles(
  groups: readonly RuleGroup[],
  tests: string,
  run: (rulesPath: string, testsPath: string) => string,
): string {
  const folder = mkdtempSync(join(tmpdir(), "runstack-promtool-"));
  const paths = [join(folder, "rules.yaml"), join(folder, "tests.yaml")] as const;
  try {
    writeFileSync(paths[0], ruleFile(groups));
    writeFileSync(paths[1], tests);
    return run(...paths);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const unitTest = ({ name, series, firing, at = "15m" }: Scenario) => ({
  name,
  interval: "30s",
  input_series: Object.entries(series).map(([of, values]) => ({ series: of, values })),
  promql_expr_test: Object.entries(firing).map(([alert, value]) => ({
    expr: `count(ALERTS{alertname="${alert}",alertstate="firing"}) or vector(0)`,
    eval_time: at,
    exp_samples: [{ labels: "{}", value }],
  })),
});
