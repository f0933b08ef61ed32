import { gib, quantity, type Size } from "../../../../systems/units";
import { MSK_KAFKA, MSK_KAFKA_ENDED } from "../../../../versions";
import { anyOf, topicRules } from "../../../kafka/check";
import { enforce, quoted, type Rule } from "../../../kit/validation";
import type { MskKafkaArguments } from "./msk";

/** Maximum partition copies of a broker, by size (Amazon MSK, best practices, standard brokers). */
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

/** The version as MSK spells it, without ZooKeeper. */
export const mskVersion = (version: string): string | undefined =>
  (MSK_KAFKA as Readonly<Record<string, string>>)[version];

/** Four times the initial size, up to the maximum of a volume. */
export const mostStorageOf = ({ storage }: Pick<Checked, "storage">) =>
  gib(Math.min(16384, 4 * gibOf(storage)));

export const gibOf = ({ bytes }: Size): number => bytes / 1024 ** 3;

/** What MSK would reject, in some cases only after half an hour. Pure. */
export function checkMsk(name: string, args: Checked): void {
  enforce(`MskKafka ${name}`, [
    ...versionRules(args.version),
    ...brokerRules(args),
    ...storageRules(args),
    ...topicRules(args.topics, { brokers: args.brokers, mostPartitions: 4000 }),
    ...capacityRules(args),
  ]);
}

function versionRules(version: string): readonly Rule[] {
  const minor = /^\d+\.\d+/.exec(version)?.[0] ?? "";
  const ended = MSK_KAFKA_ENDED[minor];
  return [
    {
      holds: mskVersion(version) !== undefined,
      key: "version",
      value: quoted(version),
      allowed: anyOf(Object.keys(MSK_KAFKA)),
      next:
        ended === undefined
          ? "MSK offers no other version on standard brokers without ZooKeeper."
          : `MSK's support for ${minor} ended on ${ended}: MSK would upgrade it without notice.`,
    },
  ];
}

function brokerRules({ clusterName, brokers, instanceType, placement }: Checked): readonly Rule[] {
  const zones = placement.privateSubnetIds.length;
  return [
    {
      holds: /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/.test(clusterName),
      key: "clusterName",
      value: quoted(clusterName),
      allowed: "1 to 64 letters, digits and hyphens, beginning with a letter or digit",
      next: "Shorten it.",
    },
    {
      holds: zones >= 2 && zones <= 3,
      key: "placement.privateSubnetIds",
      value: `${String(zones)} subnets`,
      allowed: "2 or 3, in as many zones",
      next: "Spread the cluster's nodes over three zones.",
    },
    // MSK's quota for brokers without ZooKeeper is 30.
    {
      holds: Number.isInteger(brokers) && brokers >= 1 && brokers <= 30 && brokers % zones === 0,
      key: "brokers",
      value: String(brokers),
      allowed: `a multiple of ${String(zones)}, the number of zones, up to 30`,
      next: "Change the number of brokers of the event bus.",
    },
    {
      holds: INSTANCE.test(instanceType),
      key: "instanceType",
      value: quoted(instanceType),
      allowed: '"kafka.t3.small", or a type of the m5 or m7g family, large or above',
      next: "Express brokers have neither volumes nor these settings.",
    },
  ];
}

function storageRules(args: Checked): readonly Rule[] {
  const size = gibOf(args.storage);
  return [
    {
      holds: Number.isInteger(size) && size >= 1 && size <= 16384,
      key: "storage",
      value: quantity(args.storage),
      allowed: "whole Gi from 1 to 16384",
      next: "Round it up.",
    },
  ];
}

function capacityRules({ topics, brokers, instanceType }: Checked): readonly Rule[] {
  const size = instanceType.slice(instanceType.lastIndexOf(".") + 1);
  const most = (MOST_COPIES[size] ?? 0) * brokers;
  const copies = topics.reduce((sum, topic) => sum + topic.partitions * topic.replication, 0);
  return [
    {
      holds: copies <= most,
      key: "topics",
      value: `${String(copies)} partition copies`,
      allowed: `at most ${String(most)} on ${String(brokers)} brokers of ${instanceType}`,
      next: "Use larger brokers, or more of them.",
    },
  ];
}
