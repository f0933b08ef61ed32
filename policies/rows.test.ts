import { describe, expect, it } from "vitest";
import { rowsOf, type Rows } from "./rows";
import type { Policy } from "./policy";
import { ADVICE } from "./policy";
import { UNKNOWN, evaluate, remediated, type Fixture } from "./testing";
import { unknownValues } from "./unknown-values";

const table: Rows = {
  "a:b:Thing": [
    { at: ["lock", "shut"], is: true },
    { at: ["size"], is: 7, orMissing: true },
    { at: ["kind"], is: "big", orMissing: true, message: "write a big one" },
    { at: ["lid"], is: true, unless: (props) => props.get("isFlat").boolean === true },
  ],
};

const policy: Policy = {
  name: "thing",
  title: "Things",
  clause: { reference: "PO-04" },
  severity: "low",
  themes: ["governance"],
  prevents: "Nothing.",
  description: "Things.",
  remediation: "Write it.",
  enforcement: ADVICE,
  ...rowsOf(table),
};

const thing = (props: Fixture["props"], type = "a:b:Thing"): Fixture => ({
  type,
  name: "t",
  props,
});
const bad = { lock: { shut: false }, size: 3, kind: "small" };
const sentences = [
  'Thing "t": lock.shut is false; it must be true.',
  'Thing "t": size is 3; it must be 7 or missing.',
  'Thing "t": kind is "small"; write a big one.',
  'Thing "t": lid is missing; it must be true.',
];

describe("rowsOf", () => {
  const reported = async (fixture: Fixture): Promise<readonly string[]> => {
    const found = await evaluate([policy, unknownValues], [fixture]);
    return found.map(({ policy: by, message }) => (by === "thing" ? message : by));
  };

  it("says what is wrong, row by row", async () => {
    expect(await reported(thing(bad))).toEqual(sentences);
    expect(await reported(thing(bad, "a:b:Other"))).toEqual([]);
  });

  it("accepts the right values, and nothing where that stands for them", async () => {
    expect(await reported(thing({ lock: { shut: true }, lid: true }))).toEqual([]);
    const all = { lock: { shut: true }, lid: true, size: 7, kind: "big" };
    expect(await reported(thing(all))).toEqual([]);
  });

  it("leaves unknowns open, and rows out that are not about the resource", async () => {
    const fixture = thing({ lock: UNKNOWN, size: UNKNOWN, isFlat: true });
    expect(await reported(fixture)).toEqual(["undecided"]);
  });

  it("writes what is wrong and nothing else", async () => {
    expect(await remediated([policy], thing(bad))).toEqual({
      lock: { shut: true },
      size: 7,
      kind: "big",
      lid: true,
    });
    expect(await remediated([policy], thing({ lid: true, other: 1 }))).toEqual({
      lock: { shut: true },
      lid: true,
      other: 1,
    });
    const right = { lock: { shut: true }, lid: true, size: UNKNOWN };
    expect(await remediated([policy], thing(right))).toBeUndefined();
  });
});
