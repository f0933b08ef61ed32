/** What counts as an event, and as a bad one, for each kind of objective. */
import { isRouted } from "../../systems/metrics";
import { named } from "../../systems/find";
import type { Indicator, Service, Slo, System } from "../../systems/model";
import type { Duration } from "../../systems/units";
import { durationText } from "../../systems/units";
import { EDGE, LABEL } from "../kit/conventions";
import * as gateway from "./gateway-requests";
import { anyOf, bucket, indent, selector, type Matcher } from "./promql";

export interface Events {
  /** Events per second over the window, by service. */
  readonly all: string;
  readonly bad: string;
}

/** Requests per second over a window; `failed` is absent for a service that never failed. */
export interface Requests {
  readonly all: string;
  readonly failed: string;
}

/**
 * The requests of one service, as it counts them itself, or as the gateway does where it does not.
 * Undefined if neither does.
 */
export function requestsOf(
  system: System,
  service: Service,
  namespace: string,
  window: Duration,
): Requests | undefined {
  if (service.metrics !== "none") {
    return ownRequests(system, { namespace, [LABEL.service]: service.name }, window);
  }
  return isRouted(system, service) ? gateway.requestsTo(service, namespace, window) : undefined;
}

/** The share of failed requests; absent, not NaN, without any. */
export const failureRatio = ({ all, failed }: Requests): string => `${failed}\n/\n(${all} > 0)`;

/**
 * The events of an objective, over all its services.
 *
 * Undefined for a duration that no service exports as a histogram, such as the duration of a
 * rollback: `unmeasuredSlos` lists those.
 */
export function events(
  system: System,
  slo: Slo,
  namespace: string,
  window: Duration,
): Events | undefined {
  const { own, routed } = measured(system, slo);
  const parts = [
    ...(slo.indicator.kind === "availability" ? [complete(gateway.requestsToAll(window))] : []),
    ...ownEvents(system, slo, own, namespace, window),
    ...routed.flatMap((service) => gatewayEvents(slo, service, namespace, window)),
  ];
  const [only, ...others] = parts;
  if (only === undefined || others.length === 0) return only;
  const any = (expressions: readonly string[]): string =>
    expressions.map((one) => `(\n${indent(one)}\n)`).join("\nor\n");
  return { all: any(parts.map(({ all }) => all)), bad: any(parts.map(({ bad }) => bad)) };
}

/**
 * By which services an objective is recorded. Availability is what clients see: all that the gateway
 * answers, including what it answers itself while a service has no pods, and each route.
 */
export const sloServices = (system: System, slo: Slo): readonly string[] => {
  const { own, routed } = measured(system, slo);
  const edge = slo.indicator.kind === "availability" ? [EDGE] : [];
  return [...edge, ...[...own, ...routed].map(({ name }) => name)];
};

/** The services of an objective, by where they are measured; those that cannot be are left out. */
function measured(
  system: System,
  { services, indicator }: Slo,
): { readonly own: readonly Service[]; readonly routed: readonly Service[] } {
  const all = services.map((name) => named(system.services, name));
  const atGateway = (service: Service): boolean =>
    isRouted(system, service) &&
    (service.metrics === "none" || indicator.kind === "availability") &&
    (indicator.kind !== "latency" || gateway.hasBucket(indicator.threshold)) &&
    indicator.kind !== "time";
  return {
    own: all.filter(
      (service) =>
        !atGateway(service) && (service.metrics !== "none" || isOfSidecar(system, indicator)),
    ),
    routed: all.filter(atGateway),
  };
}

const isOfSidecar = (system: System, indicator: Indicator): boolean =>
  indicator.kind === "time" && histogramOf(system, indicator)?.metric.startsWith("dapr_") === true;

function ownEvents(
  system: System,
  { indicator }: Slo,
  services: readonly Service[],
  namespace: string,
  window: Duration,
): readonly Events[] {
  if (services.length === 0) return [];
  const scope = { namespace, [LABEL.service]: anyOf(services.map(({ name }) => name)) };
  if (indicator.kind === "availability" || indicator.kind === "errorRate") {
    return [complete(ownRequests(system, scope, window))];
  }
  const histogram = histogramOf(system, indicator);
  return histogram === undefined ? [] : [slowEvents(histogram, scope, window)];
}

function gatewayEvents(
  { indicator }: Slo,
  service: Service,
  namespace: string,
  window: Duration,
): readonly Events[] {
  if (indicator.kind === "time") return [];
  return indicator.kind === "latency"
    ? [gateway.slowRequestsTo(service, namespace, indicator.threshold, window)]
    : [complete(gateway.requestsTo(service, namespace, window))];
}

/** What never failed has no failure series: that means zero, not unknown. */
const complete = ({ all, failed }: Requests): Events => ({
  all,
  bad: `${failed}\nor\n${all} * 0`,
});

/**
 * The objectives without an exported indicator, so that missing alerts are not taken for success.
 */
export const unmeasuredSlos = (system: System): readonly Slo[] =>
  system.slos.filter(
    ({ indicator }) =>
      (indicator.kind === "latency" || indicator.kind === "time") &&
      histogramOf(system, indicator) === undefined,
  );

type Timed = Extract<Indicator, { kind: "latency" | "time" }>;

interface Histogram {
  readonly metric: string;
  /** In the histogram's own unit. */
  readonly bound: number;
}

function histogramOf(system: System, indicator: Timed): Histogram | undefined {
  const { latency, eventLatency } = system.observability.metrics;
  if (indicator.kind === "latency") return { metric: latency, bound: indicator.threshold.seconds };
  if (indicator.of !== "eventLatency" || eventLatency === undefined) return undefined;
  const perSecond = eventLatency.unit === "ms" ? 1000 : 1;
  return { metric: eventLatency.metric, bound: indicator.below.seconds * perSecond };
}

type Scope = Readonly<Record<string, Matcher>>;

const rateByService = (metric: string, matchers: string, window: Duration): string =>
  `sum by (${LABEL.service}) (rate(${metric}${matchers}[${durationText(window)}]))`;

function ownRequests(system: System, scope: Scope, window: Duration): Requests {
  const { requests, errors } = system.observability.metrics;
  return {
    all: rateByService(requests, selector(scope), window),
    failed:
      errors.kind === "matcher"
        ? rateByService(requests, selector(scope, errors.matcher), window)
        : rateByService(errors.metric, selector(scope), window),
  };
}

/** Without `or zero`: a bucket that is not exported must not make every request count as fast. */
function slowEvents({ metric, bound }: Histogram, scope: Scope, window: Duration): Events {
  const all = rateByService(`${metric}_count`, selector(scope), window);
  const fast = rateByService(`${metric}_bucket`, selector({ ...scope, le: bucket(bound) }), window);
  return { all, bad: `${all}\n-\n${fast}` };
}

/** A ratio that is absent, not NaN, without traffic. */
export const ratio = (part: string, whole: string): string => {
  const all = /^or$/m.test(whole) ? `(\n${indent(whole)}\n)` : whole;
  return `(\n${indent(part)}\n)\n/\n(\n${indent(`${all} > 0`)}\n)`;
};
