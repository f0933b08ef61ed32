/** Kafka: the runbook's topics, partitions, retention, replicas and brokers. */
import type { Topic } from "../../systems/model";
import { durationText } from "../../systems/units";
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { ONLY_IN_PRODUCTION, finding } from "../policy";
import type { Value } from "../values";
import { common, compare, demandedBy, recovery, runbookOf, type Compared } from "./system";

/** The topic fields of a resource kind. */
interface TopicKind {
  readonly name: (props: Value) => Value;
  readonly partitions: readonly string[];
  readonly replication: readonly string[];
  /** The value of a topic setting, and its number. */
  readonly setting: (props: Value, kafka: string) => Written;
}

interface Written {
  readonly value: Value;
  readonly number: number | undefined;
}

const numeric = (value: Value): Written => ({
  value,
  number: value.string === undefined ? value.number : toNumber(value.string),
});

function toNumber(text: unknown): number | undefined {
  const number = typeof text === "string" && text.trim() !== "" ? Number(text) : text;
  return typeof number === "number" && !Number.isNaN(number) ? number : undefined;
}

/** `min.insync.replicas` → `minInsyncReplicas`. */
const camel = (key: string): string =>
  key.replaceAll(/\.([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** One setting in a JSON string; undefined if it is not JSON. */
function inJson(text: string | undefined, key: string): number | undefined {
  try {
    const parsed: unknown = JSON.parse(text ?? "");
    if (typeof parsed !== "object" || parsed === null) return undefined;
    return toNumber(Reflect.get(parsed, key));
  } catch {
    return undefined;
  }
}

const cloud = (name: string, setting: TopicKind["setting"]): TopicKind => ({
  name: (props) => props.get(name),
  partitions: ["partitionCount"],
  replication: ["replicationFactor"],
  setting,
});

const KINDS: Readonly<Record<string, TopicKind>> = {
  "digitalocean:index/databaseKafkaTopic:DatabaseKafkaTopic": cloud("name", (props, key) =>
    numeric(props.get("configs", 0, camel(key))),
  ),
  "aws:msk/topic:Topic": cloud("name", (props, key) => {
    const value = props.get("configs");
    return { value, number: inJson(value.string, key) };
  }),
  "gcp:managedkafka/topic:Topic": cloud("topicId", (props, key) =>
    numeric(props.get("configs", key)),
  ),
  "kubernetes:kafka.strimzi.io:KafkaTopic": {
    name: (props) => {
      const own = props.get("spec", "topicName");
      return own.isMissing ? props.get("metadata", "name") : own;
    },
    partitions: ["spec", "partitions"],
    replication: ["spec", "replicas"],
    setting: (props, key) => numeric(props.get("spec", "config", key)),
  },
};

interface Known {
  readonly topic: Topic;
  readonly resource: StackResource;
  readonly kind: TopicKind;
}

interface Topics {
  readonly known: readonly Known[];
  readonly strangers: readonly { readonly resource: StackResource; readonly name: Value }[];
  readonly missing: readonly Topic[];
}

function topicsOf({ system, stack, context }: Compared): Topics {
  const expected = new Map(
    system.eventBuses.flatMap((bus) => bus.topics).map((topic) => [topic.name, topic]),
  );
  const known: Known[] = [];
  const strangers: { resource: StackResource; name: Value }[] = [];
  let hidden = false;
  for (const [type, kind] of Object.entries(KINDS)) {
    for (const resource of stack.of(type)) {
      const name = kind.name(resource.props);
      hidden ||= context.noteUnknown(name, resource.urn);
      if (name.string === undefined) continue;
      const topic = expected.get(name.string);
      if (topic === undefined) strangers.push({ resource, name });
      else known.push({ topic, resource, kind });
    }
  }
  const found = new Set(known.map(({ topic }) => topic.name));
  // Without any topics, Kafka is run elsewhere and its topics are created there.
  const open = hidden || known.length + strangers.length === 0;
  return {
    known,
    strangers,
    missing: open ? [] : [...expected.values()].filter(({ name }) => !found.has(name)),
  };
}

function topics(compared: Compared): void {
  const { system, context } = compared;
  const { known, strangers, missing } = topicsOf(compared);
  for (const { resource, name } of strangers) {
    const text = `${runbookOf(system)} has no such topic`;
    context.report(finding(resource, name, text), resource.urn);
  }
  for (const { resource, topic, kind } of known) {
    const partitions = resource.props.get(...kind.partitions);
    if (context.noteUnknown(partitions, resource.urn) || partitions.number === topic.partitions)
      continue;
    const text = `the runbook's topic "${topic.name}" has ${topic.partitions} partitions`;
    context.report(finding(resource, partitions, text), resource.urn);
  }
  for (const topic of missing) {
    context.report(`Topic "${topic.name}" is not created; ${demandedBy(system, topic)}.`);
  }
}

const WEEK = 604_800;

/** Kafka's default retention (`log.retention.hours` 168). */
const RETENTION_DEFAULT = WEEK;

function retention(compared: Compared): void {
  const { context } = compared;
  for (const { resource, topic, kind } of topicsOf(compared).known) {
    const { value, number } = kind.setting(resource.props, "retention.ms");
    if (context.noteUnknown(value, resource.urn)) continue;
    // -1 keeps events forever.
    if (number === -1) continue;
    const kept = number === undefined ? RETENTION_DEFAULT : number / 1000;
    if (kept >= topic.retention.seconds) continue;
    const text = `the runbook keeps events of "${topic.name}" for ${durationText(topic.retention)} (retention.ms ${topic.retention.seconds * 1000})`;
    context.report(finding(resource, value, text), resource.urn);
  }
}

function copies(compared: Compared): void {
  const { context } = compared;
  const brokers = brokerDefault(compared.stack);
  for (const { resource, topic, kind } of topicsOf(compared).known) {
    const replication = resource.props.get(...kind.replication);
    if (
      !context.noteUnknown(replication, resource.urn) &&
      (replication.number ?? 0) < topic.replication
    ) {
      const text = `the runbook keeps ${topic.replication} replicas of "${topic.name}"`;
      context.report(finding(resource, replication, text), resource.urn);
    }
    const inSync = kind.setting(resource.props, "min.insync.replicas");
    if (context.noteUnknown(inSync.value, resource.urn)) continue;
    if ((inSync.number ?? brokers) >= topic.minInSync) continue;
    const text = `the runbook requires ${topic.minInSync} in-sync replicas of "${topic.name}" (min.insync.replicas)`;
    context.report(finding(resource, inSync.value, text), resource.urn);
  }
}

/** The brokers' `min.insync.replicas`, for topics without it; Kafka's default is 1. */
function brokerDefault(stack: Stack): number {
  const strimzi = stack
    .of("kubernetes:kafka.strimzi.io:Kafka")
    .map(
      ({ props }) => numeric(props.get("spec", "kafka", "config", "min.insync.replicas")).number,
    );
  const msk = stack.of("aws:msk/configuration:Configuration").map(({ props }) => {
    const properties = props.get("serverProperties").string ?? "";
    return toNumber(/^\s*min\.insync\.replicas\s*=\s*(\d+)\s*$/m.exec(properties)?.[1]);
  });
  return Math.max(1, ...[...strimzi, ...msk].map((count) => count ?? 1));
}

/** Type key → the path of the number of brokers. */
const BROKERS: Readonly<Record<string, readonly string[]>> = {
  "aws:msk/cluster:Cluster": ["numberOfBrokerNodes"],
  "kubernetes:kafka.strimzi.io:KafkaNodePool": ["spec", "replicas"],
  "digitalocean:index/databaseCluster:DatabaseCluster": ["nodeCount"],
};

function brokers({ system, stack, context }: Compared): void {
  const [bus, second] = system.eventBuses;
  if (bus === undefined || second !== undefined) return;
  for (const [type, path] of Object.entries(BROKERS)) {
    for (const resource of stack.of(type).filter((one) => runsBrokers(one, context))) {
      const count = resource.props.get(...path);
      if (context.noteUnknown(count, resource.urn) || (count.number ?? 0) >= bus.brokers) continue;
      const text = `${runbookOf(system)} runs "${bus.name}" on ${bus.brokers} brokers (${bus.clause.heading})`;
      context.report(finding(resource, count, text), resource.urn);
    }
  }
}

/** A database of another engine has no brokers; a Strimzi node pool may have only controllers. */
function runsBrokers({ props, type, urn }: StackResource, context: CheckContext): boolean {
  if (type.startsWith("digitalocean:")) {
    const engine = props.get("engine");
    return !context.noteUnknown(engine, urn) && engine.string === "kafka";
  }
  if (!type.startsWith("kubernetes:")) return true;
  const roles = props.get("spec", "roles");
  return !context.noteUnknown(roles, urn) && roles.list().some(({ string }) => string === "broker");
}

export const kafka: readonly Policy[] = [
  {
    ...common,
    name: "runbook-topics",
    title: "Topics match the runbook",
    clause: { reference: "PO-02" },
    severity: "medium",
    prevents: "An event is published to a topic that nobody created, or that nobody reads.",
    description:
      "The Kafka topics of the stack are exactly those of the system's runbook, with its partitions.",
    remediation:
      "Create the topics from the system's eventBuses in systems/, with their partitions.",
    check: compare(topics),
  },
  {
    ...recovery,
    name: "runbook-topic-retention",
    title: "Topics keep events for the runbook's retention",
    clause: {
      reference: "PO-02",
      url: "https://kafka.apache.org/documentation/#topicconfigs_retention.ms",
    },
    severity: "medium",
    prevents: "Events that a consumer missed over a long weekend are gone before it can read them.",
    description:
      "Every topic in the runbook keeps its events for at least the runbook's retention; Kafka's default is a week.",
    remediation: "Set retention.ms of the topic to its retention in systems/, in milliseconds.",
    check: compare(retention),
  },
  {
    ...recovery,
    name: "runbook-topic-copies",
    title: "Topics have the runbook's replication",
    clause: {
      reference: "PO-02",
      url: "https://kafka.apache.org/documentation/#topicconfigs_min.insync.replicas",
    },
    severity: "high",
    prevents: "An event that was acknowledged to its publisher is lost with one broker.",
    description:
      "In production, every topic in the runbook has its replication: 3 replicas, of which 2 must be in sync. The topic or the brokers may set min.insync.replicas.",
    remediation:
      "Set the topic's replication factor and min.insync.replicas from its replication and minInSync in systems/.",
    enforcement: ONLY_IN_PRODUCTION,
    check: compare(copies),
  },
  {
    ...common,
    name: "runbook-brokers",
    title: "Kafka has the runbook's number of brokers",
    clause: { reference: "PO-02" },
    severity: "high",
    prevents: "The loss of one broker stops every publisher.",
    description: "In production, Kafka runs on at least as many brokers as the runbook says.",
    remediation:
      "Set numberOfBrokerNodes, the KafkaNodePool's replicas or nodeCount from brokers in systems/.",
    enforcement: ONLY_IN_PRODUCTION,
    check: compare(brokers),
  },
];
