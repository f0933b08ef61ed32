import { describe, expect, it } from "vitest";
import { TARGET, hpa, scaledObject } from "../testing/autoscalers";
import { testPolicy } from "../testing/cases";
import { messages, type Fixture } from "../testing";
import type { Key } from "../values";

const HPA = 'HorizontalPodAutoscaler "shop/orders-hpa"';
const KEDA = 'ScaledObject "shop/orders"';

const vpa = (spec: object = {}): Fixture => ({
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
const meets = `${HPA}: spec.metrics[0].resource.name is "cpu"; VerticalPodAutoscaler "shop/orders-vpa" changes the same requests: scale on another metric, or remove the resource from its controlledResources.`;

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
  unknown: [
    [...CONTROLLED, "controlledResources"],
    ["spec", "resourcePolicy", "containerPolicies"],
    ["spec", "updatePolicy", "updateMode"],
    [1, "spec", "metrics"],
    [1, "spec", "metrics", 0, "resource", "name"],
  ],
});

describe("autoscaler-vertical-apart", () => {
  const reported = (...fixture: readonly Fixture[]): Promise<readonly string[]> =>
    messages("autoscaler-vertical-apart", fixture);
  const every = { resourcePolicy: undefined };

  it("does not apply to one that only recommends, or has another target", async () => {
    expect(await reported(vpa({ ...every, updatePolicy: { updateMode: "Off" } }), hpa())).toEqual(
      [],
    );
    expect(
      await reported(vpa({ ...every, targetRef: { ...TARGET, name: "cart" } }), hpa()),
    ).toEqual([]);
    expect(await reported(vpa({ ...every, updatePolicy: undefined }), hpa())).toEqual([meets]);
  });

  it("knows KEDA's triggers, and the default metric of an autoscaler", async () => {
    const triggers = [
      { type: "kafka" },
      { type: "memory", metricType: "AverageValue", metadata: {} },
    ];
    expect(await reported(vpa(), scaledObject({ triggers }))).toEqual([
      `${KEDA}: spec.triggers[1].type is "memory"; VerticalPodAutoscaler "shop/orders-vpa" changes the same requests: scale on another metric, or remove the resource from its controlledResources.`,
    ]);
    expect(await reported(vpa(every), hpa({ metrics: [] }))).toEqual([
      meets.replace('spec.metrics[0].resource.name is "cpu"', "spec.metrics is []"),
    ]);
    expect(
      await reported(vpa(every), hpa({ metrics: undefined, targetCPUUtilizationPercentage: 71 })),
    ).toEqual([
      meets.replace(
        'spec.metrics[0].resource.name is "cpu"',
        "spec.targetCPUUtilizationPercentage is 71",
      ),
    ]);
  });
});
