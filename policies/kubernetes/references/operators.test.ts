import { expect, it } from "vitest";
import { UNKNOWN, messages, type Fixture } from "../../testing";

const object = (type: string, name: string, spec: object = {}, labels?: object): Fixture => ({
  type: `kubernetes:${type}`,
  name: `${type}-${name}`,
  props: { metadata: { name, namespace: "shop", labels }, spec },
});
const shop: Fixture = {
  type: "kubernetes:core/v1:Namespace",
  name: "shop",
  props: { metadata: { name: "shop" } },
};
const said = (...resources: readonly Fixture[]): Promise<readonly string[]> =>
  messages("operator-reference", [shop, ...resources]);

const KAFKA = "kafka.strimzi.io/v1";
const GATEWAY = "gateway.networking.k8s.io/v1";

it.each<[string, Fixture, Fixture]>([
  [
    "issuer",
    object("cert-manager.io/v1:Certificate", "c", { issuerRef: { name: "le" } }),
    object("cert-manager.io/v1:Issuer", "le"),
  ],
  [
    "store",
    object("external-secrets.io/v1:ExternalSecret", "e", { secretStoreRef: { name: "s" } }),
    object("external-secrets.io/v1:SecretStore", "s"),
  ],
  [
    "route of a policy",
    object("gateway.envoyproxy.io/v1alpha1:BackendTrafficPolicy", "p", {
      targetRefs: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "r" }],
    }),
    object(`${GATEWAY}:HTTPRoute`, "r"),
  ],
  [
    "cluster of a backup",
    object("postgresql.cnpg.io/v1:ScheduledBackup", "b", { cluster: { name: "db" } }),
    object("postgresql.cnpg.io/v1:Cluster", "db"),
  ],
  [
    "bucket of a database",
    object("postgresql.cnpg.io/v1:Cluster", "db", {
      plugins: [{ name: "barman", parameters: { barmanObjectName: "o" } }],
    }),
    object("barmancloud.cnpg.io/v1:ObjectStore", "o"),
  ],
  [
    "cluster of a topic",
    object(`${KAFKA}:KafkaTopic`, "t", {}, { "strimzi.io/cluster": "k" }),
    object(`${KAFKA}:Kafka`, "k"),
  ],
])("wants the %s to exist", async (_, from, to) => {
  expect(await said(from, to)).toEqual([]);
  const [message = "", ...others] = await said(from);
  expect(others).toEqual([]);
  const kind = to.type.slice(to.type.lastIndexOf(":") + 1);
  expect(message).toMatch(
    new RegExp(`; namespace "shop" has no such ${kind}: correct the name, or create it\\.$`),
  );
});

it("wants the topics of a user to exist in its cluster", async () => {
  const of = { "strimzi.io/cluster": "k" };
  const user = (...resources: readonly object[]): Fixture =>
    object(
      `${KAFKA}:KafkaUser`,
      "u",
      { authorization: { acls: resources.map((resource) => ({ resource })) } },
      of,
    );
  const kafka = object(`${KAFKA}:Kafka`, "k");
  const topic = object(`${KAFKA}:KafkaTopic`, "orders", {}, of);
  const rule = (name: unknown, more: object = {}): object => ({ type: "topic", name, ...more });
  expect(await said(kafka, topic, user(rule("orders"), rule("*"), rule("__offsets")))).toEqual([]);
  expect(await said(kafka, topic, user(rule("ord", { patternType: "prefix" })))).toEqual([]);
  expect(await said(kafka, topic, user({ type: "group", name: "any" }, rule(UNKNOWN)))).toEqual([]);
  expect(await said(kafka, topic, user(rule("order")))).toEqual([
    'KafkaUser "shop/u": spec.authorization.acls[0].resource.name is "order"; the stack creates no such topic of that cluster, only "orders": correct the name, or create it.',
  ]);
  // Without any topic, others create them.
  expect(await said(kafka, user(rule("order")))).toEqual([]);
});
