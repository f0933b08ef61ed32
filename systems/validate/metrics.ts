/** Rules: panels ask in PromQL, and whatever is measured is exported by somebody. */
import { exporterOf, OF_PROMETHEUS, TARGET_LABELS } from "../../lib/exporters";
import { metricNames, readPromql, type SelectorInUse } from "../../lib/promql";
import { applicationSeries, isRouted } from "../metrics";
import type { Alert, Condition, Service, System } from "../model";
import { oneOf, quoted, report, type Report, type Rule } from "./problem";

interface Use {
  readonly path: string;
  readonly element: string;
  readonly metric: string;
}

const panels = (system: System) =>
  system.dashboards.flatMap((dashboard) =>
    dashboard.panels.map((panel) => ({
      path: `dashboards[${dashboard.uid}].panels[${panel.title}]`,
      of: `panel "${panel.title}" on dashboard "${dashboard.uid}"`,
      expression: readPromql(panel.query),
      query: panel.query,
    })),
  );

const gaugeOf = (condition: Condition): readonly string[] =>
  condition.kind === "gauge" ? [condition.metric] : [];

const uses = (system: System): readonly Use[] => [
  ...panels(system).flatMap(({ path, of, expression }) =>
    metricNames(expression).map((metric) => ({ path, element: `A metric of ${of}`, metric })),
  ),
  ...system.alerts.flatMap(({ name, severity, condition }) =>
    gaugeOf(condition).map((metric) => ({
      path: `alerts[${name}/${severity}].condition`,
      element: `The metric of alert "${name}"`,
      metric,
    })),
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
    const own = new Set(applicationSeries(system));
    return uses(system)
      .filter(
        ({ metric }) =>
          !own.has(metric) && !OF_PROMETHEUS.includes(metric) && exporterOf(metric) === undefined,
      )
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

/** A matcher on a label that the metric does not have selects nothing, so that its panel is empty. */
const metricLabels: Rule = {
  id: "metric-labels",
  check: (system) =>
    panels(system).flatMap(({ path, of, expression }) =>
      expression.selectors.flatMap((selector) => strangeLabels(selector, path, of)),
    ),
};

function strangeLabels(
  { metric = "", matchers }: SelectorInUse,
  path: string,
  of: string,
): readonly Report[] {
  const labels = exporterOf(metric)?.metrics[metric];
  if (labels === undefined) return [];
  const known = [...labels, ...TARGET_LABELS];
  return matchers
    .filter(({ label }) => !known.includes(label))
    .map(({ label }) =>
      report(
        path,
        `A label of ${metric} in ${of}`,
        quoted(label),
        oneOf(known),
        "correct the label",
      ),
    );
}

const panelQuery: Rule = {
  id: "panel-query",
  check: (system) =>
    panels(system).flatMap(({ path, of, expression, query }) =>
      expression.problems
        .slice(0, 1)
        .map((problem) =>
          report(
            `${path}.query`,
            `The query of ${of}`,
            quoted(query),
            "PromQL that Prometheus takes",
            `correct ${problem}`,
          ),
        ),
    ),
};

/** Conditions about requests: without metrics of its own, a service's are measured at the gateway. */
const ABOUT_REQUESTS: readonly Condition["kind"][] = ["errorRate", "errorsPerSecond", "latency"];

/** An alert or an objective that names a service of which nothing is measured. */
const serviceMeasured: Rule = {
  id: "service-measured",
  check: (system) =>
    system.services
      .filter(({ metrics }) => metrics === "none")
      .flatMap((service) => [
        ...system.alerts
          .filter((alert) => alert.service === service.name && !isMeasured(system, service, alert))
          .map(({ name, severity }) =>
            unmeasured(`alerts[${name}/${severity}].service`, `alert "${name}"`, service),
          ),
        ...system.slos
          .filter(({ services }) => services.includes(service.name) && !isRouted(system, service))
          .filter(({ indicator }) => indicator.kind !== "time" || indicator.of === "eventLatency")
          .map(({ name }) => unmeasured(`slos[${name}].services`, `objective "${name}"`, service)),
      ]),
};

function isMeasured(system: System, service: Service, { condition }: Alert): boolean {
  if (condition.kind === "gauge") return false;
  return !ABOUT_REQUESTS.includes(condition.kind) || isRouted(system, service);
}

const unmeasured = (path: string, what: string, { name }: Service): Report =>
  report(
    path,
    `A service of ${what}`,
    quoted(name),
    "one whose metrics are scraped, or whose requests pass the gateway",
    `declare services[${name}].metrics, or route requests to it in edge.hosts`,
  );

/**
 * Dapr has one consumer group for a component: a name that is given, or the app id of each consumer. So
 * the group of a topic, which lag, permissions and scaling are read by, must be one of the two.
 */
const consumerGroup: Rule = {
  id: "dapr-consumer-group",
  check: (system) =>
    system.eventBuses
      .filter(({ through }) => through === "dapr")
      .flatMap(({ name: bus, topics }) => {
        const appId = (name: string): string | undefined =>
          system.services.find((service) => service.name === name)?.dapr?.appId;
        const consumers = topics
          .flatMap((topic) => topic.consumers)
          .filter(({ service }) => appId(service) !== undefined);
        const groups = new Set(consumers.map(({ group }) => group));
        const strangers = consumers.filter(({ service, group }) => appId(service) !== group);
        const shared = groups.size === 1 && new Set(consumers.map((one) => one.service)).size === 1;
        return shared
          ? []
          : strangers.map(({ service, group }) =>
              report(
                `eventBuses[${bus}].topics.consumers[${service}].group`,
                `The consumer group of service "${service}" on event bus "${bus}"`,
                quoted(group),
                `${quoted(appId(service) ?? service)}, its Dapr app id`,
                "use the app id, because Dapr has one group for a component with several consumers",
              ),
            );
      }),
};

export const METRIC_RULES: readonly Rule[] = [
  metricExported,
  metricLabels,
  panelQuery,
  serviceMeasured,
  consumerGroup,
];
