import { expect, it } from "vitest";
import { UNKNOWN, messages, type Fixture } from "../testing";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";
import { app, broker, object, scaler, subscription } from "../testing/messaging";
import type { Key } from "../values";

const user = (group: unknown = "orders-app", more: object = {}): Fixture =>
  object("kafka.strimzi.io/v1:KafkaUser", "reader", {
    spec: {
      authentication: { type: "scram-sha-512" },
      authorization: {
        type: "simple",
        acls: [
          {
            resource: { type: "topic", name: "paid", patternType: "literal" },
            operations: ["Read"],
          },
          { resource: { type: "group", name: group, ...more }, operations: ["Read"] },
        ],
      },
    },
  });
const GROUP: readonly Key[] = ["spec", "authorization", "acls", 1, "resource", "name"];
const OPERATIONS: readonly Key[] = ["spec", "authorization", "acls", 1, "operations"];
const reads = (names: string, group = "orders-app"): string =>
  `KafkaUser "shop/reader": spec.authorization.acls allows Read only in the groups ${names}; Component "shop/events" reads as this user in "${group}": allow Read there, or correct the group.`;

testPolicy("kafka-user-groups", {
  happy: () => [user(), broker({ saslUsername: "reader" }), subscription(), app()],
  broken: [
    { at: GROUP, to: "order", says: reads('"order"') },
    { at: GROUP, to: "*", says: [] },
    { at: OPERATIONS, to: ["Describe", "All"], says: [] },
    { at: OPERATIONS, to: ["Describe"], says: reads("of nobody") },
    { at: OPERATIONS, says: reads("of nobody") },
    { at: ["spec", "authorization", "acls", 1], to: {}, says: reads("of nobody") },
    { at: ["spec", "authorization"], says: [] },
    { of: 1, at: ["spec", "metadata", 1, "value"], to: "other", says: [] },
    { of: 1, at: ["spec", "metadata", 1], to: { name: "clientID", value: "x" }, says: [] },
    { of: 1, at: ["spec", "type"], to: "pubsub.redis", says: [] },
    { of: 2, at: ["scopes"], says: [] },
    { of: 2, at: ["spec", "pubsubname"], to: "other", says: [] },
  ],
  unknown: [
    GROUP,
    OPERATIONS,
    [...OPERATIONS, 0],
    ["spec", "authorization", "acls"],
    [1, "spec", "metadata", 1, "value"],
  ],
});

it("knows the one operation of a rule in Strimzi's first API", async () => {
  const clients = [broker({ saslUsername: "reader" }), subscription(), app()];
  const said = (operation: string): Promise<readonly string[]> => {
    const rule = { resource: { type: "group", name: "orders-app" }, operation };
    const old = broken(user(), ["spec", "authorization", "acls", 1], rule);
    return messages("kafka-user-groups", [old, ...clients]);
  };
  expect(await said("Read")).toEqual([]);
  expect(await said("Describe")).toEqual([reads("of nobody")]);
});

it("knows prefixes, denials and the groups of scopes", async () => {
  const said = (
    one: Fixture,
    settings: Readonly<Record<string, unknown>>,
  ): Promise<readonly string[]> =>
    messages("kafka-user-groups", [one, broker({ saslUsername: "reader", ...settings }), app()]);
  const scopes = { subscriptionScopes: "orders-app=paid" };
  expect(await said(user("order", { patternType: "prefix" }), scopes)).toEqual([]);
  expect(await said(user("x"), scopes)).toEqual([reads('"x"')]);
  expect(await said(user("x"), { subscriptionScopes: "orders-app=" })).toEqual([]);
  expect(await said(user(), { ...scopes, consumerGroup: "own" })).toEqual([
    reads('"orders-app"', "own"),
  ]);
  expect(await said(user("x"), { ...scopes, consumerGroup: UNKNOWN })).toEqual([]);
});

testPolicy("kafka-user-group-slips", {
  happy: () => [user(), scaler()],
  broken: [
    {
      at: GROUP,
      to: "orders-apq",
      says: 'KafkaUser "shop/reader": spec.authorization.acls[1].resource.name is "orders-apq"; nothing reads in this group, and the user may not use "orders-app": did you mean it.',
    },
    { at: GROUP, to: "audit", says: [] },
    {
      at: ["spec", "authorization", "acls", 0, "resource"],
      to: { type: "group", name: "orders-apq" },
      says: [],
    },
  ],
  unknown: [GROUP],
});
