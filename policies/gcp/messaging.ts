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
  const expected = `below replicationFactor ${String(copies)} it lets one broker fail`;
  expectThat(check, confirmed, (it) => count(it) < copies, expected);
}

function access(check: Check): void {
  for (const entry of elements(check, check.resource.props.get("aclEntries"))) {
    const [who, permission] = [entry.get("principal"), entry.get("permissionType")];
    if (check.context.noteUnknown(who) || who.string !== "User:*") continue;
    const isDenied = permission.string?.toUpperCase() === "DENY";
    if (isDenied || check.context.noteUnknown(permission)) continue;
    expectThat(check, who, () => false, "name the account: this is every one");
  }
}

const strict = { enforcement: STRICT_IN_PRODUCTION } as const;

export const messaging: readonly Policy[] = [
  {
    ...strict,
    name: "gcp-kafka-topic-durable",
    title: "Topics of Google's Kafka survive a broker",
    clause: { reference: "PO-02", url: `${KAFKA}/create-topic` },
    severity: "high",
    themes: ["messaging", "gcp"],
    prevents: "An event that was confirmed to its publisher is lost with one broker.",
    description: "Every topic has three replicas, of which two confirm a write.",
    remediation: 'Set replicationFactor to 3 and configs["min.insync.replicas"] to "2".',
    check: each([gcp("managedkafka", "Topic")], durable),
  },
  {
    ...strict,
    name: "gcp-kafka-cluster-sized",
    title: "Google's Kafka has room for three brokers",
    clause: { reference: "PO-02", url: `${KAFKA}/create-cluster` },
    severity: "high",
    themes: ["messaging", "availability", "gcp"],
    prevents: "Three replicas have no three brokers in three zones to lie on.",
    description: "Managed Kafka clusters have three processors or more, one for each broker.",
    remediation: 'Set capacityConfig.vcpuCount to "3" or more.',
    check: rules([gcp("managedkafka", "Cluster")], {
      "capacityConfig.vcpuCount": isThat(
        (it) => (whole(it) ?? 0) >= 3,
        'three brokers need "3" or more',
      ),
    }),
  },
  {
    ...strict,
    name: "gcp-kafka-acl-narrow",
    title: "Kafka's rights are somebody's",
    clause: { reference: "PO-03", url: `${KAFKA}/kafka-acls` },
    severity: "high",
    themes: ["messaging", "iam", "gcp"],
    prevents: "Every client of the project reads and writes every topic.",
    description: "No access list of Managed Kafka allows something to every account.",
    remediation: "Write the service account's email as principal, after User:.",
    check: each([gcp("managedkafka", "Acl")], access),
  },
  {
    ...strict,
    name: "gcp-pubsub-subscription-kept",
    title: "Subscriptions do not expire",
    clause: { reference: "PO-02", url: `${DOCS}/pubsub/docs/subscription-properties` },
    severity: "high",
    themes: ["messaging", "recovery", "gcp"],
    prevents: "A reader that was away for a month finds its subscription, and all messages, gone.",
    description: "Subscriptions of Pub/Sub never expire.",
    remediation: 'Set expirationPolicy to { ttl: "" }.',
    // Google's own default ends a subscription after 31 days without a reader.
    ...withRemedy(
      rules([SUBSCRIPTION], {
        "expirationPolicy.ttl": is("", 'a reader that is away for 31 days loses it: write ""'),
      }),
    ),
  },
  {
    name: "gcp-pubsub-dead-letters",
    title: "Messages that nobody can read are put aside",
    clause: { reference: "PO-01", url: `${DOCS}/pubsub/docs/handling-failures` },
    severity: "low",
    themes: ["messaging", "gcp"],
    prevents: "One broken message is delivered again and again, and holds up those behind it.",
    description: "Subscriptions of Pub/Sub have a topic for messages that fail.",
    remediation: "Write deadLetterPolicy with deadLetterTopic and maxDeliveryAttempts.",
    enforcement: ADVICE,
    check: rules([SUBSCRIPTION], {
      "deadLetterPolicy.deadLetterTopic": isWritten("write the topic that takes what fails"),
    }),
  },
];
