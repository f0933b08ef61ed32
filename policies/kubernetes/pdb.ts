/** PodDisruptionBudgets: every replicated workload has one, and it allows an eviction. */
import { isOneOf, rules } from "../rules";
import { noteOpen, type Selection, servingPodsIn } from "./declared";
import { namespaceOf } from "./objects";
import { SIZED } from "../in-manifests";
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION, finding, nameOf } from "../policy";
import type { Value } from "../values";
import { scaledWorkloads, type ScaledWorkload } from "./workloads";

const PDB = "kubernetes:policy:PodDisruptionBudget";
const DOCS = "https://kubernetes.io/docs/tasks/run-application/configure-pdb/";
/** A single pod has no other replica to keep. */
const LEAST = 2;

interface Budget extends Selection {
  readonly resource: StackResource;
  readonly selector: Value;
}

/** Each budget with its selection; one without a selector selects nothing. */
function budgetsOf(stack: Stack): readonly Budget[] {
  const pods = servingPodsIn(stack);
  return stack.of(PDB).map((resource) => {
    const selector = resource.props.get("spec", "selector");
    const selection = selector.isMissing
      ? { selected: [], open: [] }
      : pods.select(resource, namespaceOf(resource), selector);
    return { resource, selector, ...selection };
  });
}

function byPod(
  budgets: readonly Budget[],
  which: (budget: Budget) => readonly StackResource[],
): ReadonlyMap<string, readonly Budget[]> {
  const found = new Map<string, Budget[]>();
  for (const budget of budgets) {
    for (const { urn } of which(budget)) {
      const same = found.get(urn);
      if (same === undefined) found.set(urn, [budget]);
      else same.push(budget);
    }
  }
  return found;
}

function budgeted(stack: Stack, context: CheckContext): void {
  const budgets = budgetsOf(stack);
  const selecting = byPod(budgets, ({ selected }) => selected);
  const open = byPod(budgets, (budget) => budget.open);
  for (const { resource, labels, least } of scaledWorkloads(stack)) {
    const isOpen = context.noteUnknown(least.value, resource.urn);
    const [budget, second] = selecting.get(resource.urn) ?? [];
    if (budget !== undefined && second !== undefined && least.count !== 0) {
      const both = `${nameOf(budget.resource)} and ${nameOf(second.resource)}`;
      const message = `${nameOf(resource)} is selected by ${both}; the API server does not evict a pod that two budgets select, so keep one.`;
      context.report({ message, isCertain: true }, resource.urn);
    }
    if (isOpen || (least.count ?? 0) < LEAST) continue;
    const [maybe] = open.get(resource.urn) ?? [];
    if (budget === undefined && maybe !== undefined) {
      noteOpen(context, [resource, labels], [maybe.resource, maybe.selector]);
    } else if (budget === undefined) {
      const expected = "add a PodDisruptionBudget that selects its pods and allows one eviction";
      context.report(`${nameOf(resource)} has no PodDisruptionBudget; ${expected}.`, resource.urn);
    }
  }
}

function evictable(stack: Stack, context: CheckContext): void {
  const workloads = new Map(scaledWorkloads(stack).map((it) => [it.resource.urn, it]));
  for (const { resource, selected, open } of budgetsOf(stack)) {
    const max = resource.props.get("spec", "maxUnavailable");
    const min = resource.props.get("spec", "minAvailable");
    if (context.noteUnknown(max, resource.urn) || context.noteUnknown(min, resource.urn)) continue;
    const reported = (value: Value, expected: string): void => {
      context.report(finding(resource, value, expected), resource.urn);
    };
    if (max.isMissing && min.isMissing) {
      reported(max, "without it or minAvailable no pod may be evicted: set it to 1");
    } else if (max.isKnown && !allowsAny(max)) {
      reported(max, "no pod may be evicted: set it to 1 or more");
    } else if (min.isKnown) {
      const expected = heldBack(min, podsOf({ selected, open }, workloads, context));
      if (expected !== undefined) reported(min, expected);
    }
  }
}

const percentOf = (value: Value): number | undefined => {
  const percent = /^(\d+)%$/.exec(value.string ?? "")?.[1];
  return percent === undefined ? undefined : Number(percent);
};

/** A percentage is rounded up, so 1% of few pods is one pod. */
const allowsAny = (max: Value): boolean => (percentOf(max) ?? max.number ?? 0) >= 1;

/** The minimum number of pods under the budget; undefined while unknown. */
function podsOf(
  { selected, open }: Selection,
  workloads: ReadonlyMap<string, ScaledWorkload>,
  context: CheckContext,
): number | undefined {
  if (selected.length === 0 || open.length > 0) return undefined;
  let sum = 0;
  for (const resource of selected) {
    const workload = workloads.get(resource.urn);
    if (workload === undefined) return undefined;
    const { value, count } = workload.least;
    if (context.noteUnknown(value, resource.urn) || count === undefined) return undefined;
    sum += count;
  }
  return sum;
}

/**
 * Why `minAvailable` allows no eviction; undefined if it does, or if that depends on something not
 * visible.
 */
function heldBack(min: Value, pods: number | undefined): string | undefined {
  const percent = percentOf(min);
  if (percent !== undefined && percent >= 100) {
    return "no pod may be evicted: use maxUnavailable 1 instead";
  }
  // A workload that is scaled to zero has nothing to evict.
  if (pods === undefined || pods === 0) return undefined;
  const kept = percent === undefined ? min.number : Math.ceil((percent * pods) / 100);
  if (kept !== undefined && kept < pods) return undefined;
  const instead = pods === 1 ? "use maxUnavailable 1 instead" : `set it to ${pods - 1} or less`;
  return `with ${pods} ${pods === 1 ? "replica" : "replicas"} no pod may be evicted: ${instead}`;
}

const common = { themes: ["availability"], enforcement: STRICT_IN_PRODUCTION } as const;

export const budgets: readonly Policy[] = [
  {
    ...common,
    name: "workload-disruption-budget",
    title: "Replicated workloads have a disruption budget",
    clause: { reference: "PO-01; ALL-04", url: DOCS },
    severity: "medium",
    prevents: "A node upgrade evicts all replicas at once.",
    description:
      "Every replicated workload is selected by exactly one PodDisruptionBudget, and no workload by two.",
    remediation:
      "Add one PodDisruptionBudget to the workload's namespace that selects the pod template's labels, with maxUnavailable 1.",
    inManifests: { ...SIZED, except: "that two budgets select a pod, which stops every drain" },
    check: { kind: "stack", run: budgeted },
  },
  {
    ...common,
    name: "pdb-allows-eviction",
    title: "Disruption budgets allow an eviction",
    clause: {
      reference: "PO-01",
      url: "https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-budgets",
    },
    severity: "high",
    prevents:
      "A node upgrade hangs, because a budget allows none of the node's pods to be evicted.",
    description:
      "Every PodDisruptionBudget sets maxUnavailable or minAvailable, and allows one eviction while its workloads have their minimum replicas, which may be an autoscaler's minimum.",
    remediation:
      "Set maxUnavailable 1 instead of minAvailable; it stays right when the number of replicas changes.",
    check: { kind: "stack", run: evictable },
  },
  {
    ...common,
    name: "pdb-unhealthy-eviction",
    title: "Disruption budgets set how unhealthy pods are evicted",
    clause: {
      reference: "PO-01; kube-linter pdb-unhealthy-pod-eviction-policy",
      url: `${DOCS}#unhealthy-pod-eviction-policy`,
    },
    severity: "low",
    prevents: "A pod in a crash loop keeps its node from being drained.",
    description:
      "Every PodDisruptionBudget sets whether pods that are not ready may always be evicted; by default they may not while the budget is used up.",
    remediation:
      "Set spec.unhealthyPodEvictionPolicy to AlwaysAllow, or to IfHealthyBudget if a quorum would be lost.",
    // A missing value has a default that is also accepted when set.
    enforcement: ADVICE,
    check: rules([PDB], {
      "spec.unhealthyPodEvictionPolicy": isOneOf("AlwaysAllow", "IfHealthyBudget"),
    }),
  },
];
