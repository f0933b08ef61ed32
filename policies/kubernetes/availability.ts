/** What keeps a service running while a node, a pod or an upgrade takes one of its replicas. */
import { isProduction } from "../environment";
import { inCluster, namespaceOf } from "./objects";
import type { Context, Policy, Stack, StackResource } from "../policy";
import { STRICT_IN_PRODUCTION, finding, nameOf } from "../policy";
import { selects } from "./selectors";
import type { Value } from "../values";
import { scaledWorkloads, type ScaledWorkload } from "./workloads";

const PDB = "kubernetes:policy:PodDisruptionBudget";
const LEAST = 2;

function replicated(stack: Stack, context: Context): void {
  if (!isProduction(context.surroundings)) return;
  const atLeast = context.setting("least", LEAST);
  for (const { resource, autoscaler, least } of scaledWorkloads(stack)) {
    if (context.unsure(least.value, resource.urn) || (least.count ?? 0) >= atLeast) continue;
    // Two pods may not run at once: a singleton says so by the way in which it is replaced.
    const strategy = resource.props.get("spec", "strategy", "type");
    if (context.unsure(strategy, resource.urn) || strategy.text === "Recreate") continue;
    // Scaled to zero on purpose: the colour that waits, or what is switched off.
    if (autoscaler === undefined && least.count === 0) continue;
    const of = autoscaler === undefined ? "" : `, scaled by ${nameOf(autoscaler.resource)}`;
    const wanted = `production needs at least ${atLeast} replicas`;
    context.report(
      `${nameOf(resource)}${of}: ${least.value.path} is ${least.value.show()}; ${wanted}.`,
      resource.urn,
    );
  }
}

/** PodDisruptionBudgets by cluster and namespace. */
function budgetsByPlace(stack: Stack): ReadonlyMap<string, readonly StackResource[]> {
  const byPlace = new Map<string, StackResource[]>();
  for (const budget of stack.of(PDB)) {
    const place = inCluster(budget, namespaceOf(budget) ?? "");
    byPlace.set(place, [...(byPlace.get(place) ?? []), budget]);
  }
  return byPlace;
}

function budgeted(stack: Stack, context: Context): void {
  const budgets = budgetsByPlace(stack);
  for (const workload of scaledWorkloads(stack)) {
    const { resource, labels, least } = workload;
    if (context.unsure(least.value, resource.urn) || (least.count ?? 0) < LEAST) continue;
    const place = inCluster(resource, namespaceOf(resource) ?? "");
    const candidates = (budgets.get(place) ?? []).map((budget) => {
      const selector = budget.props.get("spec", "selector");
      return { budget, match: selector.isMissing ? "no" : selects(selector, labels) };
    });
    const selecting = candidates.filter(({ match }) => match === "yes").map(({ budget }) => budget);
    const open = candidates.find(({ match }) => match === "unknown");
    if (selecting.length === 0 && open !== undefined) {
      context.unsure(labels, resource.urn);
      context.unsure(open.budget.props.get("spec", "selector"), open.budget.urn);
    } else judgeBudgets(workload, selecting, context);
  }
}

function judgeBudgets(
  { resource, least }: ScaledWorkload,
  budgets: readonly StackResource[],
  context: Context,
): void {
  const [budget, second] = budgets;
  if (budget === undefined) {
    const wanted = "write a PodDisruptionBudget that selects its pods and allows one eviction";
    context.report(`${nameOf(resource)} has no PodDisruptionBudget; ${wanted}.`, resource.urn);
  } else if (second !== undefined) {
    const both = `${nameOf(budget)} and ${nameOf(second)}`;
    context.report(
      `${nameOf(resource)} is selected by ${both}; the API server evicts no pod that two budgets select, so keep one.`,
      resource.urn,
    );
  } else judgeBudget(budget, least.count ?? 0, context);
}

/** The API server rounds percentages up, for both fields. */
function pods(value: Value, replicas: number): number | undefined {
  const percent = /^(\d+)%$/.exec(value.text ?? "")?.[1];
  return percent === undefined ? value.number : Math.ceil((Number(percent) * replicas) / 100);
}

function judgeBudget(budget: StackResource, replicas: number, context: Context): void {
  const max = budget.props.get("spec", "maxUnavailable");
  const min = budget.props.get("spec", "minAvailable");
  if (context.unsure(max, budget.urn) || context.unsure(min, budget.urn)) return;
  if (max.isMissing && min.isMissing) {
    const wanted = "without it or minAvailable no pod may be evicted: write 1";
    context.report(finding(budget, max, wanted), budget.urn);
  } else if (max.isKnown && (pods(max, replicas) ?? 0) < 1) {
    context.report(finding(budget, max, "no pod may be evicted: write 1 or more"), budget.urn);
  } else if (min.isKnown && (pods(min, replicas) ?? replicas) >= replicas) {
    const wanted = `of ${replicas} replicas no pod may be evicted: write ${replicas - 1} or less`;
    context.report(finding(budget, min, wanted), budget.urn);
  }
}

export const availability: readonly Policy[] = [
  {
    name: "workload-replicated",
    title: "Services run more than once",
    clause: { reference: "PO-01; ALL-04" },
    severity: "high",
    themes: ["availability"],
    prevents: "The loss of one node, or one upgrade of it, is an outage.",
    description:
      "In production every Deployment and StatefulSet runs at least twice, except Deployments with the strategy Recreate, whose pods may not run side by side.",
    remediation:
      "Set spec.replicas to 2 or more, or the minimum of the HorizontalPodAutoscaler or ScaledObject that scales it; a Deployment of which only one pod may run at a time needs spec.strategy.type Recreate.",
    enforcement: STRICT_IN_PRODUCTION,
    configuration: {
      properties: {
        least: { type: "integer", minimum: 1, default: LEAST, description: "Replicas at least" },
      },
    },
    check: { kind: "stack", run: replicated },
  },
  {
    name: "workload-disruption-budget",
    title: "Evictions are bounded and possible",
    clause: {
      reference: "PO-01",
      url: "https://kubernetes.io/docs/tasks/run-application/configure-pdb/",
    },
    severity: "medium",
    themes: ["availability"],
    prevents:
      "A node upgrade takes all replicas at once, or stops for ever because it may take none.",
    description:
      "Every replicated workload is selected by one PodDisruptionBudget, and that allows an eviction.",
    remediation:
      "Write one PodDisruptionBudget in the workload's namespace that selects the pod template's labels, with maxUnavailable 1.",
    enforcement: STRICT_IN_PRODUCTION,
    check: { kind: "stack", run: budgeted },
  },
];
