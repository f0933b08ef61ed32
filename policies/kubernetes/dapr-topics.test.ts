import { expect, it } from "vitest";
import { UNKNOWN, messages } from "../testing";
import { testPolicy } from "../testing/cases";
import { broker, subscription, topic } from "../testing/messaging";
import type { Key } from "../values";

/** The value of setting number `index`; the first is the brokers' address. */
const setting = (index: number): readonly Key[] => ["spec", "metadata", index, "value"];
const COMPONENT = 'Component "shop/events": spec.metadata';

testPolicy("dapr-topics-exist", {
  happy: () => [
    broker({ allowedTopics: "paid,sent", publishingScopes: "orders-app=paid,sent;cart=" }),
    topic("paid"),
    topic("sent"),
  ],
  broken: [
    {
      at: setting(1),
      to: "paid,send",
      says: `${COMPONENT}[1].value is "paid,send"; the stack's topics are "paid", "sent" without "send": use one of them, or create it.`,
    },
    {
      at: setting(2),
      to: "orders-app=payed,sent",
      says: `${COMPONENT}[2].value is "orders-app=payed,sent"; the stack's topics are "paid", "sent" without "payed": use one of them, or create it.`,
    },
    { at: setting(0), to: "kafka.example.com:9093", says: [] },
    { at: ["spec", "type"], to: "pubsub.redis", says: [] },
    { at: ["spec", "metadata", 1], to: { name: "clientID", value: "x" }, says: [] },
  ],
  unknown: [setting(0), setting(1), [1, "metadata", "name"]],
});

const allowed = (found: string, topics: string): string =>
  `Subscription "shop/paid-orders": spec.topic is "${found}"; Component "shop/events" lets "orders-app" subscribe to ${topics} only: correct one of them.`;
const kept =
  'Subscription "shop/paid-orders": spec.topic is "paid"; Component "shop/events" protects it, and its subscriptionScopes have no list of "orders-app": add one with the topic.';
testPolicy("dapr-subscription-allowed", {
  happy: () => [
    subscription(),
    broker({
      subscriptionScopes: "cart=sent;orders-app=paid,sent",
      allowedTopics: "paid,sent",
      protectedTopics: "paid",
    }),
  ],
  broken: [
    { at: ["spec", "topic"], to: "pay", says: allowed("pay", '"paid", "sent"') },
    { at: ["scopes"], says: [] },
    { at: ["scopes", 0], to: "cart", says: [] },
    { at: ["spec", "pubsubname"], to: "others", says: [] },
    {
      of: 1,
      at: setting(1),
      to: "orders-app=",
      says: allowed("paid", "no topic"),
    },
    { of: 1, at: setting(1), to: "cart=sent", says: kept },
    { of: 1, at: setting(2), to: "sent", says: allowed("paid", '"sent"') },
  ],
  unknown: [
    ["spec", "topic"],
    ["spec", "pubsubname"],
    ["scopes"],
    ["scopes", 0],
    ...[1, 2, 3].map((index) => [1, ...setting(index)]),
  ],
});

it("demands a scope for protected topics", async () => {
  const said = (settings: Readonly<Record<string, unknown>>): Promise<readonly string[]> =>
    messages("dapr-subscription-allowed", [subscription(), broker(settings)]);
  const other = { subscriptionScopes: "other=paid" };
  expect(await said({ protectedTopics: "sent, paid" })).toEqual([kept]);
  expect(await said({ protectedTopics: "paid", allowedTopics: "paid" })).toEqual([kept]);
  expect(await said({ protectedTopics: "paid", ...other })).toEqual([kept]);
  expect(await said({ protectedTopics: "paid", subscriptionScopes: "orders-app=paid" })).toEqual(
    [],
  );
  expect(await said({ protectedTopics: "sent", ...other })).toEqual([]);
  expect(await said({ protectedTopics: "paid", subscriptionScopes: UNKNOWN })).toEqual([]);
  expect(await said({ protectedTopics: UNKNOWN })).toEqual([]);
});

it("leaves protected topics out of those that an application may read", async () => {
  const settings = { allowedTopics: "paid,sent", protectedTopics: "sent" };
  const fixture = [subscription("pay"), broker(settings)];
  expect(await messages("dapr-subscription-allowed", fixture)).toEqual([allowed("pay", '"paid"')]);
});

it("does not know scopes that are unknown", async () => {
  const open = [subscription("x"), broker({ subscriptionScopes: UNKNOWN })];
  expect(await messages("dapr-subscription-allowed", open)).toEqual([]);
});
