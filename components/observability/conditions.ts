/** PromQL for each kind of condition. */
import type { Alert, Condition, Service, System } from "../../systems/model";
import { durationText, minutes, type Duration } from "../../systems/units";
import { EDGE, EXPORTED, LABEL } from "../kit/conventions";
import { connections, lockWait, notReady } from "./data-conditions";
import { quantileTo } from "./gateway-requests";
import { anyOf, indent, podsOf, selector } from "./promql";
import type { RuleTarget } from "./rule";
import { failureRatio, requestsOf } from "./slo-events";
import { backupAge, certificateExpiry, disk } from "./platform-conditions";

/** One expression of an alert, and what it applies to: a service, or a part of the platform. */
export interface Subject {
  /** Value of the `service` label. */
  readonly service: string;
  readonly expr: string;
}

export type Scope = Pick<RuleTarget, "namespace" | "follows">;

/** Window for rates: ten scrapes, so that a single failed one does not matter. */
const RATE = minutes(5);

/**
 * The expressions of an alert: one for each of its services, or one for the whole system. A service
 * to which the condition cannot apply (for example, it consumes nothing) gets none.
 */
export function subjects(system: System, alert: Alert, target: Scope): readonly Subject[] {
  const { condition } = alert;
  const { namespace } = target;
  const platform = platformSubject(system, condition, target);
  if (platform !== undefined) return [platform];
  return system.services
    .filter((service) => alert.service === undefined || alert.service === service.name)
    .flatMap((service) => {
      const expr = serviceExpression(system, condition, service, namespace);
      return expr === undefined ? [] : [{ service: service.name, expr }];
    });
}

function platformSubject(system: System, condition: Condition, target: Scope): Subject | undefined {
  const { namespace } = target;
  switch (condition.kind) {
    case "backupAge":
      return { service: condition.of, expr: backupAge(system, condition, namespace) };
    case "certificateExpiry":
      return { service: EDGE, expr: certificateExpiry(system, condition.within) };
    case "hitRate":
      return { service: "cache", expr: hitRate(condition.below.value, namespace) };
    case "lockWait":
      return { service: "database", expr: lockWait(system, condition.above, namespace) };
    case "notReady":
      return condition.of === "pods"
        ? undefined
        : { service: condition.of, expr: notReady(system, condition.of, target) };
    case "usage":
      if (condition.of === "disk") {
        return { service: "nodes", expr: disk(condition.above.value, namespace) };
      }
      return condition.of === "connections"
        ? { service: "database", expr: connections(system, condition.above.value, namespace) }
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
  const requests = requestsOf(system, service, namespace, RATE);
  switch (condition.kind) {
    case "errorRate":
      return requests && `${failureRatio(requests)}\n> ${String(condition.above.value)}`;
    case "errorsPerSecond":
      return requests && `${requests.failed} > ${String(condition.above)}`;
    case "latency":
      return (
        requests &&
        `${latency(system, service, condition, namespace)} > ${String(condition.above.seconds)}`
      );
    case "restarts":
      return restarts(condition, selector(pods));
    case "gauge":
      return gauge(condition, service, selector(scope));
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

const gauge = (
  { metric, above }: Extract<Condition, { kind: "gauge" }>,
  { metrics }: Service,
  scope: string,
): string | undefined =>
  metrics === "none"
    ? undefined
    : `max by (${LABEL.service}, pod) (${metric}${scope}) > ${String(above)}`;

function latency(
  system: System,
  service: Service,
  condition: Extract<Condition, { kind: "latency" }>,
  namespace: string,
): string {
  const quantile = condition.quantile.value;
  if (service.metrics === "none") return quantileTo(service, namespace, quantile, RATE);
  const metric = `${system.observability.metrics.latency}_bucket`;
  const scope = selector({ namespace, [LABEL.service]: service.name });
  return (
    `histogram_quantile(${String(quantile)}, ` +
    `sum by (le, ${LABEL.service}) (rate(${metric}${scope}[${durationText(RATE)}])))`
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

/** What a consumer group reads, over all event buses of its system. */
export const topicsOf = (system: System, group: string): readonly string[] => [
  ...new Set(
    system.eventBuses.flatMap(({ topics }) =>
      topics
        .filter(({ consumers }) => consumers.some((each) => each.group === group))
        .map(({ name }) => name),
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
