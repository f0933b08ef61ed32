import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { errorsOf, previewFixture, resourceNamed, urnOf } from "./testing";

describe("each property's dependencies", () => {
  it("reach stack policies, also after a transform that does not change the properties", async () => {
    const preview = await previewFixture("property-dependencies.ts", {
      policyPackDir: join(__dirname, "fixtures/dependency-pack"),
    });
    expect(errorsOf(preview)).toEqual([]);
    expect(preview.policies.failures).toEqual([]);
    expect(preview.policies.violations.map(({ urn, message }) => [urn, message])).toEqual([
      [
        urnOf("test:index:Thing", "given"),
        "Says on what each property depends.\nboth: first second; nested: second; one: first",
      ],
      [
        urnOf("test:index:Thing", "watched"),
        "Says on what each property depends.\nboth: first second; nested: second; one: first",
      ],
    ]);
    // The library sends what a transform returns without the outputs' dependencies, so that only those of
    // the whole resource are left.
    expect(resourceNamed(preview, "transformed")).toMatchObject({
      dependencies: [urnOf("test:index:Thing", "first"), urnOf("test:index:Thing", "second")],
      inputs: { added: "x", moved: { $unknown: true }, one: { $unknown: true } },
    });
  });
});
