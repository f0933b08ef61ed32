import { describe, expect, it } from "vitest";
import type { Policy } from "../policy";
import { ADVICE, nameOf } from "../policy";
import { UNKNOWN, evaluate, urnOf, type Fixture } from "../testing";
import { unknownValues } from "../unknown-values";
import { referring } from "./relations";

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

/** Who refers to the pond. */
async function fishOf(...fixture: readonly Fixture[]): Promise<readonly string[]> {
  const policy: Policy = {
    ...TESTED,
    check: {
      kind: "stack",
      run: (stack, context) => {
        const all = referring(stack.of("aws:x/fish:Fish"), "pondId", "pondName");
        for (const resource of stack.of("aws:x/pond:Pond")) {
          const own = all.to(resource, resource.props.get("title"), resource.props.get("none"));
          context.report(`It has ${own.map(nameOf).join(", ")}.`);
        }
      },
    },
  };
  return (await evaluate([policy], [pond, ...fixture])).map(({ message }) => message);
}

/** What is left open about the pond. */
async function openOf(pond: Fixture, ...fixture: readonly Fixture[]): Promise<readonly string[]> {
  const policy: Policy = {
    ...TESTED,
    check: {
      kind: "stack",
      run: (stack, context) => {
        const all = referring(stack.of("aws:x/fish:Fish"), "pondId", "pondName");
        for (const resource of stack.of("aws:x/pond:Pond")) {
          const isOpen = all.mayBe(resource, context, resource.props.get("title"));
          context.report(isOpen ? "Open." : "Certain.", resource.urn);
        }
      },
    },
  };
  return (await evaluate([policy, unknownValues], [pond, ...fixture])).map(
    ({ message }) => message,
  );
}

describe("what may be a reference", () => {
  const noted = "1 value is not known before the update and will be judged then: fish (1).";
  const unnamed = { ...pond, props: { title: UNKNOWN } };

  it("is one that comes from nothing of the resource's type, whatever its parent", async () => {
    expect(await openOf(pond, fish("a", { pondId: UNKNOWN }))).toEqual(["Open.", noted]);
    const sea: Fixture = { type: "aws:x/sea:Sea", name: "b", props: {} };
    const other = fish("a", { pondId: UNKNOWN }, { pondId: [urnOf(sea)] });
    expect(await openOf(pond, sea, other)).toEqual(["Open.", noted]);
    const inside: Fixture = { type: "our:Park$aws:x/pond:Pond", name: "c", props: {} };
    const own = { pondId: [urnOf(inside)] };
    expect(await openOf(pond, inside, fish("a", { pondId: UNKNOWN }, own))).toEqual(["Certain."]);
  });

  it("is any that is written, where the resource's own name is not known", async () => {
    expect(await openOf(unnamed, fish("a", { pondName: "flat" }))).toEqual(["Open.", noted]);
    const own = { pondId: [urnOf(pond)] };
    expect(await openOf(unnamed, fish("a", { pondId: UNKNOWN }, own))).toEqual(["Certain."]);
    expect(await openOf(pond, fish("a", { pondName: "flat" }))).toEqual(["Certain."]);
    expect(await openOf(unnamed)).toEqual(["Certain."]);
  });
});

describe("referring", () => {
  const urn = urnOf(pond);

  it("finds by origin, by name, and each once", async () => {
    expect(
      await fishOf(
        fish("a", { pondId: UNKNOWN }, { pondId: [urn] }),
        fish("b", { pondName: "deep" }),
        fish("c", { pondId: UNKNOWN, pondName: "deep" }, { pondId: [urn], pondName: [urn] }),
      ),
    ).toEqual(['It has Fish "a", Fish "c", Fish "b".']);
  });

  it("does not find by other properties, other names and other types", async () => {
    expect(
      await fishOf(
        fish("a", { tags: UNKNOWN }, { tags: [urn] }),
        fish("b", { pondName: "flat" }),
        fish("c", { pondName: urn }),
        { ...fish("d", { pondName: "deep" }), type: "aws:x/frog:Frog" },
      ),
    ).toEqual(["It has ."]);
  });
});
