import { describe, expect, it } from "vitest";
import type { Check } from "./expect";
import {
  each,
  elements,
  expectThat,
  expectEqual,
  expectAbsent,
  expectAtLeast,
  expectOneOf,
  expectPresent,
  expectNot,
  knows,
  knowsAllOf,
  lacks,
} from "./expect";
import type { Policy } from "./policy";
import { ADVICE } from "./policy";
import { UNKNOWN, evaluate } from "./testing";
import { unknownValues } from "./unknown-values";
import type { Value } from "./values";

const MISSING = Symbol("missing");

/** The messages about `size` with this value. */
async function reported(
  run: (check: Check, value: Value) => void,
  size: unknown,
): Promise<readonly string[]> {
  const policy: Policy = {
    name: "sized",
    title: "Sized",
    clause: { reference: "PO-04" },
    severity: "low",
    themes: ["governance"],
    prevents: "Nothing.",
    description: "Things have a size.",
    remediation: "Write it.",
    enforcement: ADVICE,
    check: each(["a:b:Thing"], (check) => {
      run(check, check.resource.props.get("size"));
    }),
  };
  const props = size === MISSING ? {} : { size };
  const found = await evaluate([policy, unknownValues], [{ type: "a:b:Thing", name: "t", props }]);
  return found.map(({ policy: by, message }) => (by === "undecided" ? "undecided" : message));
}

const not = (shown: string, expected: string): readonly string[] => [
  `Thing "t": size is ${shown}; ${expected}.`,
];

describe("expectations", () => {
  const rows: readonly [
    string,
    (check: Check, value: Value) => void,
    readonly unknown[],
    readonly [unknown, string, string][],
  ][] = [
    [
      "must",
      (check, value) => {
        expectThat(check, value, ({ string }) => string === "a" || string === "b", "a or b");
      },
      ["a", "b"],
      [
        ["c", '"c"', "a or b"],
        [MISSING, "missing", "a or b"],
      ],
    ],
    [
      "mustBe",
      (check, value) => {
        expectEqual(check, value, true);
      },
      [true],
      [
        [false, "false", "it must be true"],
        ["true", '"true"', "it must be true"],
        [MISSING, "missing", "it must be true"],
      ],
    ],
    [
      "mustNotBe",
      (check, value) => {
        expectNot(check, value, 7);
      },
      [8, "7", MISSING],
      [[7, "7", "it must not be 7"]],
    ],
    [
      "mustBeOneOf",
      (check, value) => {
        expectOneOf(check, value, ["a", "b", "c"]);
      },
      ["a", "c"],
      [
        ["d", '"d"', 'it must be "a", "b" or "c"'],
        [1, "1", 'it must be "a", "b" or "c"'],
      ],
    ],
    [
      "mustBeAtLeast",
      (check, value) => {
        expectAtLeast(check, value, 3);
      },
      [3, 4.5],
      [
        [2, "2", "it must be 3 or more"],
        ["3", '"3"', "it must be 3 or more"],
        [MISSING, "missing", "it must be 3 or more"],
      ],
    ],
    [
      "mustBeAbsent",
      (check, value) => {
        expectAbsent(check, value, "remove it");
      },
      [MISSING, null],
      [["", '""', "remove it"]],
    ],
  ];

  it.each(rows)("%s accepts, refuses and counts an unknown", async (_, run, right, wrong) => {
    for (const value of right) expect(await reported(run, value)).toEqual([]);
    for (const [value, shown, expected] of wrong) {
      expect(await reported(run, value)).toEqual(not(shown, expected));
    }
    expect(await reported(run, UNKNOWN)).toEqual(["undecided"]);
  });

  it("treats an unknown value as set", async () => {
    const run = (check: Check, value: Value): void => {
      expectPresent(check, value, "write it");
    };
    for (const value of [UNKNOWN, 0, false, "x", [1], {}])
      expect(await reported(run, value)).toEqual([]);
    expect(await reported(run, MISSING)).toEqual(not("missing", "write it"));
    expect(await reported(run, "")).toEqual(not('""', "write it"));
    expect(await reported(run, [])).toEqual(not("[]", "write it"));
  });

  it("lists the elements, and counts an unknown list", async () => {
    const run = (check: Check, value: Value): void => {
      for (const element of elements(check, value)) expectEqual(check, element, 1);
    };
    for (const value of [MISSING, "x", [], [1]]) expect(await reported(run, value)).toEqual([]);
    expect(await reported(run, [1, 2])).toEqual(['Thing "t": size[1] is 2; it must be 1.']);
    expect(await reported(run, UNKNOWN)).toEqual(["undecided"]);
  });

  it("lists only known elements, and counts the others", async () => {
    const run = (check: Check, value: Value): void => {
      for (const element of elements(check, value)) {
        check.context.report(`${element.path} is ${element.state}`);
      }
    };
    expect(await reported(run, [1, UNKNOWN, {}])).toEqual([
      "size[0] is known",
      "size[2] is known",
      "undecided",
    ]);
  });

  it("tells what a list certainly lacks", async () => {
    const run = (check: Check, value: Value): void => {
      if (lacks(check, value, (name) => name === "a", "name")) check.context.report("lacks a");
    };
    for (const list of [MISSING, "a", [], ["a"], [{}], [{ name: "b" }]]) {
      expect(await reported(run, list)).toEqual(["lacks a"]);
    }
    // An unknown one may be it, unless a known one is.
    for (const list of [UNKNOWN, [UNKNOWN], [{ name: "b" }, { name: UNKNOWN }]]) {
      expect(await reported(run, list)).toEqual(["undecided"]);
    }
    expect(await reported(run, [{ name: "a" }, UNKNOWN])).toEqual([]);
  });

  it("knows several values, or counts each unknown one", async () => {
    const run = (check: Check, value: Value): void => {
      if (knows(check, value.get(0), value.get(1))) check.context.report("known");
    };
    expect(await reported(run, [1])).toEqual(["known"]);
    expect(await reported(run, [UNKNOWN, 1])).toEqual(["undecided"]);
    expect(await reported(run, [1, UNKNOWN])).toEqual(["undecided"]);
  });

  it("knows everything inside a value, at any depth, or counts each unknown part", async () => {
    const run = (check: Check, value: Value): void => {
      if (knowsAllOf(check, value)) check.context.report("known");
    };
    for (const value of [MISSING, 1, [], [{ a: [1] }]]) {
      expect(await reported(run, value)).toEqual(["known"]);
    }
    for (const value of [UNKNOWN, [1, UNKNOWN], { a: [{ b: UNKNOWN }], c: UNKNOWN }]) {
      expect(await reported(run, value)).toEqual(["undecided"]);
    }
  });

  it("names the part", async () => {
    const run = (check: Check, value: Value): void => {
      expectEqual({ ...check, part: 'door "left"' }, value, 1);
    };
    expect(await reported(run, 2)).toEqual(['Thing "t", door "left": size is 2; it must be 1.']);
  });
});
