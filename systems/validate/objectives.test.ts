import { minutes, percent, seconds } from "../units";
import { OBJECTIVE_RULES } from "./objectives";
import { METRIC_RULES } from "./metrics";
import { copyOf, describeRules } from "./fixtures/describe-rules";

describeRules(
  [...OBJECTIVE_RULES, ...METRIC_RULES],
  [
    {
      rule: "panel-query",
      broken: "a panel whose query is no PromQL",
      change: { "dashboards.0.panels.0.query": "rate(sales_total)" },
      path: "dashboards[shop].panels[Sales].query",
      message:
        'The query of panel "Sales" on dashboard "shop" is "rate(sales_total)", but must be PromQL that Prometheus takes: correct column 6: "rate" needs a range vector; sales_total is an instant vector; write a range after it, such as sales_total[5m].',
    },
    {
      rule: "alert-route",
      broken: "an alert without a channel",
      change: { "incidents.channels.0.severities": ["critical"] },
      path: "alerts[ErrorsHigh/warning].severity",
      message:
        'The severity of alert "ErrorsHigh" is "warning", but must be one that a channel takes, "critical": add the severity to a channel.',
    },
    {
      rule: "alert-level",
      broken: "a level of another severity",
      change: { "alerts.0.level": "A" },
      path: "alerts[ErrorsHigh/warning].level",
      message:
        'The level of warning alert "ErrorsHigh" is "A", but must be an incident level of that severity, "B": correct the level or the severity.',
    },
    {
      rule: "alert-thresholds",
      broken: "a warning beyond the critical threshold",
      change: { "alerts.0.condition": { kind: "errorRate", above: percent(8) } },
      path: "alerts[ErrorsHigh/warning].condition",
      message:
        'The warning threshold of alert "ErrorsHigh" is above 0.08, but must be reached before the critical one, which is above 0.07: swap or correct the thresholds.',
    },
    {
      rule: "alert-thresholds",
      broken: "a warning at the critical threshold",
      change: { "alerts.0.condition": { kind: "errorRate", above: percent(7) } },
      path: "alerts[ErrorsHigh/warning].condition",
      message:
        'The warning threshold of alert "ErrorsHigh" is above 0.07, but must be reached before the critical one, which is above 0.07: swap or correct the thresholds.',
    },
    {
      rule: "alert-thresholds",
      broken: "a warning below the critical threshold of a rate that must stay high",
      change: {
        "alerts.0.condition": { kind: "hitRate", below: percent(40) },
        "alerts.1.condition": { kind: "hitRate", below: percent(60) },
      },
      path: "alerts[ErrorsHigh/warning].condition",
      message:
        'The warning threshold of alert "ErrorsHigh" is below 0.4, but must be reached before the critical one, which is below 0.6: swap or correct the thresholds.',
    },
    {
      rule: "alert-thresholds",
      broken: "a warning threshold with a longer delay than the critical one",
      change: {
        "alerts.0.condition": { kind: "processingLag", above: minutes(2) },
        "alerts.1.condition": { kind: "processingLag", above: seconds(90) },
      },
      path: "alerts[ErrorsHigh/warning].condition",
      message:
        'The warning threshold of alert "ErrorsHigh" is above 2m, but must be reached before the critical one, which is above 90s: swap or correct the thresholds.',
    },
    {
      rule: "slo-coverage",
      broken: "a service without an objective",
      change: { "slos.0.services": ["store"] },
      path: "services[mailer]",
      message:
        'Service "mailer" is without an objective, but must be covered by at least one: add it to an objective\'s services.',
    },
    {
      rule: "slo-objective",
      broken: "an objective of 100%",
      change: { "slos.1.objective": percent(100) },
      path: "slos[latency].objective",
      message:
        'The objective "latency" is 1, but must be above 0 and below 1, because an objective of 1 leaves no error budget: give the share as percent(99.9).',
    },
    {
      rule: "slo-objective",
      broken: "an objective in percent",
      change: { "slos.1.objective": percent(9300) },
      path: "slos[latency].objective",
      message:
        'The objective "latency" is 93, but must be above 0 and below 1, because an objective of 1 leaves no error budget: give the share as percent(99.9).',
    },
    {
      rule: "slo-objective",
      broken: "an objective of nothing",
      change: { "slos.1.objective": percent(0) },
      path: "slos[latency].objective",
      message:
        'The objective "latency" is 0, but must be above 0 and below 1, because an objective of 1 leaves no error budget: give the share as percent(99.9).',
    },
    {
      rule: "slo-critical",
      broken: "a critical bound better than the target",
      change: { "slos.1.critical": seconds(1) },
      path: "slos[latency].critical",
      message:
        'The critical bound of objective "latency" is 1s, but must be a duration worse than its target of 2s: correct the bound or the target.',
    },
    {
      rule: "slo-critical",
      broken: "a critical error rate that is the target's",
      change: { "slos.0.critical": percent(2) },
      path: "slos[errors].critical",
      message:
        'The critical bound of objective "errors" is 0.02, but must be a ratio worse than its target of 0.02: correct the bound or the target.',
    },
    {
      rule: "slo-critical",
      broken: "a critical availability above the target",
      change: { "slos.0.indicator": { kind: "availability" }, "slos.0.critical": percent(99) },
      path: "slos[errors].critical",
      message:
        'The critical bound of objective "errors" is 0.99, but must be a ratio worse than its target of 0.98: correct the bound or the target.',
    },
    {
      rule: "slo-critical",
      broken: "a critical bound in another unit",
      change: { "slos.1.critical": percent(5) },
      path: "slos[latency].critical",
      message:
        'The critical bound of objective "latency" is 0.05, but must be a duration worse than its target of 2s: correct the bound or the target.',
    },
    {
      rule: "metric-exported",
      broken: "a panel on a metric that is not exported",
      change: { "dashboards.0.panels.0.query": "rate(sails_total[5m])" },
      path: "dashboards[shop].panels[Sales]",
      message:
        'A metric of panel "Sales" on dashboard "shop" is "sails_total", but must be exported by a service or by an exporter of the stack: correct the name or add it to observability.metrics.others.',
    },
    {
      rule: "metric-exported",
      broken: "a histogram without its suffix",
      change: { "dashboards.0.panels.0.query": "rate(http_seconds[5m])" },
      path: "dashboards[shop].panels[Sales]",
      message:
        'A metric of panel "Sales" on dashboard "shop" is "http_seconds", but must be exported by a service or by an exporter of the stack: correct the name or add it to observability.metrics.others.',
    },
    {
      rule: "metric-exported",
      broken: "an alert on a metric that is not exported",
      change: { "alerts.2.condition": { kind: "gauge", metric: "queue_length", above: 3 } },
      path: "alerts[BackupTooOld/critical].condition",
      message:
        'The metric of alert "BackupTooOld" is "queue_length", but must be exported by a service or by an exporter of the stack: correct the name or add it to observability.metrics.others.',
    },
    {
      rule: "metric-exported",
      broken: "scaling on a metric that is not exported",
      change: { "observability.metrics.others": ["sales_total"] },
      path: "services[store].scaling.triggers[gauge]",
      message:
        'The metric that scales service "store" is "baskets_open", but must be exported by a service or by an exporter of the stack: correct the name or add it to observability.metrics.others.',
    },
    {
      rule: "metric-labels",
      broken: "a panel that selects by a label that the exporter does not give",
      change: { "dashboards.0.panels.0.query": 'sum(kafka_brokers{topic="sold"})' },
      path: "dashboards[shop].panels[Sales]",
      message:
        'A label of kafka_brokers in panel "Sales" on dashboard "shop" is "topic", but must be "container", "endpoint", "instance", "job", "namespace", "node", "pod" or "service": correct the label.',
    },
    {
      rule: "service-measured",
      broken: "an objective of a service that is measured nowhere",
      change: { "services.1.metrics": "none", "slos.0.services": ["store", "mailer"] },
      path: "slos[errors].services",
      message:
        'A service of objective "errors" is "mailer", but must be one whose metrics are scraped, or whose requests pass the gateway: declare services[mailer].metrics, or route requests to it in edge.hosts.',
    },
    {
      rule: "dapr-consumer-group",
      broken: "two groups, of which Dapr can have one",
      change: {
        "eventBuses.0.topics.0.consumers": [
          { service: "mailer", group: "mailers" },
          { service: "store", group: "shop-store" },
        ],
        "services.0.dapr.appId": "shop-store",
        "services.1.dapr": { ...copyOf("services.0.dapr"), appId: "shop-mailer" },
      },
      path: "eventBuses[events].topics.consumers[mailer].group",
      message:
        'The consumer group of service "mailer" on event bus "events" is "mailers", but must be "shop-mailer", its Dapr app id: use the app id, because Dapr has one group for a component with several consumers.',
    },
  ],
);
