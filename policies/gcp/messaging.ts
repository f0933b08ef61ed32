/** Managed Kafka and Pub/Sub. */
import { is, isThat, isWritten, rules, withRemedy } from "../rules";
import { each, elements, expectAtLeast, expectThat, type Check } from "../expect";
import type { Policy } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION } from "../policy";
import { DOCS, whole } from "./shared";
import { gcp } from "../tokens";
import type { Value } from "../values";

const KAFKA = `${DOCS}/managed-service-for-apache-kafka/docs`;
const SUBSCRIPTION = gcp("pubsub", "Subscription");

function durable(check: Check): void {
  const { props } = check.resource;
  const replication = props.get("replicationFactor");
  expectAtLeast(check, replication, 3);
  const confirmed = props.get("configs", "min.insync.replicas");
  const count = ({ string }: Value): number => Number(string ?? "1");
  expectThat(check, confirmed, (it) => count(it) >= 2, 'it must be "2" or more');
  const copies = replication.number;
  if (copies === undefined || confirmed.isUnknown || count(confirmed) < 2) return;
  const expected = `it must be below replicationFactor ${String(copies)}, so that one broker may fail`;
  expectThat(check, confirmed, (it) => count(it) < copies, expected);
}

function access(check: Check): void {
  for (const entry of elements(check, check.resource.props.get("aclEntries"))) {
    const [who, permission] = [entry.get("principal"), entry.get("permissionType")];
    if (check.context.noteUnknown(who) || who.string !== "User:*") continue;
    const isDenied = permission.string?.toUpperCase() === "DENY";
    if (isDenied || check.context.noteUnknown(permission)) continue;
    expectThat(check, who, () => false, "it is every account: name one");
  }
}

const strict = { enforcement: STRICT_IN_PRODUCTION } as const;

export const messaging: readonly Policy[] = [
  {
    ...strict,
    name: "gcp-kafka-topic-durable",
    title: "Google Managed Kafka topics tolerate the loss of a broker",
    clause: { reference: "PO-02", url: `${KAFKA}/create-topic` },
    severity: "high",
    themes: ["messaging", "gcp"],
    prevents: "An event that was acknowledged to its publisher is lost with one broker.",
    description: "Every topic has three replicas, two of which must acknowledge a write.",
    remediation: 'Set replicationFactor to 3 and configs["min.insync.replicas"] to "2".',
    check: each([gcp("managedkafka", "Topic")], durable),
  },
  {
    ...strict,
    name: "gcp-kafka-cluster-sized",
    title: "Google Managed Kafka has room for three brokers",
    clause: { reference: "PO-02", url: `${KAFKA}/create-cluster` },
    severity: "high",
    themes: ["messaging", "availability", "gcp"],
    prevents: "Three replicas cannot be placed on three brokers in three zones.",
    description: "Managed Kafka clusters have three vCPUs or more, one for each broker.",
    remediation: 'Set capacityConfig.vcpuCount to "3" or more.',
    check: rules([gcp("managedkafka", "Cluster")], {
      "capacityConfig.vcpuCount": isThat(
        (it) => (whole(it) ?? 0) >= 3,
        'three brokers need "3" vCPUs or more',
      ),
    }),
  },
  {
    ...strict,
    name: "gcp-kafka-acl-narrow",
    title: "Kafka ACLs name their principals",
    clause: { reference: "PO-03", url: `${KAFKA}/kafka-acls` },
    severity: "high",
    themes: ["messaging", "iam", "gcp"],
    prevents: "Every client of the project can read and write every topic.",
    description: "No Managed Kafka ACL grants access to every account.",
    remediation: "Set principal to User: followed by the service account's email.",
    check: each([gcp("managedkafka", "Acl")], access),
  },
  {
    ...strict,
    name: "gcp-pubsub-subscription-kept",
    title: "Pub/Sub subscriptions do not expire",
    clause: { reference: "PO-02", url: `${DOCS}/pubsub/docs/subscription-properties` },
    severity: "high",
    themes: ["messaging", "recovery", "gcp"],
    prevents:
      "A subscriber that was inactive for a month finds its subscription, and all messages, gone.",
    description: "Pub/Sub subscriptions never expire.",
    remediation: 'Set expirationPolicy to { ttl: "" }.',
    // By default Google deletes a subscription after 31 days without a subscriber.
    ...withRemedy(
      rules([SUBSCRIPTION], {
        "expirationPolicy.ttl": is(
          "",
          'a subscription that is idle for 31 days is deleted: set it to ""',
        ),
      }),
    ),
  },
  {
    name: "gcp-pubsub-dead-letters",
    title: "Pub/Sub subscriptions have a dead-letter topic",
    clause: { reference: "PO-01", url: `${DOCS}/pubsub/docs/handling-failures` },
    severity: "low",
    themes: ["messaging", "gcp"],
    prevents: "One malformed message is redelivered again and again, and blocks those behind it.",
    description: "Pub/Sub subscriptions have a topic for messages that cannot be processed.",
    remediation: "Set deadLetterPolicy with deadLetterTopic and maxDeliveryAttempts.",
    enforcement: ADVICE,
    check: rules([SUBSCRIPTION], {
      "deadLetterPolicy.deadLetterTopic": isWritten("set the topic for failed messages"),
    }),
  },
];
