/** Objectives, alerts and dashboards of the AIA system: "Key Metrics to Monitor" and its queries. */
import { clause } from "../clause";
import type { Alert, Condition, Dashboard, Observability, Slo } from "../model";
import { days, hours, minutes, percent, seconds } from "../units";

const METRICS = "Monitoring & Alerting / Key Metrics to Monitor";
const SETTING_UP = "Monitoring & Alerting / Setting Up Alerts";
const ALL = ["frontend", "api"] as const;

const slo = (rest: Omit<Slo, "clause" | "window">): Slo => ({
  ...clause(METRICS, "AI-06", "ALL-09"),
  window: days(30),
  ours: {
    objective: "The runbook names what to monitor and no objective: usual ones for a web system.",
    window: "Thirty days, the usual reporting window.",
  },
  ...rest,
});

export const slos: readonly Slo[] = [
  slo({
    name: "availability",
    services: ALL,
    indicator: { kind: "availability" },
    objective: percent(99.9),
  }),
  slo({
    name: "latency",
    services: ["api"],
    indicator: { kind: "latency", threshold: seconds(1) },
    objective: percent(95),
    critical: seconds(2),
  }),
  slo({
    name: "errors",
    services: ["api"],
    indicator: { kind: "errorRate" },
    objective: percent(99),
    critical: percent(5),
  }),
];

/** An alert on what the runbook lists under "Key Metrics to Monitor", without a threshold. */
function monitored(
  name: string,
  condition: Condition,
  rest: Pick<Alert, "severity" | "for" | "summary" | "action"> & { readonly service?: string },
): Alert {
  return {
    ...clause(METRICS, "AI-06"),
    name,
    condition,
    level: rest.severity === "critical" ? "Level 3" : "Level 2",
    ...rest,
    ours: {
      name: "The runbook lists the metric, not the alert.",
      condition: "The runbook gives no threshold: a usual one, to be corrected by experience.",
      for: "The runbook gives no duration: long enough to ignore a short peak.",
      severity: "Critical where users notice it, a warning where they are about to.",
    },
  };
}

export const alerts: readonly Alert[] = [
  {
    ...clause(SETTING_UP, "AI-06"),
    name: "HighErrorRate",
    condition: { kind: "errorsPerSecond", above: 0.1 },
    for: minutes(5),
    severity: "warning",
    level: "Level 2",
    summary: "High error rate detected",
    action: "Check logs",
    ours: { level: "The runbook's alert has none: a warning is worked on by procedure, Level 2." },
  },
  monitored(
    "HighErrorRatio",
    { kind: "errorRate", above: percent(5) },
    {
      severity: "critical",
      for: minutes(5),
      summary: "More than 5% of requests fail",
      action: "Check logs, roll back",
    },
  ),
  monitored(
    "PodNotReady",
    { kind: "notReady", of: "pods" },
    {
      severity: "critical",
      for: minutes(5),
      summary: "A pod is not ready",
      action: "Check pod status, describe the pod, check its logs",
    },
  ),
  monitored(
    "HighLatency",
    { kind: "latency", quantile: percent(95), above: seconds(1) },
    {
      severity: "warning",
      for: minutes(10),
      service: "api",
      summary: "Response time p95 above 1 second",
      action: "Check processor and query performance",
    },
  ),
  monitored(
    "HighCPU",
    { kind: "usage", of: "cpu", above: percent(85) },
    {
      severity: "warning",
      for: minutes(10),
      summary: "Processor use above 85%",
      action: "Scale up if needed",
    },
  ),
  monitored(
    "HighMemory",
    { kind: "usage", of: "memory", above: percent(85) },
    {
      severity: "warning",
      for: minutes(10),
      summary: "Memory use above 85%",
      action: "Check for memory leaks in logs",
    },
  ),
  monitored(
    "DiskFilling",
    { kind: "usage", of: "disk", above: percent(85) },
    {
      severity: "warning",
      for: minutes(10),
      summary: "A disk is more than 85% full",
      action: "Check disk usage on nodes",
    },
  ),
  monitored(
    "DatabaseConnectionsHigh",
    { kind: "usage", of: "connections", above: percent(80) },
    {
      severity: "warning",
      for: minutes(5),
      summary: "More than 80% of the database's connections are in use",
      action: "Check connection pool status",
    },
  ),
  monitored(
    "LockContention",
    { kind: "lockWait", above: 5 },
    {
      severity: "warning",
      for: minutes(5),
      summary: "More than 5 sessions wait for a lock",
      action: "Check query performance",
    },
  ),
  {
    ...clause("Backup & Recovery / Database Backups", "AI-03", "ALL-12"),
    name: "BackupTooOld",
    condition: { kind: "backupAge", of: "mas-system-postgres", above: hours(26) },
    for: minutes(15),
    severity: "critical",
    level: "Level 3",
    summary: "No backup of the database for more than 26 hours",
    action: "List backups, then create one by hand",
    ours: { name: "The runbook lists backups by hand; this says when one is missing." },
  },
  {
    ...clause("Access & Authentication / Service Endpoints", "AI-05", "ALL-06"),
    name: "CertificateExpiring",
    condition: { kind: "certificateExpiry", within: days(14) },
    for: minutes(15),
    severity: "warning",
    level: "Level 2",
    summary: "A certificate expires in less than two weeks",
    action: "Look at the certificate's events: renewal starts a month before expiry",
    ours: { name: "The runbook has no TLS at all; a failed renewal must be noticed in time." },
  },
];

export const dashboards: readonly Dashboard[] = [
  {
    ...clause("Monitoring & Alerting / Prometheus Queries", "AI-06", "ALL-08"),
    uid: "aia",
    title: "013a AIA System",
    ours: { uid: "The runbook gives queries without a dashboard: named after the system." },
    panels: [
      {
        title: "Pod memory usage",
        query: 'container_memory_usage_bytes{namespace="{namespace}"}',
        unit: "bytes",
      },
      {
        title: "HTTP request rate",
        query: 'rate(http_requests_total{namespace="{namespace}"}[5m])',
        unit: "reqps",
      },
      {
        title: "Errors per second",
        query: 'rate(http_requests_total{namespace="{namespace}",status=~"5.."}[5m])',
        unit: "reqps",
      },
    ],
  },
];

export const observability: Observability = {
  ...clause("Monitoring & Alerting / Prometheus Queries", "AI-05", "AI-06", "ALL-08"),
  metrics: {
    requests: "http_requests_total",
    errors: { kind: "matcher", matcher: 'status=~"5.."' },
    latency: "http_request_duration_seconds",
    others: [],
  },
  logs: "loki",
  traces: "tempo",
  ours: {
    "metrics.latency":
      "The runbook names response times and no metric: FastAPI's exporter calls it so.",
    logs: "The runbook reads pod logs only: Loki keeps them beyond a pod's life.",
    traces: "The runbook does not name one: Tempo shows them in Grafana itself.",
  },
};
