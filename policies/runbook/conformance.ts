/**
 * Whether the stack does what its system's runbook says: alerts, scaling ranges, topics.
 * Where the stack names no known system these policies have nothing to compare with, and say nothing.
 */
import type { Alert, Service, System } from "../../systems/model";
import { durationText } from "../../systems/units";
import { parseDuration } from "./durations";
import { isProduction } from "../environment";
import type { Context, Policy, Stack, StackResource } from "../policy";
import { STRICT_IN_PRODUCTION, finding } from "../policy";
import type { Value } from "../values";
import { autoscalersOf, countOf, type Autoscaler } from "../kubernetes/workloads";

const RULES = "kubernetes:monitoring.coreos.com:PrometheusRule";
const TOPIC = "digitalocean:index/databaseKafkaTopic:DatabaseKafkaTopic";

const runbookOf = ({ runbook }: System): string => `the runbook "${runbook.title}"`;

interface Rule {
  readonly resource: StackResource;
  readonly value: Value;
}

/** Alerting rules by alert name; `hidden` when some rule cannot be seen yet. */
function alertingRules(
  stack: Stack,
  context: Context,
): { readonly byName: ReadonlyMap<string, readonly Rule[]>; readonly hidden: boolean } {
  const byName = new Map<string, Rule[]>();
  let hidden = false;
  const isHidden = (value: Value, urn: string): boolean => {
    const open = context.unsure(value, urn);
    hidden ||= open;
    return open;
  };
  for (const resource of stack.of(RULES)) {
    const groups = resource.props.get("spec", "groups");
    isHidden(groups, resource.urn);
    for (const group of groups.list()) {
      const rules = group.get("rules");
      isHidden(rules, resource.urn);
      for (const value of rules.list()) {
        const name = value.get("alert");
        if (isHidden(name, resource.urn) || name.text === undefined) continue;
        const same = byName.get(name.text);
        if (same === undefined) byName.set(name.text, [{ resource, value }]);
        else same.push({ resource, value });
      }
    }
  }
  return { byName, hidden };
}

function alerts(stack: Stack, context: Context): void {
  const { system } = context.surroundings;
  if (system === undefined) return;
  const { byName, hidden } = alertingRules(stack, context);
  for (const alert of system.alerts) {
    const rules = byName.get(alert.name) ?? [];
    const severity = rules.filter(({ value }) => isOf(alert, value.get("labels", "severity")));
    const [rule] = severity;
    if (rule !== undefined) judgeDuration(alert, severity, context);
    else if (!hidden) {
      context.report(
        `Alert "${alert.name}" with severity "${alert.severity}" is in no PrometheusRule; ${runbookOf(system)} demands it (${alert.clause.heading}).`,
      );
    }
  }
}

function isOf(alert: Alert, severity: Value): boolean {
  return severity.isUnknown || severity.text === alert.severity;
}

function judgeDuration(alert: Alert, rules: readonly Rule[], context: Context): void {
  for (const { resource, value } of rules) {
    const duration = value.get("for");
    if (context.unsure(duration, resource.urn)) continue;
    const seconds = duration.isMissing ? 0 : parseDuration(duration.text ?? "");
    if (seconds === alert.for.seconds) continue;
    const wanted = `the runbook's alert "${alert.name}" (${alert.severity}) holds for ${durationText(alert.for)}`;
    context.report(finding(resource, duration, wanted), resource.urn);
  }
}

/** The Deployments that run a service: one, or its two colours. */
function workloadsOf(service: Service): readonly string[] {
  const { rollout } = service;
  const colours = rollout.kind === "blueGreen" ? rollout.deployments : undefined;
  return colours === undefined ? [service.workload] : [service.workload, ...Object.values(colours)];
}

function scalingRanges(stack: Stack, context: Context): void {
  const { system } = context.surroundings;
  if (system === undefined) return;
  const services = new Map(
    system.services.flatMap((service) => workloadsOf(service).map((name) => [name, service])),
  );
  for (const autoscaler of autoscalersOf(stack).values()) {
    const target = autoscaler.resource.props.get("spec", "scaleTargetRef", "name").text ?? "";
    const service = services.get(target);
    if (service !== undefined) judgeRange(service, autoscaler, context);
  }
}

function judgeRange(service: Service, autoscaler: Autoscaler, context: Context): void {
  const { resource, min, max } = autoscaler;
  const runbook = service.scaling.replicas;
  const production = isProduction(context.surroundings);
  const range = production
    ? `the runbook's range of ${service.name} is ${runbook.min} to ${runbook.max}`
    : `the runbook's maximum of ${service.name} is ${runbook.max}`;
  /** The count, unless it is unknown or has been reported. */
  const judged = (value: Value, byDefault: number, from: number): number | undefined => {
    if (context.unsure(value, resource.urn)) return undefined;
    const count = countOf(value, byDefault) ?? 0;
    if (count >= from && count <= runbook.max) return count;
    context.report(finding(resource, value, range), resource.urn);
    return undefined;
  };
  const least = judged(min, autoscaler.defaultMin, production ? runbook.min : 0);
  const most = judged(max, autoscaler.defaultMax, production ? runbook.min : 1);
  if (least === undefined || most === undefined || least <= most) return;
  const order = `it must not be above the maximum, which is ${most}`;
  context.report(finding(resource, min, order), resource.urn);
}

function topics(stack: Stack, context: Context): void {
  const { system } = context.surroundings;
  const written = stack.of(TOPIC);
  if (system === undefined || written.length === 0) return;
  const wanted = new Map(
    system.eventBuses.flatMap((bus) => bus.topics).map((topic) => [topic.name, topic]),
  );
  const found = new Set<string>();
  let hidden = false;
  for (const resource of written) {
    const name = resource.props.get("name");
    hidden ||= context.unsure(name, resource.urn);
    if (name.text === undefined) continue;
    found.add(name.text);
    const topic = wanted.get(name.text);
    if (topic === undefined) {
      context.report(
        finding(resource, name, `${runbookOf(system)} has no such topic`),
        resource.urn,
      );
      continue;
    }
    const partitions = resource.props.get("partitionCount");
    if (!context.unsure(partitions, resource.urn) && partitions.number !== topic.partitions) {
      const text = `the runbook's topic "${topic.name}" has ${topic.partitions} partitions`;
      context.report(finding(resource, partitions, text), resource.urn);
    }
  }
  if (hidden) return;
  for (const topic of wanted.values()) {
    if (found.has(topic.name)) continue;
    context.report(
      `Topic "${topic.name}" is not created; ${runbookOf(system)} demands it (${topic.clause.heading}).`,
    );
  }
}

const common = { themes: ["runbook"], enforcement: STRICT_IN_PRODUCTION } as const;

export const conformance: readonly Policy[] = [
  {
    ...common,
    name: "runbook-alerts",
    title: "The runbook's alerts exist",
    clause: { reference: "PO-01; ALL-09" },
    severity: "high",
    prevents: "An incident that the runbook describes begins, and nobody is called.",
    description:
      "Every alert of the system's runbook is in a PrometheusRule, with its name, severity and duration.",
    remediation:
      "Generate the rules from the system's file in systems/ instead of writing them by hand; correct the file where the runbook changed.",
    check: { kind: "stack", run: alerts },
  },
  {
    ...common,
    name: "runbook-scaling-range",
    title: "Autoscaling stays in the runbook's range",
    clause: { reference: "PO-01; ALL-04" },
    severity: "medium",
    prevents: "A service scales beyond what its database bears, or below what survives a node.",
    description:
      "The minimum and maximum of every autoscaler lie in the runbook's range for its service, the minimum not above the maximum. Outside production the minimum may be lower: staging runs fewer replicas on purpose.",
    remediation:
      "Take minimum and maximum from the service's scaling.replicas in systems/; change them there when the runbook changes.",
    check: { kind: "stack", run: scalingRanges },
  },
  {
    ...common,
    name: "runbook-topics",
    title: "Topics are the runbook's",
    clause: { reference: "PO-02" },
    severity: "medium",
    prevents: "An event is published to a topic that nobody created, or that nobody reads.",
    description:
      "The Kafka topics of the stack are those of the system's runbook, all and no others.",
    remediation:
      "Create the topics from the system's eventBuses in systems/, with their partitions.",
    check: { kind: "stack", run: topics },
  },
];
