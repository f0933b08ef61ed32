import { expect, it } from "vitest";
import { aiWealth as system } from "./ai-wealth";
import { named } from "./find";
import { durationText } from "./units";

const time = (seconds: number) => ({ kind: "duration", seconds });
const share = (value: number) => ({ kind: "ratio", value });

it("AW-01: namespaces, cluster and pool", () => {
  expect(system.namespaces).toMatchObject({ prod: "ai-wealth", staging: "ai-wealth-staging" });
  expect(system.cluster.name).toBe("ai-wealth-doks");
  expect(system.cluster.pools.map(({ name, nodes }) => [name, nodes])).toEqual([
    ["default", { min: 2, max: 10 }],
  ]);
});

it("AW-02: workloads, labels, ranges and route", () => {
  expect(
    system.services.map((s) => [s.workload, s.labels, s.port, s.scaling.replicas, s.dapr?.appId]),
  ).toEqual([
    ["backend", { app: "backend" }, 8000, { min: 2, max: 10 }, "backend"],
    ["frontend", { app: "frontend" }, 3000, { min: 2, max: 5 }, "frontend"],
    ["mcp-server", { app: "mcp-server" }, 8080, { min: 2, max: 5 }, "mcp-server"],
  ]);
  expect([system.edge.route, system.edge.domain]).toEqual([
    "ai-wealth-companion",
    "ai-wealth.example.com",
  ]);
});

it("AW-03: Kafka with its topic and group", () => {
  const { runs, brokers, topics } = named(system.eventBuses, "ai-wealth-kafka");
  expect([runs, brokers]).toEqual(["operator", 3]);
  expect(
    topics.map(({ name, retention, consumers }) => [name, durationText(retention), consumers]),
  ).toEqual([["transactions", "7d", [{ service: "backend", group: "ai-wealth-consumers" }]]]);
});

it("AW-04: Redis on one node, Postgres through a secret", () => {
  expect(system.caches.map(({ topology, use }) => [topology, use])).toEqual([
    ["single", ["state", "cache"]],
  ]);
  expect(named(system.databases, "neon").url).toEqual({
    secret: "db-credentials",
    key: "DATABASE_URL",
  });
});

it("AW-05: credentials", () => {
  expect(system.secrets.map(({ name, keys }) => [name, keys.map(({ key }) => key)])).toEqual([
    ["db-credentials", ["DATABASE_URL"]],
    ["ai-credentials", ["GEMINI_API_KEY", "OPENAI_API_KEY"]],
    ["jwt-credentials", ["JWT_SECRET_KEY"]],
  ]);
});

it("AW-06: Jaeger and Loki", () => {
  expect([system.observability.traces, system.observability.logs]).toEqual(["jaeger", "loki"]);
});

it("AW-07: six objectives with their critical bounds", () => {
  expect(
    system.slos.map(({ name, indicator, objective, critical }) => [
      name,
      indicator,
      objective.value,
      critical,
    ]),
  ).toEqual([
    ["availability", { kind: "availability" }, 0.999, share(0.99)],
    ["latency", { kind: "latency", threshold: time(0.2) }, 0.95, time(0.5)],
    ["event-latency", { kind: "time", of: "eventLatency", below: time(5) }, 0.99, time(10)],
    ["errors", { kind: "errorRate" }, 0.999, share(0.01)],
    ["pod-recovery", { kind: "time", of: "podRecovery", below: time(30) }, 0.99, time(60)],
    ["rollback", { kind: "time", of: "rollback", below: time(120) }, 0.99, time(300)],
  ]);
});

it("AW-08: five alerts of the runbook, error rate from a separate counter", () => {
  expect(
    system.alerts
      .slice(0, 5)
      .map(({ name, condition, for: held, severity, action }) => [
        name,
        condition,
        durationText(held),
        severity,
        action,
      ]),
  ).toEqual([
    ["HighErrorRate", { kind: "errorRate", above: share(0.01) }, "5m", "critical", "Page on-call"],
    [
      "HighLatency",
      { kind: "latency", quantile: share(0.95), above: time(0.5) },
      "10m",
      "warning",
      "Investigate",
    ],
    [
      "PodCrashLooping",
      { kind: "restarts", above: 5, within: time(600) },
      "1m",
      "critical",
      "Check logs",
    ],
    ["KafkaDown", { kind: "notReady", of: "kafka" }, "5m", "critical", "Page on-call"],
    [
      "DiskPressure",
      { kind: "usage", of: "disk", above: share(0.85) },
      "5m",
      "warning",
      "Scale storage",
    ],
  ]);
  expect(system.observability.metrics).toMatchObject({
    requests: "http_requests_total",
    errors: { kind: "counter", metric: "http_request_errors_total" },
  });
});

it("AW-09: three dashboards under /grafana, the first with the runbook's five queries", () => {
  expect(system.dashboards.map(({ uid }) => uid)).toEqual([
    "ai-wealth-companion",
    "kafka",
    "kubernetes-pods",
  ]);
  expect(system.edge.tools?.map(({ tool, path }) => [tool, path])).toEqual([
    ["grafana", "/grafana"],
  ]);
  expect(system.dashboards[0]?.panels.map(({ query }) => query)).toEqual([
    'sum(rate(http_requests_total{namespace="{namespace}"}[5m]))',
    'sum(rate(http_request_errors_total{namespace="{namespace}"}[5m])) / sum(rate(http_requests_total{namespace="{namespace}"}[5m]))',
    'histogram_quantile(0.95, sum(rate(http_request_duration_seconds_bucket{namespace="{namespace}"}[5m])) by (le))',
    'sum(rate(events_published_total{namespace="{namespace}"}[5m]))',
    'sum(container_memory_working_set_bytes{namespace="{namespace}"}) by (pod)',
  ]);
});

it("AW-10: every service is switched by the route and watched for 15 minutes", () => {
  expect(system.services.map(({ rollout }) => rollout)).toEqual(
    Array.from({ length: 3 }, () => ({ kind: "blueGreen", by: "route", watch: time(900) })),
  );
});

it("AW-12: Sundays 02:00 to 06:00 UTC, announced 48 hours before", () => {
  const { day, start, duration, notice } = system.maintenance;
  expect([day, start, durationText(duration), notice && notice.seconds / 3600]).toEqual([
    "sunday",
    "02:00",
    "4h",
    48,
  ]);
});

it("AW-14: the namespace is back within ten minutes", () => {
  expect(system.recovery.map(({ of, rto }) => [of, durationText(rto)])).toEqual([
    ["namespace", "10m"],
    ["system", "1h"],
    ["neon", "1h"],
  ]);
});

it("AW-15: levels with response times, and the escalation path", () => {
  expect(
    system.incidents.levels.map(({ level, respond }) => [
      level,
      typeof respond === "object" ? durationText(respond) : respond,
    ]),
  ).toEqual([
    ["SEV1", "15m"],
    ["SEV2", "30m"],
    ["SEV3", "4h"],
    ["SEV4", "next business day"],
  ]);
  expect(system.incidents.escalation).toEqual([
    "On-call engineer (PagerDuty)",
    "Team lead",
    "Engineering manager",
    "CTO",
  ]);
});

it("has AW-01 to AW-15, and 21 findings", () => {
  expect(Object.keys(system.requirements ?? {})).toEqual(
    Array.from({ length: 15 }, (_, index) => `AW-${String(index + 1).padStart(2, "0")}`),
  );
  expect(system.findings.at(-1)?.id).toBe("AW-F21");
});
