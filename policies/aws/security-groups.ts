/** Security groups and their rules, in the provider's three forms. */
import { isEverywhere } from "../addresses";
import { each, elements, expectThat, knows, type Check } from "../expect";
import type { CheckContext, Policy, Stack } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION, nameOf } from "../policy";
import type { Value } from "../values";
import { opensOnly, portsOf } from "./ports";
import { Relations } from "../relations";
import { aws } from "../tokens";

const GROUP = aws("ec2", "SecurityGroup");
const RULE = aws("ec2", "SecurityGroupRule");
const INGRESS = aws("vpc", "SecurityGroupIngressRule");
const EGRESS = aws("vpc", "SecurityGroupEgressRule");

const CONTROLS = "https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html";
const strict = { enforcement: STRICT_IN_PRODUCTION, themes: ["network", "aws"] } as const;

type Side = "ingress" | "egress";

/** The rules of one direction, in all forms. */
function rulesOf(check: Check, side: Side): readonly Value[] {
  const { props, type } = check.resource;
  if (type === GROUP) return elements(check, props.get(side));
  if (type === RULE)
    return knows(check, props.get("type")) && props.get("type").string === side ? [props] : [];
  return type === (side === "ingress" ? INGRESS : EGRESS) ? [props] : [];
}

const rangesOf = (check: Check, rule: Value): readonly Value[] => [
  ...elements(check, rule.get("cidrBlocks")),
  ...elements(check, rule.get("ipv6CidrBlocks")),
  rule.get("cidrIpv4"),
  rule.get("cidrIpv6"),
];

/** Only unknown CIDR ranges matter: a rule for named groups is not open to everyone. */
function openRanges(check: Check, side: Side): readonly (readonly [Value, Value])[] {
  return rulesOf(check, side).flatMap((rule) =>
    rangesOf(check, rule)
      .filter((range) => knows(check, range) && isEverywhere(range))
      .filter(() => knows(check, ...portsOf(rule)))
      .map((range) => [rule, range] as const),
  );
}

/** Ports that may be open to every address. */
const OPEN = [443];

function entriesNarrow(check: Check): void {
  const ports = check.context.setting("ports", OPEN);
  for (const [rule, range] of openRanges(check, "ingress")) {
    if (opensOnly(rule, (port) => ports.includes(port))) continue;
    const expected = `every address may reach port ${ports.join(", ")} only: list the addresses or a security group`;
    expectThat(check, range, () => false, expected);
  }
}

/** `-1` means every protocol, and so every port. */
function exitsNarrow(check: Check): void {
  for (const [rule, range] of openRanges(check, "egress")) {
    const protocol = rule.get("protocol").string ?? rule.get("ipProtocol").string;
    const expected = "all egress is allowed: list ports or addresses";
    expectThat(check, range, () => protocol !== "-1", expected);
  }
}

/** The provider's default description. */
function described(check: Check): void {
  const { resource } = check;
  const expected = "say what it is for";
  const isReported = ({ string }: Value): boolean =>
    string !== undefined && string !== "" && string !== "Managed by Pulumi";
  const own = resource.type === GROUP ? [resource.props] : [];
  for (const rule of [...own, ...rulesOf(check, "ingress"), ...rulesOf(check, "egress")]) {
    expectThat(check, rule.get("description"), isReported, expected);
  }
}

function onePlace(stack: Stack, context: CheckContext): void {
  const [from, to] = [stack.of(RULE, INGRESS, EGRESS), stack.of(GROUP)];
  const rules = new Relations({ from, by: "securityGroupId", to });
  for (const group of to) {
    const own = rules.of(group);
    for (const side of ["ingress", "egress"] as const) {
      const other = own.find((rule) => sideOf(rule) === side);
      if (group.props.get(side).isMissing || other === undefined) continue;
      context.report(
        `${nameOf(group)}: ${side} removes ${nameOf(other)} with every update; define all rules in one place.`,
        group.urn,
      );
    }
  }
}

function sideOf({ type, props }: Stack["resources"][number]): string | undefined {
  if (type === RULE) return props.get("type").string;
  return type === INGRESS ? "ingress" : "egress";
}

function attached(stack: Stack, context: CheckContext): void {
  const rules: ReadonlySet<string> = new Set([RULE, INGRESS, EGRESS]);
  const used = new Set(
    stack.resources
      .filter(({ type }) => !rules.has(type))
      .flatMap(({ propertyDependencies }) => Object.values(propertyDependencies).flat()),
  );
  for (const group of stack.of(GROUP)) {
    if (used.has(group.urn)) continue;
    context.report(
      `${nameOf(group)} is not used; attach it to a resource, or remove it.`,
      group.urn,
    );
  }
}

export const securityGroups: readonly Policy[] = [
  {
    ...strict,
    name: "aws-security-group-entries-narrow",
    title: "Security groups do not allow ingress from everywhere",
    clause: {
      reference:
        "PO-03; CKV_AWS_24; CKV_AWS_25; CKV_AWS_260; CKV_AWS_277; EC2.13; EC2.18; EC2.19; CIS AWS 5.2",
      url: CONTROLS,
    },
    severity: "critical",
    prevents: "SSH, databases and plain HTTP are open to the whole internet.",
    description: "Security groups let every address reach HTTPS only.",
    remediation:
      "Set cidrBlocks to the ranges that need access, or reference their security group.",
    configuration: {
      properties: {
        ports: {
          type: "array",
          items: { type: "integer" },
          default: OPEN,
          description: "Ports that may be open to every address",
        },
      },
    },
    check: each([GROUP, RULE, INGRESS], entriesNarrow),
  },
  {
    ...strict,
    name: "aws-security-group-exits-narrow",
    title: "Security groups do not allow all egress",
    clause: {
      reference: "PO-03; CKV_AWS_382",
      url: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    },
    severity: "low",
    enforcement: ADVICE,
    prevents: "Stolen data can leave through any port.",
    description: "Security groups list the ports or the addresses that may be reached from inside.",
    remediation: "List the ports, or the security groups, in egress.",
    check: each([GROUP, RULE, EGRESS], exitsNarrow),
  },
  {
    ...strict,
    name: "aws-security-group-described",
    title: "Security group rules have a description",
    clause: {
      reference: "PO-03; CKV_AWS_23",
      url: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    },
    severity: "low",
    enforcement: ADVICE,
    prevents: "Nobody dares to remove a rule, because nobody knows what it is for.",
    description: "Every security group and every rule has a description.",
    remediation: "Set description.",
    check: each([GROUP, RULE, INGRESS, EGRESS], described),
  },
  {
    ...strict,
    name: "aws-security-group-rules-one-place",
    title: "A security group's rules are defined in one place",
    clause: {
      reference: "PO-03; AWSGuard security-group-no-rule-management-conflicts",
      url: "https://www.pulumi.com/registry/packages/aws/api-docs/ec2/securitygroup/",
    },
    severity: "medium",
    prevents: "Every second update removes rules, and clients lose access.",
    description:
      "A security group either lists its rules itself or has them as separate resources, not both.",
    remediation: "Remove ingress and egress from the SecurityGroup, or the separate rules.",
    check: { kind: "stack", run: onePlace },
  },
  {
    ...strict,
    name: "aws-security-group-used",
    title: "Security groups are in use",
    clause: { reference: "PO-03; CKV2_AWS_5; EC2.22", url: CONTROLS },
    severity: "low",
    enforcement: ADVICE,
    prevents: "An open rule takes effect when someone attaches its group by mistake.",
    description: "Every security group is attached to a resource.",
    remediation: "Attach the group to the resource that it protects, or remove it.",
    needs: "program",
    check: { kind: "stack", run: attached },
  },
];
