import type { Topic } from "../../systems/model";
import type { KafkaUserName } from "./contract";

/** The arguments of every implementation besides its infrastructure. */
export interface BusArguments {
  readonly topics: readonly Topic[];
  /**
   * Consumer groups besides those that the topics name, such as the app ids of Dapr. @default none
   */
  readonly groups?: readonly string[];
}

/** Operations and resource types as Kafka spells them in ACLs. */
export type Operation = "Describe" | "Read" | "Write";

/** What a user may do with resources of one type. */
export interface Access {
  readonly kind: "topic" | "group";
  readonly names: readonly string[];
  readonly operations: readonly Operation[];
}

/**
 * The minimum access: the application's clients publish and consume; the monitor compares offsets,
 * so the autoscaler and the exporter may describe topics and groups but read no events.
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

/** Topic settings that every Kafka supports: Kafka's names, values as strings. */
export const topicSettings = (topic: Topic): Readonly<Record<string, string>> => ({
  "cleanup.policy": "delete",
  "min.insync.replicas": String(topic.minInSync),
  "retention.ms": String(topic.retention.seconds * 1000),
});
