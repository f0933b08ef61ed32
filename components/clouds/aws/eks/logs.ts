import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as ec2 from "@pulumi/aws/ec2";
import * as iam from "@pulumi/aws/iam";
import * as pulumi from "@pulumi/pulumi";
import { policyDocument, trustOnBehalfOf, type Statement } from "../identity";
import { AUDIT_DAYS, type EksArguments } from "./arguments";
import type { EksNetwork } from "./network";

interface Key {
  readonly arn: pulumi.Output<string>;
}

/** Encrypted, with the retention that audits need. */
const logGroup = (
  name: string,
  called: string,
  { protect }: Pick<EksArguments, "protect">,
  key: Key,
  options: pulumi.CustomResourceOptions,
): cloudwatch.LogGroup =>
  new cloudwatch.LogGroup(
    name,
    {
      name: called,
      retentionInDays: AUDIT_DAYS,
      kmsKeyId: key.arn,
      deletionProtectionEnabled: protect,
    },
    pulumi.mergeOptions(options, { protect }),
  );

/**
 * The control plane's log group, created before the cluster: EKS would create it without a
 * retention and without a key. A cluster that is being deleted can create it again with its last
 * log entries; a new cluster of the same name then fails with `ResourceAlreadyExistsException`,
 * until the group is deleted or imported.
 */
export function createClusterLogs(
  name: string,
  args: Pick<EksArguments, "clusterName" | "protect">,
  key: Key,
  options: pulumi.CustomResourceOptions,
): cloudwatch.LogGroup {
  return logGroup(`${name}-logs`, `/aws/eks/${args.clusterName}/cluster`, args, key, options);
}

/** Flow logs of accepted and rejected connections in the network; kept as long as audit logs. */
export function createFlowLogs(
  name: string,
  args: Pick<EksArguments, "clusterName" | "protect">,
  network: EksNetwork,
  key: Key,
  options: pulumi.CustomResourceOptions,
): ec2.FlowLog {
  const called = `/aws/vpc/${args.clusterName}/flow`;
  const group = logGroup(`${name}-flow-logs`, called, args, key, options);
  const role = new iam.Role(
    `${name}-flow-role`,
    {
      description: `Flow logs of ${args.clusterName}`,
      assumeRolePolicy: trustOnBehalfOf(network.ownerId, "vpc-flow-logs.amazonaws.com"),
    },
    options,
  );
  const policy = new iam.RolePolicy(
    `${name}-flow-policy`,
    {
      role: role.name,
      policy: policyDocument(writing(group.arn)),
    },
    options,
  );
  return new ec2.FlowLog(
    `${name}-flow`,
    {
      vpcId: network.vpcId,
      trafficType: "ALL",
      maxAggregationInterval: 600,
      logDestinationType: "cloud-watch-logs",
      logDestination: group.arn,
      iamRoleArn: role.arn,
      tags: { Name: args.clusterName },
    },
    pulumi.mergeOptions(options, { dependsOn: [policy] }),
  );
}

/** Without permission to create groups: a deleted one stays deleted. */
const writing = (group: pulumi.Output<string>): readonly Statement[] => [
  {
    actions: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
    resources: [group, pulumi.interpolate`${group}:*`],
  },
  { actions: ["logs:DescribeLogGroups"], resources: ["*"] },
];
