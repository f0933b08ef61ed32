import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { SKIPPABLE, judgeSkips } from "./skips";

const ADVICE =
  "which is not in the list of test/skips.ts. Run it, delete it, or list it there with what a machine may lack for it.";

it.each(SKIPPABLE)("lists $name, which is a test in $file", ({ file, name }) => {
  const source = readFileSync(join(__dirname, "..", file), "utf8");
  expect(source).toContain(`"${name.split(" > ").at(-1) ?? ""}"`);
});

describe("judgeSkips", () => {
  const skippable = [
    { file: "a.test.ts", name: "group", because: "there is no moon" },
    { file: "b.test.ts", name: "group > one", because: "there is no sun" },
  ];
  const judged = (file: string, name: string): ReturnType<typeof judgeSkips> =>
    judgeSkips([{ file, name }], skippable);

  it("gives the reason why a listed test, or one of a listed group, is skipped", () => {
    expect(judged("a.test.ts", "group > inner > two")).toEqual({
      notes: ["skipped: group > inner > two, because there is no moon"],
      faults: [],
    });
    expect(judged("b.test.ts", "group > one")).toEqual({
      notes: ["skipped: group > one, because there is no sun"],
      faults: [],
    });
  });

  it.each([
    ["another file", "c.test.ts", "group"],
    ["another test", "b.test.ts", "group > two"],
    ["a name with the same prefix", "b.test.ts", "group > one more"],
  ])("rejects %s", (_, file, name) => {
    expect(judged(file, name)).toEqual({
      notes: [],
      faults: [`skipped: ${file}: ${name}, ${ADVICE}`],
    });
  });
});

describe("a run of tests", () => {
  let root = "";
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  /** Runs vitest itself, with only this reporter, on one file with that text. */
  function run(text: string, ...options: readonly string[]) {
    root = mkdtempSync(join(tmpdir(), "skips-"));
    writeFileSync(join(root, "some.test.js"), text);
    const cli = join(dirname(require.resolve("vitest/package.json")), "vitest.mjs");
    const reporter = join(__dirname, "skips.ts");
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [cli, "run", "--root", root, "--globals", "--reporter", reporter, ...options],
      { encoding: "utf8", env: { PATH: process.env["PATH"], HOME: root } },
    );
    return { status, stdout, stderr };
  }
  const passing = 'it("passes", () => { expect(1).toBe(1); });';

  it("fails for skipped and todo tests, and names them", () => {
    const others = 'describe("group", () => { it.skip("one", () => {}); it.todo("two"); });';
    expect(run(`${passing} ${others} describe.todo("three");`)).toEqual({
      status: 1,
      stdout: "",
      stderr: ["group > one", "group > two", "three"]
        .map((name) => `skipped: some.test.js: ${name}, ${ADVICE}\n`)
        .join(""),
    });
  });

  it("fails for a test that was skipped while it ran", () => {
    const late = 'it("late", (context) => { context.skip(); });';
    expect(run(`${passing} ${late}`).stderr).toBe(`skipped: some.test.js: late, ${ADVICE}\n`);
  });

  it("is silent if nothing is skipped, or only because of the requested name", () => {
    const silent = { status: 0, stdout: "", stderr: "" };
    expect(run(passing)).toEqual(silent);
    rmSync(root, { recursive: true });
    expect(run(`${passing} it("other", () => {});`, "-t", "passes")).toEqual(silent);
  });
});
