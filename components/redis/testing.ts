import * as pulumi from "@pulumi/pulumi";
import { days, gib, hours } from "../../systems/units";
import type { AwsPlacement } from "../cluster/contract";
import type { ElastiCacheRedisArguments } from "../clouds/aws/elasticache/elasticache";
import type { InClusterRedisArguments } from "./in-cluster-names";

/** Arguments for tests. */
export const placement: AwsPlacement = {
  cloud: "aws",
  region: "eu-west-3",
  clusterName: pulumi.output("the-cluster"),
  vpcId: pulumi.output("the-vpc"),
  privateSubnetIds: [pulumi.output("subnet-a"), pulumi.output("subnet-b")],
  securityGroupId: pulumi.output("the-nodes"),
  encryptionKeyArn: pulumi.output("arn:the-key"),
  identityReady: [],
};

export const elastiCache: ElastiCacheRedisArguments = {
  clusterName: "bikes-prod-cache",
  engine: "redis",
  version: "7.0",
  nodeType: "cache.r7g.xlarge",
  shape: { mode: "cluster", shards: 4, replicasPerShard: 2 },
  use: ["cache"],
  placement,
  cidr: "10.61.0.0/16",
  maintenance: { day: "friday", start: "22:30", duration: hours(3) },
  snapshotRetention: days(7),
  protect: true,
};

export const inCluster: InClusterRedisArguments = {
  zones: ["z-1", "z-2"],
  serviceName: "bikes-cache",
  namespace: "rides",
  system: "bikes",
  version: "9.1",
  use: ["state"],
  memory: gib(3),
  storageClass: "fast",
  storage: gib(7),
  nodes: { pool: "data" },
  allowFrom: [{ podSelector: { matchLabels: { app: "counter" } } }],
  monitoringNamespace: "watch",
  protect: true,
};
