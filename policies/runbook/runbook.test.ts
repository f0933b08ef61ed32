import { describe, expect, it } from "vitest";
import { broken } from "../testing/fixtures";
import { shop } from "../testing/system";
import { UNKNOWN, messages, type Fixture, type Setting } from "../testing";

const SHOP: Setting = { policyContext: { system: shop } };
const RULE = ["spec", "groups", 0, "rules", 0] as const;

const rules = (): Fixture => ({
  type: "kubernetes:monitoring.coreos.com/v1:PrometheusRule",
  name: "alerts",
  props: {
    metadata: { name: "alerts", namespace: "shop" },
    spec: {
      groups: [
        {
          name: "errors",
          rules: [
            { alert: "ErrorsHigh", for: "5m", labels: { severity: "warning" }, expr: "a" },
            { alert: "ErrorsHigh", for: "1m30s", labels: { severity: "critical" }, expr: "b" },
            { record: "errors:rate5m", expr: "c" },
          ],
        },
      ],
    },
  },
});

describe("runbook-alerts", () => {
  const reported = (fixture: readonly Fixture[], setting = SHOP): Promise<readonly string[]> =>
    messages("runbook-alerts", fixture, setting);
  const gone = (severity: string): string =>
    `Alert "ErrorsHigh" with severity "${severity}" is not in any PrometheusRule; the runbook "Shop Runbook" requires it (Alerting / Errors).`;

  it("accepts the runbook's alerts, however the duration is written", async () => {
    expect(await reported([rules()])).toEqual([]);
  });

  it("reports every missing alert", async () => {
    expect(await reported([])).toEqual([gone("warning"), gone("critical")]);
    expect(await reported([broken(rules(), RULE)])).toEqual([gone("warning")]);
  });

  it("does not accept another severity", async () => {
    const fixture = broken(rules(), [...RULE, "labels", "severity"], "critical");
    expect((await reported([fixture]))[0]).toBe(gone("warning"));
  });

  it("requires the runbook's duration", async () => {
    const at = 'PrometheusRule "shop/alerts": spec.groups[0].rules[0].for is';
    const expected = `the runbook's alert "ErrorsHigh" (warning) holds for 5m.`;
    expect(await reported([broken(rules(), [...RULE, "for"], "10m")])).toEqual([
      `${at} "10m"; ${expected}`,
    ]);
    expect(await reported([broken(rules(), [...RULE, "for"])])).toEqual([
      `${at} missing; ${expected}`,
    ]);
  });

  it("does not report what may be in an unknown rule", async () => {
    expect(await reported([broken(rules(), ["spec", "groups"], UNKNOWN)])).toEqual([]);
    expect(await reported([broken(rules(), [...RULE, "alert"], UNKNOWN)])).toEqual([]);
    expect(await reported([broken(rules(), [...RULE, "for"], UNKNOWN)])).toEqual([]);
  });

  it("does not apply to a stack without a known system", async () => {
    expect(await reported([], {})).toEqual([]);
  });
});

describe("runbook-scaling-range", () => {
  const reported = (fixture: Fixture, setting = SHOP): Promise<readonly string[]> =>
    messages("runbook-scaling-range", [fixture], setting);
  const hpa = (name: string, minReplicas: unknown, maxReplicas: unknown): Fixture => ({
    type: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
    name: "h",
    props: {
      metadata: { name: "h", namespace: "shop" },
      spec: { scaleTargetRef: { kind: "Deployment", name }, minReplicas, maxReplicas },
    },
  });
  const keda = (spec: object): Fixture => ({
    type: "kubernetes:keda.sh/v1alpha1:ScaledObject",
    name: "k",
    props: { metadata: { name: "k" }, spec: { scaleTargetRef: { name: "shop-orders" }, ...spec } },
  });

  it("accepts the range, and a narrower one", async () => {
    expect(await reported(hpa("shop-orders", 2, 7))).toEqual([]);
    expect(await reported(hpa("shop-orders", 3, 3))).toEqual([]);
    expect(await reported(keda({ minReplicaCount: 2, maxReplicaCount: 7 }))).toEqual([]);
  });

  it("reports the end that is outside", async () => {
    expect(await reported(hpa("shop-orders", 1, 8))).toEqual([
      'HorizontalPodAutoscaler "shop/h": spec.minReplicas is 1; the runbook\'s range of orders is 2 to 7.',
      'HorizontalPodAutoscaler "shop/h": spec.maxReplicas is 8; the runbook\'s range of orders is 2 to 7.',
    ]);
  });

  it("knows the defaults of a missing end", async () => {
    expect(await reported(keda({}))).toEqual([
      'ScaledObject "k": spec.minReplicaCount is missing; the runbook\'s range of orders is 2 to 7.',
      'ScaledObject "k": spec.maxReplicaCount is missing; the runbook\'s range of orders is 2 to 7.',
    ]);
  });

  it("requires a minimum that is not above the maximum", async () => {
    expect(await reported(hpa("shop-orders", 5, 4))).toEqual([
      'HorizontalPodAutoscaler "shop/h": spec.minReplicas is 5; it must not be above the maximum, which is 4.',
    ]);
  });

  it("evaluates only the maximum outside production, where fewer replicas are intended", async () => {
    const staging: Setting = { policyContext: { system: shop, environment: "staging" } };
    expect(await reported(hpa("shop-orders", 1, 2), staging)).toEqual([]);
    expect(await reported(hpa("shop-orders", 1, 1), staging)).toEqual([]);
    expect(await reported(hpa("shop-orders", 1, 8), staging)).toEqual([
      'HorizontalPodAutoscaler "shop/h": spec.maxReplicas is 8; the runbook\'s maximum of orders is 7.',
    ]);
    expect(await reported(hpa("shop-orders", 2, 1), staging)).toEqual([
      'HorizontalPodAutoscaler "shop/h": spec.minReplicas is 2; it must not be above the maximum, which is 1.',
    ]);
    expect(await reported(hpa("shop-orders", 1, undefined), staging)).toEqual([
      'HorizontalPodAutoscaler "shop/h": spec.maxReplicas is missing; the runbook\'s maximum of orders is 7.',
    ]);
    const dr: Setting = { policyContext: { system: shop, environment: "dr" } };
    expect(await reported(hpa("shop-orders", 1, 2), dr)).toEqual([
      'HorizontalPodAutoscaler "shop/h": spec.minReplicas is 1; the runbook\'s range of orders is 2 to 7.',
    ]);
  });

  it("finds a service by the names of its two colors", async () => {
    expect(await reported(hpa("cart-green", 3, 6))).toEqual([
      'HorizontalPodAutoscaler "shop/h": spec.maxReplicas is 6; the runbook\'s range of cart is 3 to 5.',
    ]);
  });

  it("ignores unknown ends and other workloads", async () => {
    expect(await reported(hpa("shop-orders", UNKNOWN, UNKNOWN))).toEqual([]);
    expect(await reported(hpa("grafana", 1, 1))).toEqual([]);
  });
});

describe("runbook-topics", () => {
  const topic = (name: unknown, partitionCount: unknown): Fixture => ({
    type: "digitalocean:index/databaseKafkaTopic:DatabaseKafkaTopic",
    name: `topic-${String(name)}`,
    props: { name, partitionCount },
  });
  const paid = topic("order-paid", 4);
  const reported = (...fixture: readonly Fixture[]): Promise<readonly string[]> =>
    messages("runbook-topics", fixture, SHOP);

  it("accepts the runbook's topics, and a stack that creates none", async () => {
    expect(await reported(topic("order-placed", 6), paid)).toEqual([]);
    expect(await reported()).toEqual([]);
  });

  it("reports a missing topic and an extra one", async () => {
    expect(await reported(topic("order-plaed", 6), paid)).toEqual([
      'DatabaseKafkaTopic "topic-order-plaed": name is "order-plaed"; the runbook "Shop Runbook" has no such topic.',
      'Topic "order-placed" is not created; the runbook "Shop Runbook" requires it (Events / Topics).',
    ]);
  });

  it("requires the runbook's partitions", async () => {
    const text = 'the runbook\'s topic "order-placed" has 6 partitions.';
    expect(await reported(topic("order-placed", 3), paid)).toEqual([
      `DatabaseKafkaTopic "topic-order-placed": partitionCount is 3; ${text}`,
    ]);
    expect(await reported(topic("order-placed", undefined), paid)).toEqual([
      `DatabaseKafkaTopic "topic-order-placed": partitionCount is missing; ${text}`,
    ]);
  });

  it("counts an unknown name", async () => {
    expect(await reported(topic(UNKNOWN, 6), paid)).toEqual([]);
    expect(await reported(topic("order-placed", UNKNOWN), paid)).toEqual([]);
  });
});
