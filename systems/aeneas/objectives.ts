/** Objectives, alerts and dashboards of AENEAS: the table "Key Metrics". */
import { clause } from "../clause";
import type { Alert, Condition, Dashboard, Observability, Severity, Slo } from "../model";
import { days, hours, minutes, percent, seconds } from "../units";

const METRICS = "Monitoring & Alerts / Key Metrics";
const keyMetrics = clause(METRICS, "AE-08", "ALL-09");

const slo = (rest: Omit<Slo, "clause" | "window">): Slo => ({
  ...keyMetrics,
  window: days(30),
  ours: {
    objective: "The runbook gives thresholds and no objectives: the objective is the warning.",
    window: "Thirty days, the usual reporting window.",
  },
  ...rest,
});

export const slos: readonly Slo[] = [
  slo({
    name: "availability",
    services: ["aeneas-api"],
    indicator: { kind: "availability" },
    objective: percent(99.9),
  }),
  slo({
    name: "latency",
    services: ["aeneas-api"],
    indicator: { kind: "latency", threshold: seconds(1) },
    objective: percent(95),
    critical: seconds(2),
  }),
  slo({
    name: "errors",
    services: ["aeneas-api"],
    indicator: { kind: "errorRate" },
    objective: percent(99),
    critical: percent(5),
  }),
  slo({
    name: "signal-lag",
    services: ["aeneas-worker"],
    indicator: { kind: "time", of: "eventLatency", below: seconds(30) },
    objective: percent(99),
    critical: seconds(60),
  }),
];

/** One row of the table. Its two thresholds become two alerts with the same name. */
function row(
  name: string,
  metric: string,
  action: string,
  thresholds: readonly [warning: Condition, critical: Condition],
  service?: string,
): readonly Alert[] {
  const severities: readonly Severity[] = ["warning", "critical"];
  return thresholds.map((condition, index) => {
    const severity = severities[index] ?? "critical";
    return {
      ...keyMetrics,
      name,
      condition,
      for: minutes(5),
      severity,
      level: severity === "critical" ? "P2" : "P3",
      ...(service === undefined ? {} : { service }),
      summary: `${metric} beyond the ${severity} threshold`,
      action,
      ours: {
        name: "The runbook's table names the metric, not the alert.",
        for: "The runbook gives no duration: long enough to ignore a single failed scrape.",
        level: "The runbook's alerts have no level: degraded service is P2, a warning of it P3.",
      },
    };
  });
}

/** The two thresholds of a capacity share. */
const usage = (
  of: "cpu" | "memory" | "connections",
  warning: number,
  critical: number,
): readonly [Condition, Condition] => [
  { kind: "usage", of, above: percent(warning) },
  { kind: "usage", of, above: percent(critical) },
];

export const alerts: readonly Alert[] = [
  ...row("HighCPU", "CPU usage", "Scale horizontally", usage("cpu", 70, 85)),
  ...row("HighMemory", "Memory usage", "Scale vertically", usage("memory", 80, 90)),
  ...row(
    "HighResponseTime",
    "Response time (p95)",
    "Check slow queries",
    [
      { kind: "latency", quantile: percent(95), above: seconds(1) },
      { kind: "latency", quantile: percent(95), above: seconds(2) },
    ],
    "aeneas-api",
  ),
  ...row(
    "HighErrorRate",
    "Error rate",
    "Check logs, rollback",
    [
      { kind: "errorRate", above: percent(1) },
      { kind: "errorRate", above: percent(5) },
    ],
    "aeneas-api",
  ),
  ...row(
    "SignalProcessingLag",
    "Signal processing lag",
    "Scale workers",
    [
      { kind: "processingLag", above: seconds(30) },
      { kind: "processingLag", above: seconds(60) },
    ],
    "aeneas-worker",
  ),
  ...row(
    "DatabaseConnectionsHigh",
    "Database connections",
    "Increase pool size",
    usage("connections", 80, 90),
  ),
  ...row("CacheHitRateLow", "Cache hit rate", "Review caching strategy", [
    { kind: "hitRate", below: percent(70) },
    { kind: "hitRate", below: percent(50) },
  ]),
  {
    ...clause("Security Procedures / Compliance Checks", "AE-12", "ALL-06"),
    name: "CertificateExpiring",
    condition: { kind: "certificateExpiry", within: days(14) },
    for: minutes(15),
    severity: "warning",
    level: "P3",
    summary: "A certificate expires in less than two weeks",
    action: "Look at the certificate's renewal and its DNS validation",
    ours: { condition: "The checklist asks for valid certificates without a lead time." },
  },
  {
    ...clause("Disaster Recovery / Backup Strategy", "AE-10", "ALL-12"),
    name: "BackupTooOld",
    condition: { kind: "backupAge", of: "postgresql", above: hours(26) },
    for: minutes(15),
    severity: "critical",
    level: "P2",
    summary: "No daily backup of the database for more than 26 hours",
    action: "Look at the last backup, then start one by hand",
    ours: { name: "Not in the runbook's table; its recovery relies on the daily backup." },
  },
];

export const dashboards: readonly Dashboard[] = [
  {
    ...clause(METRICS, "AE-06", "AE-08", "ALL-08"),
    uid: "aeneas",
    title: "AENEAS",
    ours: { panels: "The runbook names Grafana and no dashboard: a panel for each key metric." },
    panels: [
      {
        title: "Processor use",
        query:
          'sum by (pod) (rate(container_cpu_usage_seconds_total{namespace="{namespace}",container!=""}[5m]))',
        unit: "short",
      },
      {
        title: "Memory use",
        query:
          'sum by (pod) (container_memory_working_set_bytes{namespace="{namespace}",container!=""})',
        unit: "bytes",
      },
      {
        title: "Response time p95",
        query:
          'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{namespace="{namespace}"}[5m])))',
        unit: "s",
      },
      {
        title: "Error rate",
        query:
          'sum(rate(http_requests_total{namespace="{namespace}",status=~"5.."}[5m])) / sum(rate(http_requests_total{namespace="{namespace}"}[5m]))',
        unit: "percentunit",
      },
      {
        title: "Signals waiting",
        query: 'sum by (topic) (kafka_consumergroup_lag{consumergroup="signal-processor"})',
        unit: "short",
      },
      {
        title: "Cache hit rate",
        query:
          "sum(rate(redis_keyspace_hits_total[5m])) / (sum(rate(redis_keyspace_hits_total[5m])) + sum(rate(redis_keyspace_misses_total[5m])))",
        unit: "percentunit",
      },
    ],
  },
];

export const observability: Observability = {
  ...clause("System Overview / Architecture", "AE-06", "AE-12", "ALL-08"),
  metrics: {
    requests: "http_requests_total",
    errors: { kind: "matcher", matcher: 'status=~"5.."' },
    latency: "http_request_duration_seconds",
    eventLatency: { metric: "signal_processing_lag_seconds", unit: "s" },
    others: [],
  },
  logs: "elasticsearch",
  traces: "jaeger",
  auditLogRetention: days(90),
  ours: {
    metrics: "The runbook names no metric: the usual names of FastAPI's Prometheus exporter.",
    "metrics.eventLatency":
      "The runbook gives a bound and no metric: the worker must export this histogram; alerts work without it, from lag and rate.",
  },
};
