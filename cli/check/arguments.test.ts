import { describe, expect, it } from "vitest";
import { UsageError } from "../options";
import { parseOptions } from "../options";
import { checkArguments, COMMAND, type CheckArguments } from "./arguments";
import { NO_PROJECT } from "./project";

/** Without a project's file in it, or above. */
const NOWHERE = "/";

const parseCheckArguments = (argv: readonly string[]): CheckArguments =>
  checkArguments(parseOptions(COMMAND, argv), NOWHERE);

describe("parseCheckArguments", () => {
  it("defaults to production, text and the newest standards", () => {
    expect(parseCheckArguments(["deploy"])).toEqual({
      paths: ["deploy"],
      environment: "prod",
      policyVersion: undefined,
      namespace: undefined,
      config: undefined,
      exemptions: undefined,
      crds: [],
      sarif: undefined,
      format: "text",
      summary: false,
      severity: undefined,
      themes: [],
      only: [],
      failOn: "mandatory",
      baseline: undefined,
      writeBaseline: undefined,
      project: NO_PROJECT,
      render: true,
    });
  });

  it("reads paths and options in any order, each path once", () => {
    const args = [
      "-",
      "--json",
      "a.yaml",
      "--environment",
      "staging",
      "-",
      "--policy-version=1.29",
      "--no-render",
    ];
    const files = [
      "--config",
      "c",
      "-n",
      "shop-1",
      "--exemptions=-e",
      "--crds",
      "crds",
      "--crds=more.yaml",
      "--sarif",
      "s",
      "--",
      "--odd",
    ];
    const choice = ["--theme", "network", "--theme", "rbac", "--policy", "p", "--severity", "high"];
    const results = ["--fail-on", "never", "--baseline", "b", "--write-baseline", "w", "--summary"];
    expect(parseCheckArguments([...args, ...choice, ...results, ...files])).toEqual({
      paths: ["-", "a.yaml", "--odd"],
      environment: "staging",
      policyVersion: "1.29",
      namespace: "shop-1",
      config: "c",
      exemptions: "-e",
      crds: ["crds", "more.yaml"],
      sarif: "s",
      format: "json",
      summary: true,
      severity: "high",
      themes: ["network", "rbac"],
      only: ["p"],
      failOn: "never",
      baseline: "b",
      writeBaseline: "w",
      project: NO_PROJECT,
      render: false,
    });
  });

  it.each(["v1.34", "1.9", "latest"])("takes the version %s", (version) => {
    expect(parseCheckArguments(["a", "--policy-version", version]).policyVersion).toBe(version);
  });

  it.each(["a", "x".repeat(63)])("takes the namespace %s", (name) => {
    expect(parseCheckArguments(["a", "-n", name]).namespace).toBe(name);
  });

  it.each(["Shop", "-shop", "shop-", "a.b", "x".repeat(64)])("refuses the namespace %s", (name) => {
    expect(() => parseCheckArguments(["a", `--namespace=${name}`])).toThrow(
      `--namespace is "${name}"; a namespace has at most 63 lower-case letters, digits and hyphens.`,
    );
  });

  const HELP = "Run `npm run -s check -- --help` for help.";
  it.each([
    [[], `Name a file, a folder or -. ${HELP}`],
    [[""], "A path is empty; write a file, a folder or -."],
    [
      ["a", "--polcy-version", "v1.3"],
      'Unknown option "--polcy-version". Did you mean --policy-version?',
    ],
    [["a", "--config"], "--config needs a file: write --config FILE."],
    [["a", "--namespace"], "--namespace needs a value: write --namespace NAME."],
    [["a", "--environment"], "--environment needs a value: write --environment ENVIRONMENT."],
    [["a", "--environment", "dev"], '--environment is "dev"; it must be "prod" or "staging".'],
    [
      ["a", "--policy-version", "34"],
      '--policy-version is "34"; write a Kubernetes version such as v1.34, or latest.',
    ],
    [
      ["a", "--policy-version", "v1.34.1"],
      '--policy-version is "v1.34.1"; write a Kubernetes version such as v1.34, or latest.',
    ],
    [
      ["a", "--policy-version", "v1.1234"],
      '--policy-version is "v1.1234"; write a Kubernetes version such as v1.34, or latest.',
    ],
  ])("refuses %j", (args, message) => {
    expect(() => parseCheckArguments(args)).toThrow(new UsageError(message));
  });
});
