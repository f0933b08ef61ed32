import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { todoChatbot } from "../../systems/todo-chatbot";
import type { Kafka } from "../kafka/contract";
import type { Redis } from "../redis/contract";
import { inputsOf, named, ofKind, refusal, register } from "../kit/testing";
import { DaprApplication, type DaprApplicationArguments } from "./dapr-application";
import { daprServices } from "../kit/dapr";

const part = (kind: string, name: string, fields: object) =>
  Object.assign(new pulumi.ComponentResource(`runstack:test:${kind}`, name), fields);

function kafka(changes: Partial<Kafka> = {}): Kafka {
  const user = (name: string) => ({
    name: pulumi.output(name),
    password: pulumi.secret(`password of ${name}`),
  });
  return part("Kafka", "bus", {
    brokers: pulumi.output("b.example.com:25073"),
    tls: true,
    certificateAuthority: pulumi.secret("BUS-CA"),
    authentication: "scram-sha-256",
    users: { application: user("dapr"), monitor: user("watcher") },
    reach: [],
    ready: [],
    ...changes,
  }) as Kafka;
}

function redis(): Redis {
  return part("Redis", "store", {
    host: pulumi.output("s.example.com"),
    port: pulumi.output(25061),
    tls: true,
    username: pulumi.output("keeper"),
    password: pulumi.secret("password of keeper"),
    certificateAuthority: pulumi.secret("STORE-CA"),
    engine: "valkey",
    capabilities: { failover: true, backups: false },
    ready: [],
  }) as Redis;
}

const args = (): DaprApplicationArguments => ({
  system: todoChatbot,
  namespace: "app",
  production: true,
  otlpEndpoint: "traces:4317",
  kafka: { pubsub: kafka() },
  redis: { state: redis() },
});

const create = () => register((options) => new DaprApplication("sides", args(), options));

describe("Dapr's objects for a system", () => {
  it("are two components with their secrets, subscriptions, resiliency and configurations", async () => {
    const { result, resources } = await create();
    const names = resources.map(({ name }) => name);
    expect(names).toEqual([
      "sides-component-pubsub",
      "sides-component-state",
      "sides-configuration-backend",
      "sides-configuration-frontend",
      "sides-configuration-notification",
      "sides-configuration-recurring-task",
      "sides-configuration-websocket",
      "sides-resiliency",
      "sides-secret-pubsub",
      "sides-secret-state",
      "sides-subscription-reminders-notification",
      "sides-subscription-task-events-recurring-task",
      "sides-subscription-task-events-websocket",
      "sides-subscription-task-updates-websocket",
    ]);
    expect([...result.shared, ...Object.values(result.own).flat()]).toHaveLength(names.length);
    expect(Object.keys(result.own)).toEqual(
      daprServices(todoChatbot).map(({ dapr }) => dapr.appId),
    );
    expect(Object.keys(result.digests)).toEqual(["pubsub", "state"]);
  });

  it("connect to Kafka over TLS with SCRAM-SHA-256, with a reference to the password", async () => {
    const { resources } = await create();
    const from = (name: string, key: string) => ({
      name,
      secretKeyRef: { name: "dapr-pubsub", key },
    });
    expect(inputsOf(resources, "sides-component-pubsub")).toMatchObject({
      apiVersion: "dapr.io/v1alpha1",
      metadata: { name: "pubsub", namespace: "app" },
      auth: { secretStore: "kubernetes" },
      spec: {
        type: "pubsub.kafka",
        version: "v1",
        initTimeout: "60s",
        metadata: [
          { name: "brokers", value: "b.example.com:25073" },
          { name: "authType", value: "password" },
          { name: "saslMechanism", value: "SHA-256" },
          { name: "saslUsername", value: "dapr" },
          from("saslPassword", "password"),
          from("caCert", "ca"),
          { name: "disableTls", value: "false" },
          { name: "version", value: "3.0.0" },
          { name: "initialOffset", value: "oldest" },
          { name: "allowedTopics" },
          { name: "protectedTopics" },
          { name: "publishingScopes" },
          { name: "subscriptionScopes" },
        ],
      },
    });
    expect(named(resources, "sides-component-pubsub").dependsOn).toEqual(["sides-secret-pubsub"]);
  });

  it("use the operating system's trust store if Kafka has no CA", async () => {
    const { resources } = await register((options) => {
      const bus = kafka({ certificateAuthority: undefined, authentication: "plain" });
      return new DaprApplication("sides", { ...args(), kafka: { pubsub: bus } }, options);
    });
    const { spec } = inputsOf(resources, "sides-component-pubsub") as {
      spec: { metadata: readonly { readonly name: string; readonly value?: string }[] };
    };
    expect(spec.metadata.slice(1, 6)).toEqual([
      { name: "authType", value: "password" },
      { name: "saslMechanism", value: "PLAINTEXT" },
      { name: "saslUsername", value: "dapr" },
      {
        name: "saslPassword",
        secretKeyRef: { name: "dapr-pubsub", key: "password" },
      },
      { name: "disableTls", value: "false" },
    ]);
    expect(inputsOf(resources, "sides-secret-pubsub")["stringData"]).toEqual({
      $secret: { password: "password of dapr" },
    });
  });

  it("store state in Redis over TLS, separated by application", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "sides-component-state")).toMatchObject({
      spec: {
        type: "state.redis",
        metadata: [
          { name: "redisHost", value: "s.example.com:25061" },
          { name: "redisType", value: "node" },
          { name: "redisUsername", value: "keeper" },
          { name: "enableTLS", value: "true" },
          { name: "insecureSkipTLSVerify", value: "true" },
          {
            name: "redisPassword",
            secretKeyRef: { name: "dapr-state", key: "password" },
          },
          { name: "keyPrefix", value: "appid" },
          { name: "redisMaxRetries", value: "3" },
        ],
      },
      scopes: [
        "backend-service",
        "websocket-service",
        "recurring-task-service",
        "notification-service",
      ],
    });
  });

  it("keep every credential in a Secret, marked as secret", async () => {
    const { resources } = await create();
    expect(
      ofKind(resources, "Secret").map(({ inputs }) => [inputs["metadata"], inputs["stringData"]]),
    ).toMatchObject([
      [
        { name: "dapr-pubsub", namespace: "app" },
        { $secret: { password: "password of dapr", ca: "BUS-CA" } },
      ],
      [{ name: "dapr-state", namespace: "app" }, { $secret: { password: "password of keeper" } }],
    ]);
    const elsewhere = resources.filter(({ type }) => !type.endsWith(":Secret"));
    expect(JSON.stringify(elsewhere.map(({ inputs }) => inputs))).not.toContain("password of");
  });

  it("scope each subscription to its consumer", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "sides-subscription-reminders-notification")).toMatchObject({
      apiVersion: "dapr.io/v2alpha1",
      spec: { pubsubname: "pubsub", topic: "reminders", routes: { default: "/events/reminders" } },
      scopes: ["notification-service"],
    });
  });

  it.each([
    ["kafka.pubsub", { kafka: {} }],
    ["redis.state", { redis: {} }],
  ])("are refused without %s", async (key, without) => {
    const { result } = await register((options) =>
      refusal(() => new DaprApplication("sides", { ...args(), ...without }, options)),
    );
    expect(result).toBe(
      `DaprApplication sides: ${key} is missing, but must be a data service. ` +
        "Create it first, under its name in the system.",
    );
  });
});
