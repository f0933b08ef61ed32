import { describe, expect, it } from "vitest";
import { UNKNOWN, messages, type Fixture } from "../testing";
import { testPolicy } from "../testing/cases";
import { broken, deployment } from "../testing/fixtures";
import { app, broker, scaler, subscription, topic } from "../testing/messaging";
import type { Key } from "../values";

const TRIGGER: readonly Key[] = ["spec", "triggers", 0];
const AT = 'ScaledObject "shop/orders-lag": spec.triggers[0].metadata.';
const ofDapr = (found: string, group = "orders-app"): string =>
  `${AT}consumerGroup is ${found}; Deployment "shop/orders" reads the topic in the group "${group}", as Component "shop/events" says: use that group.`;

testPolicy("kafka-scaler", {
  happy: () => [
    scaler(),
    app(),
    broker({ subscriptionScopes: "orders-app=paid" }),
    topic("paid"),
    topic("sent"),
  ],
  broken: [
    { at: [...TRIGGER, "metadata", "consumerGroup"], to: "order-app", says: ofDapr('"order-app"') },
    {
      at: [...TRIGGER, "metadata", "topic"],
      to: "sent",
      says: `${AT}topic is "sent"; the group "orders-app" may only subscribe to "paid": measure a topic that it reads.`,
    },
    { at: [...TRIGGER, "metadata", "topic"], says: [] },
    { at: [...TRIGGER, "metadata", "consumerGroup"], says: [] },
    { at: [...TRIGGER, "type"], to: "rabbitmq", says: [] },
    { at: ["spec", "scaleTargetRef", "name"], to: "cart", says: [] },
    { of: 2, at: ["spec", "type"], to: "pubsub.redis", says: [] },
    { of: 2, at: ["scopes"], says: [] },
    { of: 2, at: ["scopes"], to: ["cart"], says: [] },
    {
      of: 1,
      at: ["spec", "template", "metadata", "annotations", "dapr.io/app-id"],
      to: "cart",
      says: [],
    },
  ],
  unknown: [
    [...TRIGGER, "metadata", "consumerGroup"],
    [...TRIGGER, "metadata", "topic"],
    [...TRIGGER, "metadata", "bootstrapServers"],
    [...TRIGGER, "type"],
    [1, "spec", "template", "metadata", "annotations", "dapr.io/app-id"],
  ],
});

describe("the group of a Dapr application", () => {
  const said = (
    group: string,
    settings: Readonly<Record<string, unknown>>,
  ): Promise<readonly string[]> =>
    messages("kafka-scaler", [
      scaler({ consumerGroup: group }),
      app(),
      broker({ subscriptionScopes: "orders-app=paid", ...settings }),
      subscription(),
    ]);

  it("is consumerGroup, consumerID or the app ID", async () => {
    expect(await said("own", { consumerGroup: "own", consumerID: "id" })).toEqual([]);
    expect(await said("id", { consumerID: "id" })).toEqual([]);
    expect(await said("id", { consumerGroup: "own", consumerID: "id" })).toEqual([
      ofDapr('"id"', "own"),
    ]);
    expect(await said("shop-orders-app", { consumerID: "{namespace}-{appID}" })).toEqual([]);
    expect(await said("x", { consumerID: "{namespace}" })).toEqual([ofDapr('"x"', "shop")]);
  });

  it("is open while only the sidecar, or the preview, knows it", async () => {
    expect(await said("x", { consumerID: "{uuid}" })).toEqual([]);
    expect(await said("x", { consumerGroup: UNKNOWN })).toEqual([]);
  });
});

describe("the group of another client", () => {
  const variable = (name: string, more: object): Fixture =>
    broken(deployment(), ["spec", "template", "spec", "containers", 0, "env"], [{ name, ...more }]);
  const said = (pod: Fixture): Promise<readonly string[]> =>
    messages("kafka-scaler", [scaler({ consumerGroup: "orders" }), pod]);

  it("is the one that a variable names", async () => {
    expect(await said(variable("KAFKA_GROUP_ID", { value: "orders" }))).toEqual([]);
    expect(await said(variable("KAFKA_GROUP_ID", { value: "order" }))).toEqual([
      `${AT}consumerGroup is "orders"; Deployment "shop/orders" is told to use "order" (spec.template.spec.containers[0].env[0].value): use that group.`,
    ]);
    expect(await said(variable("SPRING_KAFKA_CONSUMER_GROUP_ID", { value: "x" }))).toHaveLength(1);
    expect(await said(variable("USER_GROUP", { value: "order" }))).toEqual([]);
  });

  it("is open where the variable's value is elsewhere", async () => {
    const from = { valueFrom: { secretKeyRef: { name: "kafka", key: "group" } } };
    expect(await said(variable("KAFKA_GROUP_ID", from))).toEqual([]);
  });
});
