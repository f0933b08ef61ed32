import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as ec2 from "@pulumi/aws/ec2";
import * as iam from "@pulumi/aws/iam";
import * as rds from "@pulumi/aws/rds";
import * as vpc from "@pulumi/aws/vpc";
import type * as pulumi from "@pulumi/pulumi";
import { trust } from "../identity";
import type { RdsPostgresArguments } from "./arguments";
import { parametersOf } from "./parameters";
import { POSTGRES_PORT } from "../../../postgres/url";

/** The surrounding resources of an RDS instance, in one region. */
export interface Surroundings {
  readonly subnetGroup: rds.SubnetGroup;
  readonly securityGroup: ec2.SecurityGroup;
  readonly parameterGroup: rds.ParameterGroup;
  readonly monitoringRole: iam.Role;
  /** Must exist before an instance, although none of its inputs refers to it. */
  readonly before: readonly pulumi.Resource[];
  /** Must exist before a client connects. */
  readonly ready: readonly pulumi.Resource[];
}

/**
 * These groups have generated names: for another PostgreSQL version or network, the new one is
 * created first, the instance moves to it, and the old one is deleted.
 */
export function createSurroundings(
  name: string,
  args: RdsPostgresArguments,
  options: pulumi.CustomResourceOptions,
): Surroundings {
  const tags = { ...args.tags };
  const subnetGroup = new rds.SubnetGroup(
    `${name}-subnets`,
    {
      description: `${args.identifier}: the private subnets`,
      subnetIds: [...args.placement.privateSubnetIds],
      tags,
    },
    options,
  );
  const parameterGroup = new rds.ParameterGroup(
    `${name}-parameters`,
    {
      description: `${args.identifier}: what the runbook sets`,
      family: `postgres${args.version.split(".")[0] ?? ""}`,
      parameters: [...parametersOf(args)],
      tags,
    },
    options,
  );
  const { securityGroup, rule } = closedGroup(
    name,
    { ...args, description: `${args.identifier}: the nodes alone, to PostgreSQL alone` },
    options,
  );
  const { role, attachment } = monitoring(name, args, options);
  return {
    subnetGroup,
    securityGroup,
    parameterGroup,
    monitoringRole: role,
    before: [attachment],
    ready: [rule],
  };
}

/**
 * A security group that admits the cluster's nodes and allows no outgoing traffic: the provider
 * removes Amazon's default rule that allows everything.
 */
export function closedGroup(
  name: string,
  args: Pick<RdsPostgresArguments, "placement" | "tags"> & { readonly description: string },
  options: pulumi.CustomResourceOptions,
): { securityGroup: ec2.SecurityGroup; rule: vpc.SecurityGroupIngressRule } {
  const securityGroup = new ec2.SecurityGroup(
    `${name}-security-group`,
    { description: args.description, vpcId: args.placement.vpcId, tags: { ...args.tags } },
    options,
  );
  const rule = new vpc.SecurityGroupIngressRule(
    `${name}-from-nodes`,
    {
      securityGroupId: securityGroup.id,
      // Without an apostrophe: EC2 does not allow it here.
      description: "Nodes of the cluster, and so its pods",
      referencedSecurityGroupId: args.placement.securityGroupId,
      ipProtocol: "tcp",
      fromPort: POSTGRES_PORT,
      toPort: POSTGRES_PORT,
    },
    options,
  );
  return { securityGroup, rule };
}

/** The role with which an instance reports operating system metrics. */
function monitoring(
  name: string,
  { identifier, tags }: RdsPostgresArguments,
  options: pulumi.CustomResourceOptions,
): { role: iam.Role; attachment: iam.RolePolicyAttachment } {
  const role = new iam.Role(
    `${name}-monitoring`,
    {
      description: `${identifier}: enhanced monitoring`,
      assumeRolePolicy: trust("monitoring.rds.amazonaws.com"),
      tags: { ...tags },
    },
    options,
  );
  const attachment = new iam.RolePolicyAttachment(
    `${name}-monitoring-policy`,
    {
      role: role.name,
      policyArn: "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
    },
    options,
  );
  return { role, attachment };
}

/**
 * A log group with a name that Amazon prescribes, created before its writer: a group created by RDS
 * has no retention and no encryption. It is deleted after its writer, so that it is not created
 * again.
 */
export function logGroup(
  name: string,
  args: Pick<RdsPostgresArguments, "placement" | "tags"> & { readonly path: string },
  options: pulumi.CustomResourceOptions,
): cloudwatch.LogGroup {
  return new cloudwatch.LogGroup(
    name,
    {
      name: args.path,
      retentionInDays: 90,
      kmsKeyId: args.placement.encryptionKeyArn,
      tags: { ...args.tags },
    },
    options,
  );
}
