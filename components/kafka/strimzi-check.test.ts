import { describe, expect, it } from "vitest";
import { hours, mib } from "../../systems/units";
import { refusal } from "../kit/testing";
import type { StrimziKafkaArguments } from "./strimzi";
import { checkStrimzi } from "./strimzi-check";
import { bills, strimziArguments } from "./testing";

describe("a Kafka that Strimzi would reject", () => {
  const topic = (changes: Partial<typeof bills>) => ({
    topics: [{ ...bills, ...changes }],
  });

  it.each<[Partial<StrimziKafkaArguments>, string]>([
    [
      { version: "3.6.0" },
      'version is "3.6.0", but must be 4.2.0, 4.2.1, 4.3.0 or 4.3.1. Other versions need another release of the operator.',
    ],
    [
      { clusterName: "Bike_Bus" },
      'clusterName is "Bike_Bus", but must be 1 to 47 lower-case letters, digits and hyphens, beginning with a letter. Shorten it.',
    ],
    [
      { brokers: 2 },
      "brokers is 2, but must be 3 to 93. Three is the minimum that keeps two copies while one is down.",
    ],
    [
      { storage: mib(900) },
      "storage is 900Mi, but must be 1Gi or more. Kafka's own segments need it.",
    ],
    [
      { allowFrom: [] },
      "allowFrom is empty, but must be one or more peers. Kubernetes reads an empty list as everyone.",
    ],
    [
      topic({ partitions: 4001 }),
      "topics.bills.partitions is 4001, but must be 1 to 4000. Partitions can be added later, but not removed.",
    ],
    [
      topic({ replication: 4 }),
      "topics.bills.replication is 4, but must be 2 to 3, the number of brokers. Three copies survive the loss of a broker.",
    ],
    [
      topic({ minInSync: 2 }),
      "topics.bills.minInSync is 2, but must be 1. With one less than the number of copies, one broker can be down.",
    ],
    [
      topic({ retention: hours(0.5) }),
      "topics.bills.retention is 30m, but must be 1h or longer. Deleted events cannot be replayed.",
    ],
    [
      topic({ name: "a b" }),
      'topics.a b is "a b", but must be 1 to 249 letters, digits, dots, underscores and hyphens. Rename it.',
    ],
    [
      { topics: [bills, { ...bills, name: "a.b" }, { ...bills, name: "a_b" }] },
      "topics.a_b is the same as a.b, but must be different from every other topic, with dots and underscores counted as the same. Rename one of them.",
    ],
    [
      { topics: [bills, { ...bills, name: "Bills" }] },
      "topics.Bills is the same Kubernetes name as bills, but must be a valid Kubernetes name that no other topic has. Rename it.",
    ],
    [
      topic({ name: "_bills" }),
      'topics._bills is "_bills", but must be a valid Kubernetes name that no other topic has. Rename it.',
    ],
  ])("refuses %j", (changes, expected) => {
    expect(
      refusal(() => {
        checkStrimzi("bus", { ...strimziArguments, ...changes });
      }),
    ).toBe(`StrimziKafka bus: ${expected}`);
  });

  it.each<[Partial<StrimziKafkaArguments>]>([
    [{}],
    [{ version: "4.2.0" }],
    [{ brokers: 7 }],
    [topic({ partitions: 4000 })],
  ])("accepts %j", (changes) => {
    expect(
      refusal(() => {
        checkStrimzi("bus", { ...strimziArguments, ...changes });
      }),
    ).toBe("");
  });
});
