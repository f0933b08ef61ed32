import * as ec2 from "@pulumi/aws/ec2";
import type * as pulumi from "@pulumi/pulumi";
import { Component, type ComponentOptions } from "../../../kit/component";
import type { EksArguments } from "./arguments";
import { subnets } from "./subnets";
import { createEndpoints } from "./endpoints";

type NetworkArguments = Pick<
  EksArguments,
  "clusterName" | "region" | "zones" | "network" | "highlyAvailable" | "protect"
>;

/** Purpose of a subnet, as tags that the AWS Load Balancer Controller looks for. */
const ROLE = { public: "kubernetes.io/role/elb", private: "kubernetes.io/role/internal-elb" };

interface Zone {
  readonly letter: string;
  readonly public: ec2.Subnet;
  readonly private: ec2.Subnet;
}

/**
 * A network over three zones. Nodes and data are in private subnets, which reach the internet
 * through NAT and AWS through endpoints; the public ones only hold load balancers and NAT gateways.
 *
 * It can only be deleted when nothing is left in it that this program does not manage: load
 * balancers and security groups that controllers created block it (`DependencyViolation`). Services
 * of type LoadBalancer are deleted before their controller, because everything in the cluster
 * depends on it. What remains after the loss of a cluster must be deleted by hand.
 */
export class EksNetwork extends Component {
  readonly vpcId: pulumi.Output<string>;
  /** The account. */
  readonly ownerId: pulumi.Output<string>;
  readonly privateSubnetIds: readonly pulumi.Output<string>[];
  /** NAT gateways and endpoints: without them no node can start. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: NetworkArguments, options: ComponentOptions) {
    super("cluster:EksNetwork", name, { vpc: args.network.vpc }, options);
    const vpc = this.createVpc(args);
    const gateway = new ec2.InternetGateway(
      this.child("gateway"),
      { vpcId: vpc.id, tags: { Name: args.clusterName } },
      this.options(),
    );
    const zones = this.createSubnets(args, vpc);
    const wayOut = this.createPublicRoutes(args, vpc, gateway, zones);
    const gateways = this.createNat(args, zones, gateway);
    const { tables, ready } = this.createPrivateRoutes(args, vpc, zones, gateways);
    this.vpcId = vpc.id;
    this.ownerId = vpc.ownerId;
    this.privateSubnetIds = zones.map((zone) => zone.private.id);
    this.ready = [
      ...wayOut.ready,
      ...ready,
      ...createEndpoints(
        this.name,
        { ...args, vpc, subnetIds: this.privateSubnetIds, tables: [wayOut.table, ...tables] },
        this.options(),
      ),
    ];
    this.publish();
  }

  private createVpc({ clusterName, network, protect }: NetworkArguments): ec2.Vpc {
    const vpc = new ec2.Vpc(
      this.child("vpc"),
      {
        cidrBlock: network.vpc,
        // Without both, the private control plane and the endpoints have no DNS names.
        enableDnsSupport: true,
        enableDnsHostnames: true,
        tags: { Name: clusterName },
      },
      this.options({ protect }),
    );
    // Adopted and emptied: a resource without its own security group must not get an open one.
    new ec2.DefaultSecurityGroup(
      this.child("default-security-group"),
      { vpcId: vpc.id, ingress: [], egress: [], tags: { Name: `${clusterName}-closed` } },
      this.options(),
    );
    return vpc;
  }

  private createSubnets(args: NetworkArguments, vpc: ec2.Vpc): readonly Zone[] {
    return subnets(args.network.vpc, args.zones).map((ranges) => {
      const letter = ranges.zone.slice(-1);
      const subnet = (kind: "public" | "private") =>
        new ec2.Subnet(
          this.child(`${kind}-${letter}`),
          {
            vpcId: vpc.id,
            availabilityZone: ranges.zone,
            cidrBlock: ranges[kind],
            // Load balancers and NAT gateways have their own addresses.
            mapPublicIpOnLaunch: false,
            tags: { Name: `${args.clusterName}-${kind}-${letter}`, [ROLE[kind]]: "1" },
          },
          // Interfaces of load balancers and of the control plane take time to be deleted.
          this.options({ customTimeouts: { delete: "40m" } }),
        );
      return { letter, public: subnet("public"), private: subnet("private") };
    });
  }

  private createPublicRoutes(
    { clusterName }: NetworkArguments,
    vpc: ec2.Vpc,
    gateway: ec2.InternetGateway,
    zones: readonly Zone[],
  ): { readonly table: ec2.RouteTable; readonly ready: readonly pulumi.Resource[] } {
    const table = this.createTable("public", clusterName, vpc);
    const route = new ec2.Route(
      this.child("public-route"),
      { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
      this.options(),
    );
    const associations = zones.map((zone) =>
      this.associate(`public-${zone.letter}`, zone.public, table),
    );
    return { table, ready: [route, ...associations] };
  }

  /** One for each zone, so that the loss of a zone does not cut off the others; or one for all. */
  private createNat(
    { clusterName, highlyAvailable, protect }: NetworkArguments,
    zones: readonly Zone[],
    gateway: ec2.InternetGateway,
  ): readonly ec2.NatGateway[] {
    return zones.slice(0, highlyAvailable ? zones.length : 1).map((zone) => {
      const tags = { Name: `${clusterName}-nat-${zone.letter}` };
      const address = new ec2.Eip(
        this.child(`nat-address-${zone.letter}`),
        { domain: "vpc", tags },
        // Others may have these addresses in their allow lists, and they cannot be allocated again.
        this.options({ protect, dependsOn: [gateway] }),
      );
      return new ec2.NatGateway(
        this.child(`nat-${zone.letter}`),
        {
          connectivityType: "public",
          subnetId: zone.public.id,
          allocationId: address.id,
          tags,
        },
        this.options({ dependsOn: [gateway] }),
      );
    });
  }

  private createPrivateRoutes(
    { clusterName }: NetworkArguments,
    vpc: ec2.Vpc,
    zones: readonly Zone[],
    gateways: readonly ec2.NatGateway[],
  ): {
    readonly tables: readonly ec2.RouteTable[];
    readonly ready: readonly pulumi.Resource[];
  } {
    const made = zones.map((zone, index) => {
      const nat = gateways[index] ?? gateways[0];
      const table = this.createTable(`private-${zone.letter}`, clusterName, vpc);
      const route = new ec2.Route(
        this.child(`private-route-${zone.letter}`),
        {
          routeTableId: table.id,
          destinationCidrBlock: "0.0.0.0/0",
          ...(nat === undefined ? {} : { natGatewayId: nat.id }),
        },
        this.options(),
      );
      const association = this.associate(`private-${zone.letter}`, zone.private, table);
      return { table, ready: [route, association] };
    });
    return { tables: made.map(({ table }) => table), ready: made.flatMap(({ ready }) => ready) };
  }

  private createTable(suffix: string, clusterName: string, vpc: ec2.Vpc): ec2.RouteTable {
    return new ec2.RouteTable(
      this.child(`${suffix}-table`),
      { vpcId: vpc.id, tags: { Name: `${clusterName}-${suffix}` } },
      this.options(),
    );
  }

  private associate(
    suffix: string,
    subnet: ec2.Subnet,
    table: ec2.RouteTable,
  ): ec2.RouteTableAssociation {
    return new ec2.RouteTableAssociation(
      this.child(`${suffix}-association`),
      { subnetId: subnet.id, routeTableId: table.id },
      this.options(),
    );
  }
}
