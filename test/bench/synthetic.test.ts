/** That the benchmark still measures something: its program must be one that the settings accept. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { previewStack } from "../../offline/host";
import { loadStack } from "../../offline/stack-files";

it("plans the services that it was asked for", async () => {
  const projectDir = join(__dirname, "synthetic");
  const stack = loadStack(projectDir, "services-10");
  const { failed, diagnostics, resources } = await previewStack({ projectDir, stack });
  expect([failed, diagnostics.filter(({ severity }) => severity === "error")]).toEqual([false, []]);
  const services = resources.filter(
    ({ type, name }) => type === "kubernetes:apps/v1:Deployment" && name.includes("-service-"),
  );
  expect(services).toHaveLength(10);
});
