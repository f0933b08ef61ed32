import type * as ec2 from "@pulumi/aws/ec2";
import { describe, expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";
import { UNKNOWN, messages, urnOf, type Fixture } from "../testing";

const token = (name: string): string =>
  `aws:ec2/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
const vpc: Fixture = { type: token("Vpc"), name: "bay", props: { cidrBlock: "10.7.0.0/16" } };
const inVpc = (name: string, props: object): Fixture => ({
  type: token(name),
  name: "its",
  props: { vpcId: UNKNOWN, ...props },
  propertyDependencies: { vpcId: [urnOf(vpc)] },
});

describe("aws-vpc-flow-logs", () => {
  const reported = (...fixture: readonly Fixture[]): Promise<readonly string[]> =>
    messages("aws-vpc-flow-logs", fixture);

  it("requires a log of rejected traffic", async () => {
    for (const trafficType of ["ALL", "REJECT", UNKNOWN]) {
      expect(await reported(vpc, inVpc("FlowLog", { trafficType }))).toEqual([]);
    }
    expect(await reported(vpc, inVpc("FlowLog", { trafficType: "ACCEPT" }))).toEqual([
      'FlowLog "its": trafficType is "ACCEPT"; rejected traffic matters most: set it to ALL or REJECT.',
    ]);
    const stray: Fixture = { type: token("FlowLog"), name: "its", props: { vpcId: UNKNOWN } };
    expect(await reported(vpc, stray)).toEqual([]);
    expect(await reported(vpc)).toEqual([
      'Vpc "bay" has no FlowLog; add one whose vpcId is its ID.',
    ]);
  });
});

describe("aws-vpc-default-group-closed", () => {
  const reported = (...fixture: readonly Fixture[]): Promise<readonly string[]> =>
    messages("aws-vpc-default-group-closed", fixture);

  it("requires a default group without rules", async () => {
    expect(await reported(vpc, inVpc("DefaultSecurityGroup", { ingress: [], egress: [] }))).toEqual(
      [],
    );
    expect(await reported(vpc, inVpc("DefaultSecurityGroup", {}))).toEqual([]);
    expect(await reported(vpc, inVpc("DefaultSecurityGroup", { ingress: UNKNOWN }))).toEqual([]);
    expect(await reported(vpc, inVpc("DefaultSecurityGroup", { egress: [{ toPort: 7 }] }))).toEqual(
      [
        'DefaultSecurityGroup "its": egress is [{"toPort":7}]; it must be empty: use your own security group.',
      ],
    );
    expect(
      await reported(vpc, inVpc("DefaultSecurityGroup", { ingress: [{ toPort: 7 }] })),
    ).toHaveLength(1);
    expect(await reported(vpc)).toEqual([
      'Vpc "bay" has no DefaultSecurityGroup; add one without rules whose vpcId is its ID.',
    ]);
  });
});

it.each(["DefaultVpc", "DefaultSubnet"])("aws-vpc-not-default refuses a %s", async (name) => {
  const fixture: Fixture = { type: token(name), name: "old", props: {} };
  expect(await messages("aws-vpc-not-default", [fixture])).toEqual([
    `${name} "old" is the account's default network, which is public; create your own Vpc.`,
  ]);
});

testPolicy("aws-subnet-no-public-address", {
  happy: () => ({
    type: token("Subnet"),
    name: "one",
    props: { vpcId: "vpc-1", mapPublicIpOnLaunch: false } satisfies ec2.SubnetArgs,
  }),
  broken: [
    {
      at: ["mapPublicIpOnLaunch"],
      to: true,
      says: 'Subnet "one": mapPublicIpOnLaunch is true; it must be false.',
    },
    { at: ["mapPublicIpOnLaunch"], says: [] },
    {
      at: ["assignIpv6AddressOnCreation"],
      to: true,
      says: 'Subnet "one": assignIpv6AddressOnCreation is true; it must be false.',
    },
  ],
  unknown: [["mapPublicIpOnLaunch"]],
});

const EVERYBODY = { action: "allow", protocol: "tcp", ruleNo: 90, cidrBlock: "0.0.0.0/0" };
const reaches = (who: string, at: string, ports: string): string =>
  `${who}: ${at}; every address reaches ${ports}: list the ports, or the addresses.`;
testPolicy("aws-network-acl-closed", {
  happy: () => [
    {
      type: token("NetworkAcl"),
      name: "list",
      props: {
        vpcId: "vpc-1",
        ingress: [
          { ...EVERYBODY, fromPort: 443, toPort: 443 },
          { ...EVERYBODY, fromPort: 1024, toPort: 65535 },
        ],
      } satisfies ec2.NetworkAclArgs,
    },
    {
      type: token("NetworkAclRule"),
      name: "rule",
      props: {
        networkAclId: "acl-1",
        ruleNumber: 80,
        ruleAction: "deny",
        protocol: "-1",
        ipv6CidrBlock: "::/0",
      } satisfies ec2.NetworkAclRuleArgs,
    },
  ],
  broken: [
    {
      at: ["ingress", 0, "fromPort"],
      to: 22,
      says: reaches('NetworkAcl "list"', 'ingress[0].cidrBlock is "0.0.0.0/0"', "22"),
    },
    {
      at: ["ingress", 1, "fromPort"],
      to: 1025,
      says: reaches('NetworkAcl "list"', 'ingress[1].cidrBlock is "0.0.0.0/0"', "3389"),
    },
    {
      at: ["ingress", 1, "toPort"],
      to: 65534,
      says: reaches('NetworkAcl "list"', 'ingress[1].cidrBlock is "0.0.0.0/0"', "3389"),
    },
    {
      at: ["ingress", 0, "protocol"],
      to: "-1",
      says: reaches('NetworkAcl "list"', 'ingress[0].cidrBlock is "0.0.0.0/0"', "20, 21, 22, 3389"),
    },
    { at: ["ingress", 0], to: { ...EVERYBODY, cidrBlock: "10.0.0.0/8", protocol: "-1" }, says: [] },
    {
      at: ["ruleAction"],
      of: 1,
      to: "ALLOW",
      says: reaches('NetworkAclRule "rule"', 'ipv6CidrBlock is "::/0"', "20, 21, 22, 3389"),
    },
  ],
  unknown: [
    ["ingress"],
    ["ingress", 0],
    ["ingress", 0, "fromPort"],
    ["ingress", 1, "toPort"],
    ["ingress", 0, "protocol"],
    [1, "ruleAction"],
    ["ingress", 0, "action"],
    ["ingress", 0, "cidrBlock"],
    [1, "ipv6CidrBlock"],
  ],
});

it("aws-vpc-default-group-closed counts an unknown that may be the group", async () => {
  const stray: Fixture = { ...inVpc("DefaultSecurityGroup", {}), propertyDependencies: {} };
  expect(await messages("aws-vpc-default-group-closed", [vpc, stray])).toEqual([]);
});

it("aws-network-acl-closed counts a rule of unknown direction", async () => {
  const rule: Fixture = {
    type: token("NetworkAclRule"),
    name: "rule",
    props: { egress: UNKNOWN, ruleAction: "allow", protocol: "-1", cidrBlock: "0.0.0.0/0" },
  };
  expect(await messages("aws-network-acl-closed", [rule])).toEqual([]);
});

it("aws-network-acl-closed does not apply to egress", async () => {
  const rule: Fixture = {
    type: token("NetworkAclRule"),
    name: "rule",
    props: { egress: true, ruleAction: "allow", protocol: "-1", cidrBlock: "0.0.0.0/0" },
  };
  expect(await messages("aws-network-acl-closed", [rule])).toEqual([]);
  expect(await messages("aws-network-acl-closed", [broken(rule, ["egress"], false)])).toHaveLength(
    1,
  );
});

const LEADS = "a default route must go through a gateway, and";
testPolicy("aws-route-default", {
  happy: () => [
    {
      type: token("Route"),
      name: "out",
      props: {
        routeTableId: "rtb-1",
        destinationCidrBlock: "0.0.0.0/0",
        natGatewayId: "nat-1",
      } satisfies ec2.RouteArgs,
    },
    {
      type: token("Route"),
      name: "peer",
      props: {
        routeTableId: "rtb-1",
        destinationCidrBlock: "10.9.0.0/16",
        vpcPeeringConnectionId: "pcx-1",
      } satisfies ec2.RouteArgs,
    },
  ],
  broken: [
    {
      at: ["networkInterfaceId"],
      to: "eni-1",
      says: `Route "out": networkInterfaceId is "eni-1"; ${LEADS} destinationCidrBlock is every address.`,
    },
    {
      at: ["destinationIpv6CidrBlock"],
      of: 1,
      to: "::/0",
      says: `Route "peer": vpcPeeringConnectionId is "pcx-1"; ${LEADS} destinationIpv6CidrBlock is every address.`,
    },
  ],
  unknown: [["networkInterfaceId"], ["destinationCidrBlock"]],
});
