/** What the services of a system export, and where their requests are measured. */
import type { Service, System } from "./model";

/** What the application must export, and under which of the runbook's needs. */
export interface ApplicationMetric {
  /** As it is declared: a histogram without `_bucket`. */
  readonly name: string;
  readonly kind: "counter" | "histogram" | "as named";
  readonly purpose: string;
  /** Matchers or labels that rules use, besides those of a target. */
  readonly labels?: string;
}

/** A sidecar's histogram is not the application's. */
const isOwn = ({ name }: ApplicationMetric): boolean => !name.startsWith("dapr_");

export function applicationMetrics({ observability }: System): readonly ApplicationMetric[] {
  const { requests, errors, latency, eventLatency, others } = observability.metrics;
  const all: readonly ApplicationMetric[] = [
    {
      name: requests,
      kind: "counter",
      purpose: "every request that is not a probe, when it is answered",
      ...(errors.kind === "matcher" ? { labels: `failed ones match ${errors.matcher}` } : {}),
    },
    ...(errors.kind === "counter"
      ? [{ name: errors.metric, kind: "counter" as const, purpose: "every failed request" }]
      : []),
    {
      name: latency,
      kind: "histogram",
      purpose: "the duration of every request that is not a probe, in seconds",
      labels: "le, with a bucket that ends at each threshold of an objective",
    },
    ...(eventLatency === undefined
      ? []
      : [
          {
            name: eventLatency.metric,
            kind: "histogram" as const,
            purpose: `the time from publishing an event to its handling, in ${eventLatency.unit === "ms" ? "milliseconds" : "seconds"}`,
            labels: "le, with a bucket that ends at the objective's threshold",
          },
        ]),
    ...others.map((name) => ({
      name,
      kind: "as named" as const,
      purpose: "alerts, panels or scaling name it",
    })),
  ];
  return all.filter(isOwn);
}

/** The series of those metrics: a histogram has three. */
export const applicationSeries = (system: System): readonly string[] =>
  applicationMetrics(system).flatMap(({ name, kind }) =>
    kind === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );

/** Whether the gateway routes requests to the service, so that they are measured there too. */
export const isRouted = ({ edge }: System, { name, port }: Service): boolean =>
  port !== undefined &&
  edge.hosts.some(
    ({ preview, routes }) => preview !== true && routes.some(({ service }) => service === name),
  );

/** Where a sidecar delivers the events of a topic to its service, by POST. */
export const eventPath = (topic: string): string => `/events/${topic}`;
