/** The MSK cluster and its surrounding resources. */
import * as appautoscaling from "@pulumi/aws/appautoscaling";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as ec2 from "@pulumi/aws/ec2";
import * as msk from "@pulumi/aws/msk";
import * as vpc from "@pulumi/aws/vpc";
import * as pulumi from "@pulumi/pulumi";
import type { Topic } from "../../../../systems/model";
import { gibOf, mostStorageOf, mskVersion } from "./check";
import type { MskKafkaArguments } from "./msk";

/** For clients with a password. */
export const SCRAM_PORT = 9096;
/** Of the brokers' JMX and node exporters. */
const EXPORTER_PORTS = [11001, 11002] as const;

type Child = (suffix: string) => string;

/** Disk usage at which a volume grows, in percent. */
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
      // Volumes grow automatically: an update must not restore the initial size.
      ignoreChanges: ["brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize"],
      customTimeouts: { create: "120m", update: "240m", delete: "120m" },
    }),
  );
  createStorageScaling(child, args, cluster, options);
  return cluster;
}

/** Admits only the cluster's nodes; brokers need no outgoing traffic through it. */
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
 * Has a generated name and no fixed version: a configuration in use cannot be deleted, so it must
 * never be replaced. The cluster uses its latest revision.
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

/** Kafka settings that differ from MSK's defaults. Pure. */
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
    // The administrator's ACLs on all resources deny everyone else. `false` could not be set before
    // they exist, because it would lock everybody out.
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

/**
 * A prefix that AWS reserves for logs of its services, so that the resource policy does not grow.
 */
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
      // The only value that MSK accepts: volumes do not shrink.
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
