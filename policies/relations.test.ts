import { describe, expect, it } from "vitest";
import type { Policy, Stack } from "./policy";
import { ADVICE, nameOf } from "./policy";
import { Relations } from "./relations";
import { UNKNOWN, evaluate, urnOf, type Fixture } from "./testing";
import { unknownValues } from "./unknown-values";

const pond: Fixture = { type: "aws:x/pond:Pond", name: "pond", props: { title: "deep" } };
const fish = (name: string, props: object, propertyDependencies = {}): Fixture => ({
  type: "aws:x/fish:Fish",
  name,
  props: { ...props },
  propertyDependencies,
});

const TESTED = {
  name: "fish",
  title: "Fish",
  clause: { reference: "PO-04" },
  severity: "low",
  themes: ["governance"],
  prevents: "Nothing.",
  description: "Ponds have fish.",
  remediation: "Write it.",
  enforcement: ADVICE,
} as const;

const fishIn = (stack: Stack, nameIn?: (text: string) => string | undefined): Relations =>
  new Relations({
    from: stack.of("aws:x/fish:Fish"),
    by: "pond",
    to: stack.of("aws:x/pond:Pond", "aws:x/pool:Pool"),
    name: "title",
    ...(nameIn === undefined ? {} : { nameIn }),
  });

type NameIn = (text: string) => string | undefined;

/** The resources that refer to the pond. */
async function fishOf(fixture: readonly Fixture[], nameIn?: NameIn): Promise<readonly string[]> {
  const policy: Policy = {
    ...TESTED,
    check: {
      kind: "stack",
      run: (stack, context) => {
        const all = fishIn(stack, nameIn);
        for (const resource of stack.of("aws:x/pond:Pond")) {
          context.report(`It has ${all.of(resource).map(nameOf).join(", ")}.`);
        }
      },
    },
  };
  return (await evaluate([policy], [pond, ...fixture])).map(({ message }) => message);
}

/** The unknowns about the pond. */
async function openOf(pond: Fixture, ...fixture: readonly Fixture[]): Promise<readonly string[]> {
  const policy: Policy = {
    ...TESTED,
    check: {
      kind: "stack",
      run: (stack, context) => {
        const all = fishIn(stack);
        for (const resource of stack.of("aws:x/pond:Pond")) {
          const isOpen = all.mayBeMore(resource, context);
          context.report(isOpen ? "Open." : "Certain.", resource.urn);
        }
      },
    },
  };
  const found = await evaluate([policy, unknownValues], [pond, ...fixture]);
  return found.map(({ message }) => message);
}

describe("what may be a reference", () => {
  const noted = "1 value is unknown until the update and will be checked then: fish (1).";
  const unnamed = { ...pond, props: { title: UNKNOWN } };

  it("is one that does not come from the referenced types, whatever their parents", async () => {
    expect(await openOf(pond, fish("a", { pond: UNKNOWN }))).toEqual(["Open.", noted]);
    const sea: Fixture = { type: "aws:x/sea:Sea", name: "b", props: {} };
    const other = fish("a", { pond: UNKNOWN }, { pond: [urnOf(sea)] });
    expect(await openOf(pond, sea, other)).toEqual(["Open.", noted]);
    for (const type of ["our:Park$aws:x/pond:Pond", "aws:x/pool:Pool"]) {
      const inside: Fixture = { type, name: "c", props: { title: "flat" } };
      const its = fish("a", { pond: UNKNOWN }, { pond: [urnOf(inside)] });
      expect(await openOf(pond, inside, its)).toEqual(["Certain."]);
    }
  });

  it("is any name, if the resource's own is unknown", async () => {
    expect(await openOf(unnamed, fish("a", { pond: "flat" }))).toEqual(["Open.", noted]);
    const own = { pond: [urnOf(pond)] };
    expect(await openOf(unnamed, fish("a", { pond: UNKNOWN }, own))).toEqual(["Certain."]);
    expect(await openOf(pond, fish("a", { pond: "flat" }))).toEqual(["Certain."]);
    expect(await openOf(unnamed)).toEqual(["Certain."]);
  });
});

describe("who refers to a resource", () => {
  const urn = urnOf(pond);

  it("is found by origin, by name, and once", async () => {
    const all = [
      fish("a", { pond: UNKNOWN }, { pond: [urn] }),
      fish("b", { pond: "deep" }),
      fish("c", { pond: "deep" }, { pond: [urn] }),
    ];
    expect(await fishOf(all)).toEqual(['It has Fish "a", Fish "c", Fish "b".']);
  });

  it("is found by the name in a text", async () => {
    const nameIn: NameIn = (text) => /^water:(.+)$/.exec(text)?.[1];
    const all = [fish("a", { pond: "water:deep" }), fish("b", { pond: "deep" })];
    expect(await fishOf(all, nameIn)).toEqual(['It has Fish "a".']);
  });

  it("is not found by other properties, names, types, or dependsOn", async () => {
    const all = [
      fish("a", { tags: UNKNOWN }, { tags: [urn] }),
      fish("b", { pond: "flat" }),
      fish("c", { pond: urn }),
      { ...fish("d", { pond: "deep" }), type: "aws:x/frog:Frog" },
      { ...fish("e", { pond: "flat" }), dependencies: [urn] },
    ];
    expect(await fishOf(all)).toEqual(["It has ."]);
  });
});
