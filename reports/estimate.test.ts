import { describe, expect, it } from "vitest";
import type { PlannedResource } from "../offline/plan";
import { minutes } from "../systems/units";
import { estimate, type Objective } from "./estimate";
import { known, resource, RESOURCES, stackResource, urnOf } from "./fixtures/plan";

const clause = { ids: ["P5-07"], heading: "Recovery Objectives" };
const undocumented = (of: string, rto: number): Objective => ({ of, rto: minutes(rto), clause });
const objective = (of: string, rto: number, ...names: string[]): Objective => ({
  ...undocumented(of, rto),
  procedure: "docs/recovery.md#rebuild",
  names,
});

const deployment = (name: string, given: Partial<PlannedResource> = {}): PlannedResource =>
  resource({ type: "kubernetes:apps/v1:Deployment", name, ...given });
const component = (name: string, given: Partial<PlannedResource> = {}): PlannedResource =>
  resource({ type: "runstack:test:Box", name, custom: false, ...given });

describe("the critical path", () => {
  it("is the longest path through dependencies, from the first resource to the last", () => {
    const result = estimate(RESOURCES, []);
    expect(result.rebuildMinutes).toBe(17.1);
    expect(result.criticalPath).toEqual([
      known.vpc.urn,
      known.kafka.urn,
      known.topic.urn,
      known.backend.urn,
    ]);
  });

  it("is empty for an empty plan and for one of components only", () => {
    expect(estimate([], [])).toEqual({ rebuildMinutes: 0, criticalPath: [], objectives: [] });
    expect(estimate([stackResource], []).criticalPath).toEqual([]);
  });

  it("goes through the provider: nothing is created in a cluster that does not exist yet", () => {
    const cluster = known.cluster;
    const provider = resource({
      type: "pulumi:providers:kubernetes",
      name: "p",
      dependencies: [cluster.urn],
    });
    const inside = deployment("web", { provider: provider.urn });
    expect(estimate([known.vpc, cluster, provider, inside], []).criticalPath).toEqual([
      known.vpc.urn,
      cluster.urn,
      inside.urn,
    ]);
  });

  it("waits for every child of a component that something depends on", () => {
    const box = component("box");
    const quick = resource({
      type: "kubernetes:core/v1:ConfigMap",
      name: "quick",
      parent: box.urn,
    });
    const slow = deployment("slow", { parent: box.urn });
    const after = deployment("after", { dependencies: [box.urn] });
    const result = estimate([stackResource, box, quick, slow, after], []);
    expect(result.rebuildMinutes).toBe(3);
    expect(result.criticalPath).toEqual([slow.urn, after.urn]);
  });

  it("starts children only when their component's dependencies are done", () => {
    const first = deployment("first");
    const box = component("box", { dependencies: [first.urn] });
    const child = deployment("child", { parent: box.urn });
    expect(estimate([stackResource, first, box, child], []).criticalPath).toEqual([
      first.urn,
      child.urn,
    ]);
  });

  it("does not wait for its own ancestor", () => {
    const box = component("box");
    const child = deployment("child", { parent: box.urn, dependencies: [box.urn] });
    const result = estimate([stackResource, box, child], []);
    expect(result).toEqual({ rebuildMinutes: 1.5, criticalPath: [child.urn], objectives: [] });
  });

  it("terminates for circular dependencies, which no engine would accept", () => {
    const other = deployment("other", {
      dependencies: [urnOf("kubernetes:apps/v1:Deployment", "another")],
    });
    const another = deployment("another", { dependencies: [other.urn] });
    expect(estimate([other, another], []).criticalPath).toEqual([another.urn, other.urn]);
  });

  it("is the same whatever the order of dependencies", () => {
    const reversed = RESOURCES.map((r) => ({ ...r, dependencies: [...r.dependencies].reverse() }));
    expect(estimate(reversed, [])).toEqual(estimate(RESOURCES, []));
  });
});

describe("provisioning times", () => {
  const minutesOf = (type: string, inputs: PlannedResource["inputs"] = {}): number =>
    estimate([resource({ type, name: "x", inputs })], []).rebuildMinutes;
  const database = "digitalocean:index/databaseCluster:DatabaseCluster";

  it.each([
    ["a managed Kafka", database, { engine: "kafka" }, 15],
    ["a managed Valkey", database, { engine: "valkey" }, 6],
    ["an engine that the table does not know", database, { engine: "constructor" }, 10],
    ["an engine that is unknown until the update", database, { engine: { $unknown: true } }, 10],
    ["a chart by name", "kubernetes:helm.sh/v3:Release", { chart: "dapr" }, 3],
    ["a chart by address", "kubernetes:helm.sh/v3:Release", { chart: "oci://r.example/c/loki" }, 3],
    ["an unknown chart", "kubernetes:helm.sh/v3:Release", { chart: "toString" }, 2],
    ["a load balancer", "kubernetes:core/v1:Service", { spec: { type: "LoadBalancer" } }, 3],
    ["a cluster address", "kubernetes:core/v1:Service", { spec: { type: "ClusterIP" } }, 0.1],
    ["a random password", "random:index/randomPassword:RandomPassword", {}, 0],
    ["an unknown type", "acme:index/thing:Thing", {}, 1],
  ])("%s", (_, type, inputs, expected) => {
    expect(minutesOf(type, inputs)).toBe(expected);
  });
});

describe("objectives", () => {
  it("compare the whole path with the system's objective, and report whether it is met", () => {
    expect(
      estimate(RESOURCES, [objective("system", 17), objective("system", 18)]).objectives,
    ).toEqual([
      {
        of: "system",
        rtoMinutes: 17,
        estimateMinutes: 17.1,
        met: false,
        procedure: "docs/recovery.md#rebuild",
        clause: "P5-07: Recovery Objectives",
      },
      {
        of: "system",
        rtoMinutes: 18,
        estimateMinutes: 17.1,
        met: true,
        procedure: "docs/recovery.md#rebuild",
        clause: "P5-07: Recovery Objectives",
      },
    ]);
  });

  it("are not met without a procedure, however short the path", () => {
    const [found] = estimate(RESOURCES, [undocumented("system", 18)]).objectives;
    expect(found).toMatchObject({ estimateMinutes: 17.1, met: false });
    expect(found).not.toHaveProperty("procedure");
  });

  const of = (...given: Parameters<typeof objective>): number | undefined =>
    estimate(RESOURCES, [objective(...given)]).objectives[0]?.estimateMinutes;

  it("find a service by a whole word of its workload's name", () => {
    expect(of("backend", 60)).toBe(17.1);
    expect(of("dapr", 60)).toBe(9.4);
  });

  it("find a data service by engine if its name does not match", () => {
    expect(of("events", 60, "kafka")).toBe(15.1);
  });

  it("use a resource that points to an external service if no other resource matches", () => {
    expect(of("neon", 60, "todo-chatbot-secrets")).toBe(6.6);
  });

  it("only count resources in a namespace if the cluster still exists", () => {
    const namespace = { ...objective("namespace", 5), namespaces: ["todo-chatbot"] };
    const elsewhere = { ...objective("namespace", 5), namespaces: ["nowhere"] };
    // The namespace, its secret, and the backend.
    expect(estimate(RESOURCES, [namespace, elsewhere]).objectives).toMatchObject([
      { estimateMinutes: 1.7, met: true },
      { estimateMinutes: 17.1, met: false },
    ]);
  });

  it("fall back to the whole path if nothing is found: parts of words do not count", () => {
    expect(of("back", 60)).toBe(17.1);
    expect(of("dap", 60)).toBe(17.1);
  });
});
