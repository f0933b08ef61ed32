/** A few words per type about resources on AWS and Google Cloud. */
import type { PlanValue } from "../offline/plan";
import { at, brief, listAt } from "./values";

type Words = (inputs: PlanValue) => readonly (string | undefined)[];

const word =
  (...path: readonly (string | number)[]) =>
  (inputs: PlanValue): string | undefined =>
    brief(at(inputs, ...path));

const labelled = (label: string, value: PlanValue | undefined): string | undefined => {
  const text = brief(value);
  return text === undefined ? undefined : `${label} ${text}`;
};

const spaced = (...words: readonly (string | undefined)[]): string | undefined => {
  const said = words.filter((one) => one !== undefined);
  return said.length === 0 ? undefined : said.join(" ");
};

const between = (
  from: PlanValue | undefined,
  to: PlanValue | undefined,
  what: string | undefined,
) => spaced(`${brief(from) ?? "?"}–${brief(to) ?? "?"}`, "×", what);

/** Who can reach the control plane besides the network itself. */
const access = (inputs: PlanValue): string =>
  at(inputs, "vpcConfig", "endpointPublicAccess") === true
    ? `open to ${listAt(inputs, "vpcConfig", "publicAccessCidrs")
        .flatMap((cidr) => brief(cidr) ?? [])
        .join(" ")}`
    : "private endpoint";

export const AWS: Readonly<Record<string, Words>> = {
  "aws:ec2/vpc:Vpc": (inputs) => [word("cidrBlock")(inputs)],
  "aws:ec2/subnet:Subnet": (inputs) => [
    word("cidrBlock")(inputs),
    word("availabilityZone")(inputs),
  ],
  "aws:eks/cluster:Cluster": (inputs) => [
    labelled("version", at(inputs, "version")),
    access(inputs),
    at(inputs, "deletionProtection") === true ? "deletion protected" : undefined,
  ],
  "aws:eks/nodeGroup:NodeGroup": (inputs) => [
    between(
      at(inputs, "scalingConfig", "minSize"),
      at(inputs, "scalingConfig", "maxSize"),
      brief(at(inputs, "instanceTypes", 0)),
    ),
  ],
  "aws:eks/addon:Addon": (inputs) => [
    spaced(word("addonName")(inputs), word("addonVersion")(inputs)),
  ],
  "aws:rds/instance:Instance": (inputs) => [
    spaced(word("engine")(inputs), word("engineVersion")(inputs)),
    word("instanceClass")(inputs),
    at(inputs, "multiAz") === true ? "Multi-AZ" : undefined,
    at(inputs, "replicateSourceDb") === undefined ? undefined : "replica",
    labelled("restorable days", at(inputs, "backupRetentionPeriod")),
  ],
  "aws:elasticache/replicationGroup:ReplicationGroup": (inputs) => [
    spaced(word("engine")(inputs), word("engineVersion")(inputs)),
    labelled("shards", at(inputs, "numNodeGroups")),
    word("nodeType")(inputs),
  ],
  "aws:msk/cluster:Cluster": (inputs) => [
    labelled("Kafka", at(inputs, "kafkaVersion")),
    labelled("brokers", at(inputs, "numberOfBrokerNodes")),
    word("brokerNodeGroupInfo", "instanceType")(inputs),
  ],
  "aws:msk/topic:Topic": (inputs) => [
    labelled("partitions", at(inputs, "partitionCount")),
    labelled("RF", at(inputs, "replicationFactor")),
  ],
};

export const GOOGLE: Readonly<Record<string, Words>> = {
  "gcp:compute/subnetwork:Subnetwork": (inputs) => [word("ipCidrRange")(inputs)],
  "gcp:container/cluster:Cluster": (inputs) => [
    spaced("channel", word("releaseChannel", "channel")(inputs)),
    word("location")(inputs),
    at(inputs, "deletionProtection") === true ? "deletion protected" : undefined,
  ],
  "gcp:container/nodePool:NodePool": (inputs) => [
    at(inputs, "autoscaling") === undefined
      ? spaced(word("nodeCount")(inputs), "× a zone", word("nodeConfig", "machineType")(inputs))
      : between(
          at(inputs, "autoscaling", "totalMinNodeCount"),
          at(inputs, "autoscaling", "totalMaxNodeCount"),
          brief(at(inputs, "nodeConfig", "machineType")),
        ),
  ],
  "gcp:sql/databaseInstance:DatabaseInstance": (inputs) => [
    word("databaseVersion")(inputs),
    word("settings", "tier")(inputs),
    word("settings", "availabilityType")(inputs)?.toLowerCase(),
  ],
  "gcp:redis/instance:Instance": (inputs) => [
    word("redisVersion")(inputs),
    labelled("GiB", at(inputs, "memorySizeGb")),
    word("tier")(inputs),
  ],
  "gcp:managedkafka/cluster:Cluster": (inputs) => [
    labelled("processors", at(inputs, "capacityConfig", "vcpuCount")),
  ],
  "gcp:managedkafka/topic:Topic": (inputs) => [
    labelled("partitions", at(inputs, "partitionCount")),
    labelled("RF", at(inputs, "replicationFactor")),
  ],
};

/** Resources that operators run inside the cluster. */
export const IN_CLUSTER: Readonly<Record<string, Words>> = {
  Kafka: (inputs) => [labelled("Kafka", at(inputs, "spec", "kafka", "version"))],
  KafkaNodePool: (inputs) => [labelled("nodes", at(inputs, "spec", "replicas"))],
  KafkaTopic: (inputs) => [
    labelled("partitions", at(inputs, "spec", "partitions")),
    labelled("RF", at(inputs, "spec", "replicas")),
  ],
  Cluster: (inputs) => [
    labelled("instances", at(inputs, "spec", "instances")),
    brief(at(inputs, "spec", "imageName"))
      ?.split("/")
      .at(-1),
  ],
  postgresql: (inputs) => [
    labelled("PostgreSQL", at(inputs, "spec", "postgresql", "version")),
    labelled("instances", at(inputs, "spec", "numberOfInstances")),
  ],
  ScheduledBackup: (inputs) => [word("spec", "schedule")(inputs)],
  ExternalSecret: (inputs) => [`${listAt(inputs, "spec", "data").length} keys`],
};
