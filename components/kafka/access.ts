import type { Topic } from "../../systems/model";
import type { KafkaUserName } from "./contract";

/** What every implementation is told of the bus besides its own machinery. */
export interface BusArguments {
  readonly topics: readonly Topic[];
  /** Consumer groups besides those that the topics name, such as the ids of Dapr's apps. @default none */
  readonly groups?: readonly string[];
}

/** Kafka's own words, as its access lists spell them. */
export type Operation = "Describe" | "Read" | "Write";

/** What a user may do with the resources of one kind. */
export interface Access {
  readonly kind: "topic" | "group";
  readonly names: readonly string[];
  readonly operations: readonly Operation[];
}

/**
 * The smallest access that works: clients of the application publish and consume; the monitor compares
 * offsets, for which autoscaler and exporter describe topics and groups and read no event.
 */
export function accessOf(user: KafkaUserName, bus: BusArguments): readonly Access[] {
  const topics = bus.topics.map(({ name }) => name);
  const groups = groupsOf(bus);
  const application = user === "application";
  const all: readonly Access[] = [
    {
      kind: "topic",
      names: topics,
      operations: application ? ["Describe", "Read", "Write"] : ["Describe"],
    },
    { kind: "group", names: groups, operations: application ? ["Describe", "Read"] : ["Describe"] },
  ];
  return all.filter(({ names }) => names.length > 0);
}

/** Each group once, in a stable order. */
export const groupsOf = ({ topics, groups = [] }: BusArguments): readonly string[] => [
  ...new Set([
    ...topics.flatMap(({ consumers }) => consumers.map(({ group }) => group)),
    ...groups,
  ]),
];

/** Topics' settings, as every Kafka takes them: names of Kafka's, values as text. */
export const topicSettings = (topic: Topic): Readonly<Record<string, string>> => ({
  "cleanup.policy": "delete",
  "min.insync.replicas": String(topic.minInSync),
  "retention.ms": String(topic.retention.seconds * 1000),
});
