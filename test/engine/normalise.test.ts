import { describe, expect, it } from "vitest";
import { differences, normalise } from "./normalise";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("normalise", () => {
  it("hides the same values on both sides", () => {
    const engine = {
      __defaults: [],
      b: "[secret]",
      a: UNKNOWN,
      c: `x-${UNKNOWN}`,
      d: [1, UNKNOWN],
    };
    const plan = {
      a: { $unknown: true },
      b: { $secret: true },
      c: { $unknown: true },
      d: [1, { $unknown: true }],
    };
    expect(normalise(engine)).toStrictEqual(normalise(plan));
  });

  it("keeps everything else apart", () => {
    expect(
      differences(normalise({ size: 3, same: 1 }), normalise({ size: 4, same: 1 })),
    ).toStrictEqual([".size: engine 3, plan 4"]);
  });

  it("names what one side lacks", () => {
    expect(differences({ spec: { replicas: 2 } }, { spec: {} })).toStrictEqual([
      ".spec.replicas: engine 2, plan nothing",
    ]);
  });
});
