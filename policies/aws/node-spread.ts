/** Whether the nodes of an EKS cluster, across all its groups, tolerate the loss of a zone. */
import type { CheckContext, Stack, StackResource } from "../policy";
import { finding } from "../policy";
import { Relations, typeOf } from "../relations";
import { aws } from "../tokens";

const NODE_GROUP = aws("eks", "NodeGroup");
const CLUSTER = aws("eks", "Cluster");
const SUBNET = aws("ec2", "Subnet");

/**
 * All groups of a cluster are evaluated together: EBS volumes stay in their zone, so the autoscaler
 * needs one group per zone.
 */
export function nodesSpread(stack: Stack, context: CheckContext): void {
  const clusters = stack.of(CLUSTER);
  const groups = new Relations({
    from: stack.of(NODE_GROUP),
    by: "clusterName",
    to: clusters,
    name: "name",
  });
  const evaluated = new Set<StackResource>();
  for (const cluster of clusters) {
    const own = groups.of(cluster);
    for (const group of own) evaluated.add(group);
    evaluate(own, context, () => groups.mayBeMore(cluster, context));
  }
  const rest = stack.of(NODE_GROUP).filter((group) => !evaluated.has(group));
  evaluateOthers(rest, clusters, context);
}

/** Groups of clusters outside the stack, by cluster name. */
function evaluateOthers(
  groups: readonly StackResource[],
  clusters: readonly StackResource[],
  context: CheckContext,
): void {
  const named = new Map<string | undefined, StackResource[]>();
  for (const group of groups) {
    const { string } = group.props.get("clusterName");
    named.set(string, [...(named.get(string) ?? []), group]);
  }
  const names = [
    ...groups.map(({ props, urn }) => ({ name: props.get("clusterName"), urn })),
    ...clusters.map(({ props, urn }) => ({ name: props.get("name"), urn })),
  ];
  // A group or a cluster with an unknown name may belong to any of them.
  const mayBeMore = (): boolean =>
    names.map(({ name, urn }) => context.noteUnknown(name, urn)).includes(true);
  for (const own of named.values()) evaluate(own, context, mayBeMore);
}

function evaluate(
  groups: readonly StackResource[],
  context: CheckContext,
  mayBeMore: () => boolean,
): void {
  const [first] = groups;
  if (first === undefined || isSpread(groups, context) || mayBeMore()) return;
  const expected = "list subnets in two or more zones, here or in other node groups of its cluster";
  context.report(finding(first, first.props.get("subnetIds"), expected), first.urn);
}

/** Whether they have two subnets; open if an unknown may be the second. */
function isSpread(groups: readonly StackResource[], context: CheckContext): boolean {
  const lists = groups.map(subnetsOf);
  const all = lists.flat();
  if (written(all).size > 1 || lists.some((list) => atMost(list) > 1)) return true;
  const values = groups.flatMap(({ props, urn }) => {
    const subnets = props.get("subnetIds");
    return [subnets, ...(atMost(all) > 1 ? subnets.list() : [])].map((value) => ({ value, urn }));
  });
  return values.map(({ value, urn }) => context.noteUnknown(value, urn)).includes(true);
}

const written = (subnets: readonly (string | undefined)[]): ReadonlySet<string> =>
  new Set(subnets.flatMap((subnet) => subnet ?? []));

/** The number of subnets if all unknown ones differ, as they do within one list. */
const atMost = (subnets: readonly (string | undefined)[]): number =>
  written(subnets).size + subnets.filter((subnet) => subnet === undefined).length;

/** By their IDs, or by the one resource that the whole list comes from. */
function subnetsOf({
  props,
  propertyDependencies,
}: StackResource): readonly (string | undefined)[] {
  const [origin, ...others] = propertyDependencies["subnetIds"] ?? [];
  const isOne = origin !== undefined && others.length === 0 && typeOf(origin) === SUBNET;
  return props
    .get("subnetIds")
    .list()
    .map(({ string }) => string ?? (isOne ? origin : undefined));
}
