import { describe, expect, it } from "vitest";
import type { PlannedResource, PlanObject } from "../offline/plan";
import { differences } from "./differences";
import { replaces } from "./replacements";

const POOL = "digitalocean:index/kubernetesNodePool:KubernetesNodePool";

const pool = (inputs: PlanObject, protect = false): PlannedResource => ({
  urn: `urn:pulumi:test::runstack::${POOL}::pool`,
  type: POOL,
  name: "pool",
  parent: null,
  provider: null,
  custom: true,
  protect,
  dependencies: [],
  inputs,
});

const between = (before: PlannedResource[], after: PlannedResource[]) =>
  differences({ resources: before }, { resources: after }).map(
    ({ kind, paths, because, refused }) => ({ kind, paths, because, refused }),
  );

describe("from one plan to another", () => {
  it("nothing changes where the inputs are the same, unknowns included", () => {
    const inputs = { size: "s-4vcpu-8gb", clusterId: { $unknown: true }, labels: {} };
    expect(between([pool(inputs)], [pool({ ...inputs })])).toEqual([]);
  });

  it("an input changes in place", () => {
    expect(
      between([pool({ maxNodes: 6, taints: [1] })], [pool({ maxNodes: 7, taints: [2] })]),
    ).toEqual([{ kind: "update", paths: ["maxNodes", "taints"], because: [], refused: false }]);
  });

  it("an input that the cloud cannot change replaces the resource", () => {
    expect(between([pool({ size: "small", maxNodes: 6 })], [pool({ size: "large" })])).toEqual([
      { kind: "replace", paths: ["maxNodes", "size"], because: ["size"], refused: false },
    ]);
  });

  it("protection refuses a replacement and a deletion until it is lifted", () => {
    expect(between([pool({ size: "a" }, true)], [pool({ size: "b" }, true)])[0]?.refused).toBe(
      true,
    );
    expect(between([pool({ size: "a" }, true)], [pool({ size: "b" }, false)])[0]?.refused).toBe(
      false,
    );
    expect(between([pool({}, true)], [])).toEqual([
      { kind: "delete", paths: [], because: [], refused: true },
    ]);
  });

  it("something new is created", () => {
    expect(between([], [pool({}, true)])).toEqual([
      { kind: "create", paths: [], because: [], refused: false },
    ]);
  });
});

describe("a replacement", () => {
  const CLUSTER = "digitalocean:index/kubernetesCluster:KubernetesCluster";

  it.each([
    ["1.35.4-do.0", "1.36.1-do.0", false],
    ["1.36.1-do.0", "1.35.4-do.0", true],
    ["1.35.10-do.0", "1.35.9-do.0", true],
    ["1.35.9-do.0", "1.35.10-do.0", false],
  ])("follows from a lower version only: %s to %s", (before, after, expected) => {
    expect(replaces(CLUSTER, "version", before, after)).toBe(expected);
  });

  it("follows from everything below a path", () => {
    expect(replaces(CLUSTER, "nodePool.size", "a", "b")).toBe(true);
    expect(replaces(CLUSTER, "nodePool.nodeCount", 3, 5)).toBe(false);
    expect(replaces("gcp:container/cluster:Cluster", "ipAllocationPolicy.x", "a", "b")).toBe(true);
  });
});
