import { describe, expect, it } from "vitest";
import { playAll } from "./play";
import type { Rehearsal } from "./rehearsal";
import type { Scenario } from "./scenarios/scenario";

/** A rehearsal of which only the steps are looked at. */
const rehearsal = { steps: [] } as unknown as Rehearsal;

function scenario(name: string, change: Partial<Scenario> = {}): Scenario {
  return {
    ...{ name, summary: `plays ${name}`, needs: "environment", leaves: "environment" },
    play: () => Promise.resolve([]),
    ...change,
  };
}
const create = (faults: readonly string[] = []): Scenario =>
  scenario("create", { needs: "nothing", play: () => Promise.resolve(faults) });
const said = async (create: Scenario, ...all: readonly Scenario[]) =>
  (await playAll(rehearsal, all, create)).map(({ name, unfit, faults }) => [
    name,
    unfit ?? (faults.length === 0 ? "passed" : faults.join()),
  ]);

describe("playAll", () => {
  it("creates an environment once for those that need one", async () => {
    expect(await said(create(), scenario("lose"), scenario("rotate"))).toEqual([
      ["create", "passed"],
      ["lose", "passed"],
      ["rotate", "passed"],
    ]);
  });

  it("creates another one after it was destroyed", async () => {
    const destroy = scenario("destroy", { leaves: "nothing" });
    expect(await said(create(), destroy, scenario("lose"))).toEqual([
      ["create", "passed"],
      ["destroy", "passed"],
      ["create", "passed"],
      ["lose", "passed"],
    ]);
  });

  it("plays nothing on what a failed scenario left, and says why", async () => {
    const fails = scenario("lose", { play: () => Promise.reject(new Error("no route")) });
    expect(await said(create(), fails, scenario("rotate"))).toEqual([
      ["create", "passed"],
      ["lose", "no route"],
      ["rotate", "lose failed, and it left nothing to rely on"],
    ]);
    expect(await said(create(["refused"]), scenario("rotate"))).toEqual([
      ["create", "refused"],
      ["rotate", "create failed, and it left nothing to rely on"],
    ]);
  });

  it("goes on after a scenario that this stack cannot play", async () => {
    const unfit = scenario("move", { unfit: () => "there is one region" });
    expect(await said(create(), unfit, scenario("rotate"))).toEqual([
      ["create", "passed"],
      ["move", "there is one region"],
      ["rotate", "passed"],
    ]);
  });
});
