import type { EngineEvent } from "@pulumi/pulumi/automation";
import { describe, expect, it } from "vitest";
import type { Preview } from "../../offline/host";
import { compare, fromEngine, fromPlan, type Goal } from "./observed";

const STACK = "urn:pulumi:s::p::pulumi:pulumi:Stack::p-s";
const RANDOM = "urn:pulumi:s::p::pulumi:providers:random::default_4_21_2";
const PET = "urn:pulumi:s::p::random:index/randomPet:RandomPet::name";

/** The engine's events for one resource with a default provider, and one violation. */
const events = [
  stepOf("resourcePreEvent", { urn: STACK, type: "pulumi:pulumi:Stack" }),
  stepOf("resourcePreEvent", {
    urn: PET,
    type: "random:index/randomPet:RandomPet",
    parent: STACK,
    provider: `${RANDOM}::04da6b54-80e4-46f7-96ec-b56ff0331ba9`,
    protect: true,
    inputs: { length: 3 },
  }),
  stepOf("resOutputsEvent", { urn: STACK, type: "pulumi:pulumi:Stack", outputs: { url: "u" } }),
  {
    policyEvent: {
      policyName: "named",
      resourceUrn: PET,
      enforcementLevel: "advisory",
      message: "too short\n",
    },
  },
] as unknown as readonly EngineEvent[];

function stepOf(event: string, state: object): object {
  return { [event]: { metadata: { new: { inputs: {}, outputs: {}, ...state } } } };
}

const goalOf = (goal: Partial<Goal>): Goal => ({ protect: false, inputDiff: {}, ...goal });

const goals: ReadonlyMap<string, Goal> = new Map([
  [STACK, goalOf({})],
  [RANDOM, goalOf({ inputDiff: { adds: { version: "4.21.2" } } })],
  [
    PET,
    goalOf({
      dependencies: ["b", "a"],
      additionalSecretOutputs: ["id"],
      ignoreChanges: ["length"],
      deleteBeforeReplace: true,
      customTimeouts: { create: 90 },
    }),
  ],
]);

const planned = {
  custom: true,
  name: "",
  parent: STACK,
  provider: null,
  protect: false,
  dependencies: [],
  inputs: {},
};

const preview = {
  resources: [
    { ...planned, urn: STACK, type: "pulumi:pulumi:Stack", parent: null },
    {
      ...planned,
      urn: RANDOM,
      type: "pulumi:providers:random",
      inputs: { version: "4.21.2" },
    },
    {
      ...planned,
      urn: PET,
      type: "random:index/randomPet:RandomPet",
      provider: RANDOM,
      protect: true,
      dependencies: ["a", "b"],
      inputs: { length: 3 },
      options: {
        additionalSecretOutputs: ["id"],
        ignoreChanges: ["length"],
        deleteBeforeReplace: true,
        customTimeouts: { create: 90 },
      },
    },
  ],
  outputs: { url: "u" },
  policies: {
    failures: [],
    evaluated: 1,
    violations: [
      { policy: "named", enforcement: "advisory", urn: PET, message: "too short", clause: "" },
    ],
  },
} as unknown as Preview;

/** The plan, with one resource changed. */
const planWith = (urn: string, change: object) =>
  fromPlan({
    ...preview,
    resources: preview.resources.map((one) => (one.urn === urn ? { ...one, ...change } : one)),
  });

const planWithOptions = (change: object) =>
  planWith(PET, {
    options: { ...preview.resources.find(({ urn }) => urn === PET)?.options, ...change },
  });

describe("compare", () => {
  it("finds nothing if both sides are equal", () => {
    expect(compare(fromEngine(events, goals), fromPlan(preview))).toStrictEqual([]);
  });

  it("compares only the events' data if the engine wrote no goals", () => {
    const engine = fromEngine(events, new Map());
    const plan = planWith(PET, { dependencies: ["c"] });
    expect(engine.resources.has(RANDOM)).toBe(false);
    expect(compare(engine, plan)).toStrictEqual([]);
  });

  it.each([
    ["an input", planWith(PET, { inputs: { length: 4 } }), ".inputs.length: engine 3, plan 4"],
    ["protection", planWith(PET, { protect: false }), ".protect: engine true, plan false"],
    ["the parent", planWith(PET, { parent: PET }), `.parent: engine "${STACK}", plan "${PET}"`],
    ["the provider", planWith(PET, { provider: null }), `.provider: engine "${RANDOM}", plan ""`],
    [
      "the order",
      planWith(PET, { dependencies: ["a"] }),
      ".dependencies.b: engine true, plan nothing",
    ],
    [
      "a secret output",
      planWithOptions({ additionalSecretOutputs: [] }),
      ".additionalSecretOutputs.id: engine true, plan nothing",
    ],
    [
      "an ignored change",
      planWithOptions({ ignoreChanges: ["length", "prefix"] }),
      ".ignoreChanges.prefix: engine nothing, plan true",
    ],
    [
      "the way of replacement",
      planWithOptions({ deleteBeforeReplace: undefined }),
      ".deleteBeforeReplace: engine true, plan nothing",
    ],
    [
      "a timeout",
      planWithOptions({ customTimeouts: { create: 60 } }),
      ".customTimeouts.create: engine 90, plan 60",
    ],
  ])("reports a difference in %s", (_, plan, difference) => {
    expect(compare(fromEngine(events, goals), plan)).toStrictEqual([`${PET} ${difference}`]);
  });

  it("reports a default provider with different configuration", () => {
    const plan = planWith(RANDOM, { inputs: { version: "4.21.3" } });
    expect(compare(fromEngine(events, goals), plan)).toStrictEqual([
      `${RANDOM} .inputs.version: engine "4.21.2", plan "4.21.3"`,
    ]);
  });

  it("reports what only one side has", () => {
    const engine = fromEngine(events, goals);
    const none = fromPlan({
      ...preview,
      resources: preview.resources.slice(0, 2),
      outputs: {},
      policies: { ...preview.policies, violations: [] },
    });
    expect(compare(engine, none)).toStrictEqual([
      `only the engine registers: ${PET}`,
      'output .url: engine "u", plan nothing',
      `only the engine's policies report: advisory named ${PET}: too short`,
    ]);
    expect(compare(none, engine)).toStrictEqual([
      `only the plan registers: ${PET}`,
      'output .url: engine nothing, plan "u"',
      `only the plan's policies report: advisory named ${PET}: too short`,
    ]);
  });
});
