/** Cloud resources that refer to others by name instead of by an ID: the name is spelled as the other one's. */
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { ADVICE, finding } from "../policy";
import { isSlip } from "../kubernetes/alike";
import type { Value } from "../values";

/** A property that names a resource of a type by one of its own; `*` stands for every item of a list. */
interface Row {
  readonly from: string;
  readonly by: string;
  readonly to: string;
  readonly name: string;
}

const row = (from: string, by: string, to: string, name = "name"): Row => ({ from, by, to, name });

const RDS_INSTANCE = "aws:rds/instance:Instance";
const ADDRESS = "gcp:compute/globalAddress:GlobalAddress";
const SQL = "gcp:sql/databaseInstance:DatabaseInstance";

/** From the providers' documentation of each resource. */
const ROWS: readonly Row[] = [
  row(
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "subnetGroupName",
    "aws:elasticache/subnetGroup:SubnetGroup",
  ),
  row(
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "logDeliveryConfigurations.*.destination",
    "aws:cloudwatch/logGroup:LogGroup",
  ),
  row(RDS_INSTANCE, "dbSubnetGroupName", "aws:rds/subnetGroup:SubnetGroup"),
  row(RDS_INSTANCE, "replicateSourceDb", RDS_INSTANCE, "identifier"),
  row("aws:rds/proxyTarget:ProxyTarget", "dbInstanceIdentifier", RDS_INSTANCE, "identifier"),
  row("aws:rds/proxyTarget:ProxyTarget", "dbProxyName", "aws:rds/proxy:Proxy"),
  row(
    "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup",
    "dbProxyName",
    "aws:rds/proxy:Proxy",
  ),
  row(
    "digitalocean:index/spacesKey:SpacesKey",
    "grants.*.bucket",
    "digitalocean:index/spacesBucket:SpacesBucket",
  ),
  row(
    "digitalocean:index/databaseUser:DatabaseUser",
    "settings.*.acls.*.topic",
    "digitalocean:index/databaseKafkaTopic:DatabaseKafkaTopic",
  ),
  row("gcp:compute/routerNat:RouterNat", "router", "gcp:compute/router:Router"),
  row("gcp:servicenetworking/connection:Connection", "reservedPeeringRanges.*", ADDRESS),
  row("gcp:redis/instance:Instance", "reservedIpRange", ADDRESS),
  row(SQL, "settings.ipConfiguration.allocatedIpRange", ADDRESS),
  row("gcp:sql/database:Database", "instance", SQL),
  row("gcp:sql/user:User", "instance", SQL),
];

function valuesAt(value: Value, [first, ...rest]: readonly string[]): readonly Value[] {
  if (first === undefined) return value.isMissing ? [] : [value];
  const next = first === "*" ? value.list() : [value.get(first)];
  return next.flatMap((each) => valuesAt(each, rest));
}

function everyNameIsSpelledRight(stack: Stack, context: CheckContext): void {
  for (const { from, by, to, name } of ROWS) {
    const others = stack.of(to);
    if (others.length === 0) continue;
    for (const resource of stack.of(from)) {
      for (const value of valuesAt(resource.props, by.split(".")))
        evaluate(
          resource,
          value,
          others.map((it) => it.props.get(name)),
          context,
        );
    }
  }
}

/** What is named otherwise may be outside of the stack, and an unknown name comes from a resource: that is as it should be. */
function evaluate(
  resource: StackResource,
  value: Value,
  names: readonly Value[],
  context: CheckContext,
): void {
  const { string: own } = value;
  if (own === undefined || names.some(({ string }) => string === own)) return;
  const meant = names.find(({ string = "" }) => isSlip(own, string));
  if (meant === undefined) return;
  const expected = `the stack has no such resource: did you mean ${meant.show()}`;
  context.report(finding(resource, value, expected), resource.urn);
}

export const namedReferences: Policy = {
  name: "named-reference",
  title: "Names of other cloud resources have no slips",
  clause: {
    reference: "PO-01",
    url: "https://www.pulumi.com/docs/iac/concepts/inputs-outputs/",
  },
  severity: "medium",
  themes: ["program"],
  prevents: "An update fails halfway, or a resource is attached to another one than was meant.",
  description:
    "A cloud resource that names another one of the stack does not miss its name by one character.",
  remediation: "Use the output of the other resource instead of its name as text.",
  enforcement: ADVICE,
  needs: "program",
  check: { kind: "stack", run: everyNameIsSpelledRight },
};
