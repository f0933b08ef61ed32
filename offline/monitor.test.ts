import { beforeAll, describe, expect, it } from "vitest";
import type { Preview } from "./host";
import { errorsOf, previewFixture, resourceNamed, urnOf } from "./testing";

const undeclared =
  "The program calls the data source kubernetes:helm:template of package 'kubernetes', but an offline plan has no " +
  "declared answer for it. Pass the value in through configuration, or declare the answer in the table of invokes.";

describe("reads and packages", () => {
  let preview: Preview;
  beforeAll(async () => {
    preview = await previewFixture("reads.ts");
  });

  it("knows a read resource's id but not its state", () => {
    expect(errorsOf(preview)).toEqual([]);
    expect(resourceNamed(preview, "got")).toMatchObject({ external: true, inputs: { lookup: 4 } });
    expect(resourceNamed(preview, "user").inputs).toEqual({
      identifier: "cloud-id-1",
      size: { $unknown: true },
    });
    expect("external" in resourceNamed(preview, "user")).toBe(false);
  });

  it("registers the default provider of a parameterised package under the package's name", () => {
    expect(resourceNamed(preview, "shaped").provider).toBe(
      urnOf("pulumi:providers:shaped", "default_0_5_0"),
    );
    expect(resourceNamed(preview, "default_0_5_0").inputs).toEqual({ version: "0.5.0" });
  });
});

describe("what an offline plan cannot answer", () => {
  it("is an error for a data source, even if the program catches it", async () => {
    const preview = await previewFixture("undeclared.ts");
    expect(errorsOf(preview)).toEqual([undeclared]);
    expect(preview.outputs).toEqual({ looked: "swallowed" });
    expect(preview.failed).toBe(true);
  });

  it.each([
    [
      "stack-reference.ts",
      "StackReference 'org/project/stack' reads the outputs of another stack, which an offline plan cannot know. " +
        "Pass the values in through configuration.",
    ],
    [
      "remote.ts",
      "awsx:ec2:Vpc 'vpc' is a component that the plugin of package 'awsx' builds; an offline plan runs no plugins. " +
        "Use resources of the package directly, or plan with `pulumi preview`.",
    ],
    [
      "call.ts",
      "The program calls the method eks:index:Cluster/getKubeconfig, which the plugin of package 'eks' implements; " +
        "an offline plan runs no plugins. Pass the value in through configuration, or use `pulumi preview`.",
    ],
  ])("is one clear error in %s", async (program, message) => {
    const preview = await previewFixture(program);
    const errors = errorsOf(preview);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(message);
    expect(preview.failed).toBe(true);
  });
});

describe("a hook", () => {
  it("can be registered, but is not called", async () => {
    const preview = await previewFixture("hooks.ts");
    expect(errorsOf(preview)).toEqual([]);
    expect(resourceNamed(preview, "thing").custom).toBe(true);
    expect(preview.diagnostics).toEqual([]);
  });
});
