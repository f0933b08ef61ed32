/**
 * Requests as the gateway counts them, in Envoy's metrics. Kubernetes' probes go to the pods directly, so they
 * are not among them.
 */
import type { Service } from "../../systems/model";
import { durationText, type Duration } from "../../systems/units";
import { EDGE, EXPORTED, HTTPS_LISTENER, LABEL, routeStatistics } from "../kit/conventions";
import { selector, type Matcher } from "./promql";
import type { Events, Requests } from "./slo-events";

/** Upper bounds of Envoy's histograms, in milliseconds, that an objective can have. */
const BUCKETS = [5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000];

const FAILED = { envoy_response_code_class: "5" };

export const hasBucket = (threshold: Duration): boolean =>
  BUCKETS.includes(threshold.seconds * 1000);

/**
 * Every response to a client over TLS, also those that Envoy gives itself: while a service has no ready pod,
 * Envoy Gateway answers 503 in its place, which the counters of the service's own route do not show.
 */
export const requestsToAll = (window: Duration): Requests =>
  requests(EXPORTED.responses, { envoy_http_conn_manager_prefix: HTTPS_LISTENER }, EDGE, window);

/** What was routed to a service. */
export const requestsTo = (service: Service, namespace: string, window: Duration): Requests =>
  requests(EXPORTED.routed, route(service, namespace), service.name, window);

export function slowRequestsTo(
  service: Service,
  namespace: string,
  threshold: Duration,
  window: Duration,
): Events {
  const of = (suffix: string, matchers: Readonly<Record<string, Matcher>> = {}): string =>
    rate(
      `${EXPORTED.routedTime}_${suffix}`,
      { ...route(service, namespace), ...matchers },
      service.name,
      window,
    );
  const all = of("count");
  return { all, bad: `${all}\n-\n${of("bucket", { le: String(threshold.seconds * 1000) })}` };
}

/** In seconds, as applications count. */
export const quantileTo = (
  service: Service,
  namespace: string,
  quantile: number,
  window: Duration,
): string =>
  `histogram_quantile(${String(quantile)}, sum by (le) ` +
  `(rate(${EXPORTED.routedTime}_bucket${selector(route(service, namespace))}[${durationText(window)}]))) / 1000`;

const route = ({ workload }: Service, namespace: string) => ({
  envoy_cluster_name: routeStatistics(namespace, workload),
});

function requests(
  metric: string,
  matchers: Readonly<Record<string, Matcher>>,
  service: string,
  window: Duration,
): Requests {
  return {
    all: rate(metric, matchers, service, window),
    failed: rate(metric, { ...matchers, ...FAILED }, service, window),
  };
}

/** By the label that all rules use; Envoy's series have the gateway's own. */
const rate = (
  metric: string,
  matchers: Readonly<Record<string, Matcher>>,
  service: string,
  window: Duration,
): string =>
  `label_replace(sum(rate(${metric}${selector(matchers)}[${durationText(window)}])), ` +
  `"${LABEL.service}", "${service}", "", "")`;
