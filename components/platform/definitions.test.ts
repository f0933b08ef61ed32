import { describe, expect, it } from "vitest";
import { CHARTS, DEFINITIONS } from "../../versions";
import { ofKind, register } from "../kit/testing";
import { applyContainer, Definitions, definitionsJob } from "./definitions";

const make = (charts: readonly (keyof typeof DEFINITIONS)[]) =>
  register((options) => new Definitions("system-definitions", { charts }, options));

describe("Definitions", () => {
  it("applies the files of each chart's own release, server-side", () => {
    const args = applyContainer("dapr").args as readonly string[];
    expect(args.slice(0, 4)).toEqual([
      "apply",
      "--server-side",
      "--force-conflicts",
      "--field-manager=runstack",
    ]);
    const files = args.slice(4);
    expect(files).toHaveLength(DEFINITIONS.dapr.length);
    expect(files).toContain(
      `--filename=https://raw.githubusercontent.com/dapr/dapr/v${CHARTS.dapr.version}/charts/dapr/crds/subscription.yaml`,
    );
    expect(files.every((file) => /=https:\/\/\S+\.yaml$/u.test(file))).toBe(true);
  });

  it("may change definitions only", async () => {
    const { resources } = await make(["dapr"]);
    const role = resources.find(({ type }) => type.endsWith(":ClusterRole"));
    expect(role?.inputs["rules"]).toEqual([
      {
        apiGroups: ["apiextensions.k8s.io"],
        resources: ["customresourcedefinitions"],
        verbs: ["get", "create", "patch"],
      },
    ]);
  });

  it("is a Job a chart, so that an upgrade of one leaves the definitions of the others alone", async () => {
    const jobs = async (...charts: (keyof typeof DEFINITIONS)[]) => {
      const { resources, result } = await make(charts);
      const found = ofKind(resources, "Job");
      expect(result.ready).toHaveLength(found.length);
      return found.map(({ inputs }) => (inputs["metadata"] as { name: string }).name);
    };
    const [dapr = ""] = await jobs("dapr");
    expect(dapr).toMatch(/^dapr-[0-9a-f]{10}$/u);
    expect(dapr).toBe(definitionsJob("dapr"));
    expect(await jobs("dapr", "strimzi")).toEqual([
      dapr,
      expect.stringMatching(/^strimzi-kafka-operator-[0-9a-f]{10}$/u),
    ]);
  });
});
