import * as ec2 from "@pulumi/aws/ec2";
import type * as pulumi from "@pulumi/pulumi";
import type { EksArguments } from "./arguments";

/**
 * What nodes and controllers ask of AWS: images, their identity, the cluster, instances, logs and
 * load balancers. The autoscaler needs `eks` to know the labels of a group without nodes.
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
 * Private ways to AWS, which neither leave its network nor pass (and pay for) NAT. Interfaces cost by
 * the hour, service and zone, more than what nodes ask of AWS costs at a NAT gateway: they are for
 * environments that must outlive the loss of one, and the others go through theirs. With them the
 * services' names lead to addresses of the network: a pod behind a network policy must be let out to
 * the network's own range on port 443, not only to the internet.
 */
export function createEndpoints(
  name: string,
  args: EndpointArguments,
  options: pulumi.CustomResourceOptions,
): readonly ec2.VpcEndpoint[] {
  const { clusterName, vpc } = args;
  return [
    // Layers of images lie in S3, too. A gateway costs nothing.
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
