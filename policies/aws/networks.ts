/** VPCs: routes, network ACLs and flow logs. */
import { isEverywhere } from "../addresses";
import { each, elements, expectThat, knows, type Check } from "../expect";
import type { CheckContext, Policy, Stack } from "../policy";
import { STRICT_IN_PRODUCTION, finding, nameOf } from "../policy";
import { Relations } from "../relations";
import { isNot, rules } from "../rules";
import { opensOnly, portsOf } from "./ports";
import { aws } from "../tokens";

const VPC = aws("ec2", "Vpc");
const FLOW_LOG = aws("ec2", "FlowLog");
const DEFAULT_GROUP = aws("ec2", "DefaultSecurityGroup");
const ACL = aws("ec2", "NetworkAcl");
const ACL_RULE = aws("ec2", "NetworkAclRule");
const ROUTE = aws("ec2", "Route");

const CONTROLS = "https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html";
const strict = { enforcement: STRICT_IN_PRODUCTION, themes: ["network", "aws"] } as const;

function flowsRecorded(stack: Stack, context: CheckContext): void {
  const to = stack.of(VPC);
  const logs = new Relations({ from: stack.of(FLOW_LOG), by: "vpcId", to });
  for (const vpc of to) {
    const own = logs.of(vpc);
    if (own.length === 0 && !logs.mayBeMore(vpc, context)) {
      context.report(`${nameOf(vpc)} has no FlowLog; add one whose vpcId is its ID.`, vpc.urn);
    }
    for (const log of own) {
      const type = log.props.get("trafficType");
      if (context.noteUnknown(type, log.urn) || type.string !== "ACCEPT") continue;
      context.report(
        finding(log, type, "rejected traffic matters most: set it to ALL or REJECT"),
        log.urn,
      );
    }
  }
}

function defaultClosed(stack: Stack, context: CheckContext): void {
  const to = stack.of(VPC);
  const groups = new Relations({ from: stack.of(DEFAULT_GROUP), by: "vpcId", to });
  for (const vpc of to) {
    const [group] = groups.of(vpc);
    if (group === undefined) {
      if (groups.mayBeMore(vpc, context)) continue;
      const expected = "add one without rules whose vpcId is its ID";
      context.report(`${nameOf(vpc)} has no DefaultSecurityGroup; ${expected}.`, vpc.urn);
      continue;
    }
    for (const side of ["ingress", "egress"]) {
      const rules = group.props.get(side);
      if (context.noteUnknown(rules, group.urn) || rules.list().length === 0) continue;
      context.report(
        finding(group, rules, "it must be empty: use your own security group"),
        group.urn,
      );
    }
  }
}

/** Remote shells and desktops, and FTP; replies use the ports above 1023, which stay open. */
const REFUSED = [20, 21, 22, 3389];

function listClosed(check: Check): void {
  const { props, type } = check.resource;
  const isRule = type === ACL_RULE;
  const egress = props.get("egress");
  if (isRule && (!knows(check, egress) || egress.boolean === true)) return;
  for (const rule of isRule ? [props] : elements(check, props.get("ingress"))) {
    const action = rule.get(isRule ? "ruleAction" : "action");
    const sources = [rule.get("cidrBlock"), rule.get("ipv6CidrBlock")];
    if (!knows(check, action, ...sources)) continue;
    const source = sources.find(isEverywhere);
    if (action.string?.toLowerCase() !== "allow" || source === undefined) continue;
    if (!knows(check, ...portsOf(rule))) continue;
    const opened = REFUSED.filter((port) => !opensOnly(rule, (it) => it !== port));
    const isAnswers = rule.get("fromPort").number === 1024 && rule.get("toPort").number === 65535;
    if (opened.length === 0 || isAnswers) continue;
    const expected = `every address reaches ${opened.join(", ")}: list the ports, or the addresses`;
    expectThat(check, source, () => false, expected);
  }
}

function routeNarrow(check: Check): void {
  const { props } = check.resource;
  const ways = [props.get("destinationCidrBlock"), props.get("destinationIpv6CidrBlock")];
  for (const way of ways.filter((it) => knows(check, it) && isEverywhere(it))) {
    for (const key of ["vpcPeeringConnectionId", "networkInterfaceId"]) {
      const expected = "a default route must go through a gateway";
      expectThat(
        check,
        props.get(key),
        (it) => it.isMissing,
        `${expected}, and ${way.path} is every address`,
      );
    }
  }
}

export const networks: readonly Policy[] = [
  {
    ...strict,
    name: "aws-vpc-flow-logs",
    title: "VPCs have flow logs",
    clause: { reference: "PO-03; CKV2_AWS_11; EC2.6; CIS AWS 3.7", url: CONTROLS },
    severity: "medium",
    themes: ["logging", "network", "aws"],
    prevents: "After an incident nobody can tell who talked to whom.",
    description: "Every VPC has a flow log that records at least rejected traffic.",
    remediation: "Add a FlowLog with the VPC's ID and trafficType ALL.",
    check: { kind: "stack", run: flowsRecorded },
  },
  {
    ...strict,
    name: "aws-vpc-default-group-closed",
    title: "The default security group has no rules",
    clause: { reference: "PO-03; CKV2_AWS_12; EC2.2; CIS AWS 5.4", url: CONTROLS },
    severity: "medium",
    prevents: "Resources without a security group can all talk to each other.",
    description: "The default security group of every VPC has no rules.",
    remediation: "Add a DefaultSecurityGroup with the VPC's ID, ingress [] and egress [].",
    check: { kind: "stack", run: defaultClosed },
  },
  {
    ...strict,
    name: "aws-vpc-not-default",
    title: "The account's default VPC is not used",
    clause: {
      reference: "PO-03; CKV_AWS_148",
      url: "https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html",
    },
    severity: "medium",
    prevents: "Instances end up in public subnets that nobody designed.",
    description: "The program adopts no default VPC and no default subnet.",
    remediation: "Create a Vpc with private subnets.",
    check: each(
      ["DefaultVpc", "DefaultSubnet"].map((name) => aws("ec2", name)),
      (check) => {
        check.context.report(
          `${nameOf(check.resource)} is the account's default network, which is public; create your own Vpc.`,
        );
      },
    ),
  },
  {
    ...strict,
    name: "aws-subnet-no-public-address",
    title: "Subnets do not assign public IP addresses",
    clause: { reference: "PO-03; CKV_AWS_130; EC2.15", url: CONTROLS },
    severity: "medium",
    prevents: "Every instance in the subnet is reachable from the internet by default.",
    description: "No subnet assigns public IP addresses to instances launched in it.",
    remediation: "Set mapPublicIpOnLaunch to false; load balancers get their own addresses.",
    check: rules([aws("ec2", "Subnet")], {
      mapPublicIpOnLaunch: isNot(true, "it must be false"),
      assignIpv6AddressOnCreation: isNot(true, "it must be false"),
    }),
  },
  {
    ...strict,
    name: "aws-network-acl-closed",
    title: "Network ACLs do not open remote login ports",
    clause: {
      reference:
        "PO-03; CKV_AWS_229; CKV_AWS_230; CKV_AWS_231; CKV_AWS_232; CKV_AWS_352; EC2.21; CIS AWS 5.1",
      url: CONTROLS,
    },
    severity: "medium",
    prevents: "The second line of defense is open, if the security group fails.",
    description: "No network ACL lets every address reach ports 20 to 22 and 3389.",
    remediation: "List the ports (443, and 1024 to 65535 for replies), or the addresses.",
    check: each([ACL, ACL_RULE], listClosed),
  },
  {
    ...strict,
    name: "aws-route-default",
    title: "Default routes go through a gateway",
    clause: {
      reference: "PO-03; CKV2_AWS_35; CKV2_AWS_44",
      url: "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html",
    },
    severity: "medium",
    prevents: "All traffic runs through a single instance, or into another network.",
    description: "No default route points to a network interface or a peering connection.",
    remediation:
      "Use a NAT gateway for the default route, and route only the peer's CIDR range to the peering connection.",
    check: each([ROUTE], routeNarrow),
  },
];
