/** Rules that place pods next to others, or apart from them: their selectors select some. */
import { ELSEWHERE } from "../in-manifests";
import { perStack } from "../per-stack";
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { STRICT_IN_PRODUCTION, finding, fullNameOf } from "../policy";
import type { Value } from "../values";
import { podLabelsOf } from "./added-labels";
import { isSlip } from "./alike";
import { noteOpen, podsIn, type Declared } from "./declared";
import { namespaceOf, podOf } from "./objects";
import { HOLDERS } from "./pods";
import { OPERATED, placedBy } from "./references/placed";
import { selects, type Labels } from "./selectors";

/** Pods with what places them. */
export interface Placed {
  readonly resource: StackResource;
  /** What holds the constraints, and the affinity rules. */
  readonly constraints: Value;
  readonly affinity: readonly Value[];
  /** Of the pods; several sets where not all pods have the same. */
  readonly labels: readonly Labels[];
}

const ofTemplate = (resource: StackResource): Placed => {
  const { spec } = podOf(resource);
  return {
    resource,
    constraints: spec.get("topologySpreadConstraints"),
    affinity: ["podAffinity", "podAntiAffinity"].map((kind) => spec.get("affinity", kind)),
    labels: [podLabelsOf(resource)],
  };
};

const termsOf = (affinity: Value): readonly Value[] => [
  ...affinity.get("requiredDuringSchedulingIgnoredDuringExecution").list(),
  ...affinity
    .get("preferredDuringSchedulingIgnoredDuringExecution")
    .list()
    .map((term) => term.get("podAffinityTerm")),
];

/** Whether the pods may be among those that a selector selects; an empty one selects all. */
const selectsOwn = (selector: Value, { labels }: Placed): boolean =>
  labels.some((own) => selects(selector, own) !== "no");

/** Pods are spread among those that the constraint selects: without themselves it means nothing for them. */
function constraints(placed: Placed, context: CheckContext): void {
  const { resource } = placed;
  for (const constraint of placed.constraints.list()) {
    const selector = constraint.get("labelSelector");
    if (context.noteUnknown(selector, resource.urn)) continue;
    // Without a selector a constraint is about no pods.
    if (!selector.isMissing && selectsOwn(selector, placed)) continue;
    const expected = "it selects none of the workload's own pods, so nothing is spread";
    context.report(finding(resource, selector, expected), resource.urn);
  }
}

/** The namespaces that a term means, as far as it names them; undefined where a selector chooses them. */
function namespacesOf(term: Value, resource: StackResource): readonly string[] | undefined {
  const names = term.get("namespaces");
  const own = namespaceOf(resource);
  if (!term.get("namespaceSelector").isMissing || names.isUnknown) return undefined;
  const written = names.list().map(({ string }) => string);
  const all = written.length === 0 ? [own] : written;
  return all.every((name) => name !== undefined) ? all : undefined;
}

/** Differences of names that are meant: `orders-1` and `orders-2`, `orders-a` and `orders-b`. */
const withoutOrder = (name: string): string => name.replace(/\d+|[-_.]\w$/g, "");

function isSame({ string: own }: Value, written: Value | undefined): boolean {
  const other = written?.string;
  if (own === undefined || other === undefined) return false;
  // Short names may well differ by one character.
  const isAlike = own.length > 4 && isSlip(own, other) && withoutOrder(own) !== withoutOrder(other);
  return own === other || isAlike;
}

/** Whether a selector that does not select the pods themselves asks for their labels, with a slip. */
function isSlipOfOwn(selector: Value, { labels }: Placed): boolean {
  const expressions = selector.get("matchExpressions").list();
  const expected = [
    ...selector.get("matchLabels").entries(),
    ...expressions.map((one) => {
      const [first, ...others] =
        one.get("operator").string === "In" ? one.get("values").list() : [];
      return [one.get("key").string ?? "", others.length > 0 ? undefined : first] as const;
    }),
  ];
  return labels.some((own) => expected.every(([key, value]) => isSame(own.get(key), value)));
}

/** The terms that are slips of the pods' own labels, or the others. */
function affinity(
  placed: Placed,
  pods: Declared,
  context: CheckContext,
  isAboutSlips: boolean,
): void {
  const { resource } = placed;
  for (const term of placed.affinity.flatMap(termsOf)) {
    const selector = term.get("labelSelector");
    if (context.noteUnknown(selector, resource.urn) || selector.isMissing) continue;
    const namespaces = namespacesOf(term, resource);
    if (namespaces === undefined) continue;
    const own = namespaceOf(resource) ?? "";
    const isThere = namespaces.includes(own);
    if (isThere && selectsOwn(selector, placed)) continue;
    const isSlipped = isThere && isSlipOfOwn(selector, placed);
    if (isSlipped !== isAboutSlips) continue;
    const fix = isSlipped ? "did you mean the workload's own labels" : "use the labels of one";
    if (namespaces.every((namespace) => pods.has(resource, namespace)))
      expectSome({ resource, selector, namespaces, fix }, pods, context);
  }
}

interface Term {
  readonly resource: StackResource;
  readonly selector: Value;
  readonly namespaces: readonly string[];
  readonly fix: string;
}

function expectSome(
  { resource, selector, namespaces, fix }: Term,
  pods: Declared,
  context: CheckContext,
): void {
  const found = namespaces.map((namespace) => pods.select(resource, namespace, selector));
  const hidden = namespaces.map((namespace) => pods.hidden(resource, namespace, selector));
  if (found.some(({ selected }) => selected.length > 0)) return;
  if (hidden.some(({ isOfOperator }) => isOfOperator)) return;
  const open = found.flatMap((each) => each.open);
  const place = `namespace ${namespaces.map((name) => JSON.stringify(name)).join(", ")}`;
  const [cause] = hidden.flatMap((each) => each.cause ?? []);
  if (open.length > 0)
    noteOpen(context, [resource, selector], ...open.map((pod) => labelsWithOwner(pod)));
  else if (cause !== undefined) {
    const expected = `it selects no pod that is visible in ${place}; not judged, because ${fullNameOf(cause)} may run one`;
    context.leaveOpen(finding(resource, selector, expected), cause, resource.urn);
  } else {
    const expected = `it selects no pod of ${place}: ${fix}`;
    context.report(finding(resource, selector, expected), resource.urn);
  }
}

const labelsWithOwner = (pod: StackResource): readonly [StackResource, Value] => [
  pod,
  podOf(pod).metadata.get("labels"),
];

const placedIn = perStack((stack): readonly Placed[] => [
  ...stack.of(...HOLDERS).map(ofTemplate),
  ...stack
    .of(...OPERATED)
    .flatMap((resource) => placedBy(resource).map((one) => ({ ...one, resource }))),
]);

function ownPods(stack: Stack, context: CheckContext): void {
  const pods = podsIn(stack);
  for (const placed of placedIn(stack)) {
    if (!context.noteUnknown(placed.constraints, placed.resource.urn)) constraints(placed, context);
    affinity(placed, pods, context, true);
  }
}

function otherPods(stack: Stack, context: CheckContext): void {
  const pods = podsIn(stack);
  for (const placed of placedIn(stack)) affinity(placed, pods, context, false);
}

const DOCS = "https://kubernetes.io/docs/concepts/scheduling-eviction";
const shared = {
  severity: "medium",
  themes: ["availability"],
  enforcement: STRICT_IN_PRODUCTION,
} as const;
const OPERATORS =
  "Operators' pods are judged by the labels that the operator gives them: those of Strimzi, CloudNativePG and Envoy Gateway.";

export const podAffinity: readonly Policy[] = [
  {
    ...shared,
    name: "pod-spread-selects",
    title: "Spread rules select the workload's own pods",
    clause: { reference: "PO-01; ALL-04", url: `${DOCS}/topology-spread-constraints/` },
    prevents: "A typo in a label puts all replicas on one node.",
    description: `The selector of a topologySpreadConstraint selects the workload's own pods, and that of an affinity rule is no slip of their labels. ${OPERATORS}`,
    remediation: "Set labelSelector to labels of the pod template.",
    check: { kind: "stack", run: ownPods },
  },
  {
    ...shared,
    name: "pod-affinity-selects",
    title: "Affinity rules select pods",
    clause: {
      reference: "PO-01; ALL-04",
      url: `${DOCS}/assign-pod-node/#inter-pod-affinity-and-anti-affinity`,
    },
    prevents:
      "A typo in a label leaves a pod pending that waits for another one, or puts the two on one node.",
    description: `The selector of an affinity rule selects a pod in the namespaces that it means. ${OPERATORS}`,
    remediation: "Set labelSelector to labels of the pod template, or of the other pods.",
    inManifests: ELSEWHERE,
    check: { kind: "stack", run: otherPods },
  },
];
