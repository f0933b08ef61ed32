import { expect, it } from "vitest";
import type { PlanObject } from "../offline/plan";
import { factsOf } from "./facts";

const facts = (type: string, inputs: PlanObject) =>
  factsOf({
    urn: `urn:pulumi:test::runstack::${type}::it`,
    type,
    name: "it",
    parent: null,
    provider: null,
    custom: true,
    protect: false,
    dependencies: [],
    inputs,
  });

it.each<[string, PlanObject, string[]]>([
  [
    "aws:eks/cluster:Cluster",
    { version: "1.35", vpcConfig: { endpointPublicAccess: false }, deletionProtection: true },
    ["version 1.35", "private endpoint", "deletion protected"],
  ],
  [
    "aws:eks/cluster:Cluster",
    { vpcConfig: { endpointPublicAccess: true, publicAccessCidrs: ["192.0.2.7/32"] } },
    ["open to 192.0.2.7/32"],
  ],
  [
    "aws:eks/nodeGroup:NodeGroup",
    { scalingConfig: { minSize: 3, maxSize: 12 }, instanceTypes: ["m5.xlarge"] },
    ["3–12 × m5.xlarge"],
  ],
  [
    "aws:rds/instance:Instance",
    {
      engine: "postgres",
      engineVersion: "15",
      instanceClass: "db.m6g.large",
      multiAz: true,
      backupRetentionPeriod: 30,
    },
    ["postgres 15", "db.m6g.large", "Multi-AZ", "restorable days 30"],
  ],
  [
    "aws:rds/instance:Instance",
    { replicateSourceDb: { $unknown: true }, instanceClass: "db.m6g.large" },
    ["db.m6g.large", "replica"],
  ],
  [
    "aws:msk/cluster:Cluster",
    {
      kafkaVersion: "3.8.x",
      numberOfBrokerNodes: 3,
      brokerNodeGroupInfo: { instanceType: "kafka.m5.large" },
    },
    ["Kafka 3.8.x", "brokers 3", "kafka.m5.large"],
  ],
  [
    "gcp:container/nodePool:NodePool",
    {
      autoscaling: { totalMinNodeCount: 3, totalMaxNodeCount: 6 },
      nodeConfig: { machineType: "e2-standard-4" },
    },
    ["3–6 × e2-standard-4"],
  ],
  [
    "gcp:container/nodePool:NodePool",
    { nodeCount: 1, nodeConfig: { machineType: "e2-standard-4" } },
    ["1 × a zone e2-standard-4"],
  ],
  [
    "gcp:sql/databaseInstance:DatabaseInstance",
    {
      databaseVersion: "POSTGRES_15",
      settings: { tier: "db-custom-2-7680", availabilityType: "REGIONAL" },
    },
    ["POSTGRES_15", "db-custom-2-7680", "regional"],
  ],
  ["gcp:redis/instance:Instance", {}, []],
  [
    "kubernetes:kafka.strimzi.io/v1:Kafka",
    { metadata: { name: "bus" }, spec: { kafka: { version: "4.3.1" } } },
    ["Kafka 4.3.1", "bus"],
  ],
])("%s has its key facts", (type, inputs, expected) => {
  expect(facts(type, inputs)).toEqual(expected);
});
