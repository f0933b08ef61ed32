import { describe, expect, it } from "vitest";
import { UNKNOWN, messages, type Fixture } from "../testing";
import { testPolicy } from "../testing/cases";
import type { Key } from "../values";

const pod = (app: string, namespace = "shop"): Fixture => ({
  type: "kubernetes:core/v1:Pod",
  name: app,
  props: { metadata: { name: app, namespace, labels: { app } }, spec: {} },
});
const among = (values: readonly unknown[], operator = "In"): object => ({
  matchExpressions: [{ key: "app", operator, values }],
});
const object = (type: string, spec: object): Fixture => ({
  type: `kubernetes:${type}`,
  name: type,
  props: { metadata: { name: "it", namespace: "shop" }, spec },
});
const policy = (selector: object): Fixture =>
  object("networking.k8s.io/v1:NetworkPolicy", {
    podSelector: structuredClone(selector),
    egress: [{ to: [{ podSelector: selector }] }],
  });
const VALUES: readonly Key[] = ["spec", "podSelector", "matchExpressions", 0, "values"];
const nobody = (who: string, path: string, value: string): string =>
  `${who} "shop/it": ${path} is "${value}"; no pod that it is about in the namespace "shop" has this value of app: did you mean "orders".`;

testPolicy("selector-values", {
  happy: () => [policy(among(["cart", "orders"])), pod("cart"), pod("orders")],
  broken: [
    {
      at: [...VALUES, 1],
      to: "order",
      says: nobody("NetworkPolicy", "spec.podSelector.matchExpressions[0].values[1]", "order"),
    },
    {
      at: ["spec", "egress", 0, "to", 0, "podSelector"],
      to: among(["cart", "order"]),
      says: nobody(
        "NetworkPolicy",
        "spec.egress[0].to[0].podSelector.matchExpressions[0].values[1]",
        "order",
      ),
    },
    // What selects nothing, and a single value, are reported as a whole.
    { at: VALUES, to: ["a", "b"], says: [] },
    { at: VALUES, to: ["a"], says: [] },
    { at: ["spec", "egress", 0, "to", 0, "namespaceSelector"], to: {}, says: [] },
    // What it means may be elsewhere, or not be used.
    { of: 2, at: ["metadata", "namespace"], to: "stock", says: [] },
    { at: VALUES, to: ["cart", "orders", "orders2"], says: [] },
  ],
  unknown: [
    [...VALUES, 1],
    [2, "metadata", "labels"],
  ],
});

describe("selector-values", () => {
  const said = (...resources: readonly Fixture[]): Promise<readonly string[]> =>
    messages("selector-values", [...resources, pod("cart"), pod("orders")]);

  it("judges monitors, budgets and the peers of a Kafka", async () => {
    const selector = among(["cart", "order"]);
    expect(await said(object("policy/v1:PodDisruptionBudget", { selector }))).toHaveLength(1);
    const monitor = (namespaceSelector?: object): Fixture =>
      object("monitoring.coreos.com/v1:PodMonitor", { selector, namespaceSelector });
    expect(await said(monitor())).toHaveLength(1);
    expect(await said(monitor({ matchNames: ["shop"] }))).toHaveLength(1);
    for (const namespaces of [{ any: true }, { matchNames: ["shop", "stock"] }, UNKNOWN])
      expect(await said(monitor(namespaces as object))).toEqual([]);
    const kafka = object("kafka.strimzi.io/v1:Kafka", {
      kafka: { listeners: [{ networkPolicyPeers: [{ podSelector: selector }] }] },
    });
    expect(await said(kafka)).toEqual([
      nobody(
        "Kafka",
        "spec.kafka.listeners[0].networkPolicyPeers[0].podSelector.matchExpressions[0].values[1]",
        "order",
      ),
    ]);
  });

  it("reports a value that is left out only if it is a slip", async () => {
    const budget = (...values: readonly string[]): Fixture =>
      object("policy/v1:PodDisruptionBudget", { selector: among(values, "NotIn") });
    expect(await said(budget("cart", "canary"))).toEqual([]);
    expect(await said(budget("carts"))).toEqual([
      'PodDisruptionBudget "shop/it": spec.selector.matchExpressions[0].values[0] is "carts"; no pod that it is about in the namespace "shop" has this value of app: did you mean "cart".',
    ]);
  });

  it("lets a list name kinds of an operator of which there are none", async () => {
    const kinds = ["Kafka", "KafkaConnect", "KafkaMirrorMaker", "KafkaMirrorMaker2"];
    const monitor = (...values: readonly string[]): Fixture =>
      object("monitoring.coreos.com/v1:PodMonitor", {
        selector: { matchExpressions: [{ key: "strimzi.io/kind", operator: "In", values }] },
      });
    const of = (kind: string): Fixture => object(`kafka.strimzi.io/v1:${kind}`, {});
    expect(await said(monitor(...kinds), of("Kafka"))).toEqual([]);
    expect(await said(monitor(...kinds), of("KafkaMirrorMaker2"))).toEqual([]);
    expect(await said(monitor("KafkaConnect", "Kafkaa"), of("Kafka"), of("KafkaConnect"))).toEqual([
      expect.stringContaining('did you mean "Kafka"'),
    ]);
  });

  it("leaves a value open next to a chart that may run its pod", async () => {
    const chart: Fixture = {
      type: "kubernetes:helm.sh/v3:Release",
      name: "chart",
      props: { chart: "any", namespace: "shop" },
    };
    const all = [policy(among(["cart", "order"])), pod("cart"), pod("orders"), chart];
    expect(await messages(["selector-values", "undecided"], all)).toEqual([
      '2 references are not judged, because Release "chart" (helm.sh/v3) may create what is missing: selector-values (2).',
    ]);
  });
});

it("wants the peers of a Kafka's listeners to select pods", async () => {
  const kafka = (app: string): Fixture =>
    object("kafka.strimzi.io/v1:Kafka", {
      kafka: { listeners: [{ networkPolicyPeers: [{ podSelector: { matchLabels: { app } } }] }] },
    });
  expect(await messages("network-policy-selects", [kafka("cart"), pod("cart")])).toEqual([]);
  expect(await messages("network-policy-selects", [kafka("card"), pod("cart")])).toEqual([
    'Kafka "shop/it": spec.kafka.listeners[0].networkPolicyPeers[0].podSelector is {"matchLabels":{"app":"card"}}; it selects no pod of the namespace "shop": use the labels of one.',
  ]);
});
