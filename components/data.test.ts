import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parseSettings, type Settings } from "../settings";
import type { Cache, Database, EventBus } from "../systems/model";
import { todoChatbot } from "../systems/todo-chatbot";
import { createCluster } from "./cluster/create";
import type { Cluster } from "./cluster/contract";
import {
  createDataServices,
  createKafka,
  createPostgres,
  createRedis,
  type DataContext,
} from "./data";
import { inputsOf, ofKind, refusal, register, valueOf } from "./testing";

const settings = (changes: Record<string, unknown> = {}): Settings =>
  parseSettings({
    system: "todo-chatbot",
    environment: "prod",
    domain: "todo.example.org",
    email: "people@example.org",
    runbookUrl: "https://runbooks.example.org",
    images: Object.fromEntries(todoChatbot.services.map(({ name }) => [name, "r.example.org/x:1"])),
    redisSize: "db-s-2vcpu-4gb",
    kafkaSize: "db-s-4vcpu-8gb",
    kafkaVersion: "3.9",
    region: "ams3",
    ...changes,
  });

const context = (cloud: "digitalocean" | "aws", changes = {}): DataContext => ({
  settings: settings(changes),
  cluster: Object.assign(new pulumi.ComponentResource("runstack:test:Cluster", "cluster"), {
    placement:
      cloud === "aws"
        ? { cloud }
        : { cloud, vpcId: pulumi.output("the-vpc"), clusterId: pulumi.output("the-cluster") },
    podCidr: "10.52.0.0/16",
  }) as unknown as Cluster,
  tags: ["one"],
});

const given = { DATABASE_URL: pulumi.secret("postgresql://db") };
const [bus] = todoChatbot.eventBuses as readonly [EventBus];
const [cache] = todoChatbot.caches as readonly [Cache];
const [database] = todoChatbot.databases as readonly [Database];

describe("TC-02: data services", () => {
  it("are Kafka and Valkey of the cloud, and a database that somebody else runs", async () => {
    const { result, resources } = await register((options) =>
      createDataServices("data", context("digitalocean"), given, options),
    );
    const cluster = (name: string) => {
      const { name: called, engine, version, size, nodeCount } = inputsOf(resources, name);
      return [called, engine, version, size, nodeCount];
    };
    expect(cluster("data-pubsub-cluster")).toEqual([
      "todo-chatbot-prod-pubsub",
      "kafka",
      "3.9",
      "db-s-4vcpu-8gb",
      3,
    ]);
    expect(cluster("data-state-cluster")).toEqual([
      "todo-chatbot-prod-state",
      "valkey",
      "8",
      "db-s-2vcpu-4gb",
      2,
    ]);
    expect(ofKind(resources, "DatabaseCluster")).toHaveLength(2);
    expect(Object.keys({ ...result.kafka, ...result.redis, ...result.postgres })).toEqual([
      "pubsub",
      "state",
      "neon",
    ]);
    const neon = result.postgres["neon"];
    expect([neon?.location, neon?.port, neon?.capabilities]).toEqual([
      "internet",
      5432,
      { pointInTimeRecovery: true, replicas: false },
    ]);
    expect(await valueOf(neon?.url ?? pulumi.output(""))).toBe("postgresql://db");
    // Firewall, three topics and two users of Kafka; cluster and firewall of Valkey.
    expect(result.ready).toHaveLength(8);
  });

  it("have no standby in staging, where nobody waits for it", async () => {
    const { resources } = await register((options) =>
      createDataServices(
        "data",
        context("digitalocean", { environment: "staging" }),
        given,
        options,
      ),
    );
    expect(inputsOf(resources, "data-state-cluster")["nodeCount"]).toBe(1);
  });
});

describe("a data service is refused", () => {
  const said = async (create: (options: pulumi.ComponentResourceOptions) => unknown) =>
    (await register((options) => refusal(() => create(options)))).result;
  const next = "Choose another one in the system's data.";

  it("where it would run as nothing here can run it", async () => {
    expect(
      await said((options) =>
        createKafka("data", { ...bus, runs: "operator" }, context("digitalocean"), options),
      ),
    ).toBe(`Event bus pubsub: runs is "operator", but must be "managed". ${next}`);
    expect(
      await said((options) =>
        createRedis("data", { ...cache, runs: "external" }, context("digitalocean"), options),
      ),
    ).toBe(`Cache state: runs is "external", but must be "managed". ${next}`);
    expect(
      await said((options) =>
        createPostgres("data", { ...database, runs: "operator" }, undefined, options),
      ),
    ).toBe(`Database neon: runs is "operator", but must be "external". ${next}`);
  });

  it("without the URL of a database", async () => {
    expect(await said((options) => createPostgres("data", database, undefined, options))).toBe(
      "Database neon: url is missing, but must be given as secret configuration. " +
        "Set runstack:secrets.DATABASE_URL.",
    );
  });

  it("on a cluster of another cloud", async () => {
    expect(await said((options) => createKafka("data", bus, context("aws"), options))).toBe(
      'todo-chatbot-prod-pubsub: cloud is "aws", but must be "digitalocean". Set runstack:cloud.',
    );
  });
});

describe("the cluster of an environment", () => {
  const create = (changes: Record<string, unknown>) =>
    register((options) => createCluster("data", settings(changes), ["one"], options));

  it.each([
    ["prod", "todo-chatbot", 3, true],
    ["staging", "todo-chatbot-staging", 2, false],
    ["dr", "todo-chatbot-dr", 3, true],
  ])("%s is called %s, with %i nodes for the platform", async (environment, name, nodes, ha) => {
    const { resources } = await create({ environment });
    expect(inputsOf(resources, "data-cluster")).toMatchObject({
      name,
      ha,
      region: "ams3",
      nodePool: { nodeCount: nodes, size: "s-4vcpu-8gb" },
      maintenancePolicy: { day: "sunday", startTime: "02:00" },
    });
    expect(inputsOf(resources, "data-pool")["name"]).toBe("default");
  });

  it("is refused on another cloud", async () => {
    const { result } = await register((options) =>
      refusal(() => createCluster("data", { ...settings(), cloud: "gcp" }, [], options)),
    );
    expect(result).toBe(
      'Cluster data: cloud is "gcp", but must be "digitalocean". Set runstack:cloud.',
    );
  });
});
