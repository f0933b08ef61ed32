/** Autoscaling: the runbook's ranges and triggers. */
import type { ScalingTrigger, Service } from "../../systems/model";
import type { Autoscaler } from "../kubernetes/workloads";
import { HPA, SCALED_OBJECT, autoscalersOf, countOf } from "../kubernetes/workloads";
import type { CheckContext, Policy } from "../policy";
import { ONLY_IN_PRODUCTION, finding, nameOf } from "../policy";
import type { Value } from "../values";
import { common, compare, demandedBy, running, workloadsOf, type Compared } from "./system";
import { areOpen } from "./unknowns";

/** The autoscalers of the system's services. */
function scaled({
  system,
  stack,
}: Compared): readonly { readonly service: Service; readonly autoscaler: Autoscaler }[] {
  const services = new Map(
    system.services.flatMap((service) => workloadsOf(service).map((name) => [name, service])),
  );
  return [...autoscalersOf(stack).values()].flatMap((autoscaler) => {
    const target = autoscaler.resource.props.get("spec", "scaleTargetRef", "name").string ?? "";
    const service = services.get(target);
    return service === undefined ? [] : [{ service, autoscaler }];
  });
}

function ranges(compared: Compared): void {
  for (const { service, autoscaler } of scaled(compared))
    evaluateRange(service, autoscaler, compared);
}

function evaluateRange(
  service: Service,
  autoscaler: Autoscaler,
  { context, production }: Compared,
): void {
  const { resource, min, max } = autoscaler;
  const runbook = service.scaling.replicas;
  const range = production
    ? `the runbook's range of ${service.name} is ${runbook.min} to ${runbook.max}`
    : `the runbook's maximum of ${service.name} is ${runbook.max}`;
  /** The count, unless it is unknown or has been reported. */
  const evaluated = (value: Value, byDefault: number, from: number): number | undefined => {
    if (context.noteUnknown(value, resource.urn)) return undefined;
    const count = countOf(value, byDefault) ?? 0;
    if (count >= from && count <= runbook.max) return count;
    context.report(finding(resource, value, range), resource.urn);
    return undefined;
  };
  const least = evaluated(min, autoscaler.defaultMin, production ? runbook.min : 0);
  const most = evaluated(max, autoscaler.defaultMax, production ? runbook.min : 1);
  if (least === undefined || most === undefined || least <= most) return;
  const order = `it must not be above the maximum, which is ${most}`;
  context.report(finding(resource, min, order), resource.urn);
}

/** The reference from an autoscaler to its Deployment. */
const TARGET = [
  ["metadata", "namespace"],
  ["spec", "scaleTargetRef"],
] as const;

/** A service needs an autoscaler; an idle blue/green color may be without one. */
function exist(compared: Compared): void {
  const { system, stack, context } = compared;
  const covered = new Set(scaled(compared).map(({ service }) => service.name));
  const reported = new Set<string>();
  for (const { service, resource } of running(compared)) {
    const { name, scaling } = service;
    if (scaling.replicas.min === scaling.replicas.max || scaling.triggers.length === 0) continue;
    if (covered.has(name) || reported.has(name)) continue;
    // Turned off, or isolated on purpose.
    if (resource.props.get("spec", "replicas").number === 0) continue;
    if (areOpen(stack.of(HPA, SCALED_OBJECT), TARGET, context)) continue;
    reported.add(name);
    const { min, max } = scaling.replicas;
    context.report(
      `${nameOf(resource)} has no autoscaler; ${demandedBy(system, scaling)}: ${min} to ${max} replicas.`,
      resource.urn,
    );
  }
}

/** One metric of an autoscaler, and its target. */
interface Measure {
  readonly kind: ScalingTrigger["kind"];
  readonly bound: Value;
  /** Distinguishes it from others of its kind: topic and consumer group. */
  readonly topic: Value | undefined;
}

const RESOURCES: Readonly<Record<string, "cpu" | "memory">> = { cpu: "cpu", memory: "memory" };

function measuresOf({ resource }: Autoscaler): readonly Measure[] {
  const spec = resource.props.get("spec");
  const metrics = spec.get("metrics").list();
  const triggers = spec.get("triggers").list();
  return [...metrics.flatMap(ofMetric), ...triggers.flatMap(ofTrigger)];
}

/** `autoscaling/v2` measures a pod, or one container of it. */
function ofMetric(metric: Value): readonly Measure[] {
  return [metric.get("resource"), metric.get("containerResource")].flatMap((source) => {
    const kind = RESOURCES[source.get("name").string ?? ""];
    const bound = source.get("target", "averageUtilization");
    return kind === undefined ? [] : [{ kind, bound, topic: undefined }];
  });
}

function ofTrigger(trigger: Value): readonly Measure[] {
  const metadata = trigger.get("metadata");
  const type = trigger.get("type").string ?? "";
  const kind = RESOURCES[type];
  if (kind !== undefined) return [{ kind, bound: metadata.get("value"), topic: undefined }];
  return type === "kafka"
    ? [{ kind: "lag", bound: metadata.get("lagThreshold"), topic: metadata.get("topic") }]
    : [];
}

/** The metrics or triggers of an autoscaler. */
const MEASURES = [
  ["spec", "metrics"],
  ["spec", "triggers"],
] as const;
/** KEDA's default lag threshold. */
const LAG = 10;

function triggers(compared: Compared): void {
  for (const { service, autoscaler } of scaled(compared)) {
    const measures = measuresOf(autoscaler);
    for (const trigger of service.scaling.triggers) {
      evaluateTrigger(service, trigger, { autoscaler, measures }, compared.context);
    }
  }
}

interface Measured {
  readonly autoscaler: Autoscaler;
  readonly measures: readonly Measure[];
}

/** Request rates and gauges are PromQL queries, which cannot be compared here. */
function evaluateTrigger(
  service: Service,
  trigger: ScalingTrigger,
  { autoscaler: { resource }, measures }: Measured,
  context: CheckContext,
): void {
  if (trigger.kind === "requestRate" || trigger.kind === "gauge") return;
  const expected =
    trigger.kind === "lag" ? trigger.perPod : Math.round(trigger.utilization.value * 100);
  const same = measures.filter(
    ({ kind, topic }) =>
      kind === trigger.kind &&
      (trigger.kind !== "lag" ||
        topic === undefined ||
        topic.isUnknown ||
        topic.string === trigger.topic),
  );
  const rule = ruleOf(service, trigger, expected);
  if (same.length === 0) {
    if (areOpen([resource], MEASURES, context)) return;
    context.report(`${nameOf(resource)} does not scale on it: ${rule}.`, resource.urn);
  }
  for (const { bound } of same) {
    if (context.noteUnknown(bound, resource.urn)) continue;
    const byDefault = trigger.kind === "lag" ? LAG : undefined;
    const found = bound.isMissing ? byDefault : Number(bound.string ?? bound.number ?? NaN);
    if (found !== expected) context.report(finding(resource, bound, rule), resource.urn);
  }
}

function ruleOf(service: Service, trigger: ScalingTrigger, expected: number): string {
  return trigger.kind === "lag"
    ? `the runbook scales ${service.name} at a lag of ${expected} events of "${trigger.topic}" per pod`
    : `the runbook scales ${service.name} at ${expected}% ${trigger.kind}`;
}

export const scaling: readonly Policy[] = [
  {
    ...common,
    name: "runbook-scaling-range",
    title: "Autoscaling ranges match the runbook",
    clause: { reference: "PO-01; ALL-04" },
    severity: "medium",
    prevents:
      "A service scales beyond what its database can handle, or below what tolerates the loss of a node.",
    description:
      "The minimum and maximum of every autoscaler are in the runbook's range for its service, and the minimum is not above the maximum. Outside production the minimum may be lower: staging runs fewer replicas on purpose.",
    remediation:
      "Use minimum and maximum from the service's scaling.replicas in systems/; change them there when the runbook changes.",
    check: compare(ranges),
  },
  {
    ...common,
    name: "runbook-autoscaler",
    title: "Services have the runbook's autoscaler",
    clause: {
      reference: "PO-01; ALL-04",
      url: "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/",
    },
    severity: "medium",
    prevents: "A service stays at its minimum size while its requests queue up.",
    description:
      "In production, every service for which the runbook gives a range has a HorizontalPodAutoscaler or ScaledObject.",
    remediation:
      "Add an autoscaler whose scaleTargetRef names the service's Deployment, with the range and the triggers of its scaling in systems/.",
    enforcement: ONLY_IN_PRODUCTION,
    check: compare(exist),
  },
  {
    ...common,
    name: "runbook-scaling-triggers",
    title: "Autoscaling triggers match the runbook",
    clause: { reference: "PO-01; ALL-04" },
    severity: "medium",
    prevents: "Pods are added too late to help, or for a load that does not need them.",
    description:
      "Every autoscaler scales on the CPU, memory and consumer lag that the runbook names for its service, at the runbook's values.",
    remediation:
      "Set averageUtilization of the HorizontalPodAutoscaler, or value and lagThreshold of the ScaledObject's triggers, from the service's scaling.triggers in systems/.",
    check: compare(triggers),
  },
];
