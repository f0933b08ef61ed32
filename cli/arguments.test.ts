import { describe, expect, it } from "vitest";
import { COMMAND, planArguments, type PlanArguments } from "./arguments";
import { parseOptions, usage, UsageError } from "./options";

const parse = (args: readonly string[]): PlanArguments =>
  planArguments(parseOptions(COMMAND, args));

describe("the arguments of plan", () => {
  it("reads stacks and options in any order", () => {
    expect(parse([])).toEqual({
      stacks: [],
      json: false,
      out: undefined,
      against: undefined,
      policyPacks: [],
      policyPackConfigs: [],
      ignoreEnvironments: false,
    });
    expect(parse(["prod", "--out", "d", "staging", "--json"])).toEqual({
      stacks: ["prod", "staging"],
      json: true,
      out: "d",
      against: undefined,
      policyPacks: [],
      policyPackConfigs: [],
      ignoreEnvironments: false,
    });
    expect(parse(["--out=-d", "--policy-pack-config", "p.json", "-h", "--", "--odd"])).toEqual({
      stacks: ["--odd"],
      json: false,
      out: "-d",
      against: undefined,
      policyPacks: [],
      policyPackConfigs: ["p.json"],
      ignoreEnvironments: false,
    });
    expect(parse(["--against", "main", "prod"])).toMatchObject({
      stacks: ["prod"],
      against: "main",
    });
  });

  it.each([
    [["--jsn"], 'Unknown option "--jsn". Did you mean --json?'],
    [["--verbose"], 'Unknown option "--verbose". Run `npm run -s plan -- --help` for help.'],
    [["-x"], 'Unknown option "-x". Run `npm run -s plan -- --help` for help.'],
    [["prod", "prod"], 'The stack "prod" is given twice; give each stack once.'],
    [["--json", "--json"], "The option --json is given twice; give it once."],
    [["--out", "a", "--out", "b"], "The option --out is given twice; give it once."],
    [["--out"], "--out needs a folder: write --out DIR."],
    [["--out="], "--out needs a folder: write --out DIR."],
    [["--out", "--json"], "--out needs a folder: write --out DIR."],
    [["--against"], "--against needs a revision: write --against REV."],
    [["--against="], "--against needs a revision: write --against REV."],
    [["--against", "-x"], "--against needs a revision: write --against REV."],
    [["--against", "a", "--against", "b"], "The option --against is given twice; give it once."],
    [
      ["--policy-pack-config"],
      "--policy-pack-config needs a file: write --policy-pack-config FILE.",
    ],
    [["--json=yes"], "The option --json takes no value: write just --json."],
  ])("refuses %j", (args, message) => {
    expect(() => parse(args)).toThrow(new UsageError(message));
  });
});

describe("the help of plan", () => {
  it("names every option and fits a terminal", () => {
    for (const option of [
      "--json",
      "--out DIR",
      "--against REV",
      "--policy-pack-config FILE",
      "--help",
    ])
      expect(usage(COMMAND)).toContain(option);
    expect(
      Math.max(
        ...usage(COMMAND)
          .split("\n")
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(100);
  });
});
