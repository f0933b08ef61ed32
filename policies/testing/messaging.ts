/** For tests: a service that Dapr reads Kafka's events for, in groups and topics of its own, and what else knows them. */
import type { Key } from "../values";
import { broken, deployment } from "./fixtures";
import type { Fixture } from "./index";

const ANNOTATIONS: readonly Key[] = ["spec", "template", "metadata", "annotations"];

export const object = (kind: string, name: string, props: object = {}): Fixture => ({
  type: `kubernetes:${kind}`,
  name: `${kind}-${name}`,
  props: { metadata: { name, namespace: "shop" }, ...props },
});
export const namespace = (): Fixture => ({
  type: "kubernetes:core/v1:Namespace",
  name: "shop",
  props: { metadata: { name: "shop" } },
});

/** The Deployment "orders", with that app ID. */
export const app = (id: unknown = "orders-app"): Fixture =>
  broken(deployment(), ANNOTATIONS, { "dapr.io/enabled": "true", "dapr.io/app-id": id });

/** A Kafka broker of Dapr with these settings. */
export const broker = (settings: Readonly<Record<string, unknown>> = {}): Fixture =>
  object("dapr.io/v1alpha1:Component", "events", {
    spec: {
      type: "pubsub.kafka",
      version: "v1",
      metadata: Object.entries({
        brokers: "bus-kafka-bootstrap.shop.svc:9093",
        ...settings,
      }).map(([name, value]) => ({ name, value })),
    },
    scopes: ["orders-app"],
  });

export const subscription = (topic: unknown = "paid"): Fixture =>
  object("dapr.io/v2alpha1:Subscription", "paid-orders", {
    spec: { pubsubname: "events", topic, routes: { default: "/paid" } },
    scopes: ["orders-app"],
  });

export const topic = (name: string, cluster = "bus"): Fixture => ({
  ...object("kafka.strimzi.io/v1:KafkaTopic", name),
  props: {
    metadata: { name, namespace: "shop", labels: { "strimzi.io/cluster": cluster } },
    spec: {},
  },
});

/** Scales the Deployment "orders" by the lag of a group. */
export const scaler = (metadata: object = {}): Fixture =>
  object("keda.sh/v1alpha1:ScaledObject", "orders-lag", {
    spec: {
      scaleTargetRef: { name: "orders" },
      triggers: [
        {
          type: "kafka",
          metadata: {
            bootstrapServers: "bus-kafka-bootstrap.shop.svc:9093",
            consumerGroup: "orders-app",
            topic: "paid",
            ...metadata,
          },
        },
      ],
    },
  });
