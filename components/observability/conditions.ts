/** PromQL for each kind of condition. */
import type { Alert, Condition, Service, System } from "../../systems/model";
import { durationText, minutes, type Duration } from "../../systems/units";
import { EXPORTED, LABEL } from "../kit/conventions";
import { anyOf, indent, podsOf, selector } from "./promql";
import { allRequests, failedRequests } from "./slo-events";
import { backupAge, certificateExpiry, disk, notReady } from "./platform-conditions";

/** One expression of an alert, and what it applies to: a service, or a part of the platform. */
export interface Subject {
  /** Value of the `service` label. */
  readonly service: string;
  readonly expr: string;
}

/** Window for rates: ten scrapes, so that a single failed one does not matter. */
const RATE = minutes(5);

/**
 * The expressions of an alert: one for each of its services, or one for the whole system. A service
 * to which the condition cannot apply (for example, it consumes nothing) gets none.
 */
export function subjects(system: System, alert: Alert, namespace: string): readonly Subject[] {
  const { condition } = alert;
  const platform = platformSubject(system, condition, namespace);
  if (platform !== undefined) return [platform];
  return system.services
    .filter((service) => alert.service === undefined || alert.service === service.name)
    .flatMap((service) => {
      const expr = serviceExpression(system, condition, service, namespace);
      return expr === undefined ? [] : [{ service: service.name, expr }];
    });
}

function platformSubject(
  system: System,
  condition: Condition,
  namespace: string,
): Subject | undefined {
  switch (condition.kind) {
    case "backupAge":
      return { service: condition.of, expr: backupAge(system, condition, namespace) };
    case "certificateExpiry":
      return { service: "edge", expr: certificateExpiry(system, condition.within) };
    case "hitRate":
      return { service: "cache", expr: hitRate(condition.below.value, namespace) };
    case "lockWait":
      return { service: "database", expr: lockWait(condition.above, namespace) };
    case "notReady":
      return condition.of === "pods"
        ? undefined
        : { service: condition.of, expr: notReady(system, condition.of, namespace) };
    case "usage":
      if (condition.of === "disk") {
        return { service: "nodes", expr: disk(condition.above.value, namespace) };
      }
      return condition.of === "connections"
        ? { service: "database", expr: connections(condition.above.value, namespace) }
        : undefined;
    default:
      return undefined;
  }
}

function serviceExpression(
  system: System,
  condition: Condition,
  service: Service,
  namespace: string,
): string | undefined {
  const scope = { namespace, [LABEL.service]: service.name };
  const pods = { namespace, pod: podsOf(service.workload) };
  switch (condition.kind) {
    case "errorRate":
      return `${failedRequests(system, scope, RATE)}\n/\n(${allRequests(system, scope, RATE)} > 0)\n> ${String(condition.above.value)}`;
    case "errorsPerSecond":
      return `${failedRequests(system, scope, RATE)} > ${String(condition.above)}`;
    case "latency":
      return latency(system, condition, selector(scope));
    case "restarts":
      return restarts(condition, selector(pods));
    case "gauge":
      return `max by (${LABEL.service}, pod) (${condition.metric}${selector(scope)}) > ${String(condition.above)}`;
    case "consumerLag":
      return withGroups(system, service, namespace, (lag) => `${lag} > ${String(condition.above)}`);
    case "processingLag":
      return withGroups(system, service, namespace, (lag, consumed) =>
        // A backlog without consumption is an infinite age, which exceeds every bound.
        [lag, "/", consumed, `> ${String(condition.above.seconds)}`].join("\n"),
      );
    case "usage":
      return condition.of === "cpu" || condition.of === "memory"
        ? `${usage(condition.of, service, pods)}\n> ${String(condition.above.value)}`
        : undefined;
    case "notReady":
      return podsNotReady(service, namespace);
    default:
      return undefined;
  }
}

function latency(
  system: System,
  condition: Extract<Condition, { kind: "latency" }>,
  scope: string,
): string {
  const metric = `${system.observability.metrics.latency}_bucket`;
  return (
    `histogram_quantile(${String(condition.quantile.value)}, ` +
    `sum by (le, ${LABEL.service}) (rate(${metric}${scope}[${durationText(RATE)}])))` +
    ` > ${String(condition.above.seconds)}`
  );
}

/** Rounded, because `increase` extrapolates: three restarts may give 3.02. */
function restarts(condition: Extract<Condition, { kind: "restarts" }>, pods: string): string {
  const window = durationText(condition.within);
  return (
    `sum by (namespace, pod) (round(increase(${EXPORTED.restarts}${pods}[${window}])))` +
    ` > ${String(condition.above)}`
  );
}

/** As a share of its limit; a container without a CPU limit is measured against its request. */
function usage(
  of: "cpu" | "memory",
  service: Service,
  pods: Parameters<typeof selector>[0],
): string {
  const container = { ...pods, container: service.container };
  const used =
    of === "cpu"
      ? `sum by (namespace, pod) (rate(${EXPORTED.cpu}${selector(container)}[${durationText(RATE)}]))`
      : `sum by (namespace, pod) (${EXPORTED.memory}${selector(container)})`;
  const bound =
    of === "cpu" && service.resources.limits.cpu === undefined
      ? EXPORTED.requests
      : EXPORTED.limits;
  return `${used}\n/\nsum by (namespace, pod) (${bound}${selector({ ...container, resource: of })})`;
}

function podsNotReady(service: Service, namespace: string): string {
  const deployment = selector({ namespace, deployment: service.workload });
  return `${EXPORTED.specReplicas}${deployment}\n-\n${EXPORTED.readyReplicas}${deployment}\n> 0`;
}

/** The consumer groups of a service, over all event buses of its system. */
export const consumerGroups = (system: System, service: string): readonly string[] => [
  ...new Set(
    system.eventBuses.flatMap(({ topics }) =>
      topics.flatMap(({ consumers }) =>
        consumers.filter((each) => each.service === service).map(({ group }) => group),
      ),
    ),
  ),
];

/** `-1` means that a partition was never read; it must not hide the lag of the others. */
function withGroups(
  system: System,
  service: Service,
  namespace: string,
  build: (lag: string, consumedPerSecond: string) => string,
): string | undefined {
  const groups = consumerGroups(system, service.name);
  if (groups.length === 0) return undefined;
  const scope = selector({ namespace, consumergroup: anyOf(groups) });
  const by = "sum by (consumergroup, topic)";
  return build(
    `${by} (clamp_min(${EXPORTED.lag}${scope}, 0))`,
    `${by} (rate(${EXPORTED.consumedOffset}${scope}[${durationText(RATE)}]))`,
  );
}

function hitRate(below: number, namespace: string): string {
  const rate = (metric: string, window: Duration): string =>
    `sum(rate(${metric}${selector({ namespace })}[${durationText(window)}]))`;
  const hits = rate(EXPORTED.cacheHits, RATE);
  const all = `${hits} + ${rate(EXPORTED.cacheMisses, RATE)}`;
  return `${hits}\n/\n(\n${indent(`(${all}) > 0`)}\n)\n< ${String(below)}`;
}

const lockWait = (above: number, namespace: string): string =>
  `sum(${EXPORTED.databaseActivity}${selector({ namespace, wait_event_type: "Lock" })}) > ${String(above)}`;

const connections = (above: number, namespace: string): string =>
  `sum by (instance) (${EXPORTED.databaseConnections}${selector({ namespace })})\n/\n` +
  `max by (instance) (${EXPORTED.databaseMaxConnections}${selector({ namespace })})\n> ${String(above)}`;
