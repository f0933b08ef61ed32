/** The brokers of MSK and what stands around them in Amazon's cloud. */
import * as appautoscaling from "@pulumi/aws/appautoscaling";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as ec2 from "@pulumi/aws/ec2";
import * as msk from "@pulumi/aws/msk";
import * as vpc from "@pulumi/aws/vpc";
import * as pulumi from "@pulumi/pulumi";
import type { Topic } from "../../../../systems/model";
import { gibOf, mostStorageOf, mskVersion } from "./check";
import type { MskKafkaArguments } from "./msk";

/** Of clients with a password. */
export const SCRAM_PORT = 9096;
/** Of the brokers' own exporters, and of their machines'. */
const EXPORTER_PORTS = [11001, 11002] as const;

type Child = (suffix: string) => string;

/** How full a volume may be before it grows, in percent. */
const FULL = 60;

export function createMskCluster(
  child: Child,
  args: MskKafkaArguments,
  options: pulumi.CustomResourceOptions,
): msk.Cluster {
  const cluster = new msk.Cluster(
    child("cluster"),
    {
      clusterName: args.clusterName,
      kafkaVersion: mskVersion(args.version) ?? args.version,
      numberOfBrokerNodes: args.brokers,
      brokerNodeGroupInfo: nodes(args, createSecurityGroup(child, args, options)),
      clientAuthentication: { sasl: { scram: true, iam: false }, unauthenticated: false },
      encryptionInfo: {
        encryptionAtRestKmsKeyArn: args.placement.encryptionKeyArn,
        encryptionInTransit: { clientBroker: "TLS", inCluster: true },
      },
      configurationInfo: createConfiguration(child, args, options),
      enhancedMonitoring: "PER_BROKER",
      openMonitoring: {
        prometheus: {
          jmxExporter: { enabledInBroker: true },
          nodeExporter: { enabledInBroker: true },
        },
      },
      loggingInfo: { brokerLogs: { cloudwatchLogs: createLogs(child, args, options) } },
      storageMode: "LOCAL",
      tags: { ...args.tags },
    },
    pulumi.mergeOptions(options, {
      protect: args.protect,
      // Volumes grow by themselves: the size of the beginning must not come back.
      ignoreChanges: ["brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize"],
      customTimeouts: { create: "120m", update: "240m", delete: "120m" },
    }),
  );
  createStorageScaling(child, args, cluster, options);
  return cluster;
}

/** Nobody but the cluster's nodes gets in; brokers themselves need no way out through it. */
function createSecurityGroup(
  child: Child,
  { clusterName, placement, tags }: MskKafkaArguments,
  options: pulumi.CustomResourceOptions,
): ec2.SecurityGroup {
  const group = new ec2.SecurityGroup(
    child("security-group"),
    { vpcId: placement.vpcId, description: `Kafka ${clusterName}`, tags: { ...tags } },
    options,
  );
  const allow = (suffix: string, fromPort: number, toPort: number) =>
    new vpc.SecurityGroupIngressRule(
      child(`allow-${suffix}`),
      {
        securityGroupId: group.id,
        referencedSecurityGroupId: placement.securityGroupId,
        ipProtocol: "tcp",
        fromPort,
        toPort,
        description: suffix,
        tags: { ...tags },
      },
      options,
    );
  allow("clients", SCRAM_PORT, SCRAM_PORT);
  allow("monitoring", ...EXPORTER_PORTS);
  return group;
}

const nodes = (args: MskKafkaArguments, group: ec2.SecurityGroup) => ({
  instanceType: args.instanceType,
  clientSubnets: [...args.placement.privateSubnetIds],
  securityGroups: [group.id],
  storageInfo: { ebsStorageInfo: { volumeSize: gibOf(args.storage) } },
  connectivityInfo: { publicAccess: { type: "DISABLED" } },
});

/**
 * Named by Pulumi and bound to no version: one that is in use cannot be deleted, so it must never
 * have to be replaced. The cluster follows its latest revision.
 */
function createConfiguration(
  child: Child,
  args: MskKafkaArguments,
  options: pulumi.CustomResourceOptions,
): { arn: pulumi.Output<string>; revision: pulumi.Output<number> } {
  const configuration = new msk.Configuration(
    child("configuration"),
    { serverProperties: serverProperties(args) },
    options,
  );
  return { arn: configuration.arn, revision: configuration.latestRevision };
}

/** Kafka's settings that differ from MSK's own. Pure. */
export function serverProperties({
  brokers,
  topics,
}: {
  readonly brokers: number;
  readonly topics: readonly Topic[];
}): string {
  const copies = Math.min(3, brokers);
  const longest = Math.max(7 * 86_400, ...topics.map(({ retention }) => retention.seconds));
  return Object.entries({
    // The lists that the administrator has over everything close it to others: false could not be
    // set before they stand, for it would lock everybody out.
    "allow.everyone.if.no.acl.found": true,
    "auto.create.topics.enable": false,
    "default.replication.factor": copies,
    "log.retention.hours": 168,
    "min.insync.replicas": copies - 1,
    "offsets.retention.minutes": Math.ceil(longest / 60),
    "offsets.topic.replication.factor": copies,
    "transaction.state.log.min.isr": copies - 1,
    "transaction.state.log.replication.factor": copies,
    "unclean.leader.election.enable": false,
  })
    .map(([key, value]) => `${key}=${String(value)}\n`)
    .join("");
}

/** Under Amazon's prefix for logs that its services deliver, which counts against no policy's length. */
function createLogs(
  child: Child,
  { clusterName, placement, tags }: MskKafkaArguments,
  options: pulumi.CustomResourceOptions,
): { enabled: true; logGroup: pulumi.Output<string> } {
  const group = new cloudwatch.LogGroup(
    child("logs"),
    {
      namePrefix: `/aws/vendedlogs/msk/${clusterName}-`,
      retentionInDays: 90,
      kmsKeyId: placement.encryptionKeyArn,
      tags: { ...tags },
    },
    options,
  );
  return { enabled: true, logGroup: group.name };
}

function createStorageScaling(
  child: Child,
  args: MskKafkaArguments,
  cluster: msk.Cluster,
  options: pulumi.CustomResourceOptions,
): void {
  const target = new appautoscaling.Target(
    child("storage"),
    {
      serviceNamespace: "kafka",
      scalableDimension: "kafka:broker-storage:VolumeSize",
      resourceId: cluster.arn,
      // The only one that MSK accepts: volumes do not shrink.
      minCapacity: 1,
      maxCapacity: gibOf(mostStorageOf(args)),
      tags: { ...args.tags },
    },
    options,
  );
  new appautoscaling.Policy(
    child("storage-policy"),
    {
      name: `${args.clusterName}-storage`,
      policyType: "TargetTrackingScaling",
      serviceNamespace: target.serviceNamespace,
      scalableDimension: target.scalableDimension,
      resourceId: target.resourceId,
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: "KafkaBrokerStorageUtilization" },
        targetValue: FULL,
        disableScaleIn: true,
      },
    },
    options,
  );
}
