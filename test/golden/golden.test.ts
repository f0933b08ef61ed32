/**
 * The whole plan of each stack, to be read in review like a preview's difference. Accept a change
 * with `npx vitest run test/golden -u`.
 */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { renderGolden } from "../../reports/golden";
import { planOf } from "../plan";

describe("the whole plan", () => {
  it.each(["prod", "staging"])("of %s is what was reviewed", async (stack) => {
    const plan = await planOf(stack);
    await expect(renderGolden(plan)).toMatchFileSnapshot(join(__dirname, `${stack}.txt`));
  });

  it("is the same every time", async () => {
    const [first, second] = [await planOf("prod"), await planOf("prod")];
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
  });

  it.each(["prod", "staging"])("of %s has no mandatory violation and no warning", async (stack) => {
    const { policies, diagnostics } = await planOf(stack);
    expect(policies.violations.filter(({ enforcement }) => enforcement === "mandatory")).toStrictEqual([]);
    expect(policies.failures).toStrictEqual([]);
    expect(policies.evaluated).toBeGreaterThan(300);
    expect(diagnostics.filter(({ severity }) => severity !== "info")).toStrictEqual([]);
  });
});
