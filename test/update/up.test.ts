/**
 * The first `up` of every stack with the policy pack, played in this process: every value is known and the API
 * server's defaults are in the outputs, so policies see what neither a plan nor a preview can show them. In a
 * later run they see the same: unchanged resources keep their outputs. The simulated clouds refuse what the real ones
 * would, and accept all of it.
 */
import { describe, expect, it } from "vitest";
import { listStacks, loadStack, type StackFile } from "../../offline/stack-files";
import type { Create } from "../../offline/update";
import { PROJECT } from "../plan";
import { text } from "../../rehearsal/clouds/cloud";
import { playedIn, Trial } from "../../rehearsal/clouds/testing";
import { withSecrets } from "../../rehearsal/secrets";
import { run } from "./inside";

/** What the library says where a policy reads an unknown value, and the pack where one throws. */
const NOT_RUN = /can't run policy|could not be evaluated/u;

/** An empty cloud. A stack that follows a primary in another region finds that one. */
async function cloudsOf({ config }: StackFile): Promise<Create> {
  const trial = new Trial();
  const { values } = config;
  const [, , , region, account = "123456789012", , identifier] = (
    values["runstack:replicaOf"] ?? ""
  ).split(":");
  if (identifier !== undefined) await trial.make("rds", { identifier }, region, account);
  const place = {
    region: values["runstack:region"] ?? "",
    account: text(values["runstack:project"]) ?? account,
  };
  return playedIn(trial.world, place);
}

describe.each(listStacks(PROJECT))("the first up of %s", (stack) => {
  it("has no mandatory violation, and leaves no value unchecked", async () => {
    const file = withSecrets(loadStack(PROJECT, stack));
    const { resources, violations } = await run(file, await cloudsOf(file));
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
  const { resources, violations } = await run(promoted, await cloudsOf(promoted));
  expect(resources.map(({ name }) => name)).toContain("aeneas-application-edge-promotion");
  expect(violations.filter(({ level }) => level === "mandatory")).toEqual([]);
});
