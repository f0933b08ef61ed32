import type * as ec2 from "@pulumi/aws/ec2";
import { describe, expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";
import { UNKNOWN, messages, urnOf, type Fixture } from "../testing";

const tcp = (port: number) => ({ description: "x", protocol: "tcp", fromPort: port, toPort: port });
const group = (): Fixture => ({
  type: "aws:ec2/securityGroup:SecurityGroup",
  name: "door",
  props: {
    description: "The door",
    ingress: [
      { ...tcp(443), cidrBlocks: ["0.0.0.0/0"], ipv6CidrBlocks: ["::/0"] },
      { ...tcp(22), cidrBlocks: ["10.8.0.0/16"] },
    ],
    egress: [{ ...tcp(5432), cidrBlocks: ["10.8.0.0/16"] }],
  } satisfies ec2.SecurityGroupArgs,
});
const rule = (type: string): Fixture => ({
  type: "aws:ec2/securityGroupRule:SecurityGroupRule",
  name: "rule",
  props: {
    ...tcp(9096),
    type,
    securityGroupId: "sg-1",
    cidrBlocks: ["10.8.0.0/16"],
  } satisfies ec2.SecurityGroupRuleArgs,
});
const single = (side: "Ingress" | "Egress"): Fixture => ({
  type: `aws:vpc/securityGroup${side}Rule:SecurityGroup${side}Rule`,
  name: "one",
  props: {
    ...tcp(9096),
    protocol: undefined,
    ipProtocol: "tcp",
    cidrIpv4: "10.8.0.0/16",
    securityGroupId: "sg-1",
  },
});
const WHO = 'SecurityGroup "door"';
const ONLY = "every address may reach port 443 only: list the addresses or a security group.";

testPolicy("aws-security-group-entries-narrow", {
  happy: () => [group(), rule("ingress"), single("Ingress")],
  broken: [
    {
      at: ["ingress", 1, "cidrBlocks", 0],
      to: "0.0.0.0/0",
      says: `${WHO}: ingress[1].cidrBlocks[0] is "0.0.0.0/0"; ${ONLY}`,
    },
    {
      at: ["ingress", 0, "toPort"],
      to: 444,
      says: [
        `${WHO}: ingress[0].cidrBlocks[0] is "0.0.0.0/0"; ${ONLY}`,
        `${WHO}: ingress[0].ipv6CidrBlocks[0] is "::/0"; ${ONLY}`,
      ],
    },
    { at: ["ingress", 0, "protocol"], to: "icmp", says: [] },
    {
      at: ["ingress", 0],
      to: { ...tcp(443), protocol: "-1", cidrBlocks: ["0.0.0.0/0"] },
      says: `${WHO}: ingress[0].cidrBlocks[0] is "0.0.0.0/0"; ${ONLY}`,
    },
    {
      at: ["ingress", 0],
      to: { protocol: "tcp", cidrBlocks: ["0.0.0.0/0"] },
      says: `${WHO}: ingress[0].cidrBlocks[0] is "0.0.0.0/0"; ${ONLY}`,
    },
    {
      at: ["ingress", 1, "cidrBlocks", 0],
      to: "0.0.0.0/0",
      setting: { configuration: { "aws-security-group-entries-narrow": { ports: [443, 22] } } },
      says: [],
    },
    {
      at: ["cidrBlocks", 0],
      of: 1,
      to: "0.0.0.0/0",
      says: `SecurityGroupRule "rule": cidrBlocks[0] is "0.0.0.0/0"; ${ONLY}`,
    },
    {
      at: ["cidrIpv4"],
      of: 2,
      to: "0.0.0.0/0",
      says: `SecurityGroupIngressRule "one": cidrIpv4 is "0.0.0.0/0"; ${ONLY}`,
    },
    {
      at: ["cidrIpv6"],
      of: 2,
      to: "::/0",
      says: `SecurityGroupIngressRule "one": cidrIpv6 is "::/0"; ${ONLY}`,
    },
  ],
  unknown: [
    ["ingress"],
    ["ingress", 0],
    [1, "type"],
    ["ingress", 0, "cidrBlocks"],
    ["ingress", 1, "cidrBlocks", 0],
    [2, "cidrIpv4"],
  ],
});

const LEAVES = "all egress is allowed: list ports or addresses.";
testPolicy("aws-security-group-exits-narrow", {
  happy: () => [
    group(),
    rule("egress"),
    single("Egress"),
    broken(rule("ingress"), ["protocol"], "-1"),
  ],
  broken: [
    {
      at: ["egress", 0],
      to: { protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] },
      says: `${WHO}: egress[0].cidrBlocks[0] is "0.0.0.0/0"; ${LEAVES}`,
    },
    { at: ["egress", 0, "cidrBlocks", 0], to: "0.0.0.0/0", says: [] },
  ],
  unknown: [["egress"], [1, "type"]],
});

it("aws-security-group-exits-narrow evaluates separate rules", async () => {
  const open = broken(broken(single("Egress"), ["ipProtocol"], "-1"), ["cidrIpv6"], "::/0");
  expect(await messages("aws-security-group-exits-narrow", [open])).toEqual([
    `SecurityGroupEgressRule "one": cidrIpv6 is "::/0"; ${LEAVES}`,
  ]);
});

testPolicy("aws-security-group-described", {
  happy: () => [group(), rule("ingress"), rule("egress"), single("Ingress"), single("Egress")],
  broken: [
    {
      at: ["description"],
      to: "Managed by Pulumi",
      says: `${WHO}: description is "Managed by Pulumi"; say what it is for.`,
    },
    { at: ["description"], says: `${WHO}: description is missing; say what it is for.` },
    {
      at: ["egress", 0, "description"],
      to: "",
      says: `${WHO}: egress[0].description is ""; say what it is for.`,
    },
    {
      at: ["description"],
      of: 4,
      says: 'SecurityGroupEgressRule "one": description is missing; say what it is for.',
    },
  ],
  unknown: [["description"]],
});

describe("aws-security-group-rules-one-place", () => {
  const of = (fixture: Fixture): Fixture => ({
    ...fixture,
    propertyDependencies: { securityGroupId: [urnOf(group())] },
  });
  const reported = (...fixture: readonly Fixture[]): Promise<readonly string[]> =>
    messages("aws-security-group-rules-one-place", fixture);

  it("refuses rules in both places", async () => {
    for (const other of [rule("ingress"), single("Ingress")]) {
      expect(await reported(group(), of(other))).toEqual([
        `${WHO}: ingress removes ${other.type.slice(other.type.lastIndexOf(":") + 1)} "${other.name}" with every update; define all rules in one place.`,
      ]);
    }
    expect(await reported(group(), of(single("Egress")))).toHaveLength(1);
  });

  it("accepts one of the two for each direction", async () => {
    expect(await reported(broken(group(), ["ingress"]), of(single("Ingress")))).toEqual([]);
    expect(await reported(group(), single("Ingress"))).toEqual([]);
  });
});

it("aws-security-group-used requires a resource with the group", async () => {
  const user: Fixture = {
    type: "aws:rds/instance:Instance",
    name: "db",
    props: { vpcSecurityGroupIds: UNKNOWN },
    propertyDependencies: { vpcSecurityGroupIds: [urnOf(group())] },
  };
  const own = { ...single("Ingress"), propertyDependencies: { securityGroupId: [urnOf(group())] } };
  expect(await messages("aws-security-group-used", [group(), user])).toEqual([]);
  expect(await messages("aws-security-group-used", [group(), own])).toEqual([
    `${WHO} is not used; attach it to a resource, or remove it.`,
  ]);
});

it.each(["fromPort", "toPort", "protocol"])("counts an unknown %s", async (key) => {
  const open = broken(broken(rule("ingress"), ["cidrBlocks", 0], "0.0.0.0/0"), [key], UNKNOWN);
  expect(await messages("aws-security-group-entries-narrow", [open])).toEqual([]);
});
