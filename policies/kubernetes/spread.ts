/** Spread of replicas across nodes and zones. */
import { namespaceOf, podOf } from "./objects";
import { SIZED } from "../in-manifests";
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { STRICT_IN_PRODUCTION, finding, nameOf } from "../policy";
import { selects, type Match } from "./selectors";
import type { Value } from "../values";
import { scaledWorkloads } from "./workloads";

const HOST = "kubernetes.io/hostname";
const ZONE = "topology.kubernetes.io/zone";
/** Both labels' names before version 1.17, which nodes still have. */
const FORMER: Readonly<Record<string, string>> = {
  "failure-domain.beta.kubernetes.io/zone": ZONE,
};
const LEAST = 2;

/** One spread rule, in any form. */
interface Apart {
  readonly topology: Value;
  readonly selector: Value;
  readonly match: Match;
  /** Whether the rule is required: a pod stays pending rather than break it. */
  readonly isExclusive: boolean;
  /** Of an affinity term: the namespaces that it is limited to. */
  readonly namespaces?: Value;
}

/** Whether an affinity term means only pods of other namespaces. */
function isElsewhere(term: Value, namespace: string | undefined): boolean {
  const names = term.get("namespaces").list();
  return (
    namespace !== undefined &&
    names.length > 0 &&
    term.get("namespaceSelector").isMissing &&
    names.every(({ string }) => string !== undefined && string !== namespace)
  );
}

/** All rules of a pod that may spread its workload. */
function rulesOf(spec: Value, labels: Value, namespace: string | undefined): readonly Apart[] {
  const antiAffinity = spec.get("affinity", "podAntiAffinity");
  const required = antiAffinity.get("requiredDuringSchedulingIgnoredDuringExecution").list();
  const preferred = antiAffinity
    .get("preferredDuringSchedulingIgnoredDuringExecution")
    .list()
    .map((term) => term.get("podAffinityTerm"));
  const rules = [...spec.get("topologySpreadConstraints").list(), ...preferred, ...required];
  return rules.map((rule) => {
    const selector = rule.get("labelSelector");
    const isExclusive = required.includes(rule);
    // Both kinds of rule select nothing without a selector.
    const isTerm = preferred.includes(rule) || isExclusive;
    const isNone = selector.isMissing || (isTerm && isElsewhere(rule, namespace));
    const match = isNone ? "no" : selects(selector, labels);
    const place = isTerm ? { namespaces: rule.get("namespaces") } : {};
    return { topology: rule.get("topologyKey"), selector, match, isExclusive, ...place };
  });
}

/** The topologies that a rule spreads pods across. */
function topologiesOf({
  topology,
  isExclusive,
}: Pick<Apart, "topology" | "isExclusive">): readonly (string | undefined)[] {
  const key = FORMER[topology.string ?? ""] ?? topology.string;
  // At most one pod per zone implies at most one per node.
  return key === ZONE && isExclusive ? [HOST, ZONE] : [key];
}

/** Unknowns that hide rules: an unknown list, or an unknown part of one. */
function hidden(spec: Value, rules: readonly Apart[], labels: Value): Value | undefined {
  const affinity = spec.get("affinity", "podAntiAffinity");
  const lists = [
    spec.get("topologySpreadConstraints"),
    affinity.get("requiredDuringSchedulingIgnoredDuringExecution"),
    affinity.get("preferredDuringSchedulingIgnoredDuringExecution"),
  ];
  const open = rules.find(({ match }) => match === "unknown");
  return [
    ...lists,
    ...rules.map(({ topology }) => topology),
    ...rules.flatMap(({ namespaces }) => namespaces?.listOrUnknown() ?? []),
    ...(open === undefined ? [] : unknowns(open.selector, labels)),
  ].find(({ isUnknown }) => isUnknown);
}

/** The unknowns inside some values. */
function unknowns(...values: readonly Value[]): readonly Value[] {
  return values.flatMap((value) =>
    value.isUnknown
      ? [value]
      : unknowns(...value.list(), ...value.entries().map(([, inner]) => inner)),
  );
}

/** A constraint by zone where nodes have no zone label: the scheduler then ignores all of them. */
function reportIgnored(resource: StackResource, context: CheckContext): void {
  const constraints = podOf(resource).spec.get("topologySpreadConstraints").list();
  for (const constraint of constraints) {
    const key = constraint.get("topologyKey");
    if (topologiesOf({ topology: key, isExclusive: false })[0] !== ZONE) continue;
    const expected =
      "nodes of this cluster have no such label, and the scheduler then ignores every preferred constraint: spread by kubernetes.io/hostname alone";
    context.report(finding(resource, key, expected), resource.urn);
  }
}

function spread(stack: Stack, context: CheckContext): void {
  const expectedKeys = [
    ...(context.setting("host", true) ? [HOST] : []),
    ...(context.setting("zone", true) && context.zoned ? [ZONE] : []),
  ];
  for (const { resource, labels, least } of scaledWorkloads(stack)) {
    if (context.noteUnknown(least.value, resource.urn) || (least.count ?? 0) < LEAST) continue;
    const { spec } = podOf(resource);
    if (context.noteUnknown(spec, resource.urn)) continue;
    const rules = rulesOf(spec, labels, namespaceOf(resource));
    const open = hidden(spec, rules, labels);
    if (open !== undefined) context.noteUnknown(open, resource.urn);
    if (open !== undefined) continue;
    if (!context.zoned) reportIgnored(resource, context);
    const keys = rules.filter(({ match }) => match === "yes").flatMap(topologiesOf);
    const missing = expectedKeys.filter((key) => !keys.includes(key));
    if (missing.length === 0) continue;
    context.report(
      `${nameOf(resource)} does not spread its pods by ${missing.join(" and ")}; add topologySpreadConstraints with that topologyKey, maxSkew 1 and the pods' own labels.`,
      resource.urn,
    );
  }
}

export const spreading: readonly Policy[] = [
  {
    name: "workload-spread",
    title: "Replicas are spread across nodes and zones",
    clause: {
      reference: "PO-01; ALL-04; kube-linter no-anti-affinity; Polaris topologySpreadConstraint",
      url: "https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/",
    },
    severity: "high",
    themes: ["availability"],
    prevents: "All replicas share a node or a zone, and losing it is an outage.",
    description:
      "A workload with several replicas spreads its pods across nodes and zones, with topologySpreadConstraints or podAntiAffinity that selects its own pods. A required podAntiAffinity by zone covers both; where nodes have no zone label (DigitalOcean, an existing cluster without runstack:zones) only nodes count, and a constraint by zone is refused, because the scheduler then ignores the one by node too. The scheduler's default allows three more pods on one node than on another.",
    remediation:
      "Add two topologySpreadConstraints to the pod spec, with topologyKey kubernetes.io/hostname and topology.kubernetes.io/zone, maxSkew 1 and a labelSelector that selects the pod template's labels.",
    enforcement: STRICT_IN_PRODUCTION,
    inManifests: SIZED,
    configuration: {
      properties: {
        host: {
          type: "boolean",
          default: true,
          description:
            "Whether pods must be spread across nodes; set it to false if zones are enough, or if each pod has its own node anyway",
        },
        zone: {
          type: "boolean",
          default: true,
          description:
            "Whether pods must be spread across zones too; set it to false for clusters in one zone",
        },
      },
    },
    check: { kind: "stack", run: spread },
  },
];
