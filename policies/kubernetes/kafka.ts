/** Strimzi Kafka: encryption, authentication and replication. */
import {
  elements,
  knows,
  each,
  expectThat,
  expectEqual,
  expectPresent,
  expectNot,
  type Check,
} from "../expect";
import { inCluster, keyOf } from "./objects";
import { SIZED } from "../in-manifests";
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { ADVICE, ONLY_IN_PRODUCTION, STRICT_IN_PRODUCTION, finding, nameOf } from "../policy";
import type { Match } from "./selectors";
import type { Value } from "../values";

const KAFKA = "kubernetes:kafka.strimzi.io:Kafka";
const NODE_POOL = "kubernetes:kafka.strimzi.io:KafkaNodePool";
const TOPIC = "kubernetes:kafka.strimzi.io:KafkaTopic";
const USER = "kubernetes:kafka.strimzi.io:KafkaUser";
const DOCS = "https://strimzi.io/docs/operators/latest/configuring.html";
const LEAST_BROKERS = 3;

function listenersAreSafe(check: Check): void {
  for (const listener of elements(check, check.resource.props.get("spec", "kafka", "listeners"))) {
    const part = `listener "${listener.get("name").string ?? "unnamed"}"`;
    expectEqual({ ...check, part }, listener.get("tls"), true);
    expectPresent(
      { ...check, part },
      listener.get("authentication", "type"),
      'write "scram-sha-512" or "tls"',
    );
  }
}

/** Settings may be numbers or strings; with Kafka's defaults. */
const REPLICATION: readonly {
  readonly key: string;
  readonly least: number;
  readonly byDefault: number;
}[] = [
  { key: "default.replication.factor", least: 3, byDefault: 1 },
  { key: "min.insync.replicas", least: 2, byDefault: 1 },
  { key: "offsets.topic.replication.factor", least: 3, byDefault: 3 },
  { key: "transaction.state.log.replication.factor", least: 3, byDefault: 3 },
  { key: "transaction.state.log.min.isr", least: 2, byDefault: 2 },
];

const count = (value: Value, byDefault: number): number =>
  value.isMissing ? byDefault : (value.number ?? Number(value.string ?? NaN));

/** A setting that Kafka reads as true; `true` and "true" mean the same. */
const isOn = ({ boolean, string }: Value): boolean => boolean === true || string === "true";
const isOff = ({ boolean, string }: Value): boolean => boolean === false || string === "false";

function configIsReplicated(check: Check): void {
  const config = check.resource.props.get("spec", "kafka", "config");
  for (const { key, least, byDefault } of REPLICATION) {
    const isEnough = (value: Value): boolean => count(value, byDefault) >= least;
    expectThat(check, config.get(key), isEnough, `it must be ${least} or more`);
  }
  const unclean = config.get("unclean.leader.election.enable");
  expectThat(
    check,
    unclean,
    (value) => !isOn(value),
    "an out-of-sync leader would lose acknowledged events: it must be false",
  );
}

function topicIsReplicated(check: Check): void {
  const spec = check.resource.props.get("spec");
  const replicas = spec.get("replicas");
  const inSync = spec.get("config", "min.insync.replicas");
  const { resource, context } = check;
  const isOpen = context.noteUnknown(inSync);
  if (context.noteUnknown(replicas)) return;
  // The brokers' settings are the default (kafka-replication).
  const [all, least] = [count(replicas, 3), count(inSync, 2)];
  const isCertain = !replicas.isMissing && !inSync.isMissing && least > all;
  const fails = isCertain
    ? `every write with acks=all waits for ${least} replicas, and fails: `
    : "";
  const report = (value: Value, expected: string): void => {
    context.report({ ...finding(resource, value, `${fails}${expected}`), isCertain });
  };
  const most = all - 1;
  const range = most === 2 ? "2" : `from 2 to ${most}`;
  // With fewer replicas no number of them in sync is right.
  if (!(all >= 3)) report(replicas, "it must be 3 or more");
  else if (!isOpen && !(least >= 2 && least <= most))
    report(inSync, `with ${all} replicas it must be ${range}, so that one may be down`);
}

interface Pool {
  readonly resource: StackResource;
  /** The key of the Kafka that it belongs to; undefined while unknown. */
  readonly key: string | undefined;
}

function poolsByKafka(stack: Stack, context: CheckContext): ReadonlyMap<string, readonly Pool[]> {
  const pools = new Map<string, Pool[]>();
  for (const resource of stack.of(NODE_POOL)) {
    const cluster = resource.props.get("metadata", "labels", "strimzi.io/cluster");
    const key = keyOf(resource, cluster, context);
    // An unknown one may belong to any in its cluster.
    const place = key ?? inCluster(resource);
    pools.set(place, [...(pools.get(place) ?? []), { resource, key }]);
  }
  return pools;
}

function brokersAreEnough(stack: Stack, context: CheckContext): void {
  const pools = poolsByKafka(stack, context);
  for (const kafka of stack.of(KAFKA)) {
    const key = keyOf(kafka, kafka.props.get("metadata", "name"), context);
    if (key === undefined) continue;
    const own = [key, inCluster(kafka)].flatMap((place) => pools.get(place) ?? []);
    for (const role of ["broker", "controller"]) evaluateRole(kafka, own, role, context);
  }
}

function evaluateRole(
  kafka: StackResource,
  pools: readonly Pool[],
  role: string,
  context: CheckContext,
): void {
  const least = context.setting("least", LEAST_BROKERS);
  const counts = pools
    .map(({ resource, key }) => ({ has: hasRole(resource, role, context), resource, key }))
    .filter(({ has }) => has !== "no")
    .map(({ resource, key, has }) => {
      const value = resource.props.get("spec", "replicas");
      const isOpen =
        context.noteUnknown(value, resource.urn) || has === "unknown" || key === undefined;
      return isOpen ? undefined : (value.number ?? 0);
    });
  // Pools of another program are not visible here.
  if (counts.length === 0 || counts.includes(undefined)) return;
  const sum = counts.reduce<number>((total, count = 0) => total + count, 0);
  if (sum >= least) return;
  context.report(
    `${nameOf(kafka)}: its node pools have ${sum} with the role ${role}; production needs ${least} or more: raise spec.replicas of a KafkaNodePool.`,
    kafka.urn,
  );
}

function hasRole(pool: StackResource, role: string, context: CheckContext): Match {
  const roles = pool.props.get("spec", "roles").listOrUnknown();
  if (roles.some(({ string }) => string === role)) return "yes";
  return knows({ resource: pool, context }, ...roles) ? "no" : "unknown";
}

function userIsNarrow(check: Check): void {
  const spec = check.resource.props.get("spec");
  expectPresent(check, spec.get("authentication", "type"), 'write "scram-sha-512" or "tls"');
  expectPresent(check, spec.get("authorization", "acls"), "list its permissions on topics");
  for (const acl of elements(check, spec.get("authorization", "acls"))) {
    const type = acl.get("resource", "type");
    if (check.context.noteUnknown(type) || !["topic", "group"].includes(type.string ?? ""))
      continue;
    const effect = acl.get("type");
    if (check.context.noteUnknown(effect) || effect.string === "deny") continue;
    expectNot(
      check,
      acl.get("resource", "name"),
      "*",
      "it matches all of them: list those that it needs",
    );
  }
}

function userHasQuotas(check: Check): void {
  if (!check.context.setting("required", false)) return;
  const { resource } = check;
  expectPresent(
    check,
    resource.props.get("spec", "quotas"),
    "set producerByteRate and consumerByteRate",
  );
}

const shared = { themes: ["messaging"], enforcement: STRICT_IN_PRODUCTION } as const;

export const kafka: readonly Policy[] = [
  {
    ...shared,
    name: "kafka-listeners",
    title: "Kafka listeners require TLS and authentication",
    clause: { reference: "PO-03; ALL-12", url: `${DOCS}#type-GenericKafkaListener-reference` },
    severity: "critical",
    prevents: "Anyone on the network can read every event, and publish more.",
    description: "Every listener of a Kafka cluster has TLS and authentication.",
    remediation:
      "Set tls: true and authentication.type scram-sha-512 or tls in each of spec.kafka.listeners.",
    check: each([KAFKA], listenersAreSafe),
  },
  {
    ...shared,
    name: "kafka-authorization",
    title: "Kafka has authorization",
    clause: { reference: "PO-03", url: `${DOCS}#type-KafkaClusterSpec-reference` },
    severity: "high",
    prevents: "A compromised service reads and deletes the topics of all others.",
    description:
      "A Kafka cluster has authorization, and topics must be declared: the first write does not create them.",
    remediation:
      "Set spec.kafka.authorization.type to simple, and auto.create.topics.enable: false in spec.kafka.config.",
    check: each([KAFKA], (check) => {
      const spec = check.resource.props.get("spec", "kafka");
      expectPresent(check, spec.get("authorization", "type"), 'write "simple"');
      const created = spec.get("config", "auto.create.topics.enable");
      expectThat(check, created, isOff, "a typo would create a topic: it must be false");
    }),
  },
  {
    ...shared,
    name: "kafka-replication",
    title: "Kafka does not lose acknowledged events",
    clause: {
      reference: "PO-02; ALL-12",
      url: "https://kafka.apache.org/documentation/#brokerconfigs",
    },
    severity: "high",
    prevents: "The loss of one broker loses events that were acknowledged.",
    description:
      "A Kafka cluster keeps three replicas of topics, offsets and transactions, two of them in sync, and never elects an out-of-sync leader.",
    remediation:
      "Set default.replication.factor 3, min.insync.replicas 2 and unclean.leader.election.enable false in spec.kafka.config.",
    inManifests: SIZED,
    check: each([KAFKA], configIsReplicated),
  },
  {
    ...shared,
    name: "kafka-brokers",
    title: "Kafka has three brokers",
    clause: { reference: "PO-02", url: `${DOCS}#config-node-pools-str` },
    severity: "high",
    prevents: "The loss of one node stops all writes.",
    description:
      "In production, the node pools of a Kafka cluster have three brokers and three controllers.",
    remediation: "Set spec.replicas to 3 in the KafkaNodePool with the role.",
    enforcement: ONLY_IN_PRODUCTION,
    inManifests: SIZED,
    configuration: {
      properties: {
        least: {
          type: "integer",
          minimum: 1,
          default: LEAST_BROKERS,
          description: "Minimum number of brokers and of controllers",
        },
      },
    },
    check: { kind: "stack", run: brokersAreEnough },
  },
  {
    ...shared,
    name: "kafka-topic-replication",
    title: "Kafka topics tolerate the loss of a broker",
    clause: { reference: "PO-02; ALL-12", url: `${DOCS}#type-KafkaTopicSpec-reference` },
    severity: "high",
    prevents: "The loss of one broker loses a topic's events, or blocks its publishers.",
    description:
      "A KafkaTopic has three replicas, and at least two but not all of them must be in sync.",
    remediation: 'Set spec.replicas to 3 and min.insync.replicas to "2" in spec.config.',
    inManifests: { ...SIZED, except: "that more replicas must be in sync than there are" },
    check: each([TOPIC], topicIsReplicated),
  },
  {
    ...shared,
    name: "kafka-user-narrow",
    title: "Kafka users have least privilege",
    clause: { reference: "PO-03", url: `${DOCS}#type-KafkaUserSpec-reference` },
    severity: "high",
    prevents: "A compromised service reads and writes the topics of all others.",
    description: "A KafkaUser has authentication, and ACLs that name its topics and groups.",
    remediation:
      "Set spec.authentication.type, and acls with the names of topics and groups in spec.authorization.",
    check: each([USER], userIsNarrow),
  },
  {
    ...shared,
    name: "kafka-user-quotas",
    title: "Kafka users have quotas",
    clause: { reference: "PO-01", url: `${DOCS}#type-KafkaUserQuotas-reference` },
    severity: "low",
    prevents: "One runaway client starves all others.",
    description: "If the option required is set, a KafkaUser has quotas.",
    remediation: "Set spec.quotas with producerByteRate and consumerByteRate.",
    enforcement: ADVICE,
    configuration: {
      properties: {
        required: {
          type: "boolean",
          default: false,
          description: "Whether every user needs quotas",
        },
      },
    },
    check: each([USER], userHasQuotas),
  },
];
