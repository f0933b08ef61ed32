import { expect, it } from "vitest";
import { UNKNOWN, messages, urnOf, type Fixture } from "../testing";
import { broken, deployment } from "../testing/fixtures";
import { broker, object, scaler, subscription, topic } from "../testing/messaging";
import { testOpen } from "../testing/open";

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
});

/** A trigger whose brokers are in a variable; the Deployment's first container has this one, and `api` another. */
const byVariable = (variable: object, envSourceContainerName?: unknown): readonly Fixture[] => {
  const from = scaler({ bootstrapServers: undefined, bootstrapServersFromEnv: "BROKERS" });
  const elsewhere = { name: "BROKERS", value: "b-1.msk.example.com:9092" };
  return [
    broken(from, ["spec", "scaleTargetRef", "envSourceContainerName"], envSourceContainerName),
    broken(
      deployment(),
      ["spec", "template", "spec", "containers"],
      [
        { name: "sidecar", env: [elsewhere, { name: "BROKERS", ...variable }] },
        { name: "api", env: [elsewhere] },
      ],
    ),
    topic("sent"),
  ];
};
const OURS = { value: "bus-kafka-bootstrap:9093" };
const fromSecret = { secretKeyRef: { name: "msk", key: "brokers" } };

it("reads the brokers in a variable of the workload's container", async () => {
  expect(await said(...byVariable(OURS))).toEqual([missing('"sent"')]);
  expect(await said(...byVariable(OURS, "sidecar"))).toEqual([missing('"sent"')]);
  expect(await said(...byVariable(OURS, "api"))).toEqual([]);
  expect(await said(...byVariable({ value: "b-1.msk.example.com:9092" }))).toEqual([]);
});

it("leaves a topic undecided where nothing shows the Kafka", async () => {
  const open = (policy: string, ...fixture: readonly Fixture[]): Promise<readonly string[]> =>
    messages([policy, "undecided"], fixture);
  const doubtful = (where: string, known: string, who: string): string =>
    `is undecided: ${where}; the stack's topics are "sent"${known}; not judged, because it is not visible which Kafka ${who} connects to.`;
  const lag = 'ScaledObject "shop/orders-lag"';
  const of = doubtful(`${lag}: spec.triggers[0].metadata.topic is "paid"`, "", lag);
  const bare = [scaler({ bootstrapServers: undefined }), topic("sent")];
  for (const it of [byVariable({ valueFrom: fromSecret }), byVariable(OURS, "gone"), bare])
    expect(await open("kafka-scaler", ...it)).toEqual([`kafka-scaler ${of}`]);
  expect(await open("kafka-scaler", ...bare, topic("paid"))).toEqual([]);
  const bus = broken(broker({ allowedTopics: "paid" }), ["spec", "metadata", 0], {
    name: "brokers",
    ...fromSecret,
  });
  const who = 'Component "shop/events"';
  const listed = doubtful(`${who}: spec.metadata[1].value is "paid"`, ' without "paid"', who);
  expect(await open("dapr-topics-exist", bus, topic("sent"))).toEqual([
    `dapr-topics-exist ${listed}`,
  ]);
  const read = doubtful('Subscription "shop/paid-orders": spec.topic is "paid"', "", who);
  expect(await open("dapr-subscription", subscription(), bus, topic("sent"))).toEqual([
    `dapr-subscription ${read}`,
  ]);
});

testOpen([
  { policy: "kafka-scaler", what: "the container", fixture: byVariable(OURS, UNKNOWN) },
  { policy: "kafka-scaler", what: "a variable", fixture: byVariable({ value: UNKNOWN }) },
]);

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
