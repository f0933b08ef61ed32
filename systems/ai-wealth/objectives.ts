/** Objectives, alerts and measurements of AI Wealth Companion. */
import { clause } from "../clause";
import type { Alert, Element, Observability, Slo } from "../model";
import { days, hours, milliseconds, minutes, percent, seconds } from "../units";

const ALL = ["backend", "frontend", "mcp-server"] as const;

const slo = (
  name: string,
  rest: Pick<Slo, "services" | "indicator" | "objective" | "critical">,
  ours: Readonly<Record<string, string>> = {},
): Slo => ({
  ...clause("Overview / SLOs (Service Level Objectives)", "AW-07", "ALL-09"),
  name,
  window: days(30),
  ours: {
    window: "The runbook gives no value: thirty days is the usual reporting window.",
    ...ours,
  },
  ...rest,
});

const times = {
  objective: "The runbook gives a bound without a share: 99% of the measurements stay below it.",
};

export const slos: readonly Slo[] = [
  slo("availability", {
    services: ALL,
    indicator: { kind: "availability" },
    objective: percent(99.9),
    critical: percent(99),
  }),
  slo("latency", {
    services: ["backend"],
    indicator: { kind: "latency", threshold: milliseconds(200) },
    // A p95 below 200 ms is a share of 95% answered within 200 ms.
    objective: percent(95),
    critical: milliseconds(500),
  }),
  slo(
    "event-latency",
    {
      services: ["backend"],
      indicator: { kind: "time", of: "eventLatency", below: seconds(5) },
      objective: percent(99),
      critical: seconds(10),
    },
    times,
  ),
  slo("errors", {
    services: ALL,
    indicator: { kind: "errorRate" },
    // An error rate below 0.1% is a success rate of 99.9%.
    objective: percent(99.9),
    critical: percent(1),
  }),
  slo(
    "pod-recovery",
    {
      services: ALL,
      indicator: { kind: "time", of: "podRecovery", below: seconds(30) },
      objective: percent(99),
      critical: seconds(60),
    },
    times,
  ),
  slo(
    "rollback",
    {
      services: ALL,
      indicator: { kind: "time", of: "rollback", below: minutes(2) },
      objective: percent(99),
      critical: minutes(5),
    },
    times,
  ),
];

const RULES = "Monitoring & Alerting / Alert Rules";
const rules = clause(RULES, "AW-08", "ALL-09");
const level = "The runbook's alerts carry a severity and no level.";

const ownAlert = (why: string): Element => ({
  ...clause("Maintenance Windows / Maintenance Checklist", "AW-12", "ALL-12"),
  ours: { name: why },
});

export const alerts: readonly Alert[] = [
  {
    ...rules,
    name: "HighErrorRate",
    condition: { kind: "errorRate", above: percent(1) },
    for: minutes(5),
    severity: "critical",
    level: "SEV2",
    summary: "More than 1% of requests fail",
    action: "Page on-call",
    ours: { level: `${level} A high error rate is the table's example of SEV2.` },
  },
  {
    ...rules,
    name: "HighLatency",
    condition: { kind: "latency", quantile: percent(95), above: milliseconds(500) },
    for: minutes(10),
    severity: "warning",
    level: "SEV3",
    summary: "API latency p95 above 500 ms",
    action: "Investigate",
    ours: { level: `${level} A warning answers within hours, as SEV3 does (AW-F3).` },
  },
  {
    ...rules,
    name: "PodCrashLooping",
    condition: { kind: "restarts", above: 5, within: minutes(10) },
    for: minutes(1),
    severity: "critical",
    level: "SEV2",
    summary: "A pod restarted more than 5 times in 10 minutes",
    action: "Check logs",
    ours: {
      for: "The ten minutes are the window of the count: waiting longer adds nothing.",
      level: `${level} A critical alert pages, as SEV2 does (AW-F4).`,
    },
  },
  {
    ...rules,
    name: "KafkaDown",
    condition: { kind: "notReady", of: "kafka" },
    for: minutes(5),
    severity: "critical",
    level: "SEV2",
    summary: "The Kafka resource is not Ready",
    action: "Page on-call",
    ours: {
      for: "The runbook gives no value: Strimzi recovers a broker by itself within 2 to 5 minutes.",
      level: `${level} Without events the system is degraded, not down.`,
    },
  },
  {
    ...rules,
    name: "DiskPressure",
    condition: { kind: "usage", of: "disk", above: percent(85) },
    for: minutes(5),
    severity: "warning",
    level: "SEV3",
    summary: "A disk is more than 85% full",
    action: "Scale storage",
    ours: {
      for: "The runbook gives no value: short enough to act before the disk is full.",
      level,
    },
  },
  {
    ...ownAlert("Not in the runbook's table; its checklist relies on a backup."),
    name: "BackupTooOld",
    condition: { kind: "backupAge", of: "neon", above: hours(26) },
    for: minutes(15),
    severity: "critical",
    level: "SEV2",
    summary: "No dump of the database for more than 26 hours",
    action: "Look at the last run of the dump job, then start one by hand",
  },
  {
    ...ownAlert("Not in the runbook's table; a failed renewal must be noticed in time."),
    ...clause("Architecture", "ALL-06"),
    name: "CertificateExpiring",
    condition: { kind: "certificateExpiry", within: days(14) },
    for: minutes(15),
    severity: "warning",
    level: "SEV3",
    summary: "A certificate expires in less than two weeks",
    action: "Look at the certificate's events: renewal starts a month before expiry",
  },
];

export const observability: Observability = {
  ...clause("Monitoring & Alerting / Key Metrics", "AW-06", "AW-08", "ALL-08"),
  metrics: {
    requests: "http_requests_total",
    errors: { kind: "counter", metric: "http_request_errors_total" },
    latency: "http_request_duration_seconds",
    eventLatency: { metric: "dapr_component_pubsub_ingress_latencies", unit: "ms" },
    others: ["events_published_total"],
  },
  logs: "loki",
  traces: "jaeger",
  ours: {
    "metrics.eventLatency":
      "The runbook sets a target and names no metric: Dapr measures every delivery without a change to the services.",
  },
};
