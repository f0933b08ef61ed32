import type * as k8s from "@pulumi/kubernetes";
import { describe, expect, it } from "vitest";
import { TARGET, hpa, scaledObject, share } from "../testing/autoscalers";
import { testPolicy } from "../testing/cases";
import { broken, deployment } from "../testing/fixtures";
import { UNKNOWN, messages, type Fixture } from "../testing";
import type { Key } from "../values";

const CONTAINERS: readonly Key[] = ["spec", "template", "spec", "containers"];
const REQUESTS: readonly Key[] = [...CONTAINERS, 0, "resources", "requests"];
const HPA = 'HorizontalPodAutoscaler "shop/orders-hpa"';
const KEDA = 'ScaledObject "shop/orders"';
const WHO = 'Deployment "shop/orders"';
const ofContainer = (container: string): k8s.types.input.autoscaling.v2.MetricSpec => ({
  type: "ContainerResource",
  containerResource: {
    name: "cpu",
    container,
    target: { type: "Utilization", averageUtilization: 67 },
  },
});

const range = (who: string, path: string, shown: string, min: string): string =>
  `${who}: spec.${path} is ${shown}; it must be above ${min}, or nothing is scaled.`;

testPolicy("autoscaler-range", {
  happy: () => [hpa(), scaledObject()],
  broken: [
    {
      at: ["spec", "maxReplicas"],
      to: 2,
      says: range(HPA, "maxReplicas", "2", "spec.minReplicas, which is 2"),
    },
    {
      at: ["spec", "maxReplicas"],
      says: range(HPA, "maxReplicas", "missing", "spec.minReplicas, which is 2"),
    },
    {
      at: ["spec", "minReplicas"],
      to: "2",
      says: range(HPA, "maxReplicas", "9", "spec.minReplicas, which is no number"),
    },
    { at: ["spec", "minReplicas"], says: [] },
    {
      at: ["spec", "maxReplicas"],
      to: "9",
      says: range(HPA, "maxReplicas", '"9"', "spec.minReplicas, which is 2"),
    },
    {
      of: 1,
      at: ["spec", "maxReplicaCount"],
      to: 3,
      says: range(KEDA, "maxReplicaCount", "3", "spec.minReplicaCount, which is 3"),
    },
    { of: 1, at: ["spec", "minReplicaCount"], says: [] },
    { of: 1, at: ["spec", "maxReplicaCount"], says: [] },
  ],
  unknown: [
    ["spec", "minReplicas"],
    ["spec", "maxReplicas"],
    [1, "spec", "minReplicaCount"],
  ],
});

describe("autoscaler-range", () => {
  const reported = (...fixture: readonly Fixture[]): Promise<readonly string[]> =>
    messages("autoscaler-range", fixture);

  it("knows the defaults", async () => {
    expect(await reported(hpa({ minReplicas: undefined, maxReplicas: 1 }))).toEqual([
      range(HPA, "maxReplicas", "1", "spec.minReplicas, which is 1"),
    ]);
    const many = { minReplicaCount: 100, maxReplicaCount: undefined };
    expect(await reported(scaledObject(many))).toEqual([
      range(KEDA, "maxReplicaCount", "missing", "spec.minReplicaCount, which is 100"),
    ]);
    expect(await reported(scaledObject({ ...many, minReplicaCount: 99 }))).toEqual([]);
    expect(
      await reported(scaledObject({ minReplicaCount: undefined, maxReplicaCount: 1 })),
    ).toEqual([]);
  });
});

const twice = (who: string, first: string): string =>
  `${who}: spec.scaleTargetRef.name is "orders"; ${first} scales the same workload: keep one, with the metrics of both.`;

testPolicy("autoscaler-alone", {
  happy: () => [
    hpa(),
    hpa({ scaleTargetRef: { ...TARGET, name: "cart" } }, "cart-hpa"),
    scaledObject({ scaleTargetRef: { name: "mail" } }),
  ],
  broken: [
    {
      of: 1,
      at: ["spec", "scaleTargetRef", "name"],
      to: "orders",
      says: twice('HorizontalPodAutoscaler "shop/cart-hpa"', HPA),
    },
    {
      of: 2,
      at: ["spec", "scaleTargetRef", "name"],
      to: "orders",
      says: twice(KEDA, HPA),
    },
    {
      of: 2,
      at: ["spec", "scaleTargetRef"],
      to: { kind: "StatefulSet", name: "orders" },
      says: [],
    },
  ],
  unknown: [
    ["spec", "scaleTargetRef", "name"],
    ["spec", "scaleTargetRef", "kind"],
    [2, "spec", "scaleTargetRef", "name"],
  ],
});

const request = (who: string, resource: string, by = HPA): string =>
  `${WHO}, container "api": spec.template.spec.containers[0].resources.requests.${resource} is ${who}; ${by} measures utilization relative to it: set a quantity.`;
const limitRange = (limit: object, type = "Container"): Fixture => ({
  type: "kubernetes:core/v1:LimitRange",
  name: "limits",
  props: {
    metadata: { name: "limits", namespace: "shop" },
    spec: { limits: [{ type, ...limit }] },
  },
});
const METRIC: readonly Key[] = ["spec", "metrics", 0];

testPolicy("autoscaler-requests", {
  happy: () => [deployment(), hpa()],
  broken: [
    { at: [...REQUESTS, "cpu"], says: request("missing", "cpu") },
    { at: [...REQUESTS, "memory"], says: [] },
    { at: [...REQUESTS.slice(0, -1), "limits"], says: [] },
    {
      of: 1,
      at: METRIC,
      to: share("ephemeral-storage"),
      says: request("missing", "ephemeral-storage"),
    },
    { of: 1, at: METRIC, to: ofContainer("api"), says: [] },
    {
      of: 1,
      at: METRIC,
      to: ofContainer("web"),
      says: `${HPA}: spec.metrics[0].containerResource.container is "web"; ${WHO} has no such container.`,
    },
    { at: [...REQUESTS.slice(0, -1)], to: { limits: { cpu: "700m" } }, says: [] },
    { of: 1, at: ["spec", "scaleTargetRef", "name"], to: "cart", says: [] },
  ],
  unknown: [
    CONTAINERS,
    [...CONTAINERS, 0],
    [1, "spec", "metrics"],
    [1, ...METRIC, "resource", "name"],
  ],
});

describe("autoscaler-requests", () => {
  const reported = (...fixture: readonly Fixture[]): Promise<readonly string[]> =>
    messages("autoscaler-requests", fixture);
  const bare = broken(deployment(), REQUESTS);

  it("counts a LimitRange's defaults", async () => {
    const missing = [request("missing", "cpu")];
    expect(await reported(bare, hpa())).toEqual(missing);
    expect(await reported(bare, hpa(), limitRange({ defaultRequest: { cpu: "50m" } }))).toEqual([]);
    expect(await reported(bare, hpa(), limitRange({ default: { cpu: "90m" } }))).toEqual([]);
    expect(await reported(bare, hpa(), limitRange({ default: { memory: "9Mi" } }))).toEqual(
      missing,
    );
    expect(await reported(bare, hpa(), limitRange({ max: { cpu: "9" } }))).toEqual(missing);
    expect(await reported(bare, hpa(), limitRange({ default: { cpu: "90m" } }, "Pod"))).toEqual(
      missing,
    );
    const elsewhere = broken(
      limitRange({ default: { cpu: "90m" } }),
      ["metadata", "namespace"],
      "stock",
    );
    expect(await reported(bare, hpa(), elsewhere)).toEqual(missing);
  });

  it("does not apply to absolute metrics", async () => {
    const absolute = {
      type: "Resource",
      resource: { name: "cpu", target: { type: "AverageValue", averageValue: "310m" } },
    };
    expect(await reported(bare, hpa({ metrics: [absolute] }))).toEqual([]);
    const keda = (trigger: object): Fixture =>
      scaledObject({ triggers: [{ type: "cpu", ...trigger }] });
    expect(await reported(bare, keda({ metricType: "AverageValue" }))).toEqual([]);
    expect(await reported(bare, keda({ metadata: { type: "AverageValue" } }))).toEqual([]);
    const missing = [request("missing", "cpu", KEDA)];
    expect(await reported(bare, keda({ metricType: "Utilization" }))).toEqual(missing);
    expect(await reported(bare, keda({ metadata: { containerName: "api" } }))).toEqual(missing);
    expect(await reported(bare, keda({ metricType: UNKNOWN }))).toEqual([]);
  });

  it("does not report a container that an unknown name may match", async () => {
    const hidden = broken(deployment(), [...CONTAINERS, 0, "name"], UNKNOWN);
    expect(await reported(hidden, hpa({ metrics: [ofContainer("web")] }))).toEqual([]);
  });
});

testPolicy("autoscaled-replicas", {
  happy: () => [broken(deployment(), ["spec", "replicas"]), hpa()],
  broken: [
    {
      at: ["spec", "replicas"],
      to: 3,
      says: `${WHO}: spec.replicas is 3; ${HPA} scales it, and every update would reset it: remove it.`,
    },
    { at: ["spec", "replicas"], to: 0, says: [] },
  ],
  unknown: [["spec", "replicas"], ["spec"]],
});

describe("autoscaled-replicas", () => {
  it("does not apply without an autoscaler", async () => {
    expect(await messages("autoscaled-replicas", [deployment()])).toEqual([]);
  });
});
