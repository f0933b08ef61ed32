import { describe, expect, it } from "vitest";
import { each, knows, type Check } from "./expect";
import type { Policy } from "./policy";
import { ADVICE } from "./policy";
import {
  all,
  combine,
  expectRows,
  is,
  isAbsent,
  isAtLeast,
  isAtLeastSetting,
  isMissingOr,
  isNot,
  isOneOf,
  isOrMissing,
  isThat,
  isWritten,
  rules,
  where,
  withRemedy,
  type Expectation,
  type Rows,
} from "./rules";
import { UNKNOWN, evaluate, remediated, type Fixture, type Setting } from "./testing";
import { unknownValues } from "./unknown-values";

const THING = "a:b:Thing";
const BOX = "kubernetes:b:Box";
const isNotFlat = (check: Check): boolean => {
  const flat = check.resource.props.get("isFlat");
  return knows(check, flat) && flat.boolean !== true;
};

/** A policy as an author writes it: texts, and a table instead of a function. */
const policy = (rule: Pick<Policy, "check"> & Partial<Pick<Policy, "remediate">>): Policy => ({
  name: "thing",
  title: "Things",
  clause: { reference: "PO-04" },
  severity: "low",
  themes: ["governance"],
  prevents: "Nothing.",
  description: "Things.",
  remediation: "Write it.",
  enforcement: ADVICE,
  configuration: { properties: { least: { type: "integer", default: 2 } } },
  ...rule,
});

const things = policy(
  withRemedy(
    combine(
      rules([THING, BOX], {
        "lock.shut": is(true),
        size: isOrMissing(7),
        kind: isOrMissing("big", "write a big one"),
      }),
      rules(where([THING], isNotFlat), { lid: is(true) }),
    ),
  ),
);

const thing = (props: object, type = THING): Fixture => ({ type, name: "t", props: { ...props } });

async function reported(
  of: Policy,
  fixture: Fixture,
  setting: Setting = {},
): Promise<readonly string[]> {
  const found = await evaluate([of, unknownValues], [fixture], setting);
  return found.map(({ policy: by, message }) => (by === "thing" ? message : by));
}

const bad = { lock: { shut: false }, size: 3, kind: "small" };
const sentences = [
  'Thing "t": lock.shut is false; it must be true.',
  'Thing "t": size is 3; it must be 7 or missing.',
  'Thing "t": kind is "small"; write a big one.',
  'Thing "t": lid is missing; it must be true.',
];

describe("a table of rules", () => {
  it("reports violations row by row, table by table", async () => {
    expect(await reported(things, thing(bad))).toEqual(sentences);
    expect(await reported(things, thing(bad, "a:b:Other"))).toEqual([]);
  });

  it("checks only the rows of its type, in any version", async () => {
    const found = await reported(things, thing(bad, "kubernetes:b/v1beta1:Box"));
    expect(found).toEqual(sentences.slice(0, 3).map((line) => line.replace("Thing", "Box")));
  });

  it("accepts the right values, and a missing one if that is the default", async () => {
    expect(await reported(things, thing({ lock: { shut: true }, lid: true }))).toEqual([]);
    const all = { lock: { shut: true }, lid: true, size: 7, kind: "big" };
    expect(await reported(things, thing(all))).toEqual([]);
  });

  it("counts unknowns, and skips resources that the rows do not apply to", async () => {
    const open = { lock: UNKNOWN, size: UNKNOWN };
    expect(await reported(things, thing({ ...open, isFlat: true }))).toEqual(["undecided"]);
    const rest = { lock: { shut: true } };
    expect(await reported(things, thing({ ...rest, isFlat: UNKNOWN }))).toEqual(["undecided"]);
    expect(await reported(things, thing({ ...rest, isFlat: true }))).toEqual([]);
  });
});

describe("a path", () => {
  const of = (rows: Rows): Policy => policy({ check: rules([THING], rows) });

  it("leads through lists by number, and to each known element", async () => {
    const first = of({ "doors.0.shut": is(true) });
    expect(await reported(first, thing({ doors: [{ shut: false }, {}] }))).toEqual([
      'Thing "t": doors[0].shut is false; it must be true.',
    ]);
    const every = of({ "rooms[].doors[].shut": is(true), "names[]": isNot("*") });
    const rooms = [{ doors: [{ shut: true }, {}] }, UNKNOWN, {}, { doors: [{ shut: false }] }];
    expect(await reported(every, thing({ rooms, names: ["a", "*"] }))).toEqual([
      'Thing "t": rooms[0].doors[1].shut is missing; it must be true.',
      'Thing "t": rooms[3].doors[0].shut is false; it must be true.',
      'Thing "t": names[1] is "*"; it must not be "*".',
      "undecided",
    ]);
    expect(await reported(every, thing({ rooms: [], names: UNKNOWN }))).toEqual(["undecided"]);
    expect(await reported(every, thing({}))).toEqual([]);
  });

  it("starts at a part, if the rows apply to one", async () => {
    const parts = policy({
      check: each([THING], (check) => {
        for (const door of check.resource.props.get("doors").list()) {
          expectRows({ ...check, part: "door" }, door, { shut: is(true) });
        }
      }),
    });
    expect(await reported(parts, thing({ doors: [{}] }))).toEqual([
      'Thing "t", door: doors[0].shut is missing; it must be true.',
    ]);
  });
});

describe("an expectation", () => {
  const TESTS: readonly (readonly [string, Expectation, readonly unknown[], unknown, string])[] = [
    ["is", is(1, "write 1"), [1], 2, "write 1"],
    ["isNot", isNot("a"), ["b", undefined], "a", 'it must not be "a"'],
    ["isOneOf", isOneOf("a", "b"), ["a", "b"], "c", 'it must be "a" or "b"'],
    ["isAtLeast", isAtLeast(2), [2, 3], 1, "it must be 2 or more"],
    ["isWritten", isWritten("write it"), ["a", UNKNOWN], "", "write it"],
    ["isAbsent", isAbsent("remove it"), [undefined], "a", "remove it"],
    ["isThat", isThat(({ number = 0 }) => number > 1, "more"), [2], 1, "more"],
    ["isMissingOr", isMissingOr(({ number = 0 }) => number > 1, "more"), [2, undefined], 1, "more"],
  ];
  it.each(TESTS)("%s", async (_, expectation, right, wrong, expected) => {
    const one = policy({ check: rules([THING], { size: expectation }) });
    for (const size of right) expect(await reported(one, thing({ size }))).toEqual([]);
    const shown = JSON.stringify(wrong);
    expect(await reported(one, thing({ size: wrong }))).toEqual([
      `Thing "t": size is ${shown}; ${expected}.`,
    ]);
  });

  it("may be several, each with its message", async () => {
    const size = all(isWritten("write it"), isAtLeast(2, "write 2"));
    const one = policy({ check: rules([THING], { size }) });
    expect(await reported(one, thing({ size: 2 }))).toEqual([]);
    expect(await reported(one, thing({}))).toEqual([
      'Thing "t": size is missing; write it.',
      'Thing "t": size is missing; write 2.',
    ]);
  });

  it("may take its limit from the configuration", async () => {
    const rows: Rows = { size: isAtLeastSetting("least", 2) };
    const one = policy({ check: rules([THING], rows) });
    expect(await reported(one, thing({ size: 2 }))).toEqual([]);
    const setting = { configuration: { thing: { least: 5 } } };
    expect(await reported(one, thing({ size: 4 }), setting)).toEqual([
      'Thing "t": size is 4; it must be 5 or more.',
    ]);
  });
});

describe("the remediation of a table", () => {
  const after = (props: object): Promise<unknown> => remediated([things], thing(props));

  it("changes what is wrong and nothing else", async () => {
    expect(await after(bad)).toEqual({ lock: { shut: true }, size: 7, kind: "big", lid: true });
    expect(await after({ lid: true, other: 1 })).toEqual({
      lock: { shut: true },
      lid: true,
      other: 1,
    });
  });

  it("does not change right, unknown or unchecked values", async () => {
    expect(await after({ lock: { shut: true }, lid: true, size: UNKNOWN })).toBeUndefined();
    expect(await after({ lock: UNKNOWN, isFlat: true })).toBeUndefined();
    expect(await after({ lock: { shut: true }, isFlat: UNKNOWN })).toBeUndefined();
  });

  it("changes elements of a list, and only rows with a single right value", async () => {
    const doors = policy(
      withRemedy(rules([THING], { "doors[].shut": is(true), size: isAtLeast(2) })),
    );
    const props = { doors: [{ shut: true }, {}], size: 1 };
    expect(await remediated([doors], thing(props))).toEqual({
      doors: [{ shut: true }, { shut: true }],
      size: 1,
    });
  });
});
