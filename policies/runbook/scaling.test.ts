import { describe, expect, it } from "vitest";
import { percent } from "../../systems/units";
import { shop } from "../testing/system";
import { UNKNOWN, evaluate, messages, type Fixture } from "../testing";
import { policyNamed } from "../catalog";
import { unknownValues } from "../unknown-values";
import { clause, shopWith } from "../testing/runbook";

const [orders, cart] = shop.services;
if (orders === undefined || cart === undefined) throw new Error("The fixture has two services.");
const deployment = (name: string, spec: object = {}): Fixture => ({
  type: "kubernetes:apps/v1:Deployment",
  name,
  props: { metadata: { name, namespace: "shop" }, spec },
});
const hpa = (name: string, metrics?: unknown): Fixture => ({
  type: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
  name,
  props: {
    metadata: { name, namespace: "shop" },
    spec: { scaleTargetRef: { kind: "Deployment", name }, metrics },
  },
});
const keda = (name: string, ...triggers: readonly object[]): Fixture => ({
  type: "kubernetes:keda.sh/v1alpha1:ScaledObject",
  name,
  props: { metadata: { name, namespace: "shop" }, spec: { scaleTargetRef: { name }, triggers } },
});

describe("runbook-autoscaler", () => {
  const scaling = { ...orders.scaling, ...clause("Scaling") };
  const setting = shopWith({ services: [{ ...orders, scaling }, cart] });
  const reported = (fixture: readonly Fixture[], as = setting): Promise<readonly string[]> =>
    messages("runbook-autoscaler", fixture, as);
  const text =
    'Deployment "shop/shop-orders" has no autoscaler; the runbook "Shop Runbook" requires it (Scaling): 2 to 7 replicas.';

  it("requires one for a running service", async () => {
    expect(await reported([deployment("shop-orders"), hpa("shop-orders")])).toEqual([]);
    expect(await reported([deployment("shop-orders"), keda("shop-orders")])).toEqual([]);
    expect(await reported([deployment("shop-orders")])).toEqual([text]);
    expect(await reported([deployment("shop-orders"), hpa("other")])).toEqual([text]);
    expect(await reported([])).toEqual([]);
  });

  it("accepts one color's, and reports once for both", async () => {
    const both = [deployment("cart-blue"), deployment("cart-green")];
    expect(await reported([...both, hpa("cart-green")])).toEqual([]);
    expect(await reported(both)).toHaveLength(1);
  });

  it("requires none if the size is fixed, or turned off", async () => {
    expect(await reported([deployment("shop-orders", { replicas: 0 })])).toEqual([]);
    const fixed = { ...scaling, replicas: { min: 3, max: 3 } };
    expect(
      await reported(
        [deployment("shop-orders")],
        shopWith({ services: [{ ...orders, scaling: fixed }] }),
      ),
    ).toEqual([]);
    const still = { ...scaling, triggers: [] };
    expect(
      await reported(
        [deployment("shop-orders")],
        shopWith({ services: [{ ...orders, scaling: still }] }),
      ),
    ).toEqual([]);
  });
});

describe("runbook-scaling-triggers", () => {
  const triggers = [
    { kind: "cpu", utilization: percent(65) },
    { kind: "memory", utilization: percent(85) },
    { kind: "lag", topic: "order-placed", group: "g", perPod: 40 },
    { kind: "requestRate", perSecondPerPod: 9 },
    { kind: "gauge", metric: "m", perPod: 3 },
  ] as const;
  const setting = shopWith({ services: [{ ...orders, scaling: { ...orders.scaling, triggers } }] });
  const reported = (...fixture: readonly Fixture[]): Promise<readonly string[]> =>
    messages("runbook-scaling-triggers", fixture, setting);
  const cpu = (value: unknown = "65"): object => ({ type: "cpu", metadata: { value } });
  const memory = { type: "memory", metadata: { value: "85" } };
  const lag = (lagThreshold: unknown = "40", topic: unknown = "order-placed"): object => ({
    type: "kafka",
    metadata: { lagThreshold, topic },
  });
  const at = 'ScaledObject "shop/shop-orders"';
  const lags = 'the runbook scales orders at a lag of 40 events of "order-placed" per pod.';

  it("accepts the runbook's values", async () => {
    expect(await reported(keda("shop-orders", cpu(), memory, lag(), lag("7", "other")))).toEqual(
      [],
    );
    expect(await reported(keda("shop-orders", cpu(65), memory, lag(40)))).toEqual([]);
  });

  it("reports a different value, and a missing trigger", async () => {
    expect(await reported(keda("shop-orders", cpu("66"), memory, lag()))).toEqual([
      `${at}: spec.triggers[0].metadata.value is "66"; the runbook scales orders at 65% cpu.`,
    ]);
    expect(await reported(keda("shop-orders", cpu(), memory, lag("41")))).toEqual([
      `${at}: spec.triggers[2].metadata.lagThreshold is "41"; ${lags}`,
    ]);
    expect(await reported(keda("shop-orders", cpu(), memory, lag(null)))).toEqual([
      `${at}: spec.triggers[2].metadata.lagThreshold is missing; ${lags}`,
    ]);
    expect(await reported(keda("shop-orders", cpu(), lag("40", "x")))).toEqual([
      `${at} does not scale on it: the runbook scales orders at 85% memory.`,
      `${at} does not scale on it: ${lags}`,
    ]);
    expect(await reported(keda("other", cpu("1")))).toEqual([]);
  });

  it("knows KEDA's default threshold, and metrics of a pod or a container", async () => {
    const ten = { kind: "lag", topic: "t", group: "g", perPod: 10 } as const;
    const as = shopWith({
      services: [{ ...orders, scaling: { ...orders.scaling, triggers: [ten] } }],
    });
    const bare = keda("shop-orders", { type: "kafka", metadata: { topic: "t" } });
    expect(await messages("runbook-scaling-triggers", [bare], as)).toEqual([]);
    const both = { ...orders.scaling, triggers: triggers.slice(0, 2) };
    const plain = shopWith({ services: [{ ...orders, scaling: both }] });
    const target = (averageUtilization: unknown) => ({ target: { averageUtilization } });
    const metrics = (percentage: unknown): unknown => [
      { resource: { name: "cpu", ...target(percentage) } },
      { containerResource: { name: "memory", ...target(85) } },
    ];
    const of = (fixture: unknown): Promise<readonly string[]> =>
      messages("runbook-scaling-triggers", [hpa("shop-orders", fixture)], plain);
    expect(await of(metrics(65))).toEqual([]);
    expect(await of(metrics(undefined))).toEqual([
      'HorizontalPodAutoscaler "shop/shop-orders": spec.metrics[0].resource.target.averageUtilization is missing; the runbook scales orders at 65% cpu.',
    ]);
    expect(await of(metrics(UNKNOWN))).toEqual([]);
    expect(await of(UNKNOWN)).toEqual([]);
    const found = await evaluate(
      [policyNamed("runbook-scaling-triggers"), unknownValues],
      [hpa("shop-orders", UNKNOWN)],
      plain,
    );
    expect(found.map(({ policy }) => policy)).toEqual(["undecided"]);
  });

  it("counts an unknown topic", async () => {
    expect(await reported(keda("shop-orders", cpu(), memory, lag("40", UNKNOWN)))).toEqual([]);
  });
});
