/** What counts as an event, and as a bad one, for each kind of objective. */
import type { Indicator, Slo, System } from "../../systems/model";
import type { Duration } from "../../systems/units";
import { durationText } from "../../systems/units";
import { LABEL } from "../kit/conventions";
import { anyOf, bucket, indent, selector, type Matcher } from "./promql";

export interface Events {
  /** Events per second over the window, by service. */
  readonly all: string;
  readonly bad: string;
}

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
  const scope = { namespace, [LABEL.service]: anyOf(slo.services) };
  const { indicator } = slo;
  if (indicator.kind === "availability" || indicator.kind === "errorRate") {
    return requestEvents(system, scope, window);
  }
  const histogram = histogramOf(system, indicator);
  return histogram === undefined ? undefined : slowEvents(histogram, scope, window);
}

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

/** Failed requests per second, by service; absent for a service that never failed. */
export function failedRequests(system: System, scope: Scope, window: Duration): string {
  const { requests, errors } = system.observability.metrics;
  return errors.kind === "matcher"
    ? rateByService(requests, selector(scope, errors.matcher), window)
    : rateByService(errors.metric, selector(scope), window);
}

export const allRequests = (system: System, scope: Scope, window: Duration): string =>
  rateByService(system.observability.metrics.requests, selector(scope), window);

function requestEvents(system: System, scope: Scope, window: Duration): Events {
  const all = allRequests(system, scope, window);
  // A service that never failed has no failure series: that means zero, not unknown.
  return { all, bad: `${failedRequests(system, scope, window)}\nor\n${all} * 0` };
}

/** Without `or zero`: a bucket that is not exported must not make every request count as fast. */
function slowEvents({ metric, bound }: Histogram, scope: Scope, window: Duration): Events {
  const all = rateByService(`${metric}_count`, selector(scope), window);
  const fast = rateByService(`${metric}_bucket`, selector({ ...scope, le: bucket(bound) }), window);
  return { all, bad: `${all}\n-\n${fast}` };
}

/** A ratio that is absent, not NaN, without traffic. */
export const ratio = (part: string, whole: string): string =>
  `(\n${indent(part)}\n)\n/\n(\n${indent(whole)} > 0\n)`;
