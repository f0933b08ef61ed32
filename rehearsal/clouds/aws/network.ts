/** What EC2 refuses. */
import { demands, exists, quota, unused, type Rule } from "../rule";
import { textsAt } from "../thing";
import {
  VPC,
  SUBNET,
  GROUP,
  GATEWAY,
  NAT,
  ADDRESS,
  TABLE,
  ENDPOINT,
  RDS_SUBNETS,
  CACHE_SUBNETS,
  IN_SUBNETS,
  SUBNETS,
  IN_GROUPS,
  GROUPS,
  PERMISSIONS,
} from "./types";

const DOCS = "https://docs.aws.amazon.com";
const EC2 = `${DOCS}/AWSEC2/latest/APIReference/errors-overview.html`;

export const NETWORK_RULES: readonly Rule[] = [
  quota({
    ...{ type: VPC, most: 5, source: `${DOCS}/vpc/latest/userguide/amazon-vpc-limits.html` },
    message: "VpcLimitExceeded: The maximum number of VPCs has been reached.",
  }),
  quota({
    ...{ type: ADDRESS, most: 5, source: `${DOCS}/vpc/latest/userguide/amazon-vpc-limits.html` },
    message: "AddressLimitExceeded: The maximum number of addresses has been reached.",
  }),
  exists({
    ...{ from: [SUBNET, GATEWAY, TABLE, GROUP, ENDPOINT], at: ["vpcId"], to: [VPC], source: EC2 },
    message: (id) => `InvalidVpcID.NotFound: The vpc ID '${id}' does not exist`,
  }),
  exists({
    ...{ from: IN_SUBNETS, at: SUBNETS, to: [SUBNET], source: EC2 },
    message: (id) => `InvalidSubnetID.NotFound: The subnet ID '${id}' does not exist`,
  }),
  exists({
    ...{ from: IN_GROUPS, at: GROUPS, to: [GROUP], source: EC2 },
    message: (id) => `InvalidGroup.NotFound: The security group '${id}' does not exist`,
  }),
  exists({
    ...{ from: PERMISSIONS, at: ["securityGroupId"], to: [GROUP], source: EC2 },
    message: (id) => `InvalidGroup.NotFound: The security group '${id}' does not exist`,
  }),
  exists({
    ...{ from: [NAT], at: ["allocationId"], to: [ADDRESS], source: EC2 },
    message: (id) => `InvalidAllocationID.NotFound: The allocation ID '${id}' does not exist`,
  }),
  demands([SUBNET], EC2, ({ inputs, region }, sight) => {
    const [vpc, range] = [textsAt(inputs, "vpcId")[0], textsAt(inputs, "cidrBlock")[0]];
    const other = sight
      .of([SUBNET])
      .some(
        (one) =>
          one.inputs["vpcId"] === vpc && one.inputs["cidrBlock"] === range && one.region === region,
      );
    return other && range !== undefined
      ? `InvalidSubnet.Conflict: The CIDR '${range}' conflicts with another subnet`
      : undefined;
  }),
  unused({
    ...{ of: [VPC], by: [SUBNET, GATEWAY, GROUP, ENDPOINT], at: ["vpcId"], source: EC2 },
    message: ({ id }) =>
      `DependencyViolation: The vpc '${id}' has dependencies and cannot be deleted.`,
  }),
  unused({
    ...{ of: [SUBNET], at: SUBNETS, source: EC2 },
    by: IN_SUBNETS.filter((type) => type !== RDS_SUBNETS && type !== CACHE_SUBNETS),
    message: ({ id }) =>
      `DependencyViolation: The subnet '${id}' has dependencies and cannot be deleted.`,
  }),
  unused({
    ...{ of: [GROUP], by: [...IN_GROUPS, ...PERMISSIONS], source: EC2 },
    at: [...GROUPS, "referencedSecurityGroupId"],
    message: ({ id }) => `DependencyViolation: resource ${id} has a dependent object`,
  }),
];
