import { describe, expect, it } from "vitest";
import { SCENARIOS } from "../rehearsal/scenarios";
import { main } from "./rehearse";
import { runMain } from "./testing";

const run = async (...argv: readonly string[]) => {
  const { code, out, err } = await runMain(main, argv, { cwd: __dirname });
  return { code, out, err: err.replaceAll(/\s+/gu, " ") };
};

describe("rehearse", () => {
  it("lists its scenarios", async () => {
    const { code, out } = await run("--list");
    expect(code).toBe(0);
    for (const { name } of SCENARIOS) expect(out).toContain(`${name}: `);
  });

  it.each([
    [[], "Name a stack to rehearse. The stacks are: aeneas-dr,"],
    [["prd"], "There is no Pulumi.prd.yaml. Did you mean prod?"],
    [["prod", "--scenario", "cluster-los"], "Did you mean cluster-lost?"],
    [["prod", "--scenario", "flood"], 'There is no scenario "flood". The scenarios are: policy,'],
    [["prod", "--charts"], "--charts"],
  ])("refuses %j", async (argv, sentence) => {
    const { code, out, err } = await run(...argv);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(sentence);
  });
});
