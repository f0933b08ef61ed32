import { describe, expect, it } from "vitest";
import { CHARTS, DEFINITIONS } from "../../versions";
import { ofKind, register } from "../kit/testing";
import { applyContainer, Definitions } from "./definitions";

const make = (charts: readonly (keyof typeof DEFINITIONS)[]) =>
  register((options) => new Definitions("system-definitions", { charts }, options));

describe("Definitions", () => {
  it("applies the files of each chart's own release, server-side", () => {
    const args = applyContainer(["dapr", "strimzi"]).args as readonly string[];
    expect(args.slice(0, 4)).toEqual([
      "apply",
      "--server-side",
      "--force-conflicts",
      "--field-manager=runstack",
    ]);
    const files = args.slice(4);
    expect(files).toHaveLength(DEFINITIONS.dapr.length + DEFINITIONS.strimzi.length);
    expect(files).toContain(
      `--filename=https://raw.githubusercontent.com/dapr/dapr/v${CHARTS.dapr.version}/charts/dapr/crds/subscription.yaml`,
    );
    expect(files.every((file) => /=https:\/\/\S+\.yaml$/u.test(file))).toBe(true);
  });

  it("is one Job with the right to change definitions only, named by what it applies", async () => {
    const { resources, result } = await make(["dapr"]);
    const role = resources.find(({ type }) => type.endsWith(":ClusterRole"));
    expect(role?.inputs["rules"]).toEqual([
      {
        apiGroups: ["apiextensions.k8s.io"],
        resources: ["customresourcedefinitions"],
        verbs: ["get", "create", "patch"],
      },
    ]);
    expect(ofKind(resources, "Job").map(({ inputs }) => inputs)).toMatchObject([
      { metadata: { name: result.jobName } },
    ]);
    expect((await make(["dapr"])).result.jobName).toBe(result.jobName);
    expect((await make(["strimzi"])).result.jobName).not.toBe(result.jobName);
  });
});
