import { describe, expect, it } from "vitest";
import { inputsOf, named, ofKind } from "../../../kit/testing";
import { create, town } from "./testing";

const outgoing = (nat: string) => ({ destinationCidrBlock: "0.0.0.0/0", natGatewayId: nat });

describe("the network of an EKS cluster", () => {
  it("resolves the names of its endpoints", async () => {
    const { resources } = await town();
    expect(inputsOf(resources, "town-network-vpc")).toEqual({
      cidrBlock: "10.50.0.0/18",
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: { Name: "bikes" },
    });
  });

  it("has a default security group that allows nothing", async () => {
    const { resources } = await town();
    expect(inputsOf(resources, "town-network-default-security-group")).toEqual({
      vpcId: "town-network-vpc-id",
      ingress: [],
      egress: [],
      tags: { Name: "bikes-closed" },
    });
  });

  it("has a private and a public subnet in each zone, with tags for load balancers", async () => {
    const { resources } = await town();
    const subnets = ofKind(resources, "Subnet").map(({ name, inputs, options }) => {
      expect(inputs["vpcId"]).toBe("town-network-vpc-id");
      expect(inputs["mapPublicIpOnLaunch"]).toBe(false);
      expect(options.customTimeouts).toEqual({ delete: "40m" });
      return [name, inputs["availabilityZone"], inputs["cidrBlock"], inputs["tags"]];
    });
    const tags = (kind: string, role: string) => ({ Name: `bikes-${kind}`, [role]: "1" });
    const inside = "kubernetes.io/role/internal-elb";
    const outside = "kubernetes.io/role/elb";
    expect(subnets).toEqual([
      ["town-network-private-a", "eu-west-3a", "10.50.0.0/20", tags("private-a", inside)],
      ["town-network-private-b", "eu-west-3b", "10.50.16.0/20", tags("private-b", inside)],
      ["town-network-private-c", "eu-west-3c", "10.50.32.0/20", tags("private-c", inside)],
      ["town-network-public-a", "eu-west-3a", "10.50.48.0/22", tags("public-a", outside)],
      ["town-network-public-b", "eu-west-3b", "10.50.52.0/22", tags("public-b", outside)],
      ["town-network-public-c", "eu-west-3c", "10.50.56.0/22", tags("public-c", outside)],
    ]);
  });

  it("has a NAT gateway in each zone, with a protected address", async () => {
    const { resources } = await town();
    expect(inputsOf(resources, "town-network-nat-b")).toEqual({
      connectivityType: "public",
      subnetId: "town-network-public-b-id",
      allocationId: "town-network-nat-address-b-id",
      tags: { Name: "bikes-nat-b" },
    });
    expect(inputsOf(resources, "town-network-nat-address-b")).toEqual({
      domain: "vpc",
      tags: { Name: "bikes-nat-b" },
    });
    for (const letter of ["a", "b", "c"]) {
      expect(named(resources, `town-network-nat-${letter}`).dependsOn).toEqual([
        "town-network-gateway",
      ]);
      expect(inputsOf(resources, `town-network-private-route-${letter}`)).toEqual({
        routeTableId: `town-network-private-${letter}-table-id`,
        ...outgoing(`town-network-nat-${letter}-id`),
      });
      expect(inputsOf(resources, `town-network-private-${letter}-association`)).toEqual({
        subnetId: `town-network-private-${letter}-id`,
        routeTableId: `town-network-private-${letter}-table-id`,
      });
      expect(inputsOf(resources, `town-network-public-${letter}-association`)).toEqual({
        subnetId: `town-network-public-${letter}-id`,
        routeTableId: "town-network-public-table-id",
      });
    }
    expect(inputsOf(resources, "town-network-public-route")).toEqual({
      routeTableId: "town-network-public-table-id",
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: "town-network-gateway-id",
    });
  });

  it("has one NAT gateway without high availability", async () => {
    const { resources } = await create({ highlyAvailable: false });
    expect(ofKind(resources, "NatGateway").map(({ name }) => name)).toEqual(["town-network-nat-a"]);
    expect(ofKind(resources, "Eip")).toHaveLength(1);
    for (const letter of ["a", "b", "c"]) {
      expect(inputsOf(resources, `town-network-private-route-${letter}`)).toMatchObject(
        outgoing("town-network-nat-a-id"),
      );
    }
  });

  it("reaches S3 through a gateway endpoint, from all of its subnets", async () => {
    const { resources } = await town();
    expect(inputsOf(resources, "town-network-endpoint-s3")).toEqual({
      vpcId: "town-network-vpc-id",
      serviceName: "com.amazonaws.eu-west-3.s3",
      vpcEndpointType: "Gateway",
      routeTableIds: [
        "town-network-public-table-id",
        "town-network-private-a-table-id",
        "town-network-private-b-table-id",
        "town-network-private-c-table-id",
      ],
      tags: { Name: "bikes-s3" },
    });
  });

  it("reaches the AWS services for nodes and controllers by their own names", async () => {
    const { resources } = await town();
    const endpoints = ofKind(resources, "VpcEndpoint").filter(
      ({ inputs }) => inputs["vpcEndpointType"] === "Interface",
    );
    expect(endpoints.map(({ inputs }) => inputs["serviceName"])).toEqual(
      ["ec2", "ecr.api", "ecr.dkr", "eks", "eks-auth", "elasticloadbalancing", "logs", "sts"].map(
        (service) => `com.amazonaws.eu-west-3.${service}`,
      ),
    );
    expect(inputsOf(resources, "town-network-endpoint-ecr-api")).toEqual({
      vpcId: "town-network-vpc-id",
      serviceName: "com.amazonaws.eu-west-3.ecr.api",
      vpcEndpointType: "Interface",
      subnetIds: ["a", "b", "c"].map((letter) => `town-network-private-${letter}-id`),
      securityGroupIds: ["town-network-endpoints-id"],
      privateDnsEnabled: true,
      tags: { Name: "bikes-ecr.api" },
    });
    expect(inputsOf(resources, "town-network-endpoints")).toEqual({
      vpcId: "town-network-vpc-id",
      description: "HTTPS from the network to the endpoints of AWS",
      ingress: [
        {
          description: "HTTPS from the network",
          protocol: "tcp",
          fromPort: 443,
          toPort: 443,
          cidrBlocks: ["10.50.0.0/18"],
        },
      ],
      egress: [],
      tags: { Name: "bikes-endpoints" },
    });
  });

  it("has no paid endpoints without high availability", async () => {
    const { resources } = await create({ highlyAvailable: false });
    expect(ofKind(resources, "VpcEndpoint").map(({ name }) => name)).toEqual([
      "town-network-endpoint-s3",
    ]);
    expect(ofKind(resources, "SecurityGroup").map(({ name }) => name)).toEqual(["town-access"]);
  });

  it("logs all of its traffic, encrypted, for ninety days", async () => {
    const { resources } = await town();
    expect(inputsOf(resources, "town-flow")).toEqual({
      vpcId: "town-network-vpc-id",
      trafficType: "ALL",
      maxAggregationInterval: 600,
      logDestinationType: "cloud-watch-logs",
      logDestination: "arn:aws:logs:eu-west-3:210987654321:log-group:it",
      iamRoleArn: "arn:aws:iam::210987654321:role/one",
      tags: { Name: "bikes" },
    });
    expect(inputsOf(resources, "town-flow-logs")).toEqual({
      name: "/aws/vpc/bikes/flow",
      retentionInDays: 90,
      kmsKeyId: "arn:aws:kms:eu-west-3:210987654321:key/9",
      deletionProtectionEnabled: true,
    });
    expect(JSON.parse(inputsOf(resources, "town-flow-policy")["policy"] as string)).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
          Resource: [
            "arn:aws:logs:eu-west-3:210987654321:log-group:it",
            "arn:aws:logs:eu-west-3:210987654321:log-group:it:*",
          ],
        },
        { Effect: "Allow", Action: ["logs:DescribeLogGroups"], Resource: ["*"] },
      ],
    });
    expect(
      JSON.parse(inputsOf(resources, "town-flow-role")["assumeRolePolicy"] as string),
    ).toMatchObject({
      Statement: [{ Condition: { StringEquals: { "aws:SourceAccount": "210987654321" } } }],
    });
  });
});
