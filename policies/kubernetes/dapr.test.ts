import { describe, expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { broken, deployment } from "../testing/fixtures";
import { UNKNOWN, messages, type Fixture } from "../testing";
import type { Key } from "../values";

const ANNOTATIONS: readonly Key[] = ["spec", "template", "metadata", "annotations"];
const ID: readonly Key[] = [...ANNOTATIONS, "dapr.io/app-id"];

const app = (id: unknown = "orders", more: object = {}): Fixture =>
  broken(deployment(), ANNOTATIONS, {
    "dapr.io/enabled": "true",
    "dapr.io/app-id": id,
    "dapr.io/config": "tracing",
    ...more,
  });
const other = (id: unknown = "cart"): Fixture => ({
  ...broken(app(id), ["metadata", "name"], "cart"),
  name: "cart",
});
const object = (kind: string, name: string, props: object = {}): Fixture => ({
  type: `kubernetes:${kind}`,
  name: `${kind}-${name}`,
  props: { metadata: { name, namespace: "shop" }, ...props },
});
const broker = (): Fixture =>
  object("dapr.io/v1alpha1:Component", "events", {
    spec: {
      type: "pubsub.kafka",
      version: "v1",
      metadata: [{ name: "brokers", value: "bus-kafka-bootstrap:9093" }],
    },
    scopes: ["orders", "cart"],
  });
const subscription = (): Fixture =>
  object("dapr.io/v2alpha1:Subscription", "paid", {
    spec: { pubsubname: "events", topic: "payments", routes: { default: "/paid" } },
    scopes: ["orders"],
  });
const topic = (name: unknown = "payments", spec: object = {}): Fixture =>
  object("kafka.strimzi.io/v1:KafkaTopic", "topic", {
    metadata: { name, namespace: "shop", labels: { "strimzi.io/cluster": "bus" } },
    spec,
  });
const nobody = (who: string, index: number, scope: string): string =>
  `${who}: scopes[${index}] is "${scope}"; no pod of namespace "shop" has that dapr.io/app-id: use an existing one, or remove it.`;

testPolicy("dapr-scopes", {
  happy: () => [broker(), app(), other(), subscription()],
  broken: [
    { at: ["scopes", 1], to: "card", says: nobody('Component "shop/events"', 1, "card") },
    { at: ["scopes"], says: [] },
    {
      of: 1,
      at: [...ANNOTATIONS, "dapr.io/enabled"],
      to: "false",
      says: [
        nobody('Component "shop/events"', 0, "orders"),
        nobody('Subscription "shop/paid"', 0, "orders"),
      ],
    },
    { of: 1, at: [...ANNOTATIONS, "dapr.io/enabled"], to: true, says: [] },
    { of: 1, at: [...ANNOTATIONS, "dapr.io/enabled"], to: "Yes", says: [] },
    {
      of: 2,
      at: ["metadata", "namespace"],
      to: "stock",
      says: nobody('Component "shop/events"', 1, "cart"),
    },
    { of: 3, at: ["scopes", 0], to: "order", says: nobody('Subscription "shop/paid"', 0, "order") },
  ],
  unknown: [["scopes"], ["scopes", 0], [2, ...ID], [2, "metadata", "namespace"]],
});

describe("dapr-scopes", () => {
  const lost = (kind: string): Fixture =>
    object(`dapr.io/v1alpha1:${kind}`, "o", { scopes: ["x"] });

  it("applies to Resiliency and HTTPEndpoint too", async () => {
    for (const kind of ["Resiliency", "HTTPEndpoint"]) {
      expect(await messages("dapr-scopes", [lost(kind)])).toEqual([
        nobody(`${kind} "shop/o"`, 0, "x"),
      ]);
    }
  });

  it("does not know the pods of a chart, or whether a pod has a sidecar", async () => {
    const release = {
      type: "kubernetes:helm.sh/v3:Release",
      name: "r",
      props: { namespace: "shop" },
    };
    expect(await messages("dapr-scopes", [lost("Component"), release])).toEqual([]);
    const unnamed = broken(app(), ID);
    expect(await messages("dapr-scopes", [lost("Component"), unnamed])).toHaveLength(1);
    const maybe = app("x", { "dapr.io/enabled": UNKNOWN });
    expect(await messages("dapr-scopes", [lost("Component"), maybe])).toEqual([]);
  });
});

const shared =
  'Deployment "shop/cart": spec.template.metadata.annotations["dapr.io/app-id"] is "orders"; Deployment "shop/orders" has the same, so each gets some of the other\'s calls and events: use a unique one.';

testPolicy("dapr-app-id", {
  happy: () => [app(), other()],
  broken: [
    { of: 1, at: ID, to: "orders", says: shared },
    { of: 1, at: [...ANNOTATIONS, "dapr.io/enabled"], to: "off", says: [] },
  ],
  unknown: [ID, [1, ...ID]],
});

describe("dapr-app-id", () => {
  const reported = (...fixture: readonly Fixture[]): Promise<readonly string[]> =>
    messages("dapr-app-id", fixture);

  it("accepts an idle color, a Job of the service, and another namespace", async () => {
    expect(await reported(app(), other("orders"))).toEqual([shared]);
    expect(await reported(app(), broken(other("orders"), ["spec", "replicas"], 0))).toEqual([]);
    expect(await reported(broken(app(), ["spec", "replicas"], 0), other("orders"))).toEqual([]);
    expect(await reported(app(), { ...other("orders"), type: "kubernetes:batch/v1:Job" })).toEqual(
      [],
    );
    expect(
      await reported({ ...app(), type: "kubernetes:batch/v1:CronJob" }, other("orders")),
    ).toEqual([]);
    expect(
      await reported(app(), broken(other("orders"), ["metadata", "namespace"], "stock")),
    ).toEqual([]);
  });
});

testPolicy("dapr-configuration", {
  happy: () => [app(), object("dapr.io/v1alpha1:Configuration", "tracing")],
  broken: [
    {
      at: [...ANNOTATIONS, "dapr.io/config"],
      to: "trace",
      says: 'Deployment "shop/orders": spec.template.metadata.annotations["dapr.io/config"] is "trace"; namespace "shop" has no such Configuration: correct the name, or create it.',
    },
    { at: [...ANNOTATIONS, "dapr.io/config"], says: [] },
    { at: ANNOTATIONS, to: { "dapr.io/config": "trace" }, says: [] },
  ],
  unknown: [
    [...ANNOTATIONS, "dapr.io/config"],
    [1, "metadata", "name"],
  ],
});

const SUBSCRIPTION = 'Subscription "shop/paid":';

testPolicy("dapr-subscription", {
  happy: () => [subscription(), broker(), topic(), app(), other()],
  broken: [
    {
      at: ["spec", "pubsubname"],
      to: "event",
      says: `${SUBSCRIPTION} spec.pubsubname is "event"; namespace "shop" has no such Component: correct the name, or create it.`,
    },
    {
      at: ["spec", "topic"],
      to: "payment",
      says: `${SUBSCRIPTION} spec.topic is "payment"; the stack's topics are "payments": use one of them, or create it.`,
    },
    {
      of: 1,
      at: ["spec", "type"],
      to: "state.redis",
      says: `${SUBSCRIPTION} spec.pubsubname is "events"; Component "shop/events" is of the type "state.redis": use a component whose type starts with "pubsub.".`,
    },
    { of: 1, at: ["scopes"], says: [] },
    {
      of: 1,
      at: ["scopes"],
      to: ["cart"],
      says: `${SUBSCRIPTION} scopes[0] is "orders"; Component "shop/events" is only for ["cart"]: add the application to its scopes.`,
    },
    { at: ["scopes"], says: [] },
  ],
  unknown: [
    ["spec", "pubsubname"],
    ["spec", "topic"],
    ["scopes"],
    [1, "spec", "type"],
    [1, "scopes"],
    [1, "metadata", "name"],
    [2, "metadata", "name"],
  ],
});

describe("dapr-subscription", () => {
  const reported = (...fixture: readonly Fixture[]): Promise<readonly string[]> =>
    messages("dapr-subscription", [subscription(), ...fixture]);

  it("does not check topics if the stack creates none, or the broker is not Kafka", async () => {
    expect(await reported(broker())).toEqual([]);
    const redis = broken(broker(), ["spec", "type"], "pubsub.redis");
    expect(await reported(redis, topic("mail"))).toEqual([]);
    expect(await reported(broker(), topic("mail"))).toHaveLength(1);
    expect(await reported(broker(), topic("mail"), { ...topic(UNKNOWN), name: "unknown" })).toEqual(
      [],
    );
  });

  it("knows Strimzi's topics by either name", async () => {
    expect(await reported(broker(), topic("payments"))).toEqual([]);
    expect(await reported(broker(), topic("x", { topicName: "payments" }))).toEqual([]);
    expect(
      await reported(broker(), topic("payments", { topicName: "x" }), {
        ...topic("y"),
        name: "other",
      }),
    ).toEqual([
      `${SUBSCRIPTION} spec.topic is "payments"; the stack's topics are "x", "y": use one of them, or create it.`,
    ]);
  });

  it("does not compare scopes that are unknown", async () => {
    expect(await reported(broken(broker(), ["scopes"], [UNKNOWN]))).toEqual([]);
  });
});
