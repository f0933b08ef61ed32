import { quantity } from "../../systems/units";
import { STRIMZI_KAFKA } from "../../versions";
import { enforce, quoted, type Rule } from "../kit/validation";
import { anyOf, topicRules } from "./check";
import { objectName } from "./strimzi-objects";
import type { StrimziKafkaArguments } from "./strimzi";

const VERSIONS = Object.keys(STRIMZI_KAFKA);

/** What Strimzi would reject, or accept and then never become ready with. Pure. */
export function checkStrimzi(
  name: string,
  args: Pick<
    StrimziKafkaArguments,
    "clusterName" | "version" | "brokers" | "storage" | "allowFrom" | "topics"
  >,
): void {
  enforce(`StrimziKafka ${name}`, [
    {
      holds: VERSIONS.includes(args.version),
      key: "version",
      value: quoted(args.version),
      allowed: anyOf(VERSIONS),
      next: "Other versions need another release of the operator.",
    },
    ...clusterRules(args),
    ...topicRules(args.topics, { brokers: args.brokers, mostPartitions: 4000 }),
    ...objectNameRules(args.topics),
  ]);
}

function clusterRules(
  args: Pick<StrimziKafkaArguments, "clusterName" | "brokers" | "storage" | "allowFrom">,
): readonly Rule[] {
  return [
    // Services and labels append up to sixteen characters, and have at most 63.
    {
      holds: /^[a-z]([a-z0-9-]{0,45}[a-z0-9])?$/.test(args.clusterName),
      key: "clusterName",
      value: quoted(args.clusterName),
      allowed: "1 to 47 lower-case letters, digits and hyphens, beginning with a letter",
      next: "Shorten it.",
    },
    {
      holds: Number.isInteger(args.brokers) && args.brokers >= 3 && args.brokers <= 93,
      key: "brokers",
      value: String(args.brokers),
      allowed: "3 to 93",
      next: "Three is the minimum that keeps two copies while one is down.",
    },
    {
      holds: args.storage.bytes >= 1024 ** 3,
      key: "storage",
      value: quantity(args.storage),
      allowed: "1Gi or more",
      next: "Kafka's own segments need it.",
    },
    {
      holds: args.allowFrom.length !== 0,
      key: "allowFrom",
      value: "empty",
      allowed: "one or more peers",
      next: "Kubernetes reads an empty list as everyone.",
    },
  ];
}

/** Kubernetes allows fewer characters in names than Kafka. */
function objectNameRules(topics: StrimziKafkaArguments["topics"]): readonly Rule[] {
  const objects = topics.map(({ name }) => objectName(name));
  return topics.map(({ name }, index) => {
    const object = objects[index] ?? "";
    const first = objects.indexOf(object);
    return {
      holds: first === index && /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(object),
      key: `topics.${name}`,
      value:
        first === index ? quoted(name) : `the same Kubernetes name as ${topics[first]?.name ?? ""}`,
      allowed: "a valid Kubernetes name that no other topic has",
      next: "Rename it.",
    };
  });
}
