import { describe, expect, it } from "vitest";
import { policyNamed } from "../catalog";
import { forManifests } from "../in-manifests";
import { UNKNOWN, messages, type Fixture } from "../testing";
import { testPolicy } from "../testing/cases";
import { broken, deployment } from "../testing/fixtures";
import { app, broker, scaler, subscription, topic } from "../testing/messaging";
import type { Key } from "../values";

const TRIGGER: readonly Key[] = ["spec", "triggers", 0];
const CONTAINER: readonly Key[] = ["spec", "template", "spec", "containers", 0];
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

const variable = (name: string, more: object): Fixture =>
  broken(deployment(), [...CONTAINER, "env"], [{ name, ...more }]);
const told = (found: string): string =>
  `${AT}consumerGroup is ${found}; Deployment "shop/orders" is told to use "orders" (spec.template.spec.containers[0].env[0].value): use that group.`;

testPolicy("kafka-scaler-variable", {
  happy: () => [
    scaler({ consumerGroup: "orders" }),
    variable("KAFKA_GROUP_ID", { value: "orders" }),
  ],
  broken: [
    { at: [...TRIGGER, "metadata", "consumerGroup"], to: "order", says: told('"order"') },
    { at: [...TRIGGER, "metadata", "consumerGroup"], says: told("missing") },
    { at: ["spec", "scaleTargetRef", "name"], to: "cart", says: [] },
    { of: 1, at: [...CONTAINER, "env"], says: [] },
  ],
  unknown: [
    [...TRIGGER, "metadata", "consumerGroup"],
    [1, ...CONTAINER, "env", 0, "value"],
  ],
});

describe("the group that a variable names", () => {
  const said = (...pod: readonly Fixture[]): Promise<readonly string[]> =>
    messages(["kafka-scaler", "kafka-scaler-variable"], [scaler({ consumerGroup: "x" }), ...pod]);

  it("is that of variables with the usual names", async () => {
    for (const name of ["CONSUMER_GROUP", "KAFKA_GROUP", "SPRING_KAFKA_CONSUMER_GROUPID"])
      expect(await said(variable(name, { value: "orders" }))).toEqual([told('"x"')]);
    for (const name of ["KAFKA_DLQ_CONSUMER_GROUP", "KAFKA_SECURITY_GROUP", "USER_GROUP"])
      expect(await said(variable(name, { value: "orders" }))).toEqual([]);
  });

  it("may be named by another variable too, or one whose value is elsewhere", async () => {
    const both = (more: object): Fixture =>
      broken(variable("KAFKA_GROUP_ID", { value: "orders" }), [...CONTAINER, "env", 1], {
        name: "KAFKA_RETRY_CONSUMER_GROUP",
        ...more,
      });
    expect(await said(both({ value: "x" }))).toEqual([]);
    expect(await said(both({ value: "y" }))).toEqual([told('"x"')]);
    const from = { valueFrom: { secretKeyRef: { name: "kafka", key: "group" } } };
    expect(await said(both(from))).toEqual([]);
  });

  it("does not matter where Dapr reads the topic", async () => {
    const dapr = broken(
      app(),
      [...CONTAINER, "env"],
      [{ name: "KAFKA_GROUP_ID", value: "orders" }],
    );
    const bus = broker({ subscriptionScopes: "orders-app=paid" });
    expect(await said(dapr, bus)).toEqual([ofDapr('"x"')]);
    expect(await said(dapr, broker({ consumerGroup: "x" }))).toEqual([]);
    expect(await said(dapr, broker())).toEqual([told('"x"')]);
  });

  it("is only advice in manifests, which do not say whether it is meant", () => {
    const { enforcement } = forManifests(policyNamed("kafka-scaler-variable"));
    expect(enforcement.production).toBe("advisory");
  });
});
