import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { spreadPods } from "./spread";

const by = (topologyKey: string) => ({
  maxSkew: 1,
  topologyKey,
  whenUnsatisfiable: "ScheduleAnyway",
  labelSelector: { matchLabels: { app: "shop" } },
});

describe("spreading pods", () => {
  it("is over zones and nodes, and over nodes alone where there are no zones", () => {
    expect(spreadPods({ app: "shop" }, ["a", "b"])).toEqual([
      by("topology.kubernetes.io/zone"),
      by("kubernetes.io/hostname"),
    ]);
    expect(spreadPods({ app: "shop" }, [])).toEqual([by("kubernetes.io/hostname")]);
  });

  it("counts only pods that share the given labels' values", () => {
    expect(spreadPods({ app: "shop" }, [], ["hash"])).toEqual([
      { ...by("kubernetes.io/hostname"), matchLabelKeys: ["hash"] },
    ]);
  });

  it("is written nowhere else, so that no component forgets clouds without zones", () => {
    const files = execFileSync(
      "git",
      ["grep", "-l", "topologySpreadConstraints: \\[", "--", "components", ":!*.test.ts"],
      { encoding: "utf8" },
    );
    expect(files.trim().split("\n")).toEqual([
      // On AWS only, where every node has a zone.
      "components/clouds/aws/eks/addons.ts",
      // By zone alone, beside an anti-affinity by node that is scored by itself.
      "components/observability/chart-values.ts",
    ]);
  });
});
