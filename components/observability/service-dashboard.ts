/** The four golden signals of a service, with its alert thresholds. */
import type { Alert, Condition, Service, Severity, System } from "../../systems/model";
import { minutes } from "../../systems/units";
import { consumerGroups } from "./conditions";
import { EXPORTED, LABEL } from "../kit/conventions";
import type { Dashboard, Panel, Thresholds } from "./panel";
import { anyOf, podsOf, selector } from "./promql";
import { quantileTo } from "./gateway-requests";
import { failureRatio, requestsOf, type Requests } from "./slo-events";

export function serviceDashboard(system: System, service: Service, namespace: string): Dashboard {
  const scope = { namespace, [LABEL.service]: service.name };
  const context: Context = { system, service, namespace, scope };
  return {
    uid: `${system.id}-${service.name}`,
    title: `${system.title}: ${service.name}`,
    tags: [system.id, "service"],
    panels: [
      ...ofRequests(context),
      restarts(context),
      ...saturation(context),
      ...lag(context),
      ...gauges(context),
    ],
  };
}

interface Context {
  readonly system: System;
  readonly service: Service;
  readonly namespace: string;
  readonly scope: Readonly<Record<string, string>>;
}

const RATE = minutes(5);
const BY_POD = "{{pod}}";

/** None for a service whose requests are counted neither by itself nor by the gateway. */
function ofRequests(context: Context): readonly Panel[] {
  const { system, service, namespace } = context;
  const requests = requestsOf(system, service, namespace, RATE);
  return requests === undefined
    ? []
    : [traffic(context, requests), errors(context, requests), latency(context)];
}

const traffic = ({ service }: Context, { all }: Requests): Panel => ({
  title: "Traffic",
  unit: "reqps",
  queries: [{ expr: all, legend: service.name }],
});

const errors = (context: Context, requests: Requests): Panel => ({
  title: "Error rate",
  unit: "percentunit",
  queries: [{ expr: failureRatio(requests), legend: context.service.name }],
  ...drawn(context, "errorRate", ({ above }) => above.value),
});

const latency = (context: Context): Panel => ({
  title: "Latency",
  unit: "s",
  queries: [0.5, 0.95, 0.99].map((quantile) => ({
    expr: quantileOf(context, quantile),
    legend: `p${String(quantile * 100)}`,
  })),
  ...drawn(context, "latency", ({ above }) => above.seconds),
});

function quantileOf({ system, service, namespace, scope }: Context, quantile: number): string {
  if (service.metrics === "none") return quantileTo(service, namespace, quantile, RATE);
  const { latency: metric } = system.observability.metrics;
  return (
    `histogram_quantile(${String(quantile)}, sum by (le) ` +
    `(rate(${metric}_bucket${selector(scope)}[5m])))`
  );
}

const restarts = (context: Context): Panel => ({
  title: "Restarts in an hour",
  unit: "short",
  queries: [
    {
      expr: `sum by (pod) (round(increase(${EXPORTED.restarts}${pods(context)}[1h])))`,
      legend: BY_POD,
    },
  ],
  ...drawn(context, "restarts", ({ above, within }) => (above * 3600) / within.seconds),
});

function saturation(context: Context): readonly Panel[] {
  const container = context.service.container;
  const use = (title: string, of: "cpu" | "memory", used: string): Panel => ({
    title,
    description: "Of what the pods ask for.",
    unit: "percentunit",
    queries: [
      {
        expr:
          `sum by (pod) (${used}) / sum by (pod) ` +
          `(${EXPORTED.requests}${pods(context, { container, resource: of })})`,
        legend: BY_POD,
      },
    ],
  });
  return [
    use("Processor", "cpu", `rate(${EXPORTED.cpu}${pods(context, { container })}[5m])`),
    use("Memory", "memory", `${EXPORTED.memory}${pods(context, { container })}`),
  ];
}

function lag(context: Context): readonly Panel[] {
  const groups = consumerGroups(context.system, context.service.name);
  if (groups.length === 0) return [];
  const matchers = selector({ namespace: context.namespace, consumergroup: anyOf(groups) });
  return [
    {
      title: "Consumer lag",
      unit: "short",
      queries: [
        {
          expr: `sum by (topic) (clamp_min(${EXPORTED.lag}${matchers}, 0))`,
          legend: "{{topic}}",
        },
      ],
      ...drawn(context, "consumerLag", ({ above }) => above),
    },
  ];
}

/** One panel for each gauge that an alert of this service uses. */
function gauges(context: Context): readonly Panel[] {
  const metrics = alertsOf(context, "gauge").map(({ condition }) => condition.metric);
  return [...new Set(metrics)].map((metric) => ({
    title: metric,
    unit: "short",
    queries: [{ expr: `max by (pod) (${metric}${selector(context.scope)})`, legend: BY_POD }],
    ...drawn(context, "gauge", ({ above, metric: watched }) =>
      watched === metric ? above : undefined,
    ),
  }));
}

const pods = (context: Context, more: Readonly<Record<string, string>> = {}): string =>
  selector({ namespace: context.namespace, pod: podsOf(context.service.workload), ...more });

type Of<K extends Condition["kind"]> = Extract<Condition, { kind: K }>;

/** The alerts with a condition that apply to this service: its own, and those for all services. */
const alertsOf = <K extends Condition["kind"]>(
  { system, service }: Context,
  kind: K,
): readonly (Alert & { readonly condition: Of<K> })[] =>
  system.alerts.filter(
    (alert): alert is Alert & { readonly condition: Of<K> } =>
      alert.condition.kind === kind &&
      (alert.service === undefined || alert.service === service.name),
  );

/** The threshold lines of a panel: none if no alert uses it. */
function drawn<K extends Condition["kind"]>(
  context: Context,
  kind: K,
  bound: (condition: Of<K>) => number | undefined,
): { readonly thresholds?: Thresholds } {
  const values: Partial<Record<Severity, number>> = {};
  for (const { condition, severity } of alertsOf(context, kind)) {
    const value = bound(condition);
    if (value !== undefined) values[severity] = value;
  }
  return Object.keys(values).length === 0 ? {} : { thresholds: { values } };
}
