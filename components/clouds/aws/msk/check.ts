import { gib, quantity, type Size } from "../../../../systems/units";
import { MSK_KAFKA, MSK_KAFKA_ENDED } from "../../../../versions";
import { anyOf, checkTopics, refusing } from "../../../kafka/check";
import type { MskKafkaArguments } from "./msk";

/**
 * Copies of partitions that a broker may hold, by the size of its instance (Amazon MSK's best practices
 * for standard brokers).
 */
const MOST_COPIES: Readonly<Record<string, number>> = {
  small: 300,
  large: 1000,
  xlarge: 1000,
  "2xlarge": 2000,
  "4xlarge": 4000,
  "8xlarge": 4000,
  "12xlarge": 4000,
  "16xlarge": 4000,
  "24xlarge": 4000,
};

const INSTANCE =
  /^kafka\.(t3\.small|m5\.(large|xlarge|(2|4|8|12|16|24)xlarge)|m7g\.(large|xlarge|(2|4|8|12|16)xlarge))$/;

type Checked = Pick<
  MskKafkaArguments,
  "clusterName" | "version" | "brokers" | "instanceType" | "storage" | "topics"
> & { readonly placement: Pick<MskKafkaArguments["placement"], "privateSubnetIds"> };

/** The version as MSK spells it: without ZooKeeper. */
export const mskVersion = (version: string): string | undefined =>
  (MSK_KAFKA as Readonly<Record<string, string>>)[version];

/** Four times what it begins with, as far as a volume goes. */
export const mostStorageOf = ({ storage }: Pick<Checked, "storage">) =>
  gib(Math.min(16384, 4 * gibOf(storage)));

export const gibOf = ({ bytes }: Size): number => bytes / 1024 ** 3;

/** What MSK would refuse, some of it only after half an hour. Pure. */
export function checkMsk(name: string, args: Checked): void {
  const component = `MskKafka ${name}`;
  checkVersion(component, args.version);
  checkBrokers(component, args);
  checkStorage(component, args);
  checkTopics(component, args.topics, {
    brokers: args.brokers,
    mostPartitions: 4000,
  });
  checkCapacity(component, args);
}

function checkVersion(component: string, version: string): void {
  if (mskVersion(version) !== undefined) return;
  const minor = /^\d+\.\d+/.exec(version)?.[0] ?? "";
  const ended = MSK_KAFKA_ENDED[minor];
  refusing(component)(
    "version",
    `"${version}"`,
    anyOf(Object.keys(MSK_KAFKA)),
    ended === undefined
      ? "MSK runs no other on standard brokers without ZooKeeper."
      : `MSK's support of ${minor} ended on ${ended}: it would be upgraded without notice.`,
  );
}

function checkBrokers(
  component: string,
  { clusterName, brokers, instanceType, placement }: Checked,
): void {
  const refuse = refusing(component);
  const zones = placement.privateSubnetIds.length;
  if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/.test(clusterName)) {
    refuse(
      "clusterName",
      `"${clusterName}"`,
      "1 to 64 letters, digits and hyphens, beginning with a letter or digit",
      "Shorten it.",
    );
  }
  if (zones < 2 || zones > 3) {
    refuse(
      "placement.privateSubnetIds",
      `${String(zones)} subnets`,
      "2 or 3, in as many zones",
      "Spread the cluster's nodes over three zones.",
    );
  }
  // Thirty is the most that MSK gives without a request, on brokers without ZooKeeper.
  if (!Number.isInteger(brokers) || brokers < 1 || brokers > 30 || brokers % zones !== 0) {
    refuse(
      "brokers",
      String(brokers),
      `a multiple of ${String(zones)}, the number of zones, up to 30`,
      "Change the number of brokers of the event bus.",
    );
  }
  if (!INSTANCE.test(instanceType)) {
    refuse(
      "instanceType",
      `"${instanceType}"`,
      '"kafka.t3.small", or of the families m5 and m7g from large on',
      "Express brokers have neither volumes nor these settings.",
    );
  }
}

function checkStorage(component: string, args: Checked): void {
  const refuse = refusing(component);
  const size = gibOf(args.storage);
  if (!Number.isInteger(size) || size < 1 || size > 16384) {
    refuse("storage", quantity(args.storage), "whole Gi from 1 to 16384", "Round it up.");
  }
}

function checkCapacity(component: string, { topics, brokers, instanceType }: Checked): void {
  const size = instanceType.slice(instanceType.lastIndexOf(".") + 1);
  const most = (MOST_COPIES[size] ?? 0) * brokers;
  const copies = topics.reduce((sum, topic) => sum + topic.partitions * topic.replication, 0);
  if (copies > most) {
    refusing(component)(
      "topics",
      `${String(copies)} copies of partitions`,
      `${String(most)} at most on ${String(brokers)} brokers of ${instanceType}`,
      "Take larger brokers, or more.",
    );
  }
}
