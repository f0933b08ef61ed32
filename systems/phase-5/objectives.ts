/** Objectives, alerts and dashboards of Phase 5 Todo. */
import { clause } from "../clause";
import type { Alert, Dashboard, Observability, Slo } from "../model";
import { days, hours, minutes, percent, seconds } from "../units";

const COMMON = "Alerting & On-Call / Common Alerts";

const slo = (heading: string, rest: Omit<Slo, "clause" | "window">): Slo => ({
  ...clause(heading, "P5-05", "ALL-09"),
  window: days(30),
  ours: {
    objective: "The runbook has alerts and no objectives: well inside the alert's threshold.",
    window: "Thirty days, the usual reporting window.",
  },
  ...rest,
});

export const slos: readonly Slo[] = [
  slo(COMMON, {
    name: "availability",
    services: ["backend"],
    indicator: { kind: "availability" },
    objective: percent(99.9),
  }),
  slo(`${COMMON} / 2. HighLatency (P2)`, {
    name: "latency",
    services: ["backend"],
    indicator: { kind: "latency", threshold: seconds(3) },
    objective: percent(95),
  }),
  // Dapr delivers reminders as HTTP requests, so the error rate covers notification too.
  slo(`${COMMON} / 1. HighErrorRate (P1)`, {
    name: "errors",
    services: ["backend", "notification"],
    indicator: { kind: "errorRate" },
    objective: percent(99),
    critical: percent(5),
  }),
];

export const alerts: readonly Alert[] = [
  {
    ...clause(`${COMMON} / 1. HighErrorRate (P1)`, "P5-05"),
    name: "HighErrorRate",
    condition: { kind: "errorRate", above: percent(5) },
    for: minutes(5),
    severity: "critical",
    level: "P1",
    summary: "More than 5% of requests fail",
    action: "Identify failing component from logs",
  },
  {
    ...clause(`${COMMON} / 2. HighLatency (P2)`, "P5-05"),
    name: "HighLatency",
    condition: { kind: "latency", quantile: percent(95), above: seconds(3) },
    for: minutes(5),
    severity: "warning",
    level: "P2",
    summary: "P95 latency above 3 seconds",
    action: "Scale up pods if CPU/memory constrained",
  },
  {
    ...clause(`${COMMON} / 3. PodCrashLooping (P1)`, "P5-05"),
    name: "PodCrashLooping",
    condition: { kind: "restarts", above: 5, within: minutes(10) },
    for: minutes(1),
    severity: "critical",
    level: "P1",
    summary: "A pod restarted more than 5 times in 10 minutes",
    action: "Check logs for error messages",
    ours: { for: "The ten minutes are the window of the count: waiting longer adds nothing." },
  },
  {
    ...clause(`${COMMON} / 4. DatabaseConnectionFailed (P1)`, "P5-05"),
    name: "DatabaseConnectionFailed",
    condition: { kind: "notReady", of: "database" },
    for: minutes(1),
    severity: "critical",
    level: "P1",
    summary: "Cannot connect to the database",
    action: "Verify database pod is running",
    ours: { for: "The runbook gives no value: one minute is longer than a failover." },
  },
  {
    ...clause("Daily Operations / Morning Checklist (Daily 9 AM)", "P5-06", "ALL-12"),
    name: "BackupTooOld",
    condition: { kind: "backupAge", of: "postgres", above: hours(26) },
    for: minutes(15),
    severity: "critical",
    level: "P1",
    summary: "No dump of the database for more than 26 hours",
    action: "Look at the last run of the CronJob database-backup, then start one by hand",
    ours: {
      name: "The runbook checks backups by hand every morning; this alert also works at night.",
    },
  },
  {
    ...clause("Daily Operations / Weekly Review (Friday 4 PM)", "P5-04", "ALL-06"),
    name: "CertificateExpiring",
    condition: { kind: "certificateExpiry", within: days(14) },
    for: minutes(15),
    severity: "warning",
    level: "P3",
    summary: "A certificate expires in less than two weeks",
    action: "Look at the events of the certificate backend-api-tls",
    ours: { name: "The runbook checks expiry by hand every Friday." },
  },
];

export const dashboards: readonly Dashboard[] = [
  {
    ...clause(COMMON, "P5-05", "ALL-08"),
    uid: "phase-5",
    title: "Phase 5 Todo",
    ours: { uid: "The runbook looks at Grafana every morning and names no dashboard." },
    panels: [
      {
        title: "Errors per second",
        query: 'rate(http_requests_total{status="error"}[5m])',
        unit: "reqps",
      },
      {
        title: "P95 latency",
        query: "histogram_quantile(0.95, rate(http_request_duration_seconds_bucket[5m]))",
        unit: "s",
      },
      {
        title: "Requests per second and pod",
        query: 'sum by (pod) (rate(http_requests_total{namespace="{namespace}"}[5m]))',
        unit: "reqps",
      },
      {
        title: "Reminders waiting",
        query: 'sum by (topic) (kafka_consumergroup_lag{consumergroup="notification"})',
        unit: "short",
      },
    ],
  },
];

export const observability: Observability = {
  ...clause(`${COMMON} / 1. HighErrorRate (P1)`, "P5-05", "ALL-08"),
  metrics: {
    requests: "http_requests_total",
    errors: { kind: "matcher", matcher: 'status="error"' },
    latency: "http_request_duration_seconds",
    others: [],
  },
  logs: "loki",
  traces: "tempo",
  ours: {
    logs: "The runbook reads pod logs only: Loki keeps them beyond a pod's life.",
    traces: "The runbook names no store: Tempo shows Dapr's traces in Grafana itself.",
  },
};
