/** Objectives, alerts and a dashboard for any system that counts its HTTP requests. */
import { clause } from "../clause";
import type { Alert, Condition, Dashboard, Observability, Service, Severity, Slo } from "../model";
import { days, hours, milliseconds, minutes, percent, type Duration } from "../units";
import type { dataServices } from "./data";

/**
 * - `slos`: over 30 days 99.9 % of requests do not fail, and 95 % are answered within 500 ms.
 * - `alerts`: failed requests (1 % warns, 5 % is critical), restarts, certificates in their last two
 *   weeks; a dump older than 26 hours, a lag of Kafka's consumers.
 * - `dashboards`: rate, failures and latency of requests.
 * - `observability`: the metrics `http_requests_total` (with `status`) and the histogram
 *   `http_request_duration_seconds`, which the services export; traces in Tempo; pods' own logs.
 */
export function objectives(
  system: string,
  title: string,
  services: readonly Service[],
  { databases, eventBuses }: ReturnType<typeof dataServices>,
) {
  const names = services.map(({ name }) => name);
  return {
    slos: [
      slo("availability", names, { kind: "availability" }, 99.9),
      slo("latency", names, { kind: "latency", threshold: milliseconds(500) }, 95),
    ],
    alerts: [
      ...EVERYWHERE,
      ...(databases.length === 0 ? [] : [BACKUP_TOO_OLD]),
      ...(eventBuses.length === 0 ? [] : [LAG]),
    ],
    dashboards: [dashboard(system, title)],
    observability: OBSERVABILITY,
  };
}

const slo = (
  name: string,
  services: readonly string[],
  indicator: Slo["indicator"],
  objective: number,
): Slo => ({
  ...clause(`Objectives / ${name}`),
  name,
  services,
  indicator,
  objective: percent(objective),
  window: days(30),
});

const alert = (
  name: string,
  severity: Severity,
  condition: Condition,
  lasting: Duration,
  summary: string,
  action: string,
): Alert => ({
  ...clause(`Alerts / ${name}`),
  name,
  severity,
  condition,
  for: lasting,
  level: severity === "critical" ? "Critical" : "Warning",
  summary,
  action,
});

const errorRate = (severity: Severity, share: number): Alert =>
  alert(
    "ErrorRateHigh",
    severity,
    { kind: "errorRate", above: percent(share) },
    minutes(5),
    `More than ${String(share)} % of requests fail`,
    "Read the logs; go back to the last image if it began with a new one",
  );

const EVERYWHERE: readonly Alert[] = [
  errorRate("warning", 1),
  errorRate("critical", 5),
  alert(
    "PodRestartsHigh",
    "warning",
    { kind: "restarts", above: 3, within: hours(1) },
    minutes(1),
    "A container restarts again and again",
    "Read the log of its last run",
  ),
  alert(
    "CertificateExpiring",
    "warning",
    { kind: "certificateExpiry", within: days(14) },
    minutes(15),
    "A certificate expires in less than two weeks",
    "Look at the certificate's events: renewal starts a month before expiry",
  ),
];

const BACKUP_TOO_OLD = alert(
  "BackupTooOld",
  "critical",
  { kind: "backupAge", of: "postgres", above: hours(26) },
  minutes(15),
  "No dump of the database for more than 26 hours",
  "Look at the last run of the dump job, then start one by hand",
);

const LAG = alert(
  "ConsumerLagHigh",
  "warning",
  { kind: "consumerLag", above: 1000 },
  minutes(5),
  "More than 1000 events wait to be consumed",
  "Add replicas of the consumer",
);

const OBSERVABILITY: Observability = {
  ...clause("Observability"),
  metrics: {
    requests: "http_requests_total",
    errors: { kind: "matcher", matcher: 'status=~"5.."' },
    latency: "http_request_duration_seconds",
    others: [],
  },
  logs: "none",
  traces: "tempo",
};

const rate = (matcher = ""): string =>
  `sum(rate(http_requests_total{namespace="{namespace}"${matcher}}[5m]))`;

const dashboard = (uid: string, title: string): Dashboard => ({
  ...clause("Observability"),
  uid,
  title,
  panels: [
    { title: "Request rate", query: rate(), unit: "reqps" },
    { title: "Error rate", query: `${rate(',status=~"5.."')} / ${rate()}`, unit: "percentunit" },
    {
      title: "Latency p95",
      query:
        'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{namespace="{namespace}"}[5m])))',
      unit: "s",
    },
  ],
});
