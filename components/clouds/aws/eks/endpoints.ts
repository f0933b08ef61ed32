import * as ec2 from "@pulumi/aws/ec2";
import type * as pulumi from "@pulumi/pulumi";
import type { EksArguments } from "./arguments";

/**
 * AWS services that nodes and controllers use: images, identity, the cluster, instances, logs and
 * load balancers. The autoscaler needs `eks` to read the labels of a group without nodes.
 */
const INTERFACES = [
  "ecr.api",
  "ecr.dkr",
  "sts",
  "eks",
  "eks-auth",
  "ec2",
  "logs",
  "elasticloadbalancing",
] as const;

type EndpointArguments = Pick<
  EksArguments,
  "clusterName" | "region" | "network" | "highlyAvailable"
> & {
  readonly vpc: ec2.Vpc;
  readonly subnetIds: readonly pulumi.Output<string>[];
  readonly tables: readonly ec2.RouteTable[];
};

/**
 * Private endpoints for AWS services, without NAT and its cost. Each interface is billed per hour,
 * service and zone, which is more than the NAT traffic that it saves: they are for environments
 * that must survive the loss of a zone; the others use their NAT gateway. With endpoints, the
 * services' names resolve to addresses of the network: network policies must allow pods to reach
 * the network's own range on port 443, not only the internet.
 */
export function createEndpoints(
  name: string,
  args: EndpointArguments,
  options: pulumi.CustomResourceOptions,
): readonly ec2.VpcEndpoint[] {
  const { clusterName, vpc } = args;
  return [
    // Image layers are stored in S3, too. A gateway endpoint is free.
    new ec2.VpcEndpoint(
      `${name}-endpoint-s3`,
      {
        vpcId: vpc.id,
        serviceName: serviceName(args, "s3"),
        vpcEndpointType: "Gateway",
        routeTableIds: args.tables.map((table) => table.id),
        tags: { Name: `${clusterName}-s3` },
      },
      options,
    ),
    ...(args.highlyAvailable ? createInterfaces(name, args, options) : []),
  ];
}

function createInterfaces(
  name: string,
  args: EndpointArguments,
  options: pulumi.CustomResourceOptions,
): readonly ec2.VpcEndpoint[] {
  const group = createGroup(name, args, options);
  return INTERFACES.map(
    (service) =>
      new ec2.VpcEndpoint(
        `${name}-endpoint-${service.replace(".", "-")}`,
        {
          vpcId: args.vpc.id,
          serviceName: serviceName(args, service),
          vpcEndpointType: "Interface",
          subnetIds: [...args.subnetIds],
          securityGroupIds: [group.id],
          privateDnsEnabled: true,
          tags: { Name: `${args.clusterName}-${service}` },
        },
        options,
      ),
  );
}

const serviceName = ({ region }: Pick<EndpointArguments, "region">, service: string): string =>
  `com.amazonaws.${region}.${service}`;

function createGroup(
  name: string,
  args: Pick<EndpointArguments, "clusterName" | "network" | "vpc">,
  options: pulumi.CustomResourceOptions,
): ec2.SecurityGroup {
  return new ec2.SecurityGroup(
    `${name}-endpoints`,
    {
      vpcId: args.vpc.id,
      description: "HTTPS from the network to the endpoints of AWS",
      ingress: [
        {
          description: "HTTPS from the network",
          protocol: "tcp",
          fromPort: 443,
          toPort: 443,
          cidrBlocks: [args.network.vpc],
        },
      ],
      egress: [],
      tags: { Name: `${args.clusterName}-endpoints` },
    },
    options,
  );
}
