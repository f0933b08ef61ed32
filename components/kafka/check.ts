import type { Topic } from "../../systems/model";
import { durationText, type Duration } from "../../systems/units";
import { quoted, type Rule } from "../kit/validation";

export interface BusLimits {
  readonly brokers: number;
  /** Minimum for each topic. @default 1 */
  readonly leastPartitions?: number;
  readonly mostPartitions: number;
}

/** "3.8, 3.9 or 4.0". */
export const anyOf = (values: readonly string[]): string =>
  values.length < 2 ? values.join() : `${values.slice(0, -1).join(", ")} or ${values.at(-1) ?? ""}`;

/** What brokers would reject, or accept with a risk of data loss. Pure. */
export const topicRules = (topics: readonly Topic[], limits: BusLimits): readonly Rule[] => [
  ...nameRules(topics),
  ...topics.flatMap((topic) => [...copyRules(topic, limits), ...retentionRules(topic)]),
];

/** Kafka's own rule; its second half is easily overlooked. */
function nameRules(topics: readonly Topic[]): readonly Rule[] {
  // In metric names, dots become underscores.
  const measured = topics.map(({ name }) => name.replaceAll(".", "_"));
  return topics.flatMap(({ name }, index) => {
    const first = measured.indexOf(name.replaceAll(".", "_"));
    return [
      {
        holds: /^[A-Za-z0-9._-]{1,249}$/.test(name) && !/^\.{1,2}$/.test(name),
        key: `topics.${name}`,
        value: quoted(name),
        allowed: "1 to 249 letters, digits, dots, underscores and hyphens",
        next: "Rename it.",
      },
      {
        holds: first === index,
        key: `topics.${name}`,
        value: `the same as ${topics[first]?.name ?? name}`,
        allowed: "different from every other topic, with dots and underscores counted as the same",
        next: "Rename one of them.",
      },
    ];
  });
}

function copyRules(topic: Topic, limits: BusLimits): readonly Rule[] {
  const { brokers, leastPartitions = 1, mostPartitions } = limits;
  const { partitions } = topic;
  const at = `topics.${topic.name}`;
  return [
    {
      holds:
        Number.isInteger(partitions) &&
        partitions >= leastPartitions &&
        partitions <= mostPartitions,
      key: `${at}.partitions`,
      value: String(partitions),
      allowed: `${String(leastPartitions)} to ${String(mostPartitions)}`,
      next: "Partitions can be added later, but not removed.",
    },
    {
      holds: topic.replication >= 2 && topic.replication <= brokers,
      key: `${at}.replication`,
      value: String(topic.replication),
      allowed: `2 to ${String(brokers)}, the number of brokers`,
      next: "Three copies survive the loss of a broker.",
    },
    {
      holds: topic.minInSync >= 1 && topic.minInSync < topic.replication,
      key: `${at}.minInSync`,
      value: String(topic.minInSync),
      allowed: topic.replication === 2 ? "1" : `1 to ${String(topic.replication - 1)}`,
      next: "With one less than the number of copies, one broker can be down.",
    },
  ];
}

/** So that an outage of an hour loses no events. */
const LEAST_RETENTION: Duration = { kind: "duration", seconds: 3600 };

function retentionRules(topic: Topic): readonly Rule[] {
  return [
    {
      holds: topic.retention.seconds >= LEAST_RETENTION.seconds,
      key: `topics.${topic.name}.retention`,
      value: durationText(topic.retention),
      allowed: `${durationText(LEAST_RETENTION)} or longer`,
      next: "Deleted events cannot be replayed.",
    },
  ];
}
