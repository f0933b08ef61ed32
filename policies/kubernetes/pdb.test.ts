import type * as k8s from "@pulumi/kubernetes";
import { describe, expect, it } from "vitest";
import { policyNamed } from "../catalog";
import { ADVICE } from "../policy";
import { testPolicy } from "../testing/cases";
import { LABELS, broken, deployment } from "../testing/fixtures";
import { UNKNOWN, UNKNOWN_OBJECT, messages, type Fixture } from "../testing";

const WHO = 'Deployment "shop/orders"';
const PDB = 'PodDisruptionBudget "shop/orders-pdb"';

const budget = (spec: object = { maxUnavailable: 1 }, name = "orders-pdb"): Fixture => ({
  type: "kubernetes:policy/v1:PodDisruptionBudget",
  name,
  props: {
    metadata: { name, namespace: "shop" },
    spec: {
      selector: { matchLabels: LABELS },
      unhealthyPodEvictionPolicy: "AlwaysAllow",
      ...spec,
    } satisfies k8s.types.input.policy.v1.PodDisruptionBudgetSpec,
  },
});

const hpa = (minReplicas: unknown): Fixture => ({
  type: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
  name: "hpa",
  props: {
    metadata: { name: "orders-hpa", namespace: "shop" },
    spec: { scaleTargetRef: { kind: "Deployment", name: "orders" }, minReplicas, maxReplicas: 9 },
  },
});

const replicas = (count: unknown): Fixture => broken(deployment(), ["spec", "replicas"], count);
/** A second workload with other names and the same labels: the other color. */
const colour = (count: number): Fixture => ({
  ...broken(replicas(count), ["metadata", "name"], "orders-green"),
  name: "green",
});

const NONE = `${WHO} has no PodDisruptionBudget; add a PodDisruptionBudget that selects its pods and allows one eviction.`;

testPolicy("workload-disruption-budget", {
  happy: () => [deployment(), budget()],
  broken: [
    { of: 1, at: ["metadata", "namespace"], to: "stock", says: NONE },
    {
      of: 1,
      at: ["spec", "selector", "matchLabels"],
      to: { "app.kubernetes.io/name": "cart" },
      says: NONE,
    },
    { of: 1, at: ["spec", "selector"], says: NONE },
    { of: 1, at: ["spec", "selector"], to: {}, says: [] },
    {
      of: 1,
      at: ["spec", "selector"],
      to: { matchExpressions: [{ key: "app.kubernetes.io/name", operator: "Exists" }] },
      says: [],
    },
    { of: 1, at: ["spec", "maxUnavailable"], to: 0, says: [] },
    { at: ["spec", "template", "metadata"], says: NONE },
    { of: 1, at: ["spec", "selector", "matchLabels"], to: { ...LABELS, tier: "web" }, says: NONE },
    { at: ["spec", "replicas"], to: 2, says: [] },
  ],
  unknown: [
    ["spec", "replicas"],
    ["spec", "template", "metadata", "labels"],
    ["spec", "template", "metadata", "labels", "app.kubernetes.io/name"],
    [1, "spec", "selector"],
    [1, "spec", "selector", "matchLabels", "app.kubernetes.io/name"],
  ],
});

describe("workload-disruption-budget", () => {
  const reported = (...fixture: readonly Fixture[]): Promise<readonly string[]> =>
    messages("workload-disruption-budget", fixture);

  it("refuses a second budget", async () => {
    expect(await reported(deployment(), budget(), budget({ maxUnavailable: 2 }, "again"))).toEqual([
      `${WHO} is selected by ${PDB} and PodDisruptionBudget "shop/again"; the API server does not evict a pod that two budgets select, so keep one.`,
    ]);
  });

  it("refuses a second budget of a single replica, but not where nothing runs", async () => {
    const two = [budget(), budget({ maxUnavailable: 2 }, "again")];
    expect(await reported(replicas(1), ...two)).toHaveLength(1);
    expect(await reported(replicas(0), ...two)).toEqual([]);
  });

  it("does not apply to a single replica, and uses the autoscaler's minimum", async () => {
    expect(await reported(replicas(1))).toEqual([]);
    expect(await reported(replicas(1), hpa(2))).toEqual([NONE]);
    expect(await reported(replicas(2))).toEqual([NONE]);
  });
});

const MIN = `${PDB}: spec.minAvailable is`;
const MAX = `${PDB}: spec.maxUnavailable is`;

testPolicy("pdb-allows-eviction", {
  happy: () => [budget({ maxUnavailable: 1 }), deployment()],
  broken: [
    { at: ["spec", "maxUnavailable"], to: "1%", says: [] },
    {
      at: ["spec", "maxUnavailable"],
      to: 0,
      says: `${MAX} 0; no pod may be evicted: set it to 1 or more.`,
    },
    {
      at: ["spec", "maxUnavailable"],
      to: "0%",
      says: `${MAX} "0%"; no pod may be evicted: set it to 1 or more.`,
    },
    {
      at: ["spec", "maxUnavailable"],
      to: "one",
      says: `${MAX} "one"; no pod may be evicted: set it to 1 or more.`,
    },
    {
      at: ["spec", "maxUnavailable"],
      says: `${MAX} missing; without it or minAvailable no pod may be evicted: set it to 1.`,
    },
  ],
  unknown: [
    ["spec", "maxUnavailable"],
    ["spec", "minAvailable"],
  ],
});

describe("pdb-allows-eviction", () => {
  const reported = (min: unknown, ...others: readonly Fixture[]): Promise<readonly string[]> =>
    messages("pdb-allows-eviction", [budget({ minAvailable: min }), ...others]);
  const held = (min: string, of: string, instead: string): readonly string[] => [
    `${MIN} ${min}; with ${of} no pod may be evicted: ${instead}.`,
  ];

  it.each([2, 0, "66%", "1%"])("accepts minAvailable %j of three", async (min) => {
    expect(await reported(min, deployment())).toEqual([]);
  });

  it.each([
    [3, "3"],
    [4, "4"],
    ["67%", '"67%"'],
    ["99%", '"99%"'],
    ["two", '"two"'],
  ])("refuses minAvailable %j of three", async (min, shown) => {
    expect(await reported(min, deployment())).toEqual(
      held(shown, "3 replicas", "set it to 2 or less"),
    );
  });

  it("suggests another field with one replica, and accepts zero replicas", async () => {
    expect(await reported(1, replicas(1))).toEqual(
      held("1", "1 replica", "use maxUnavailable 1 instead"),
    );
    expect(await reported(1, replicas(0))).toEqual([]);
  });

  it("refuses 100%, whatever is selected", async () => {
    expect(await reported("100%")).toEqual([
      `${MIN} "100%"; no pod may be evicted: use maxUnavailable 1 instead.`,
    ]);
    expect(await reported("99%")).toEqual([]);
    expect(await reported(7)).toEqual([]);
  });

  it("uses the autoscaler's minimum", async () => {
    expect(await reported(2, deployment(), hpa(2))).toEqual(
      held("2", "2 replicas", "set it to 1 or less"),
    );
    expect(await reported(2, deployment(), hpa(3))).toEqual([]);
  });

  it("counts all pods that the budget selects", async () => {
    expect(await reported(3, deployment(), colour(2))).toEqual([]);
    expect(await reported(5, deployment(), colour(2))).toEqual(
      held("5", "5 replicas", "set it to 4 or less"),
    );
  });

  it("counts unknown numbers of pods", async () => {
    const daemons: Fixture = { ...deployment(), type: "kubernetes:apps/v1:DaemonSet" };
    expect(await reported(9, daemons)).toEqual([]);
    expect(await reported(9, replicas(UNKNOWN))).toEqual([]);
    expect(await reported(9, replicas("3"))).toEqual([]);
    const labels = ["spec", "template", "metadata", "labels"];
    expect(await reported(9, deployment(), broken(colour(2), labels, UNKNOWN_OBJECT))).toEqual([]);
    const without = messages("pdb-allows-eviction", [
      budget({ minAvailable: 9, selector: undefined }),
      deployment(),
    ]);
    expect(await without).toEqual([]);
  });
});

it("is only advisory about a field with a default", () => {
  expect(policyNamed("pdb-unhealthy-eviction").enforcement).toEqual(ADVICE);
});

testPolicy("pdb-unhealthy-eviction", {
  happy: budget,
  broken: [
    { at: ["spec", "unhealthyPodEvictionPolicy"], to: "IfHealthyBudget", says: [] },
    {
      at: ["spec", "unhealthyPodEvictionPolicy"],
      says: `${PDB}: spec.unhealthyPodEvictionPolicy is missing; it must be "AlwaysAllow" or "IfHealthyBudget".`,
    },
    {
      at: ["spec", "unhealthyPodEvictionPolicy"],
      to: "Never",
      says: `${PDB}: spec.unhealthyPodEvictionPolicy is "Never"; it must be "AlwaysAllow" or "IfHealthyBudget".`,
    },
  ],
  unknown: [["spec", "unhealthyPodEvictionPolicy"], ["spec"]],
});
