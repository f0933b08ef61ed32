import { describe, expect, it } from "vitest";
import { planOf, resource } from "../fixtures/plan";
import { comparePreview, readPreview } from "./preview";
import { previewText } from "./text";

const [vpc, app] = [
  resource({ type: "aws:ec2/vpc:Vpc", name: "vpc", inputs: { cidrBlock: "10.0.0.0/16" } }),
  resource({
    type: "kubernetes:apps/v1:Deployment",
    name: "app",
    inputs: { spec: { replicas: 3, subnet: { $unknown: true }, token: { $secret: true } } },
  }),
];
const PLAN = planOf({ resources: [vpc, app] });
const step = (op: string, urn: string, inputs?: object) => ({
  op,
  urn,
  ...(inputs && { newState: { inputs } }),
});
const same = step("same", vpc.urn, { cidrBlock: "10.0.0.0/16" });
const spec = { replicas: 3, subnet: "subnet-1", token: "[secret]" };
const compared = (...steps: readonly object[]) =>
  comparePreview(PLAN, readPreview(JSON.stringify({ steps })));

describe("comparePreview", () => {
  it("accepts the planned resources, with what is known by now", () => {
    const { differences, operations } = compared(same, step("update", app.urn, { spec }));
    expect(differences).toEqual([]);
    expect([...operations]).toEqual([
      ["same", [vpc.urn]],
      ["update", [app.urn]],
    ]);
  });

  it("refuses another input, and a secret in plain text", () => {
    const inputs = { spec: { ...spec, replicas: 1, token: "hunter2" } };
    expect(compared(same, step("update", app.urn, inputs)).differences).toEqual([
      `${app.urn} .spec.replicas: engine 1, plan 3`,
      `${app.urn} .spec.token: engine a plain value, plan "(secret)"`,
    ]);
  });

  it("refuses a resource that only one of them has", () => {
    const other = app.urn.replace(/app$/, "other");
    expect(compared(same, step("create", other, {})).differences).toEqual([
      `only the preview has ${other}`,
      `only the plan has ${app.urn}`,
    ]);
  });

  it("lets the engine remove what an interrupted replacement left", () => {
    const { differences, operations } = compared(
      same,
      step("update", app.urn, { spec }),
      step("remove-pending-replace", app.urn.replace(/app$/, "left")),
    );
    expect(differences).toEqual([]);
    expect([...operations.keys()]).toEqual(["remove-pending-replace", "same", "update"]);
  });

  it("does not refuse what is only read, and reads what is planned as what it is", () => {
    const zone = app.urn.replace(/app$/, "zone");
    const read = compared(
      same,
      step("update", app.urn, { spec }),
      step("read", zone, {}),
      step("read-replacement", zone, {}),
    );
    expect([read.differences, read.reads]).toEqual([[], [zone]]);
    expect([...read.operations.keys()]).toEqual(["same", "update"]);
    const wrong = compared(same, step("read", app.urn, { spec: { ...spec, replicas: 1 } }));
    expect([wrong.differences, wrong.reads]).toEqual([
      [`${app.urn} .spec.replicas: engine 1, plan 3`],
      [],
    ]);
    expect(previewText(PLAN, read).split("\n")).toContain(
      "  read Deployment zone, which the plan does not have; that changes nothing",
    );
  });

  it("counts a replacement once, and does not compare what is deleted or only the engine has", () => {
    const gone = app.urn.replace(/app$/, "gone");
    const provider = "urn:pulumi:prod::runstack::pulumi:providers:aws::default_7_48_0";
    const { differences, operations } = compared(
      same,
      step("create-replacement", app.urn, { spec }),
      step("replace", app.urn, { spec }),
      step("delete-replaced", app.urn),
      step("delete", gone),
      step("create", provider, {}),
    );
    expect(differences).toEqual([]);
    expect([...operations]).toEqual([
      ["create", [provider]],
      ["delete", [gone]],
      ["replace", [app.urn]],
      ["same", [vpc.urn]],
    ]);
  });
});

it.each([
  ["{", "it is not JSON"],
  ["{}", "it has no steps"],
  ['{"steps":[{"op":1}]}', "it has no steps"],
  [
    '{"steps":[],"changeSummary":{"same":3}}',
    "it leaves out the resources that stay the same (--show-sames)",
  ],
])("refuses %s", (text, message) => {
  expect(() => readPreview(text)).toThrow(message);
});

describe("previewText", () => {
  it("names what is deleted and replaced, and counts the rest", () => {
    const gone = app.urn.replace(/app$/, "gone");
    const text = previewText(
      PLAN,
      compared(same, step("replace", app.urn, { spec }), step("delete", gone)),
    );
    expect(text.split("\n")).toEqual([
      "prod: delete 1, replace 1, same 1",
      "  delete Deployment gone",
      "  replace Deployment app",
      "prod: the preview is what was planned",
      "",
    ]);
  });

  it("names what the plan's policies refuse", () => {
    const violation = {
      policy: "tier",
      enforcement: "mandatory",
      urn: app.urn,
      message: "",
      clause: "",
    } as const;
    const policies = { violations: [violation], failures: [], evaluated: 9 };
    expect(previewText(planOf({ policies }), compared(same)).split("\n").slice(1, 3)).toEqual([
      "prod: 1 mandatory violation in 9 evaluations:",
      "  tier: Deployment app",
    ]);
  });

  it("lists the differences", () => {
    expect(previewText(PLAN, compared(same)).split("\n").slice(1, 3)).toEqual([
      "prod: 1 difference between the preview and the plan:",
      `  only the plan has ${app.urn}`,
    ]);
    expect(previewText(PLAN, { operations: new Map(), reads: [], differences: [] })).toMatch(
      /^prod: nothing to do\n/,
    );
  });
});
