/** Rules: panels ask in PromQL, and whatever is measured is exported by somebody. */
import { metricNames, readPromql } from "../../lib/promql";
import type { System } from "../model";
import { quoted, report, type Rule } from "./problem";

/** Metrics of the exporters that the stack itself installs. A system must declare all others. */
const WELL_KNOWN =
  /^(up|ALERTS|(kube|container|node|kubelet|kafka|strimzi|redis|pg|cnpg|dapr|probe|process|certmanager|envoy)_\w+)$/;

function exported(system: System): ReadonlySet<string> {
  const { requests, errors, latency, eventLatency, others } = system.observability.metrics;
  const histograms = [latency, ...(eventLatency === undefined ? [] : [eventLatency.metric])];
  return new Set([
    requests,
    ...(errors.kind === "counter" ? [errors.metric] : []),
    ...histograms.flatMap((name) => [`${name}_bucket`, `${name}_sum`, `${name}_count`]),
    ...others,
  ]);
}

interface Use {
  readonly path: string;
  readonly element: string;
  readonly metric: string;
}

const uses = (system: System): readonly Use[] => [
  ...system.dashboards.flatMap((dashboard) =>
    dashboard.panels.flatMap((panel) =>
      metricNames(readPromql(panel.query)).map((metric) => ({
        path: `dashboards[${dashboard.uid}].panels[${panel.title}]`,
        element: `A metric of panel "${panel.title}" on dashboard "${dashboard.uid}"`,
        metric,
      })),
    ),
  ),
  ...system.alerts.flatMap(({ name, severity, condition }) =>
    condition.kind === "gauge"
      ? [
          {
            path: `alerts[${name}/${severity}].condition`,
            element: `The metric of alert "${name}"`,
            metric: condition.metric,
          },
        ]
      : [],
  ),
  ...system.services.flatMap((service) =>
    service.scaling.triggers.flatMap((trigger) =>
      trigger.kind === "gauge"
        ? [
            {
              path: `services[${service.name}].scaling.triggers[gauge]`,
              element: `The metric that scales service "${service.name}"`,
              metric: trigger.metric,
            },
          ]
        : [],
    ),
  ),
];

const metricExported: Rule = {
  id: "metric-exported",
  check(system) {
    const known = exported(system);
    return uses(system)
      .filter(({ metric }) => !known.has(metric) && !WELL_KNOWN.test(metric))
      .map(({ path, element, metric }) =>
        report(
          path,
          element,
          quoted(metric),
          "exported by a service or by an exporter of the stack",
          "correct the name or add it to observability.metrics.others",
        ),
      );
  },
};

const panelQuery: Rule = {
  id: "panel-query",
  check: (system) =>
    system.dashboards.flatMap(({ uid, panels }) =>
      panels.flatMap(({ title, query }) =>
        readPromql(query)
          .problems.slice(0, 1)
          .map((problem) =>
            report(
              `dashboards[${uid}].panels[${title}].query`,
              `The query of panel "${title}" on dashboard "${uid}"`,
              quoted(query),
              "PromQL that Prometheus takes",
              `correct ${problem}`,
            ),
          ),
      ),
    ),
};

export const METRIC_RULES: readonly Rule[] = [metricExported, panelQuery];
