import { describe, expect, it } from "vitest";
import { previewFixture } from "./testing";

describe("two runs of the same program", () => {
  it("return the same bytes, in spite of racing registrations", async () => {
    const [one, two] = [await previewFixture("racy.ts"), await previewFixture("racy.ts")];
    const bytes = (preview: typeof one): string =>
      JSON.stringify([preview.resources, preview.diagnostics, preview.outputs, preview.policies]);
    expect(one.resources).toHaveLength(42);
    expect(bytes(one)).toBe(bytes(two));
  });
});
