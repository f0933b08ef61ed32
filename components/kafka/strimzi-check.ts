import { quantity } from "../../systems/units";
import { STRIMZI_KAFKA } from "../../versions";
import { anyOf, checkTopics, refusing } from "./check";
import { objectName } from "./strimzi-objects";
import type { StrimziKafkaArguments } from "./strimzi";

const VERSIONS = Object.keys(STRIMZI_KAFKA);

/** What Strimzi would refuse, or accept and then wait for ever. Pure. */
export function checkStrimzi(
  name: string,
  args: Pick<
    StrimziKafkaArguments,
    "clusterName" | "version" | "brokers" | "storage" | "allowFrom" | "topics"
  >,
): void {
  const component = `StrimziKafka ${name}`;
  checkVersion(component, args.version);
  checkCluster(component, args);
  checkTopics(component, args.topics, {
    brokers: args.brokers,
    mostPartitions: 4000,
  });
  checkObjectNames(component, args.topics);
}

function checkVersion(component: string, version: string): void {
  if (VERSIONS.includes(version)) return;
  refusing(component)(
    "version",
    `"${version}"`,
    anyOf(VERSIONS),
    "Other versions need another release of the operator.",
  );
}

function checkCluster(
  component: string,
  args: Pick<StrimziKafkaArguments, "clusterName" | "brokers" | "storage" | "allowFrom">,
): void {
  const refuse = refusing(component);
  // Services and labels add up to sixteen letters to it, and end at 63.
  if (!/^[a-z]([a-z0-9-]{0,45}[a-z0-9])?$/.test(args.clusterName)) {
    refuse(
      "clusterName",
      `"${args.clusterName}"`,
      "1 to 47 lower-case letters, digits and hyphens, beginning with a letter",
      "Shorten it.",
    );
  }
  if (!Number.isInteger(args.brokers) || args.brokers < 3 || args.brokers > 93) {
    refuse(
      "brokers",
      String(args.brokers),
      "3 to 93",
      "Three are the least that keep two copies while one is away.",
    );
  }
  if (args.storage.bytes < 1024 ** 3) {
    refuse("storage", quantity(args.storage), "1Gi or more", "Kafka's own segments need it.");
  }
  if (args.allowFrom.length === 0) {
    refuse(
      "allowFrom",
      "empty",
      "one peer or more",
      "To Kubernetes an empty list means everybody.",
    );
  }
}

/** Kubernetes' names know fewer signs than Kafka's. */
function checkObjectNames(component: string, topics: StrimziKafkaArguments["topics"]): void {
  const refuse = refusing(component);
  const seen = new Map<string, string>();
  for (const { name } of topics) {
    const object = objectName(name);
    const other = seen.get(object);
    if (other !== undefined || !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(object)) {
      refuse(
        `topics.${name}`,
        other === undefined ? `"${name}"` : `the same as ${other} to Kubernetes`,
        "a name that Kubernetes can tell apart from the others",
        "Rename it.",
      );
    }
    seen.set(object, name);
  }
}
