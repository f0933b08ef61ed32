import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { days, gib, mib } from "../../../../systems/units";
import { refusal } from "../../../kit/testing";
import { checkMsk } from "./check";
import { bills } from "../../../kafka/testing";

type Arguments = Parameters<typeof checkMsk>[1];

const subnets = (...ids: string[]) => ({
  placement: { privateSubnetIds: ids.map((id) => pulumi.output(id)) },
});

const args: Arguments = {
  clusterName: "bike-bus",
  version: "3.9",
  brokers: 3,
  instanceType: "kafka.m7g.large",
  storage: gib(50),
  ...subnets("one", "two", "three"),
  topics: [bills],
};

const topic = (changes: Partial<typeof bills>) => ({ topics: [{ ...bills, ...changes }] });

const said = (changes: Partial<Arguments>) =>
  refusal(() => {
    checkMsk("bus", { ...args, ...changes });
  });

describe("a Kafka that MSK would reject", () => {
  it("Kafka 3.6.0 is past its end of support, whatever the runbook says", () => {
    expect(said({ version: "3.6.0" })).toBe(
      'MskKafka bus: version is "3.6.0", but must be 3.8, 3.9, 4.0 or 4.1. ' +
        "MSK's support for 3.6 ended on 2026-06-01: MSK would upgrade it without notice.",
    );
  });

  it.each<[Partial<Arguments>, string]>([
    [
      { version: "4.2" },
      'version is "4.2", but must be 3.8, 3.9, 4.0 or 4.1. MSK offers no other version on standard brokers without ZooKeeper.',
    ],
    [
      { clusterName: "bike_bus" },
      'clusterName is "bike_bus", but must be 1 to 64 letters, digits and hyphens, beginning with a letter or digit. Shorten it.',
    ],
    [
      subnets("one"),
      "placement.privateSubnetIds is 1 subnets, but must be 2 or 3, in as many zones. Spread the cluster's nodes over three zones.",
    ],
    [
      { brokers: 4 },
      "brokers is 4, but must be a multiple of 3, the number of zones, up to 30. Change the number of brokers of the event bus.",
    ],
    [
      { brokers: 33 },
      "brokers is 33, but must be a multiple of 3, the number of zones, up to 30. Change the number of brokers of the event bus.",
    ],
    [
      { instanceType: "express.m7g.large" },
      'instanceType is "express.m7g.large", but must be "kafka.t3.small", or a type of the m5 or m7g family, large or above. Express brokers have neither volumes nor these settings.',
    ],
    [
      { storage: mib(1500) },
      "storage is 1500Mi, but must be whole Gi from 1 to 16384. Round it up.",
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
      topic({ partitions: 0 }),
      "topics.bills.partitions is 0, but must be 1 to 4000. Partitions can be added later, but not removed.",
    ],
    [
      { ...topic({ partitions: 451 }), instanceType: "kafka.t3.small" },
      "topics is 902 partition copies, but must be at most 900 on 3 brokers of kafka.t3.small. Use larger brokers, or more of them.",
    ],
  ])("refuses %j", (changes, expected) => {
    expect(said(changes)).toBe(`MskKafka bus: ${expected}`);
  });

  it.each<[Partial<Arguments>]>([
    [{}],
    [{ version: "4.1" }],
    [{ brokers: 30 }],
    [{ ...subnets("one", "two"), brokers: 2 }],
    [{ instanceType: "kafka.m5.24xlarge" }],
    [{ storage: gib(16384) }],
    [topic({ partitions: 1500, retention: days(1) })],
    [{ ...topic({ partitions: 450 }), instanceType: "kafka.t3.small" }],
  ])("accepts %j", (changes) => {
    expect(said(changes)).toBe("");
  });
});
