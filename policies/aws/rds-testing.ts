/** For tests: databases that pass every policy. */
import type * as awsRds from "@pulumi/aws/rds";
import type { Fixture } from "../testing";

export const WHO = 'Instance "orders"';

export const instance = (): Fixture => ({
  type: "aws:rds/instance:Instance",
  name: "orders",
  props: {
    instanceClass: "db.m7g.large",
    engine: "postgres",
    engineVersion: "16.3",
    publiclyAccessible: false,
    storageEncrypted: true,
    multiAz: true,
    backupRetentionPeriod: 17,
    deletionProtection: true,
    skipFinalSnapshot: false,
    finalSnapshotIdentifier: "orders-last",
    deleteAutomatedBackups: false,
    copyTagsToSnapshot: true,
    iamDatabaseAuthenticationEnabled: true,
    autoMinorVersionUpgrade: true,
    caCertIdentifier: "rds-ca-ecc384-g1",
    enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
    monitoringInterval: 30,
    performanceInsightsEnabled: true,
    manageMasterUserPassword: true,
  } satisfies awsRds.InstanceArgs,
});

export const replica = (): Fixture => ({
  type: "aws:rds/instance:Instance",
  name: "reader",
  props: {
    instanceClass: "db.m7g.large",
    replicateSourceDb: "orders",
    deletionProtection: true,
    skipFinalSnapshot: true,
    copyTagsToSnapshot: true,
    iamDatabaseAuthenticationEnabled: true,
    enabledCloudwatchLogsExports: ["postgresql"],
    monitoringInterval: 30,
    performanceInsightsEnabled: true,
  } satisfies awsRds.InstanceArgs,
});

export const cluster = (): Fixture => ({
  type: "aws:rds/cluster:Cluster",
  name: "shop",
  props: {
    clusterIdentifier: "shop",
    engine: "aurora-mysql",
    engineVersion: "8.0.mysql_aurora.3.08.0",
    storageEncrypted: true,
    backupRetentionPeriod: 9,
    deletionProtection: true,
    finalSnapshotIdentifier: "shop-last",
    deleteAutomatedBackups: false,
    copyTagsToSnapshot: true,
    iamDatabaseAuthenticationEnabled: true,
    enabledCloudwatchLogsExports: ["audit"],
    caCertificateIdentifier: "rds-ca-rsa4096-g1",
  } satisfies awsRds.ClusterArgs,
});

export const member = (name = "shop-1"): Fixture => ({
  type: "aws:rds/clusterInstance:ClusterInstance",
  name,
  props: {
    clusterIdentifier: "shop",
    engine: "aurora-mysql",
    instanceClass: "db.r7g.large",
    monitoringInterval: 15,
    performanceInsightsEnabled: true,
  } satisfies awsRds.ClusterInstanceArgs,
});

export const all = (): readonly Fixture[] => [instance(), replica(), cluster(), member()];
