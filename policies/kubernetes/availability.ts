/** Replicas and priorities that keep a service running during node loss, eviction or an upgrade. */
import { each, expectPresent } from "../expect";
import { SERVING_KINDS, podOf } from "./objects";
import { SIZED } from "../in-manifests";
import type { CheckContext, Policy, Stack } from "../policy";
import { ADVICE, ONLY_IN_PRODUCTION, finding, nameOf } from "../policy";
import { countOf, rivalsOf, scaledWorkloads } from "./workloads";

const LEAST = 2;

function replicated(stack: Stack, context: CheckContext): void {
  const atLeast = context.setting("least", LEAST);
  for (const { resource, autoscaler, least } of scaledWorkloads(stack)) {
    if (context.noteUnknown(least.value, resource.urn) || (least.count ?? 0) >= atLeast) continue;
    // Pods may not run side by side: a singleton uses the Recreate strategy.
    const strategy = resource.props.get("spec", "strategy", "type");
    if (context.noteUnknown(strategy, resource.urn) || strategy.string === "Recreate") continue;
    // Scaled to zero on purpose: an idle color, or turned off.
    if (autoscaler === undefined && least.count === 0) continue;
    const of = autoscaler === undefined ? "" : `, scaled by ${nameOf(autoscaler.resource)}`;
    const expected = `production needs at least ${atLeast} replicas`;
    const message = `${nameOf(resource)}${of}: ${least.value.path} is ${least.value.show()}; ${expected}.`;
    // The autoscaler's minimum is in another object.
    const at = autoscaler === undefined ? least.value.keys : [];
    context.report({ message, at }, resource.urn);
  }
}

/** The least number of a workload that is somewhere else: its autoscaler sets it. */
function absentReplicated(stack: Stack, context: CheckContext): void {
  const atLeast = context.setting("least", LEAST);
  const here = new Set(scaledWorkloads(stack).map(({ key }) => key));
  // A workload of an unknown name may be any.
  if (here.has(undefined)) return;
  for (const [key, rivals] of rivalsOf(stack)) {
    for (const { resource, min, defaultMin } of here.has(key) ? [] : rivals) {
      // KEDA's least is no pod, where there is nothing to do.
      if (!resource.type.endsWith(":HorizontalPodAutoscaler")) continue;
      const kind = resource.props.get("spec", "scaleTargetRef", "kind").string ?? "";
      if (!["Deployment", "StatefulSet"].includes(kind)) continue;
      if (context.noteUnknown(min, resource.urn)) continue;
      if ((countOf(min, defaultMin) ?? 0) >= atLeast) continue;
      const expected = `production needs at least ${atLeast} replicas`;
      context.report(finding(resource, min, expected), resource.urn);
    }
  }
}

export const availability: readonly Policy[] = [
  {
    name: "workload-replicated",
    title: "Services run more than one replica",
    clause: { reference: "PO-01; ALL-04" },
    severity: "high",
    themes: ["availability"],
    prevents: "The loss of one node, or its upgrade, is an outage.",
    description:
      "Every Deployment and StatefulSet runs at least two replicas, except Deployments with the strategy Recreate, whose pods may not run side by side.",
    remediation:
      "Set spec.replicas, or the minimum of the HorizontalPodAutoscaler or ScaledObject, to 2 or more; a Deployment that may run only one pod at a time needs spec.strategy.type Recreate.",
    enforcement: ONLY_IN_PRODUCTION,
    inManifests: SIZED,
    configuration: {
      properties: {
        least: {
          type: "integer",
          minimum: 1,
          default: LEAST,
          description: "Minimum number of replicas",
        },
      },
    },
    check: {
      kind: "stack",
      run: (stack, context) => {
        replicated(stack, context);
        absentReplicated(stack, context);
      },
    },
  },
  {
    name: "workload-priority-class",
    title: "Workloads set a priority class",
    clause: {
      reference: "PO-01; Polaris priorityClassNotSet; kube-linter priority-class-name",
      url: "https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/",
    },
    severity: "low",
    themes: ["availability"],
    prevents: "When nodes are full, a reporting job stays and the shop is evicted.",
    description:
      "If the option required is set, every workload names a PriorityClass; by default none needs one, because equal priorities are a valid choice.",
    remediation: "Set priorityClassName in the pod spec to the name of a PriorityClass.",
    enforcement: ADVICE,
    configuration: {
      properties: {
        required: {
          type: "boolean",
          default: false,
          description: "Whether every workload must name a PriorityClass",
        },
      },
    },
    check: each(SERVING_KINDS, (check) => {
      if (!check.context.setting("required", false)) return;
      const { spec } = podOf(check.resource);
      expectPresent(check, spec.get("priorityClassName"), "set it to the name of a PriorityClass");
    }),
  },
];
