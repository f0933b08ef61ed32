import { expect, it } from "vitest";
import { named } from "./find";
import { phase5 as system } from "./phase-5";
import { durationText, quantity } from "./units";

const time = (seconds: number) => ({ kind: "duration", seconds });
const share = (value: number) => ({ kind: "ratio", value });
const backend = named(system.services, "backend");
const notification = named(system.services, "notification");

it("P5-01: namespace, backend with its scheduler, notification and Ollama", () => {
  expect(system.namespaces.prod).toBe("phase-5");
  expect(system.services.map(({ workload, labels }) => [workload, labels])).toEqual([
    ["backend", { app: "backend" }],
    ["notification", { app: "notification" }],
  ]);
  expect([backend.image, backend.scaling.replicas]).toEqual([
    "todo-app-backend",
    { min: 3, max: 10 },
  ]);
  expect(backend.sidecars?.map(({ name }) => name)).toEqual(["reminder-scheduler"]);
  const { requests, limits } = backend.resources;
  expect(
    [requests.cpu, requests.memory, limits.cpu, limits.memory].map(
      (size) => size && quantity(size),
    ),
  ).toEqual(["500m", "512Mi", "2", "2Gi"]);
  expect(notification.environment.map(({ from }) => from)).toEqual([
    { kind: "secret", secret: "sendgrid-config", key: "SENDGRID_API_KEY" },
  ]);
  expect(system.appliances.map(({ engine }) => engine)).toEqual(["ollama"]);
});

it("P5-02: three metrics, each after five minutes", () => {
  expect(backend.scaling.triggers).toEqual([
    { kind: "cpu", utilization: share(0.7) },
    { kind: "memory", utilization: share(0.8) },
    { kind: "requestRate", perSecondPerPod: 100 },
  ]);
  expect(backend.scaling.after).toEqual(time(300));
});

it("P5-03: database run by an operator, three brokers, six partitions", () => {
  const postgres = named(system.databases, "postgres");
  expect([postgres.runs, postgres.alias]).toEqual([
    "operator",
    "postgres.postgres.svc.cluster.local",
  ]);
  expect(postgres.resources?.stepUp && quantity(postgres.resources.stepUp.limits.memory)).toBe(
    "2Gi",
  );
  expect(named(system.secrets, "db-credentials").keys.map(({ key }) => key)).toEqual([
    "username",
    "password",
    "host",
    "url",
  ]);
  const { brokers, through, topics } = named(system.eventBuses, "kafka");
  expect([brokers, through]).toEqual([3, "dapr"]);
  expect(topics.map(({ name, partitions }) => [name, partitions])).toEqual([["reminders", 6]]);
});

it("P5-04: the WebSocket route holds for 3600 seconds, under the runbook's names", () => {
  expect([system.edge.route, system.edge.certificate.name]).toEqual([
    "websocket-ingress",
    "backend-api-tls",
  ]);
  const websockets = system.edge.hosts.flatMap(({ routes }) =>
    routes.filter(({ websocket }) => websocket === true),
  );
  expect(websockets.map(({ timeout }) => timeout)).toEqual(system.edge.hosts.map(() => time(3600)));
});

it("P5-05: four alerts", () => {
  expect(
    system.alerts
      .slice(0, 4)
      .map(({ name, condition, for: held, level }) => [name, condition, durationText(held), level]),
  ).toEqual([
    ["HighErrorRate", { kind: "errorRate", above: share(0.05) }, "5m", "P1"],
    ["HighLatency", { kind: "latency", quantile: share(0.95), above: time(3) }, "5m", "P2"],
    ["PodCrashLooping", { kind: "restarts", above: 5, within: time(600) }, "1m", "P1"],
    ["DatabaseConnectionFailed", { kind: "notReady", of: "database" }, "1m", "P1"],
  ]);
  expect(system.observability.metrics.errors).toEqual({
    kind: "matcher",
    matcher: 'status="error"',
  });
});

it("P5-06: the daily dump with its job, folder, file name and count", () => {
  expect(named(system.backups, "database-backup")).toMatchObject({
    job: "database-backup",
    schedule: "0 2 * * *",
    destination: "todo-app-backups",
    file: { prefix: "snapshots/", name: "todo-app-backup-{date}_{time}.sql.gz" },
    every: time(86_400),
    retention: time(30 * 86_400),
  });
});

it("P5-07: objectives, and a WAL archive that can meet them", () => {
  expect(
    system.recovery.map(({ of, rto, rpo }) => [of, durationText(rto), rpo && durationText(rpo)]),
  ).toEqual([
    ["backend", "15m", "5m"],
    ["postgres", "1h", "15m"],
    ["kafka", "30m", "10m"],
    ["system", "2h", undefined],
  ]);
  expect(system.backups.map(({ of, method, every }) => [of, method, durationText(every)])).toEqual([
    ["postgres", "dump", "1d"],
    ["postgres", "wal", "5m"],
    ["kafka", "replication", "5m"],
  ]);
});

it("P5-08: the backup region responds at the runbook's address", () => {
  expect(system.edge.domain).toBe("todo-app.com");
  expect(system.failover).toMatchObject({ recoveryHost: "backup.{domain}", path: "/health" });
  expect(
    system.edge.hosts.filter(({ environment }) => environment === "dr").map(({ host }) => host),
  ).toEqual(["backup.{domain}", "api.{domain}"]);
});

it("P5-09: response and escalation times, and the channel", () => {
  const text = (limit: (typeof system.incidents.levels)[number]["respond"]) =>
    typeof limit === "object" ? durationText(limit) : limit;
  expect(
    system.incidents.levels.map(({ level, respond, escalate }) => [
      level,
      text(respond),
      text(escalate),
    ]),
  ).toEqual([
    ["P1", "15m", "30m"],
    ["P2", "1h", "2h"],
    ["P3", "4h", "next business day"],
    ["P4", "7d", undefined],
  ]);
  expect(system.incidents.channels.map(({ kind, to }) => [kind, to])).toEqual([
    ["pagerduty", undefined],
    ["slack", "#todo-app-ops"],
  ]);
});

it("P5-10: the size of the connection pool", () => {
  expect(
    ["DATABASE_POOL_SIZE", "DATABASE_MAX_OVERFLOW"].map(
      (name) => named(backend.environment, name).from,
    ),
  ).toEqual([
    { kind: "setting", default: "20" },
    { kind: "setting", default: "10" },
  ]);
});

it("has P5-01 to P5-10, and 25 findings", () => {
  expect(Object.keys(system.requirements ?? {})).toEqual(
    Array.from({ length: 10 }, (_, index) => `P5-${String(index + 1).padStart(2, "0")}`),
  );
  expect(system.findings.at(-1)?.id).toBe("P5-F25");
});
