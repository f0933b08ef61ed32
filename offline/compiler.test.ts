import { join } from "node:path";
import { expect, it } from "vitest";
import { errorsOf, previewFixture } from "./testing";

it("runs a policy pack in TypeScript, with the compiler that the runner registers", async () => {
  const preview = await previewFixture("property-dependencies.ts", {
    policyPackDir: join(__dirname, "fixtures/typescript-pack"),
  });
  expect(errorsOf(preview)).toEqual([]);
  expect(preview.policies.failures).toEqual([]);
  expect(preview.policies.violations.map(({ message }) => message)).toContain(
    "Reports every resource.\nfirst",
  );
});
