import { expect, it } from "vitest";
import { aeneas as system } from "./aeneas";
import { named } from "./find";
import { durationText, quantity } from "./units";

const time = (seconds: number) => ({ kind: "duration", seconds });
const share = (value: number) => ({ kind: "ratio", value });
const api = named(system.services, "aeneas-api");
const worker = named(system.services, "aeneas-worker");

it("AE-01: API and worker, their sizes and ranges", () => {
  expect(system.namespaces.prod).toBe("aeneas");
  expect([api.workload, api.container, api.image, api.port, api.health.path]).toEqual([
    "aeneas-api",
    "aeneas-api",
    "aeneas/crypto-signals",
    8000,
    "/api/v1/health",
  ]);
  expect([api.scaling.replicas, api.scaling.triggers]).toEqual([
    { min: 3, max: 20 },
    [{ kind: "cpu", utilization: share(0.7) }],
  ]);
  const { requests, limits, stepUp } = api.resources;
  expect(
    [requests, limits, stepUp?.requests, stepUp?.limits].map((size) => [
      size?.cpu && quantity(size.cpu),
      size && quantity(size.memory),
    ]),
  ).toEqual([
    ["500m", "1Gi"],
    ["2", "2Gi"],
    ["2", "2Gi"],
    ["4", "4Gi"],
  ]);
  expect(worker.scaling.triggers).toEqual([
    { kind: "lag", topic: "crypto-signals", group: "signal-processor", perPod: 100 },
  ]);
});

it("AE-02: required instance types of pods and nodes", () => {
  const types = ["m5.xlarge", "m5.2xlarge"];
  expect(system.services.map(({ instanceTypes }) => instanceTypes)).toEqual([types, types]);
  expect(system.cluster.pools.flatMap(({ instanceTypes }) => instanceTypes)).toEqual(types);
});

it("AE-03: PostgreSQL 15 with replicas, pooling and tuning", () => {
  expect(named(system.databases, "postgresql")).toMatchObject({
    version: "15",
    runs: "managed",
    database: "crypto_signals",
    owner: "crypto_admin",
    readReplicas: 2,
    pooling: true,
    extensions: ["pg_stat_statements"],
    parameters: {
      autovacuum_vacuum_scale_factor: "0.1",
      autovacuum_analyze_scale_factor: "0.05",
    },
  });
});

it("AE-04: Redis cluster, Kafka and Qdrant under the runbook's names", () => {
  expect(system.caches.map(({ version, topology, alias }) => [version, topology, alias])).toEqual([
    ["7.0", "cluster", "redis-service"],
  ]);
  expect(system.eventBuses.map(({ version, alias }) => [version, alias])).toEqual([
    ["3.8", "kafka"],
  ]);
  expect(
    named(system.eventBuses, "kafka").topics.map(({ name, consumers }) => [name, consumers]),
  ).toEqual([["crypto-signals", [{ service: "aeneas-worker", group: "signal-processor" }]]]);
  expect(
    system.appliances.map(({ engine, version, apiKey }) => [engine, version, apiKey?.key]),
  ).toEqual([["qdrant", "1.7.0", "qdrant-api-key"]]);
});

it("AE-05: hosts of each environment, and of the tools", () => {
  expect(system.edge.domain).toBe("aeneas.io");
  expect(
    system.edge.hosts.map(({ host, environment, preview }) => [host, environment, preview]),
  ).toEqual([
    ["api.{domain}", "prod", undefined],
    ["primary.api.{domain}", "prod", undefined],
    ["green.api.{domain}", "prod", true],
    ["staging-api.{domain}", "staging", undefined],
    ["dr.api.{domain}", "dr", undefined],
    ["api.{domain}", "dr", undefined],
  ]);
  expect(system.edge.tools?.map(({ host }) => host)).toEqual([
    "grafana.{domain}",
    "kibana.{domain}",
    "jaeger.{domain}",
  ]);
});

it("AE-06: Elasticsearch, Jaeger and 90 days of audit logs", () => {
  const { logs, traces, auditLogRetention } = system.observability;
  expect([logs, traces, auditLogRetention && durationText(auditLogRetention)]).toEqual([
    "elasticsearch",
    "jaeger",
    "90d",
  ]);
});

it("AE-07: the API is switched by its selector", () => {
  expect(api.rollout).toMatchObject({
    kind: "blueGreen",
    by: "selector",
    deployments: { blue: "aeneas-api", green: "aeneas-api-green" },
  });
});

it("AE-08: fourteen alerts on seven metrics", () => {
  const usage = (of: string, value: number) => ({ kind: "usage", of, above: share(value) });
  const p95 = (seconds: number) => ({
    kind: "latency",
    quantile: share(0.95),
    above: time(seconds),
  });
  expect(
    system.alerts.slice(0, 14).map(({ name, severity, condition }) => [name, severity, condition]),
  ).toEqual(
    [
      ["HighCPU", usage("cpu", 0.7), usage("cpu", 0.85)],
      ["HighMemory", usage("memory", 0.8), usage("memory", 0.9)],
      ["HighResponseTime", p95(1), p95(2)],
      [
        "HighErrorRate",
        { kind: "errorRate", above: share(0.01) },
        { kind: "errorRate", above: share(0.05) },
      ],
      [
        "SignalProcessingLag",
        { kind: "processingLag", above: time(30) },
        { kind: "processingLag", above: time(60) },
      ],
      ["DatabaseConnectionsHigh", usage("connections", 0.8), usage("connections", 0.9)],
      [
        "CacheHitRateLow",
        { kind: "hitRate", below: share(0.7) },
        { kind: "hitRate", below: share(0.5) },
      ],
    ].flatMap(([name, warning, critical]) => [
      [name, "warning", warning],
      [name, "critical", critical],
    ]),
  );
});

it("AE-09: environment, and its configurable parts", () => {
  const fixed = api.environment.flatMap(({ name, from }) =>
    from.kind === "value" && name !== "QDRANT_URL" ? [[name, from.value]] : [],
  );
  expect(fixed).toEqual([
    ["CACHE_ENABLED", "true"],
    ["CACHE_TTL", "3600"],
    ["REQUEST_BATCHING", "true"],
    ["BATCH_SIZE", "100"],
    ["CONNECTION_POOL_SIZE", "50"],
    ["ASYNC_PROCESSING", "true"],
    ["COMPRESSION_ENABLED", "true"],
  ]);
  expect(
    api.environment.flatMap(({ name, from }) =>
      from.kind === "setting" ? [[name, from.default]] : [],
    ),
  ).toEqual([
    ["CIRCUIT_BREAKER_ENABLED", "false"],
    ["PROFILING_ENABLED", "false"],
    ["DATABASE_POOL_SIZE", "20"],
  ]);
});

it("AE-10: backups with schedule and retention", () => {
  expect(
    system.backups.map(({ name, every, schedule, retention }) => [
      name,
      durationText(every),
      schedule,
      durationText(retention),
    ]),
  ).toEqual([
    ["postgresql-daily", "1d", "0 2 * * *", "30d"],
    ["postgresql-log", "5m", undefined, "30d"],
    ["redis-snapshots", "1h", undefined, "7d"],
    ["application-state", "15m", undefined, "30d"],
    ["qdrant-snapshots", "1d", undefined, "7d"],
  ]);
  expect(system.buckets?.map(({ versioned }) => versioned)).toEqual([true]);
});

it("AE-11: the second region and its failover", () => {
  expect(system.home.recoveryRegion).toBe("us-west-2");
  expect(system.failover).toMatchObject({
    host: "api.{domain}",
    recoveryHost: "dr.api.{domain}",
    path: "/api/v1/health",
  });
});

it("AE-12: authentication everywhere except on the health path", () => {
  expect(system.edge.authentication).toMatchObject({ kind: "jwt", exempt: ["/api/v1/health"] });
});

it("AE-13: the secret of the tokens is generated, 64 characters as openssl rand -hex 32", () => {
  expect(
    named(system.secrets, "aeneas-secrets").keys.map(({ key, source }) => [key, source]),
  ).toEqual([["jwt-secret", { kind: "generated", length: 64 }]]);
});

it("AE-14: four levels", () => {
  expect(system.incidents.levels.map(({ level, severity }) => [level, severity])).toEqual([
    ["P1", "critical"],
    ["P2", "critical"],
    ["P3", "warning"],
    ["P4", "info"],
  ]);
});

it("AE-15: the migration and its rollback", () => {
  expect([api.migration?.command, api.migration?.undo]).toEqual([
    ["alembic", "upgrade", "head"],
    ["alembic", "downgrade", "-1"],
  ]);
  expect(worker.migration).toBeUndefined();
});

it("has AE-01 to AE-15, and 28 findings", () => {
  expect(Object.keys(system.requirements ?? {})).toEqual(
    Array.from({ length: 15 }, (_, index) => `AE-${String(index + 1).padStart(2, "0")}`),
  );
  expect(system.findings.at(-1)?.id).toBe("AE-F28");
});
