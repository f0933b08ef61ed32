import { describe, expect, it } from "vitest";
import type { Asked } from "./demands";
import {
  each,
  elements,
  must,
  mustBe,
  mustBeAbsent,
  mustBeAtLeast,
  mustBeOneOf,
  mustBeWritten,
  mustNotBe,
} from "./demands";
import type { Policy } from "./policy";
import { ADVICE } from "./policy";
import { UNKNOWN, judge } from "./testing";
import { undecided } from "./undecided";
import type { Value } from "./values";

const MISSING = Symbol("missing");

/** What is said of `size` with this value. */
async function said(
  ask: (asked: Asked, value: Value) => void,
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
    check: each(["a:b:Thing"], (asked) => {
      ask(asked, asked.resource.props.get("size"));
    }),
  };
  const props = size === MISSING ? {} : { size };
  const found = await judge([policy, undecided], [{ type: "a:b:Thing", name: "t", props }]);
  return found.map(({ policy: by, message }) => (by === "undecided" ? "undecided" : message));
}

const not = (shown: string, wanted: string): readonly string[] => [
  `Thing "t": size is ${shown}; ${wanted}.`,
];

describe("demands", () => {
  const rows: readonly [
    string,
    (asked: Asked, value: Value) => void,
    readonly unknown[],
    readonly [unknown, string, string][],
  ][] = [
    [
      "must",
      (asked, value) => {
        must(asked, value, ({ text }) => text === "a" || text === "b", "a or b");
      },
      ["a", "b"],
      [
        ["c", '"c"', "a or b"],
        [MISSING, "missing", "a or b"],
      ],
    ],
    [
      "mustBe",
      (asked, value) => {
        mustBe(asked, value, true);
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
      (asked, value) => {
        mustNotBe(asked, value, 7);
      },
      [8, "7", MISSING],
      [[7, "7", "it must not be 7"]],
    ],
    [
      "mustBeOneOf",
      (asked, value) => {
        mustBeOneOf(asked, value, ["a", "b", "c"]);
      },
      ["a", "c"],
      [
        ["d", '"d"', 'it must be "a", "b" or "c"'],
        [1, "1", 'it must be "a", "b" or "c"'],
      ],
    ],
    [
      "mustBeAtLeast",
      (asked, value) => {
        mustBeAtLeast(asked, value, 3);
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
      (asked, value) => {
        mustBeAbsent(asked, value, "remove it");
      },
      [MISSING, null],
      [["", '""', "remove it"]],
    ],
  ];

  it.each(rows)("%s accepts, refuses and leaves an unknown open", async (_, ask, right, wrong) => {
    for (const value of right) expect(await said(ask, value)).toEqual([]);
    for (const [value, shown, wanted] of wrong) {
      expect(await said(ask, value)).toEqual(not(shown, wanted));
    }
    expect(await said(ask, UNKNOWN)).toEqual(["undecided"]);
  });

  it("takes what is not known yet for written", async () => {
    const ask = (asked: Asked, value: Value): void => {
      mustBeWritten(asked, value, "write it");
    };
    for (const value of [UNKNOWN, 0, false, "x", [1], {}])
      expect(await said(ask, value)).toEqual([]);
    expect(await said(ask, MISSING)).toEqual(not("missing", "write it"));
    expect(await said(ask, "")).toEqual(not('""', "write it"));
    expect(await said(ask, [])).toEqual(not("[]", "write it"));
  });

  it("lists the elements, and leaves an unknown list open", async () => {
    const ask = (asked: Asked, value: Value): void => {
      for (const element of elements(asked, value)) mustBe(asked, element, 1);
    };
    for (const value of [MISSING, "x", [], [1]]) expect(await said(ask, value)).toEqual([]);
    expect(await said(ask, [1, 2])).toEqual(['Thing "t": size[1] is 2; it must be 1.']);
    expect(await said(ask, UNKNOWN)).toEqual(["undecided"]);
  });

  it("names the part", async () => {
    const ask = (asked: Asked, value: Value): void => {
      mustBe({ ...asked, part: 'door "left"' }, value, 1);
    };
    expect(await said(ask, 2)).toEqual(['Thing "t", door "left": size is 2; it must be 1.']);
  });
});
