/**
 * The first `up` of every stack with the policy pack, played in this process: every value is known and the API
 * server's defaults are in the outputs, so policies see what neither a plan nor a preview can show them. In a
 * later run they see the same: unchanged resources keep their outputs.
 */
import { describe, expect, it } from "vitest";
import { listStacks, loadStack } from "../../offline/stack-files";
import { PROJECT } from "../plan";
import { create } from "../../rehearsal/clouds/outputs";
import { withSecrets } from "../../rehearsal/secrets";
import { run } from "./inside";

/** What the library says where a policy reads an unknown value, and the pack where one throws. */
const NOT_RUN = /can't run policy|could not be evaluated/u;

describe.each(listStacks(PROJECT))("the first up of %s", (stack) => {
  it("has no mandatory violation, and leaves no value unchecked", async () => {
    const { resources, violations } = await run(withSecrets(loadStack(PROJECT, stack)), create);
    expect(violations.filter(({ level }) => level === "mandatory")).toEqual([]);
    expect(violations.filter(({ message }) => NOT_RUN.test(message))).toEqual([]);
    expect(violations.filter(({ policy }) => policy === "undecided")).toEqual([]);
    expect(JSON.stringify(resources)).not.toContain('"$unknown"');
    expect(resources.length).toBeGreaterThan(150);
  });
});

it("AE-11: has none in a promoted recovery environment, which answers over plain HTTP that it is", async () => {
  const stack = withSecrets(loadStack(PROJECT, "aeneas-dr"));
  const values = { ...stack.config.values, "runstack:failover": "active" };
  const promoted = { ...stack, config: { ...stack.config, values } };
  const { resources, violations } = await run(promoted, create);
  expect(resources.map(({ name }) => name)).toContain("aeneas-application-edge-promotion");
  expect(violations.filter(({ level }) => level === "mandatory")).toEqual([]);
});
