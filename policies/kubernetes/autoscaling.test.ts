import type * as k8s from "@pulumi/kubernetes";
import { describe, expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { broken, deployment } from "../testing/fixtures";
import { UNKNOWN, messages, type Given } from "../testing";
import type { Key } from "../values";

const CONTAINERS: readonly Key[] = ["spec", "template", "spec", "containers"];
const REQUESTS: readonly Key[] = [...CONTAINERS, 0, "resources", "requests"];
const HPA = 'HorizontalPodAutoscaler "shop/orders-hpa"';
const KEDA = 'ScaledObject "shop/orders"';
const WHO = 'Deployment "shop/orders"';
const TARGET = { apiVersion: "apps/v1", kind: "Deployment", name: "orders" };

const share = (name: string): k8s.types.input.autoscaling.v2.MetricSpec => ({
  type: "Resource",
  resource: { name, target: { type: "Utilization", averageUtilization: 67 } },
});
const ofContainer = (container: string): k8s.types.input.autoscaling.v2.MetricSpec => ({
  type: "ContainerResource",
  containerResource: {
    name: "cpu",
    container,
    target: { type: "Utilization", averageUtilization: 67 },
  },
});

const hpa = (spec: object = {}, name = "orders-hpa"): Given => ({
  type: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
  name,
  props: {
    metadata: { name, namespace: "shop" },
    spec: {
      scaleTargetRef: TARGET,
      minReplicas: 2,
      maxReplicas: 9,
      metrics: [share("cpu")],
      ...spec,
    },
  },
});

const scaledObject = (spec: object = {}): Given => ({
  type: "kubernetes:keda.sh/v1alpha1:ScaledObject",
  name: "keda",
  props: {
    metadata: { name: "orders", namespace: "shop" },
    spec: { scaleTargetRef: { name: "orders" }, minReplicaCount: 3, maxReplicaCount: 8, ...spec },
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
  undecided: [
    ["spec", "minReplicas"],
    ["spec", "maxReplicas"],
    [1, "spec", "minReplicaCount"],
  ],
});

describe("autoscaler-range", () => {
  const said = (...given: readonly Given[]): Promise<readonly string[]> =>
    messages("autoscaler-range", given);

  it("knows what holds where nothing is written", async () => {
    expect(await said(hpa({ minReplicas: undefined, maxReplicas: 1 }))).toEqual([
      range(HPA, "maxReplicas", "1", "spec.minReplicas, which is 1"),
    ]);
    const many = { minReplicaCount: 100, maxReplicaCount: undefined };
    expect(await said(scaledObject(many))).toEqual([
      range(KEDA, "maxReplicaCount", "missing", "spec.minReplicaCount, which is 100"),
    ]);
    expect(await said(scaledObject({ ...many, minReplicaCount: 99 }))).toEqual([]);
    expect(await said(scaledObject({ minReplicaCount: undefined, maxReplicaCount: 1 }))).toEqual(
      [],
    );
  });
});

const twice = (who: string, first: string): string =>
  `${who}: spec.scaleTargetRef.name is "orders"; ${first} scales the same: keep one, with the metrics of both.`;

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
  undecided: [
    ["spec", "scaleTargetRef", "name"],
    ["spec", "scaleTargetRef", "kind"],
    [2, "spec", "scaleTargetRef", "name"],
  ],
});

const vpa = (spec: object = {}): Given => ({
  type: "kubernetes:autoscaling.k8s.io/v1:VerticalPodAutoscaler",
  name: "vpa",
  props: {
    metadata: { name: "orders-vpa", namespace: "shop" },
    spec: {
      targetRef: TARGET,
      updatePolicy: { updateMode: "Auto" },
      resourcePolicy: {
        containerPolicies: [
          { containerName: "proxy" },
          { containerName: "*", controlledResources: ["memory"] },
        ],
      },
      ...spec,
    },
  },
});
const CONTROLLED: readonly Key[] = ["spec", "resourcePolicy", "containerPolicies", 1];
const meets = `${HPA}: spec.metrics[0].resource.name is "cpu"; VerticalPodAutoscaler "shop/orders-vpa" changes the same requests: scale by another metric, or take it out of its controlledResources.`;

testPolicy("autoscaler-vertical-apart", {
  happy: () => [vpa(), hpa()],
  broken: [
    { at: [...CONTROLLED, "controlledResources"], says: meets },
    { at: [...CONTROLLED, "controlledResources"], to: ["cpu"], says: meets },
    { at: ["spec", "resourcePolicy"], says: meets },
    {
      at: ["spec", "resourcePolicy"],
      to: { containerPolicies: [{ containerName: "*", mode: "Off" }] },
      says: [],
    },
    {
      of: 1,
      at: ["spec", "metrics", 0, "resource", "name"],
      to: "memory",
      says: meets.replace('"cpu"', '"memory"'),
    },
  ],
  undecided: [
    [...CONTROLLED, "controlledResources"],
    ["spec", "resourcePolicy", "containerPolicies"],
    ["spec", "updatePolicy", "updateMode"],
    [1, "spec", "metrics"],
    [1, "spec", "metrics", 0, "resource", "name"],
  ],
});

describe("autoscaler-vertical-apart", () => {
  const said = (...given: readonly Given[]): Promise<readonly string[]> =>
    messages("autoscaler-vertical-apart", given);
  const every = { resourcePolicy: undefined };

  it("asks nothing of one that only recommends, or has another target", async () => {
    expect(await said(vpa({ ...every, updatePolicy: { updateMode: "Off" } }), hpa())).toEqual([]);
    expect(await said(vpa({ ...every, targetRef: { ...TARGET, name: "cart" } }), hpa())).toEqual(
      [],
    );
    expect(await said(vpa({ ...every, updatePolicy: undefined }), hpa())).toEqual([meets]);
  });

  it("knows KEDA's triggers, and the metric of an autoscaler without any", async () => {
    const triggers = [
      { type: "kafka" },
      { type: "memory", metricType: "AverageValue", metadata: {} },
    ];
    expect(await said(vpa(), scaledObject({ triggers }))).toEqual([
      `${KEDA}: spec.triggers[1].type is "memory"; VerticalPodAutoscaler "shop/orders-vpa" changes the same requests: scale by another metric, or take it out of its controlledResources.`,
    ]);
    expect(await said(vpa(every), hpa({ metrics: [] }))).toEqual([
      meets.replace('spec.metrics[0].resource.name is "cpu"', "spec.metrics is []"),
    ]);
    expect(
      await said(vpa(every), hpa({ metrics: undefined, targetCPUUtilizationPercentage: 71 })),
    ).toEqual([
      meets.replace(
        'spec.metrics[0].resource.name is "cpu"',
        "spec.targetCPUUtilizationPercentage is 71",
      ),
    ]);
  });
});

const request = (who: string, resource: string, by = HPA): string =>
  `${WHO}, container "api": spec.template.spec.containers[0].resources.requests.${resource} is ${who}; ${by} measures the use as a share of it: write a quantity.`;
const limitRange = (limit: object, type = "Container"): Given => ({
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
  undecided: [
    CONTAINERS,
    [...CONTAINERS, 0],
    [1, "spec", "metrics"],
    [1, ...METRIC, "resource", "name"],
  ],
});

describe("autoscaler-requests", () => {
  const said = (...given: readonly Given[]): Promise<readonly string[]> =>
    messages("autoscaler-requests", given);
  const bare = broken(deployment(), REQUESTS);

  it("counts what a LimitRange fills in", async () => {
    const missing = [request("missing", "cpu")];
    expect(await said(bare, hpa())).toEqual(missing);
    expect(await said(bare, hpa(), limitRange({ defaultRequest: { cpu: "50m" } }))).toEqual([]);
    expect(await said(bare, hpa(), limitRange({ default: { cpu: "90m" } }))).toEqual([]);
    expect(await said(bare, hpa(), limitRange({ default: { memory: "9Mi" } }))).toEqual(missing);
    expect(await said(bare, hpa(), limitRange({ max: { cpu: "9" } }))).toEqual(missing);
    expect(await said(bare, hpa(), limitRange({ default: { cpu: "90m" } }, "Pod"))).toEqual(
      missing,
    );
    const elsewhere = broken(
      limitRange({ default: { cpu: "90m" } }),
      ["metadata", "namespace"],
      "stock",
    );
    expect(await said(bare, hpa(), elsewhere)).toEqual(missing);
  });

  it("asks nothing where the use is counted as it is", async () => {
    const absolute = {
      type: "Resource",
      resource: { name: "cpu", target: { type: "AverageValue", averageValue: "310m" } },
    };
    expect(await said(bare, hpa({ metrics: [absolute] }))).toEqual([]);
    const keda = (trigger: object): Given =>
      scaledObject({ triggers: [{ type: "cpu", ...trigger }] });
    expect(await said(bare, keda({ metricType: "AverageValue" }))).toEqual([]);
    expect(await said(bare, keda({ metadata: { type: "AverageValue" } }))).toEqual([]);
    const missing = [request("missing", "cpu", KEDA)];
    expect(await said(bare, keda({ metricType: "Utilization" }))).toEqual(missing);
    expect(await said(bare, keda({ metadata: { containerName: "api" } }))).toEqual(missing);
    expect(await said(bare, keda({ metricType: UNKNOWN }))).toEqual([]);
  });

  it("says nothing of a container that an unknown name may be", async () => {
    const hidden = broken(deployment(), [...CONTAINERS, 0, "name"], UNKNOWN);
    expect(await said(hidden, hpa({ metrics: [ofContainer("web")] }))).toEqual([]);
  });
});

testPolicy("autoscaled-replicas", {
  happy: () => [broken(deployment(), ["spec", "replicas"]), hpa()],
  broken: [
    {
      at: ["spec", "replicas"],
      to: 3,
      says: `${WHO}: spec.replicas is 3; ${HPA} scales it, and every update would set it back: remove it.`,
    },
    { at: ["spec", "replicas"], to: 0, says: [] },
  ],
  undecided: [],
});

describe("autoscaled-replicas", () => {
  it("asks nothing of what no autoscaler scales", async () => {
    expect(await messages("autoscaled-replicas", [deployment()])).toEqual([]);
  });
});
