import { expect, it } from "vitest";
import { UNKNOWN, messages, urnOf, type Fixture } from "../testing";
import { object, scaler, topic } from "../testing/messaging";

const said = (...resources: readonly Fixture[]): Promise<readonly string[]> =>
  messages("kafka-scaler", resources);
const missing = (known: string): string =>
  `ScaledObject "shop/orders-lag": spec.triggers[0].metadata.topic is "paid"; the stack's topics are ${known}: use one of them, or create it.`;
const at = (bootstrapServers: unknown): Fixture => scaler({ bootstrapServers });

it("compares a client with the topics of the Kafka that its brokers are in", async () => {
  expect(await said(scaler(), topic("paid"))).toEqual([]);
  expect(await said(scaler(), topic("sent"))).toEqual([missing('"sent"')]);
  expect(await said(scaler(), topic("sent"), topic("paid", "other"))).toEqual([missing('"sent"')]);
  expect(await said(at("bus-kafka-brokers:9093"), topic("sent"))).toHaveLength(1);
  expect(await said(at("bus-kafka-tls-bootstrap.shop.svc:9094,b:1"), topic("sent"))).toHaveLength(
    1,
  );
});

it("leaves out another Kafka's topics, and a Kafka without any", async () => {
  expect(await said(at("kafka.example.com:9093"), topic("sent"))).toEqual([]);
  expect(await said(at("bus-kafka-bootstrap.stock.svc:9093"), topic("sent"))).toEqual([]);
  expect(await said(at("bus-kafka-bootstrap-x.shop.svc:9093"), topic("sent"))).toEqual([]);
  expect(await said(scaler())).toEqual([]);
  expect(await said(at(undefined), topic("sent"))).toHaveLength(1);
});

it("follows a Service that stands for the Kafka's own", async () => {
  const alias = object("core/v1:Service", "bus", {
    spec: { type: "ExternalName", externalName: "bus-kafka-bootstrap.shop.svc.cluster.local" },
  });
  expect(await said(at("bus:9093"), alias, topic("sent"))).toEqual([missing('"sent"')]);
  expect(await said(at("bus:9093"), alias, topic("paid"))).toEqual([]);
  expect(await said(at("bus:9093"), topic("sent"))).toEqual([]);
});

it("finds the topics of a cloud by where the brokers come from", async () => {
  const cluster = (name: string): Fixture => ({ type: "aws:msk/cluster:Cluster", name, props: {} });
  const from = (name: string): readonly string[] => [urnOf(cluster(name))];
  const client = { ...at(UNKNOWN), propertyDependencies: { spec: from("a") } };
  const cloud = (name: unknown, of: string): Fixture => ({
    type: "aws:msk/topic:Topic",
    name: `${of}-topic`,
    props: { name, clusterArn: UNKNOWN },
    propertyDependencies: { clusterArn: from(of) },
  });
  const both = [cluster("a"), cluster("b")];
  expect(await said(...both, client, cloud("sent", "a"))).toEqual([missing('"sent"')]);
  expect(await said(...both, client, cloud("paid", "a"))).toEqual([]);
  expect(await said(...both, client, cloud("sent", "b"))).toEqual([]);
  expect(await said(...both, client, cloud(UNKNOWN, "a"))).toEqual([]);
});
