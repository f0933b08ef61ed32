import { describe, expect, it } from "vitest";
import { UNKNOWN, messages, type Fixture } from "../testing";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";
import type { Key } from "../values";

const object = (kind: string, spec: object, labels: object = {}): Fixture => ({
  type: `kubernetes:kafka.strimzi.io/v1:${kind}`,
  name: "events",
  props: { metadata: { name: "events", namespace: "shop", labels }, spec },
});
const cluster = (): Fixture =>
  object("Kafka", {
    kafka: {
      listeners: [
        { name: "clients", port: 9092, tls: true, authentication: { type: "scram-sha-512" } },
      ],
      authorization: { type: "simple" },
      config: {
        "auto.create.topics.enable": false,
        "default.replication.factor": 3,
        "min.insync.replicas": "2",
        "unclean.leader.election.enable": false,
      },
    },
  });
const WHO = 'Kafka "shop/events"';
const LISTENER: readonly Key[] = ["spec", "kafka", "listeners", 0];
const CONFIG: readonly Key[] = ["spec", "kafka", "config"];

const listener = (at: string, expected: string, name = "clients"): string =>
  `${WHO}, listener "${name}": spec.kafka.listeners[0].${at}; ${expected}.`;
const login = 'write "scram-sha-512" or "tls"';
testPolicy("kafka-listeners", {
  happy: cluster,
  broken: [
    { at: [...LISTENER, "tls"], to: false, says: listener("tls is false", "it must be true") },
    { at: [...LISTENER, "tls"], says: listener("tls is missing", "it must be true") },
    {
      at: [...LISTENER, "authentication"],
      says: listener("authentication.type is missing", login),
    },
    {
      at: LISTENER,
      to: { tls: true },
      says: listener("authentication.type is missing", login, "unnamed"),
    },
  ],
  unknown: [
    ["spec", "kafka", "listeners"],
    [...LISTENER, "tls"],
  ],
});

const AUTO: readonly Key[] = [...CONFIG, "auto.create.topics.enable"];
const auto = (found: string): string =>
  `${WHO}: spec.kafka.config["auto.create.topics.enable"] is ${found}; a typo would create a topic: it must be false.`;
testPolicy("kafka-authorization", {
  happy: cluster,
  broken: [
    {
      at: ["spec", "kafka", "authorization"],
      says: `${WHO}: spec.kafka.authorization.type is missing; write "simple".`,
    },
    { at: AUTO, says: auto("missing") },
    { at: AUTO, to: true, says: auto("true") },
    { at: AUTO, to: "true", says: auto('"true"') },
    { at: AUTO, to: "false", says: [] },
  ],
  unknown: [AUTO],
});

const setting = (key: string, found: string, least: number): string =>
  `${WHO}: spec.kafka.config["${key}"] is ${found}; it must be ${String(least)} or more.`;
const UNCLEAN: readonly Key[] = [...CONFIG, "unclean.leader.election.enable"];
const unclean = (found: string): string =>
  `${WHO}: spec.kafka.config["unclean.leader.election.enable"] is ${found}; an out-of-sync leader would lose acknowledged events: it must be false.`;
testPolicy("kafka-replication", {
  happy: cluster,
  broken: [
    ...(
      [
        ["default.replication.factor", 3],
        ["min.insync.replicas", 2],
        ["offsets.topic.replication.factor", 3],
        ["transaction.state.log.replication.factor", 3],
        ["transaction.state.log.min.isr", 2],
      ] as const
    ).flatMap(([key, least]) => [
      { at: [...CONFIG, key], to: least - 1, says: setting(key, String(least - 1), least) },
      { at: [...CONFIG, key], to: String(least), says: [] },
      { at: [...CONFIG, key], to: "many", says: setting(key, '"many"', least) },
      { at: [...CONFIG, key], to: true, says: setting(key, "true", least) },
    ]),
    {
      at: [...CONFIG, "default.replication.factor"],
      says: setting("default.replication.factor", "missing", 3),
    },
    { at: [...CONFIG, "min.insync.replicas"], says: setting("min.insync.replicas", "missing", 2) },
    { at: UNCLEAN, to: true, says: unclean("true") },
    { at: UNCLEAN, to: "true", says: unclean('"true"') },
    { at: UNCLEAN, says: [] },
  ],
  unknown: [CONFIG, UNCLEAN, [...CONFIG, "min.insync.replicas"]],
});

describe("brokers", () => {
  const pool = (name: string, spec: object): Fixture => ({
    ...object("KafkaNodePool", spec, { "strimzi.io/cluster": "events" }),
    name,
  });
  const few = (sum: number, role: string, least = 3): string =>
    `${WHO}: its node pools have ${String(sum)} with the role ${role}; production needs ${String(least)} or more: raise spec.replicas of a KafkaNodePool.`;
  const four = { configuration: { "kafka-brokers": { least: 4 } } };

  testPolicy("kafka-brokers", {
    happy: () => [
      pool("a", { replicas: 2, roles: ["broker"] }),
      pool("b", { replicas: 1, roles: ["controller", "broker"] }),
      pool("c", { replicas: 2, roles: ["controller"] }),
      cluster(),
    ],
    broken: [
      { at: ["spec", "replicas"], to: 1, says: few(2, "broker") },
      { at: ["spec", "replicas"], says: few(1, "broker") },
      { of: 2, at: ["spec", "replicas"], to: 1, says: few(2, "controller") },
      { of: 1, at: ["spec", "replicas"], to: 0, says: [few(2, "broker"), few(2, "controller")] },
      { at: ["spec", "replicas"], to: 3, says: few(3, "controller", 4), setting: four },
      { of: 2, at: ["metadata", "labels"], to: {}, says: few(1, "controller") },
      { of: 2, at: ["metadata", "namespace"], to: "stock", says: few(1, "controller") },
    ],
    unknown: [
      ["spec", "replicas"],
      ["spec", "roles"],
      ["spec", "roles", 0],
      ["metadata", "labels"],
      ["metadata", "labels", "strimzi.io/cluster"],
      ["metadata", "namespace"],
      [3, "metadata", "name"],
      [3, "metadata", "namespace"],
    ],
  });

  it("does not count pools of another program", async () => {
    expect(await messages("kafka-brokers", [cluster()])).toEqual([]);
    const one = pool("a", { replicas: 1, roles: "broker" });
    expect(await messages("kafka-brokers", [one, cluster()])).toEqual([]);
  });

  it("reports what it knows next to a pool that may belong to another cluster", async () => {
    const two = pool("a", { replicas: 2, roles: ["controller", "broker"] });
    const vague = broken(
      pool("b", { replicas: 1, roles: ["broker"] }),
      ["metadata", "labels", "strimzi.io/cluster"],
      UNKNOWN,
    );
    expect(await messages("kafka-brokers", [two, vague, cluster()])).toEqual([
      few(2, "controller"),
    ]);
    const elsewhere = "urn:pulumi:prod::p::pulumi:providers:kubernetes::x";
    expect(
      await messages("kafka-brokers", [two, { ...vague, provider: elsewhere }, cluster()]),
    ).toEqual([few(2, "broker"), few(2, "controller")]);
  });
});

const topic = (): Fixture =>
  object("KafkaTopic", { partitions: 6, replicas: 3, config: { "min.insync.replicas": "2" } });
const INSYNC: readonly Key[] = ["spec", "config", "min.insync.replicas"];
const inSync = (found: string, replicas: number, most: number): string =>
  `KafkaTopic "shop/events": spec.config["min.insync.replicas"] is ${found}; with ${String(replicas)} replicas it must be ${most === 2 ? "2" : `from 2 to ${String(most)}`}, so that one may be down.`;
/** More in sync than there are. */
const fails = (message: string, least: number): string =>
  message.replace(
    "; ",
    `; every write with acks=all waits for ${String(least)} replicas, and fails: `,
  );
const replicas = (found: string): string =>
  `KafkaTopic "shop/events": spec.replicas is ${found}; it must be 3 or more.`;
testPolicy("kafka-topic-replication", {
  happy: topic,
  broken: [
    { at: ["spec", "replicas"], to: 2, says: replicas("2") },
    { at: ["spec", "replicas"], to: 1, says: fails(replicas("1"), 2) },
    { at: ["spec", "replicas"], to: 4, says: [] },
    { at: ["spec", "replicas"], says: [] },
    { at: INSYNC, to: "1", says: inSync('"1"', 3, 2) },
    { at: INSYNC, to: 3, says: inSync("3", 3, 2) },
    { at: INSYNC, to: 4, says: fails(inSync("4", 3, 2), 4) },
    { at: INSYNC, says: [] },
    { at: INSYNC, to: "x", says: inSync('"x"', 3, 2) },
  ],
  unknown: [["spec", "replicas"], INSYNC],
});

const user = (): Fixture =>
  object("KafkaUser", {
    authentication: { type: "scram-sha-512" },
    authorization: {
      type: "simple",
      acls: [{ operations: ["Read"], resource: { type: "topic", name: "reminders" } }],
    },
  });
const ACL: readonly Key[] = ["spec", "authorization", "acls", 0];
const everything = `KafkaUser "shop/events": spec.authorization.acls[0].resource.name is "*"; it matches all of them: list those that it needs.`;
testPolicy("kafka-user-narrow", {
  happy: user,
  broken: [
    {
      at: ["spec", "authentication"],
      says: `KafkaUser "shop/events": spec.authentication.type is missing; ${login}.`,
    },
    {
      at: ["spec", "authorization", "acls"],
      to: [],
      says: `KafkaUser "shop/events": spec.authorization.acls is []; list its permissions on topics.`,
    },
    {
      at: ["spec", "authorization"],
      says: `KafkaUser "shop/events": spec.authorization.acls is missing; list its permissions on topics.`,
    },
    { at: [...ACL, "resource", "name"], to: "*", says: everything },
    { at: ACL, to: { type: "allow", resource: { type: "group", name: "*" } }, says: everything },
    { at: ACL, to: { type: "deny", resource: { type: "topic", name: "*" } }, says: [] },
    { at: ACL, to: { resource: { type: "cluster", name: "*" } }, says: [] },
    { at: ACL, to: { resource: { name: "*" } }, says: [] },
  ],
  unknown: [
    ["spec", "authorization", "acls"],
    [...ACL, "resource", "type"],
    [...ACL, "resource", "name"],
  ],
});
testPolicy("kafka-user-narrow", {
  happy: () => broken(user(), ACL, { type: "deny", resource: { type: "topic", name: "*" } }),
  broken: [{ at: [...ACL, "type"], to: "allow", says: everything }],
  unknown: [[...ACL, "type"]],
});

const quotas = { configuration: { "kafka-user-quotas": { required: true } } };
testPolicy("kafka-user-quotas", {
  happy: () => broken(user(), ["spec", "quotas"], { producerByteRate: 1_048_576 }),
  setting: quotas,
  broken: [
    {
      at: ["spec", "quotas"],
      says: `KafkaUser "shop/events": spec.quotas is missing; set producerByteRate and consumerByteRate.`,
    },
    { at: ["spec", "quotas"], says: [], setting: { configuration: {} } },
  ],
  unknown: [],
});
