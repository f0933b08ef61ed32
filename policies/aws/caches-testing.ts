/** For tests: caches that pass every policy. */
import type * as elasticache from "@pulumi/aws/elasticache";
import type { Fixture } from "../testing";

export const WHO = 'ReplicationGroup "carts"';

export const group = (): Fixture => ({
  type: "aws:elasticache/replicationGroup:ReplicationGroup",
  name: "carts",
  props: {
    description: "Carts",
    engine: "redis",
    engineVersion: "7.1",
    atRestEncryptionEnabled: true,
    transitEncryptionEnabled: true,
    transitEncryptionMode: "required",
    userGroupIds: ["crew"],
    subnetGroupName: "private",
    securityGroupIds: ["sg-3"],
    automaticFailoverEnabled: true,
    multiAzEnabled: true,
    replicasPerNodeGroup: 1,
    snapshotRetentionLimit: 5,
    autoMinorVersionUpgrade: true,
    logDeliveryConfigurations: [
      {
        destination: "a",
        destinationType: "cloudwatch-logs",
        logFormat: "json",
        logType: "slow-log",
      },
      {
        destination: "b",
        destinationType: "cloudwatch-logs",
        logFormat: "json",
        logType: "engine-log",
      },
    ],
  } satisfies elasticache.ReplicationGroupArgs,
});

export const serverless = (): Fixture => ({
  type: "aws:elasticache/serverlessCache:ServerlessCache",
  name: "burst",
  props: {
    engine: "valkey",
    majorEngineVersion: "8",
    userGroupId: "crew",
    subnetIds: ["subnet-4"],
    securityGroupIds: ["sg-4"],
    snapshotRetentionLimit: 3,
  } satisfies elasticache.ServerlessCacheArgs,
});
