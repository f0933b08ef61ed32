import { describe, expect, it } from "vitest";
import { parseOptions, usage, UsageError, type Command } from "./options";

const COMMAND: Command<"deep" | "out" | "tool"> = {
  name: "dig",
  summary: "Digs a hole.",
  operand: { shown: "PLACE…", term: "PLACE", help: "where" },
  options: {
    deep: { short: "d", help: "deeper ".repeat(20).trim() },
    out: { value: "DIR", help: "where to" },
    tool: { value: "TOOL", many: true, help: "what with" },
  },
  exitCodes: "0 dug, 2 not.",
};
const { operand, ...BARE } = COMMAND;

describe("parseOptions", () => {
  it("reads operands and options in any order", () => {
    const { operands, has, value } = parseOptions(COMMAND, ["a", "-d", "--out=-x", "--", "--b"]);
    expect(operands).toEqual(["a", "--b"]);
    expect([has("deep"), has("out"), has("help")]).toEqual([true, true, false]);
    expect([value("out"), value("deep")]).toEqual(["-x", ""]);
    expect(parseOptions(COMMAND, ["-h"]).has("help")).toBe(true);
    expect(parseOptions(COMMAND, []).value("out")).toBeUndefined();
  });

  it("collects what may be given several times", () => {
    const { values } = parseOptions(COMMAND, ["--tool", "spade", "--tool=axe"]);
    expect([values("tool"), values("out")]).toEqual([["spade", "axe"], []]);
  });

  const HELP = "Run `npm run -s dig -- --help` for help.";
  it.each([
    [["--dep"], 'Unknown option "--dep". Did you mean --deep?'],
    [["--halp"], 'Unknown option "--halp". Did you mean --help?'],
    [["-x"], `Unknown option "-x". ${HELP}`],
    [["--deep", "-d"], "The option --deep is given twice; give it once."],
    [["--deep=yes"], "The option --deep takes no value: write just --deep."],
    [["--out"], "--out needs a folder: write --out DIR."],
    [["--out="], "--out needs a folder: write --out DIR."],
    [["--out", "--deep"], "--out needs a folder: write --out DIR."],
  ])("refuses %j", (argv, message) => {
    expect(() => parseOptions(COMMAND, argv)).toThrow(new UsageError(message));
  });

  it("refuses operands if the command takes none", () => {
    expect(operand).toBeDefined();
    expect(() => parseOptions(BARE, ["a"])).toThrow(
      new UsageError(`"a" is not an option. ${HELP}`),
    );
  });
});

describe("usage", () => {
  it("describes the options within a terminal's width", () => {
    expect(usage(COMMAND)).toBe(`Digs a hole.

  npm run -s dig -- PLACE… [--deep] [--out DIR] [--tool TOOL]…

  PLACE        where
  --deep       deeper deeper deeper deeper deeper deeper deeper deeper deeper deeper deeper deeper
               deeper deeper deeper deeper deeper deeper deeper deeper
  --out DIR    where to
  --tool TOOL  what with
  --help       this text

Exit code: 0 dug, 2 not.
`);
  });
});
