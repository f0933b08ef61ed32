import { describe, expect, it } from "vitest";
import { SYSTEMS } from "../systems";
import { assemble, objectivesOf, recoveryTimes } from "./assemble";
import { known, RESOURCES } from "./fixtures/plan";

const RECORDED = {
  resources: RESOURCES,
  policies: { violations: [], failures: [], evaluated: 3 },
  diagnostics: [],
  outputs: {},
};
const system = SYSTEMS["todo-chatbot"];

describe("assemble", () => {
  it("uses the stack file, and the runbook's cloud if the stack file does not set it", () => {
    const config = { "runstack:system": "todo-chatbot", "runstack:environment": "staging" };
    const plan = assemble(RECORDED, { name: "s", config }, system);
    expect([plan.stack, plan.system, plan.environment, plan.cloud, plan.region]).toEqual([
      "s",
      "todo-chatbot",
      "staging",
      system.home.cloud,
      system.home.region,
    ]);
    expect(plan.policies.evaluated).toBe(3);
    const elsewhere = { ...config, "runstack:cloud": "gcp", "runstack:region": "europe-west4" };
    const moved = assemble(RECORDED, { name: "s", config: elsewhere }, system);
    expect([moved.cloud, moved.region]).toEqual(["gcp", "europe-west4"]);
  });

  it("has an estimate without objectives for an unknown system", () => {
    const plan = assemble(RECORDED, { name: "s", config: {} });
    expect([plan.system, plan.cloud]).toEqual(["", ""]);
    expect(plan.estimate.rebuildMinutes).toBe(17.1);
    expect(plan.estimate.objectives).toEqual([]);
  });

  it("compares the system with the whole path and its external database with the secret", () => {
    const { objectives } = assemble(RECORDED, { name: "s", config: {} }, system).estimate;
    const byName = new Map(objectives.map((one) => [one.of, one.estimateMinutes]));
    expect(byName.get("system")).toBe(17.1);
    expect(byName.get("neon")).toBe(6.6);
    expect(known.secret.name).toBe("todo-chatbot-secrets");
  });
});

describe("recoveryTimes", () => {
  it("are the plan's estimates, for the policy that checks them", () => {
    const { estimate } = assemble(RECORDED, { name: "s", config: {} }, system);
    expect(estimate.objectives.map(({ of }) => of)).toEqual(["system", "neon"]);
    expect(recoveryTimes(RESOURCES, system)).toEqual({
      "runbook-recovery-time": { estimates: ["system 17.1", "neon 6.6"] },
    });
  });

  it("are empty for an unknown system", () => {
    expect(recoveryTimes(RESOURCES)).toEqual({});
  });
});

describe("objectivesOf", () => {
  it("has the procedure that the system names", () => {
    const procedures = objectivesOf(system).map(({ of, procedure }) => [of, procedure]);
    expect(procedures).toEqual(system.recovery.map(({ of, procedure }) => [of, procedure]));
    expect(procedures.every(([, procedure]) => procedure !== undefined)).toBe(true);
  });

  it("has the other names of every service and data service with an objective", () => {
    for (const one of Object.values(SYSTEMS)) {
      const withoutNames = objectivesOf(one).filter(({ names }) => (names ?? []).length === 0);
      const expected = ["system", "namespace", "configuration"];
      expect(withoutNames.map(({ of }) => of).filter((of) => !expected.includes(of))).toEqual([]);
    }
  });
});
