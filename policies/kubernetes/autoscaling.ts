/** Autoscalers: whether they can scale, and do not compete. */
import type { Check } from "../expect";
import { each } from "../expect";
import { containersOf, inCluster, namespaceOf, podOf } from "./objects";
import { SIZED } from "../in-manifests";
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { STRICT_IN_PRODUCTION, finding, nameOf } from "../policy";
import { metricsOf, type Metric } from "./metrics";
import {
  HPA,
  SCALED_OBJECT,
  countOf,
  rangeOf,
  rivalsOf,
  scaledWorkloads,
  targetKey,
} from "./workloads";

const VPA = "kubernetes:autoscaling.k8s.io:VerticalPodAutoscaler";
const LIMIT_RANGE = "kubernetes:core:LimitRange";
const DOCS = "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/";

function range({ resource, context }: Check): void {
  const { min, max, defaultMin, defaultMax } = rangeOf(resource);
  if (context.noteUnknown(min) || context.noteUnknown(max)) return;
  const [least, most] = [countOf(min, defaultMin), countOf(max, defaultMax)];
  if (least !== undefined && most !== undefined && most > least) return;
  const expected = `it must be above ${min.path}, which is ${least ?? "no number"}, or nothing is scaled`;
  context.report(finding(resource, max, expected));
}

function alone(stack: Stack, context: CheckContext): void {
  for (const [first, ...others] of rivalsOf(stack).values()) {
    for (const { resource } of others) {
      const target = resource.props.get("spec", "scaleTargetRef", "name");
      if (first === undefined) continue;
      const expected = `${nameOf(first.resource)} scales the same workload: keep one, with the metrics of both`;
      context.report(finding(resource, target, expected), resource.urn);
    }
  }
  for (const resource of stack.of(HPA, SCALED_OBJECT)) {
    const target = resource.props.get("spec", "scaleTargetRef");
    context.noteUnknown(target.get("kind"), resource.urn);
    context.noteUnknown(target.get("name"), resource.urn);
  }
}

/** The resources that a VerticalPodAutoscaler changes; none if it only recommends. */
function vertical(vpa: StackResource, context: CheckContext): ReadonlySet<string> {
  const mode = vpa.props.get("spec", "updatePolicy", "updateMode");
  if (context.noteUnknown(mode, vpa.urn) || mode.string === "Off") return new Set();
  const policies = vpa.props.get("spec", "resourcePolicy", "containerPolicies");
  if (context.noteUnknown(policies, vpa.urn)) return new Set();
  const every = policies.list().find((policy) => policy.get("containerName").string === "*");
  const controlled = every?.get("controlledResources");
  if (controlled !== undefined && context.noteUnknown(controlled, vpa.urn)) return new Set();
  if (every?.get("mode").string === "Off") return new Set();
  // The default is both.
  if (controlled?.isKnown !== true) return new Set(["cpu", "memory"]);
  return new Set(controlled.list().map(({ string }) => string ?? ""));
}

function verticalApart(stack: Stack, context: CheckContext): void {
  const vpas = new Map(
    stack.of(VPA).flatMap((vpa) => {
      const key = targetKey(vpa, vpa.props.get("spec", "targetRef"));
      return key === undefined ? [] : [[key, vpa] as const];
    }),
  );
  for (const [key, scalers] of rivalsOf(stack)) {
    const vpa = vpas.get(key);
    if (vpa === undefined) continue;
    const changed = vertical(vpa, context);
    for (const { resource } of scalers) {
      for (const { name, at } of metricsOf(resource, context)) {
        if (!changed.has(name)) continue;
        const expected = `${nameOf(vpa)} changes the same requests: scale on another metric, or remove the resource from its controlledResources`;
        context.report(finding(resource, at, expected), resource.urn);
      }
    }
  }
}

/**
 * Resources for which a LimitRange sets requests, by namespace; an unknown LimitRange may set any.
 */
function defaulted(stack: Stack, context: CheckContext): ReadonlyMap<string, ReadonlySet<string>> {
  const byPlace = new Map<string, Set<string>>();
  for (const range of stack.of(LIMIT_RANGE)) {
    const namespace = namespaceOf(range);
    const limits = range.props.get("spec", "limits");
    if (namespace === undefined || context.noteUnknown(limits, range.urn)) continue;
    const place = inCluster(range, namespace);
    const known = byPlace.get(place) ?? new Set();
    byPlace.set(place, known);
    for (const limit of limits.list()) {
      if (limit.get("type").string !== "Container") continue;
      // The default request is the default limit.
      for (const field of ["defaultRequest", "default"]) {
        for (const [name] of limit.get(field).entries()) known.add(name);
      }
    }
  }
  return byPlace;
}

function requested(stack: Stack, context: CheckContext): void {
  const defaults = defaulted(stack, context);
  const scalers = rivalsOf(stack);
  for (const { resource, key } of scaledWorkloads(stack)) {
    if (key === undefined) continue;
    const namespace = namespaceOf(resource) ?? "";
    const filled = defaults.get(inCluster(resource, namespace)) ?? new Set();
    for (const scaler of scalers.get(key) ?? []) {
      for (const metric of metricsOf(scaler.resource, context)) {
        if (metric.isRelative) evaluateMetric(scaler.resource, resource, metric, filled, context);
      }
    }
  }
}

function evaluateMetric(
  scaler: StackResource,
  workload: StackResource,
  { name, container }: Metric,
  filled: ReadonlySet<string>,
  context: CheckContext,
): void {
  const pod = podOf(workload);
  const containers = pod.spec.get("containers");
  if (context.noteUnknown(containers, workload.urn)) return;
  const all = containersOf(pod, ["containers"]).filter(
    ({ value }) => !context.noteUnknown(value, workload.urn),
  );
  const those = container.isMissing
    ? all
    : all.filter(({ value }) => value.get("name").string === container.string);
  const isHidden =
    all.length < containers.list().length ||
    all.some(({ value }) => context.noteUnknown(value.get("name"), workload.urn));
  if (those.length === 0 && !isHidden && !containers.isMissing) {
    const expected = `${nameOf(workload)} has no such container`;
    context.report(finding(scaler, container, expected), scaler.urn);
  }
  if (filled.has(name)) return;
  for (const { title, value } of those) {
    // A missing request defaults to the limit.
    const written = ["requests", "limits"].map((field) => value.get("resources", field, name));
    const [request] = written;
    if (request === undefined || written.some(({ isMissing }) => !isMissing)) continue;
    const expected = `${nameOf(scaler)} measures utilization relative to it: set a quantity`;
    context.report(finding(workload, request, expected, title), workload.urn);
  }
}

function unpinned(stack: Stack, context: CheckContext): void {
  for (const { resource, autoscaler } of scaledWorkloads(stack)) {
    if (autoscaler === undefined) continue;
    const replicas = resource.props.get("spec", "replicas");
    // Zero turns the autoscaler off until someone scales up again, as for an idle blue/green color.
    if (replicas.isMissing || replicas.number === 0 || context.noteUnknown(replicas, resource.urn))
      continue;
    const expected = `${nameOf(autoscaler.resource)} scales it, and every update would reset it: remove it`;
    context.report(finding(resource, replicas, expected), resource.urn);
  }
}

const common = { themes: ["availability"], enforcement: STRICT_IN_PRODUCTION } as const;

export const autoscaling: readonly Policy[] = [
  {
    ...common,
    name: "autoscaler-range",
    title: "Autoscalers can scale out",
    clause: { reference: "PO-01; ALL-04; Polaris hpaMaxAvailability", url: DOCS },
    severity: "medium",
    prevents: "The load grows, and the autoscaler cannot add a replica.",
    description:
      "The maximum of every HorizontalPodAutoscaler and ScaledObject is above its minimum.",
    remediation:
      "Raise maxReplicas (maxReplicaCount) above minReplicas (minReplicaCount); without an autoscaler, set spec.replicas.",
    inManifests: SIZED,
    check: each([HPA, SCALED_OBJECT], range),
  },
  {
    ...common,
    name: "autoscaler-alone",
    title: "Each workload has one autoscaler",
    clause: {
      reference: "PO-01",
      url: "https://keda.sh/docs/latest/concepts/scaling-deployments/",
    },
    severity: "high",
    prevents: "Two autoscalers add and remove replicas against each other.",
    description:
      "No workload is scaled by two HorizontalPodAutoscalers or ScaledObjects; KEDA creates its own HorizontalPodAutoscaler.",
    remediation: "Keep one of them, with the metrics or triggers of both.",
    check: { kind: "stack", run: alone },
  },
  {
    ...common,
    name: "autoscaler-vertical-apart",
    title: "Vertical and horizontal autoscaling do not conflict",
    clause: {
      reference: "PO-01",
      url: "https://github.com/kubernetes/autoscaler/blob/master/vertical-pod-autoscaler/docs/known-limitations.md",
    },
    severity: "medium",
    prevents:
      "One autoscaler changes the requests that the other measures utilization against, and neither settles.",
    description:
      "A VerticalPodAutoscaler that changes requests does not control a resource that the workload is scaled on horizontally.",
    remediation:
      "Set the VerticalPodAutoscaler's updateMode to Off, leave the resource out of controlledResources, or scale on another metric.",
    check: { kind: "stack", run: verticalApart },
  },
  {
    ...common,
    name: "autoscaler-requests",
    coveredBy: ["container-resources"],
    title: "Workloads scaled on utilization set resource requests",
    clause: { reference: "PO-01; ALL-04", url: `${DOCS}#how-does-a-horizontalpodautoscaler-work` },
    severity: "high",
    prevents: "The autoscaler cannot compute utilization without a request, and never scales.",
    description:
      "If an autoscaler targets the average utilization of a resource, the containers that it measures exist and request that resource, or a LimitRange sets the request for them.",
    remediation:
      "Set resources.requests for the metric's resource in every container of the workload, or measure one container with a ContainerResource metric.",
    check: { kind: "stack", run: requested },
  },
  {
    ...common,
    name: "autoscaled-replicas",
    title: "Autoscaled workloads do not set replicas",
    clause: {
      reference: "PO-01; kube-score deployment-targeted-by-hpa-does-not-have-replicas-configured",
      url: `${DOCS}#migrating-deployments-and-statefulsets-to-horizontal-autoscaling`,
    },
    severity: "medium",
    prevents: "An update during a peak scales the service down to the number in the manifest.",
    description: "A workload with an autoscaler does not set spec.replicas.",
    remediation: "Remove spec.replicas from the workload; the autoscaler's minimum replaces it.",
    check: { kind: "stack", run: unpinned },
  },
];
