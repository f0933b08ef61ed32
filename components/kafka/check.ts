import type { Topic } from "../../systems/model";
import { durationText, type Duration } from "../../systems/units";
import { ComponentError } from "../kit/component";

export interface BusLimits {
  readonly brokers: number;
  /** Of one topic. @default 1 */
  readonly leastPartitions?: number;
  readonly mostPartitions: number;
}

type Refuse = (key: string, value: string, allowed: string, next: string) => never;

export const refusing =
  (component: string): Refuse =>
  (key, value, allowed, next) => {
    throw new ComponentError(component, key, value, allowed, next);
  };

/** "3.8, 3.9 or 4.0". */
export const anyOf = (values: readonly string[]): string =>
  values.length < 2 ? values.join() : `${values.slice(0, -1).join(", ")} or ${values.at(-1) ?? ""}`;

/** What brokers would refuse, or accept and lose events by. Pure. */
export function checkTopics(component: string, topics: readonly Topic[], limits: BusLimits): void {
  const refuse = refusing(component);
  checkNames(topics, refuse);
  for (const topic of topics) {
    checkCopies(topic, limits, refuse);
    checkRetention(topic, refuse);
  }
}

/** Kafka's own rule, of which the second half is easily missed. */
function checkNames(topics: readonly Topic[], refuse: Refuse): void {
  const seen = new Map<string, string>();
  for (const { name } of topics) {
    if (!/^[A-Za-z0-9._-]{1,249}$/.test(name) || /^\.{1,2}$/.test(name)) {
      refuse(
        `topics.${name}`,
        `"${name}"`,
        "1 to 249 letters, digits, dots, underscores and hyphens",
        "Rename it.",
      );
    }
    // In names of metrics, dots are underscores.
    const measured = name.replaceAll(".", "_");
    const other = seen.get(measured);
    if (other !== undefined) {
      refuse(
        `topics.${name}`,
        `the same as ${other}`,
        "unlike every other, dots and underscores being alike",
        "Rename one of them.",
      );
    }
    seen.set(measured, name);
  }
}

function checkCopies(topic: Topic, limits: BusLimits, refuse: Refuse): void {
  const { brokers, leastPartitions = 1, mostPartitions } = limits;
  const { partitions } = topic;
  const at = `topics.${topic.name}`;
  if (
    !Number.isInteger(partitions) ||
    partitions < leastPartitions ||
    partitions > mostPartitions
  ) {
    refuse(
      `${at}.partitions`,
      String(partitions),
      `${String(leastPartitions)} to ${String(mostPartitions)}`,
      "Partitions can be added later, never removed.",
    );
  }
  if (topic.replication < 2 || topic.replication > brokers) {
    refuse(
      `${at}.replication`,
      String(topic.replication),
      `2 to ${String(brokers)}, the number of brokers`,
      "Three survives a broker.",
    );
  }
  if (topic.minInSync < 1 || topic.minInSync >= topic.replication) {
    refuse(
      `${at}.minInSync`,
      String(topic.minInSync),
      topic.replication === 2 ? "1" : `1 to ${String(topic.replication - 1)}`,
      "One less than the copies lets one broker be away.",
    );
  }
}

/** So that an outage of an hour loses nothing. */
const LEAST_RETENTION: Duration = { kind: "duration", seconds: 3600 };

function checkRetention(topic: Topic, refuse: Refuse): void {
  if (topic.retention.seconds < LEAST_RETENTION.seconds) {
    refuse(
      `topics.${topic.name}.retention`,
      durationText(topic.retention),
      `${durationText(LEAST_RETENTION)} or longer`,
      "What is gone cannot be replayed.",
    );
  }
}
