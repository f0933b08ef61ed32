/** Objectives, alerts and dashboards of Todo Chatbot: the table "Key Metrics" and its queries. */
import { clause } from "../clause";
import type { Alert, Condition, Dashboard, Element, Observability, Severity, Slo } from "../model";
import { days, hours, milliseconds, minutes, percent, seconds, type Duration } from "../units";

const keyMetrics = clause("Monitoring / Key Metrics", "TC-05");

const slo = (
  name: string,
  rest: Pick<Slo, "services" | "indicator" | "objective" | "critical">,
): Slo => ({
  ...clause("Monitoring / Key Metrics", "TC-05", "ALL-09"),
  name,
  window: days(30),
  ours: {
    objective: "The runbook gives thresholds and no objectives: the objective is the warning.",
    window: "Thirty days, the usual reporting window.",
  },
  ...rest,
});

const ALL = ["backend", "frontend", "websocket", "recurring-task", "notification"] as const;

export const slos: readonly Slo[] = [
  slo("availability", {
    services: ["backend", "frontend", "websocket"],
    indicator: { kind: "availability" },
    objective: percent(99.9),
  }),
  slo("latency", {
    services: ["backend"],
    indicator: { kind: "latency", threshold: milliseconds(500) },
    objective: percent(95),
    critical: seconds(2),
  }),
  // Dapr delivers events as HTTP requests, so the error rate covers the consumers too.
  slo("errors", {
    services: ALL,
    indicator: { kind: "errorRate" },
    objective: percent(99),
    critical: percent(5),
  }),
];

/** One row of "Key Metrics": a warning and a critical alert of the same name. */
function row(
  name: string,
  text: { readonly metric: string; readonly action: string },
  thresholds: readonly [warning: Condition, critical: Condition],
  rest: { readonly for: Duration; readonly service?: string },
): readonly Alert[] {
  const severities: readonly Severity[] = ["warning", "critical"];
  return thresholds.map((condition, index) => {
    const severity = severities[index] ?? "critical";
    return {
      ...keyMetrics,
      name,
      condition,
      severity,
      level: severity === "critical" ? "Critical" : "Warning",
      summary: `${text.metric} above the ${severity} threshold`,
      action: text.action,
      ours: {
        name: "The runbook's table names the metric, not the alert.",
        for: "The runbook gives no duration: long enough to ignore a single failed scrape.",
      },
      ...rest,
    };
  });
}

const extra = (rest: Omit<Alert, keyof Element | "for">): Alert => ({
  ...clause("Maintenance Windows / Before Maintenance", "TC-08", "ALL-12"),
  for: minutes(15),
  ours: { name: "Not in the runbook's table; it answers 'Ensure recent backup exists'." },
  ...rest,
});

export const alerts: readonly Alert[] = [
  ...row(
    "PodRestartsHigh",
    { metric: "Pod restarts per hour", action: "Check logs, scale" },
    [
      { kind: "restarts", above: 3, within: hours(1) },
      { kind: "restarts", above: 10, within: hours(1) },
    ],
    { for: minutes(1) },
  ),
  ...row(
    "ApiLatencyHigh",
    { metric: "API latency p95", action: "Scale, check DB" },
    [
      { kind: "latency", quantile: percent(95), above: milliseconds(500) },
      { kind: "latency", quantile: percent(95), above: seconds(2) },
    ],
    { for: minutes(5), service: "backend" },
  ),
  ...row(
    "WebSocketConnectionsHigh",
    { metric: "WebSocket connections of a pod", action: "Scale websocket" },
    [
      { kind: "gauge", metric: "websocket_active_connections", above: 400 },
      { kind: "gauge", metric: "websocket_active_connections", above: 480 },
    ],
    { for: minutes(2), service: "websocket" },
  ),
  ...row(
    "ConsumerLagHigh",
    { metric: "Kafka consumer lag", action: "Scale consumers" },
    [
      { kind: "consumerLag", above: 100 },
      { kind: "consumerLag", above: 1000 },
    ],
    { for: minutes(5) },
  ),
  ...row(
    "ErrorRateHigh",
    { metric: "Error rate", action: "Check logs, rollback" },
    [
      { kind: "errorRate", above: percent(1) },
      { kind: "errorRate", above: percent(5) },
    ],
    { for: minutes(5) },
  ),
  extra({
    name: "BackupTooOld",
    condition: { kind: "backupAge", of: "neon", above: hours(26) },
    severity: "critical",
    level: "Critical",
    summary: "No dump of the database for more than 26 hours",
    action: "Look at the last run of the dump job, then start one by hand",
  }),
  {
    ...extra({
      name: "CertificateExpiring",
      condition: { kind: "certificateExpiry", within: days(14) },
      severity: "warning",
      level: "Warning",
      summary: "A certificate expires in less than two weeks",
      action: "Look at the certificate's events: renewal starts a month before expiry",
    }),
    ...clause("Health Checks", "ALL-06"),
    ours: { name: "Not in the runbook's table; a failed renewal must be noticed in time." },
  },
];

export const dashboards: readonly Dashboard[] = [
  {
    ...clause("Monitoring / Prometheus Queries (if configured)", "TC-05", "ALL-08"),
    uid: "todo-chatbot",
    title: "Todo Chatbot",
    ours: { uid: "The runbook gives queries without a dashboard: named after the system." },
    panels: [
      {
        title: "Request rate",
        query: 'rate(http_requests_total{namespace="{namespace}"}[5m])',
        unit: "reqps",
      },
      {
        title: "Error rate",
        query:
          'sum(rate(http_requests_total{namespace="{namespace}",status=~"5.."}[5m])) / sum(rate(http_requests_total{namespace="{namespace}"}[5m]))',
        unit: "percentunit",
      },
      {
        title: "Latency p95",
        query:
          'histogram_quantile(0.95, rate(http_request_duration_seconds_bucket{namespace="{namespace}"}[5m]))',
        unit: "s",
      },
      {
        title: "WebSocket connections",
        query: 'websocket_active_connections{namespace="{namespace}"}',
        unit: "short",
      },
    ],
  },
];

export const observability: Observability = {
  ...clause("Monitoring / Prometheus Queries (if configured)", "TC-05", "TC-07", "ALL-08"),
  metrics: {
    requests: "http_requests_total",
    errors: { kind: "matcher", matcher: 'status=~"5.."' },
    latency: "http_request_duration_seconds",
    others: ["websocket_active_connections"],
  },
  logs: "loki",
  traces: "tempo",
  ours: {
    logs: "The runbook reads pod logs only: Loki keeps them beyond a pod's life.",
    traces:
      "Dapr exports traces; the runbook names no store, and Tempo shows them in Grafana itself.",
  },
};
