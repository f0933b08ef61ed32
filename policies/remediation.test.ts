import { describe, expect, it } from "vitest";
import { each, expectEqual } from "./expect";
import type { Change, Policy } from "./policy";
import { ADVICE } from "./policy";
import { applyChanges } from "./remediation";
import { UNKNOWN, evaluate, remediated, secret, urnOf, type Fixture } from "./testing";

/** Requires every thing's `spec.size` to be 7, and its first door to be shut. */
const sized = (changes?: readonly Change[]): Policy => ({
  name: "thing-sized",
  title: "Things are sized",
  clause: { reference: "PO-04" },
  severity: "low",
  themes: ["governance"],
  prevents: "Nothing.",
  description: "Things have a size.",
  remediation: "Set size to 7.",
  enforcement: ADVICE,
  check: each(["a:b:Thing"], (check) => {
    expectEqual(check, check.resource.props.get("spec", "size"), 7);
  }),
  remediate: ({ props }) =>
    changes ??
    (props.get("spec", "size").number === 7 ? [] : [{ path: ["spec", "size"], value: 7 }]),
});

const thing = (props: Fixture["props"]): Fixture => ({ type: "a:b:Thing", name: "t", props });

describe("remedied", () => {
  it("writes values, and creates missing objects and lists", () => {
    const fixture = { a: { b: 1 }, n: null };
    expect(
      applyChanges(fixture, [
        { path: ["a", "b"], value: 2 },
        { path: ["n", "x"], value: 3 },
        { path: ["list", 0, "y"], value: 4 },
      ]),
    ).toBe(fixture);
    expect(fixture).toEqual({ a: { b: 2 }, n: { x: 3 }, list: [{ y: 4 }] });
  });

  it.each<[string, readonly Change[]]>([
    ["no change", []],
    [
      "a path through a text",
      [
        { path: ["ok"], value: 1 },
        { path: ["text", "x"], value: 1 },
      ],
    ],
    [
      "a path through an unknown",
      [
        { path: ["ok"], value: 1 },
        { path: ["late", "x", "y"], value: 1 },
      ],
    ],
    ["a path to nowhere", [{ path: [], value: 1 }]],
  ])("changes nothing for %s", (_, changes) => {
    const fixture = { text: "plain", late: UNKNOWN };
    expect(applyChanges(fixture, changes)).toBeUndefined();
    expect(fixture).toEqual({ text: "plain", late: UNKNOWN });
  });
});

describe("a policy at the level remediate", () => {
  it("changes what it would report, and nothing else", async () => {
    const fixture = thing({ spec: { size: 3, colour: "red" }, late: UNKNOWN });
    const after = await remediated([sized()], fixture);
    expect(after).toEqual({ spec: { size: 7, colour: "red" }, late: UNKNOWN });
    expect(await evaluate([sized()], [thing(after as Fixture["props"])])).toEqual([]);
    expect(await remediated([sized()], thing({ spec: { size: 7 } }))).toBeUndefined();
  });

  it("keeps secrets secret, next to the change and around it", async () => {
    expect(
      await remediated(
        [sized()],
        thing({ spec: secret({ size: 3, key: "k" }), other: secret("s") }),
      ),
    ).toEqual({ spec: secret({ size: 7, key: "k" }), other: secret("s") });
  });

  it("reads lists, and changes what is in them", async () => {
    const first: Policy = {
      ...sized(),
      remediate: ({ props }) =>
        props
          .get("doors")
          .list()
          .filter((door) => door.get("shut").boolean !== true)
          .map((door) => ({ path: [...door.keys, "shut"], value: true })),
    };
    const doors = [{ shut: true }, { shut: false, key: secret("k") }, {}];
    expect(await remediated([first], thing({ doors }))).toEqual({
      doors: [{ shut: true }, { shut: true, key: secret("k") }, { shut: true }],
    });
  });

  it("sees the changes of earlier policies", async () => {
    const door: Policy = {
      ...sized(),
      name: "thing-door",
      remediate: ({ props }) => [{ path: ["seen"], value: props.get("spec", "size").number }],
    };
    expect(await remediated([sized(), door], thing({}))).toEqual({ spec: { size: 7 }, seen: 7 });
  });

  it("does not change other types and exempt resources", async () => {
    expect(await remediated([sized()], { ...thing({}), type: "a:b:Other" })).toBeUndefined();
    const exemptions = [
      {
        policy: "thing-sized",
        resource: urnOf(thing({})),
        reason: "It grows.",
        owner: "us",
        expires: "2026-04-01",
      },
    ];
    expect(
      await remediated([sized()], thing({}), { policyContext: { exemptions } }),
    ).toBeUndefined();
  });
});
