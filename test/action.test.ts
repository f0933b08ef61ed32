/** The GitHub action for other repositories: its script, run as the runner runs it. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, it } from "vitest";
import { parse } from "yaml";
import { PROJECT } from "./plan";

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: {
    readonly steps: readonly {
      readonly name: string;
      readonly run?: string;
      readonly env?: Readonly<Record<string, string>>;
    }[];
  };
}

const { inputs, runs } = parse(readFileSync(join(PROJECT, "action.yml"), "utf8")) as Action;
const step = runs.steps.find(({ name }) => name === "Check");

let workspace = "";
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), "runstack-action-"));
  for (const name of ["good", "bad"]) {
    cpSync(join(PROJECT, "test/fixtures/check", name), join(workspace, name), { recursive: true });
  }
});

/** With the inputs' defaults, as the runner puts them into the step's environment. */
function check(given: Readonly<Record<string, string>>) {
  const value = (expression: string): string =>
    expression
      .replace("${{ runner.temp }}", workspace)
      .replace(
        /\$\{\{ inputs\.([a-z-]+) \}\}/,
        (_, name: string) => given[name] ?? inputs[name]?.default ?? "",
      );
  const env = Object.fromEntries(
    Object.entries(step?.env ?? {}).map(([key, expression]) => [key, value(expression)]),
  );
  return spawnSync(
    "bash",
    ["--noprofile", "--norc", "-eo", "pipefail", "-c", step?.run ?? "exit 9"],
    {
      cwd: workspace,
      encoding: "utf8",
      env: { PATH: process.env["PATH"], GITHUB_ACTION_PATH: PROJECT, ...env },
    },
  );
}

it("marks the lines of the violations, fails, and leaves SARIF for an upload", () => {
  const { status, stdout, stderr } = check({ paths: "bad" });
  expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
  expect(stdout).toContain("::error file=bad/orders.yaml,line=17,col=11,title=image-pinned::");
  expect(existsSync(join(workspace, "runstack.sarif"))).toBe(true);
});

it("takes several paths and arguments, one a line, whatever they contain", () => {
  expect(check({ paths: "good\ngood/orders.yaml\n" }).status).toBe(0);
  const choice = "--policy\nimage-pinned\n--fail-on\nnever";
  expect(check({ paths: "bad", arguments: "--policy\nnetwork" }).stderr).toMatch(
    /^There is no policy "network"/,
  );
  expect(check({ paths: "bad", arguments: choice, "fail-on": "mandatory" }).stderr).toBe(
    "The option --fail-on is given twice; give it once.\n",
  );
  expect(check({ paths: "$(touch injected)\n--help" }).status).toBe(2);
  expect(existsSync(join(workspace, "injected"))).toBe(false);
});

it("leaves to the repository's settings what it is not told", () => {
  writeFileSync(join(workspace, ".runstack.yaml"), "paths: [bad]\nfailOn: never\n");
  const { status, stdout } = check({});
  expect(status).toBe(0);
  expect(stdout).toContain("settings of .runstack.yaml");
});

it("knows what fails, and what was there before", () => {
  expect(check({ paths: "bad", "fail-on": "never" }).status).toBe(0);
  const { status } = check({ paths: "bad", arguments: "--write-baseline\nknown.json" });
  expect(status).toBe(0);
  expect(check({ paths: "bad", baseline: "known.json" })).toMatchObject({ status: 0, stderr: "" });
});
