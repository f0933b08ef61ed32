import { describe, expect, it } from "vitest";
import { differences, normalise } from "./normalise";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

describe("normalise", () => {
  it("hides the same values on both sides", () => {
    const engine = {
      __defaults: [],
      b: { [SIGNATURE]: SECRET, ciphertext: "[secret]" },
      a: UNKNOWN,
      c: `x-${UNKNOWN}`,
      d: [1, UNKNOWN, { __internal: {}, e: "[secret]" }],
    };
    const plan = {
      a: { $unknown: true },
      b: { $secret: true },
      c: { $unknown: true },
      d: [1, { $unknown: true }, { e: { $secret: true } }],
    };
    expect(differences(normalise(engine), normalise(plan))).toStrictEqual([]);
  });

  it("distinguishes secrets from unknown values", () => {
    const engine = { password: { [SIGNATURE]: SECRET, ciphertext: "v1:AbC=" } };
    const plan = { password: { $unknown: true } };
    expect(differences(normalise(engine), normalise(plan))).toStrictEqual([
      '.password: engine "(secret)", plan "(unknown)"',
    ]);
  });

  it("shows all other differences", () => {
    expect(
      differences(normalise({ size: 3, same: 1 }), normalise({ size: 4, same: 1 })),
    ).toStrictEqual([".size: engine 3, plan 4"]);
  });
});

describe("differences", () => {
  it("names what is missing on one side", () => {
    expect(differences({ spec: { replicas: 2 } }, { spec: {} })).toStrictEqual([
      ".spec.replicas: engine 2, plan nothing",
    ]);
  });

  it("names the element of a list", () => {
    expect(differences({ rules: [1, { port: 5 }] }, { rules: [1, { port: 6 }] })).toStrictEqual([
      ".rules[1].port: engine 5, plan 6",
    ]);
  });

  it("shows two lists of different lengths as a whole", () => {
    expect(differences([1, 2], [1])).toStrictEqual([": engine [1,2], plan [1]"]);
  });

  it("lets the engine know what the plan does not, on demand", () => {
    const [engine, plan] = [{ a: [{ id: "vpc-1" }] }, { a: [{ id: { $unknown: true } }] }];
    expect(differences(normalise(engine), normalise(plan), "", true)).toStrictEqual([]);
    expect(differences(normalise(plan), normalise(engine), "", true)).toStrictEqual([
      '.a[0].id: engine "(unknown)", plan "vpc-1"',
    ]);
  });
});
