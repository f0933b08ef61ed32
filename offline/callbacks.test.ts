import { describe, expect, it } from "vitest";
import { errorsOf, previewFixture, resourceNamed, urnOf } from "./testing";

describe("transforms", () => {
  it("run in the program: the resource's own, then its parents', then the stack's", async () => {
    const asked: unknown[] = [];
    const preview = await previewFixture("transforms.ts", {
      invokes: {
        "test:index:lookup": (args) => {
          asked.push(args);
          return { found: "it" };
        },
      },
    });
    expect(errorsOf(preview)).toEqual([]);
    expect(resourceNamed(preview, "own").inputs).toEqual({
      order: "program own stack",
      secret: { $secret: true },
      unknown: { $unknown: true },
    });
    expect(resourceNamed(preview, "box-inner").inputs).toEqual({ order: "program box stack" });
    expect(resourceNamed(preview, "own").protect).toBe(true);
    expect(resourceNamed(preview, "own").options?.ignoreChanges).toEqual(["order"]);
    expect(resourceNamed(preview, "own").dependencies).toEqual([urnOf("test:index:Thing", "base")]);
    expect(asked).toEqual([{ name: "changed" }]);
    expect(preview.outputs).toEqual({ answer: { found: "it" } });
  });
});
