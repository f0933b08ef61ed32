import { describe, expect, it } from "vitest";
import type { Policy } from "../policy";
import { ADVICE, nameOf } from "../policy";
import { UNKNOWN, judge, urnOf, type Given } from "../testing";
import { referring } from "./relations";

const pond: Given = { type: "aws:x/pond:Pond", name: "pond", props: { title: "deep" } };
const fish = (name: string, props: object, propertyDependencies = {}): Given => ({
  type: "aws:x/fish:Fish",
  name,
  props: { ...props },
  propertyDependencies,
});

/** Who refers to the pond. */
async function fishOf(...given: readonly Given[]): Promise<readonly string[]> {
  const policy: Policy = {
    name: "fish",
    title: "Fish",
    clause: { reference: "PO-04" },
    severity: "low",
    themes: ["governance"],
    prevents: "Nothing.",
    description: "Ponds have fish.",
    remediation: "Write it.",
    enforcement: ADVICE,
    check: {
      kind: "stack",
      run: (stack, context) => {
        const all = referring(stack, ["aws:x/fish:Fish"], "pondId", "pondName");
        for (const resource of stack.of("aws:x/pond:Pond")) {
          const own = all.to(resource, resource.props.get("title").text, undefined);
          context.report(`It has ${own.map(nameOf).join(", ")}.`);
        }
      },
    },
  };
  return (await judge([policy], [pond, ...given])).map(({ message }) => message);
}

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
