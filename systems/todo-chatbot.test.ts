import { expect, it } from "vitest";
import { named } from "./find";
import { todoChatbot as system } from "./todo-chatbot";
import { durationText, quantity } from "./units";

it("TC-01: five services with port, health path, container and label", () => {
  expect(system.namespaces.prod).toBe("todo-chatbot");
  expect(
    system.services.map((s) => [s.workload, s.container, s.port, s.health, s.labels, s.endpoints]),
  ).toEqual(
    (
      [
        ["backend", 8000, undefined],
        ["frontend", 3000, undefined],
        ["websocket", 8001, ["/stats"]],
        ["recurring-task", 8002, undefined],
        ["notification", 8003, undefined],
      ] as const
    ).map(([name, port, endpoints]) => [
      `todo-chatbot-${name}`,
      name,
      port,
      { path: "/health", port },
      { "app.kubernetes.io/component": name },
      endpoints,
    ]),
  );
});

it("TC-02: Neon, a managed state store and managed Kafka", () => {
  expect(system.databases.map(({ name, runs }) => [name, runs])).toEqual([["neon", "external"]]);
  expect(system.caches.map(({ engine, runs, use }) => [engine, runs, use])).toEqual([
    ["valkey", "managed", ["state"]],
  ]);
  expect(
    system.eventBuses.map(({ runs, brokers, authentication, through }) => [
      runs,
      brokers,
      authentication,
      through,
    ]),
  ).toEqual([["managed", 3, "scram-sha-256", "dapr"]]);
});

it("TC-03: topics, publishers and subscribers", () => {
  expect(
    named(system.eventBuses, "pubsub").topics.map((topic) => [
      topic.name,
      topic.publishers,
      topic.consumers,
    ]),
  ).toEqual([
    [
      "task-events",
      ["backend"],
      [
        { service: "recurring-task", group: "recurring-task-service" },
        { service: "websocket", group: "websocket-service" },
      ],
    ],
    ["task-updates", ["backend"], [{ service: "websocket", group: "websocket-service" }]],
    ["reminders", ["backend"], [{ service: "notification", group: "notification-service" }]],
  ]);
});

it("TC-03: Dapr's default group, the app id, is the group of every topic", () => {
  const groups = Object.fromEntries(
    system.services.map(({ name, dapr }) => [name, dapr?.appId ?? ""]),
  );
  for (const topic of named(system.eventBuses, "pubsub").topics)
    expect(topic.consumers.map(({ group }) => group)).toEqual(
      topic.consumers.map(({ service }) => groups[service]),
    );
});

it("TC-04: variables by service", () => {
  const holders = (variable: string): readonly string[] =>
    system.services
      .filter(({ environment }) => environment.some(({ name }) => name === variable))
      .map(({ name }) => name);
  expect(holders("DATABASE_URL")).toEqual(["backend", "recurring-task", "notification"]);
  expect(holders("BETTER_AUTH_SECRET")).toEqual(["backend", "frontend", "websocket"]);
  expect(holders("JWT_SECRET")).toEqual(["websocket"]);
  expect(holders("DAPR_HTTP_PORT")).toEqual(system.services.map(({ name }) => name));
  expect(holders("BACKEND_URL")).toEqual(["frontend", "recurring-task", "notification"]);

  const { environment } = named(system.services, "websocket");
  const secret = {
    kind: "secret",
    secret: "todo-chatbot-secrets",
    key: "BETTER_AUTH_SECRET",
  };
  expect(named(environment, "BETTER_AUTH_SECRET").from).toEqual(secret);
  expect(named(environment, "JWT_SECRET").from).toEqual(secret);
  expect(named(environment, "DAPR_HTTP_PORT").from).toEqual({ kind: "value", value: "3500" });
});

it("TC-05: two thresholds for each key metric", () => {
  const rows = system.alerts
    .slice(0, 10)
    .map(({ name, severity, condition }) => [name, severity, condition]);
  const p95 = { kind: "ratio", value: 0.95 };
  const time = (seconds: number) => ({ kind: "duration", seconds });
  const share = (value: number) => ({ kind: "ratio", value });
  const connections = { kind: "gauge", metric: "websocket_active_connections" };
  expect(rows).toEqual([
    ["PodRestartsHigh", "warning", { kind: "restarts", above: 3, within: time(3600) }],
    ["PodRestartsHigh", "critical", { kind: "restarts", above: 10, within: time(3600) }],
    ["ApiLatencyHigh", "warning", { kind: "latency", quantile: p95, above: time(0.5) }],
    ["ApiLatencyHigh", "critical", { kind: "latency", quantile: p95, above: time(2) }],
    ["WebSocketConnectionsHigh", "warning", { ...connections, above: 400 }],
    ["WebSocketConnectionsHigh", "critical", { ...connections, above: 480 }],
    ["ConsumerLagHigh", "warning", { kind: "consumerLag", above: 100 }],
    ["ConsumerLagHigh", "critical", { kind: "consumerLag", above: 1000 }],
    ["ErrorRateHigh", "warning", { kind: "errorRate", above: share(0.01) }],
    ["ErrorRateHigh", "critical", { kind: "errorRate", above: share(0.05) }],
  ]);
  expect(system.alerts.slice(10).map(({ name }) => name)).toEqual([
    "BackupTooOld",
    "CertificateExpiring",
  ]);
});

it("TC-06: websocket scales below 400 connections, consumers below a lag of 100", () => {
  const websocket = named(system.services, "websocket");
  expect(quantity(websocket.resources.limits.memory)).toBe("512Mi");
  expect(websocket.scaling.triggers).toEqual([
    { kind: "gauge", metric: "websocket_active_connections", perPod: 320 },
  ]);
  expect(named(system.services, "recurring-task").scaling.triggers).toEqual([
    { kind: "lag", topic: "task-events", group: "recurring-task-service", perPod: 50 },
  ]);
  expect(named(system.services, "notification").scaling.triggers).toEqual([
    { kind: "lag", topic: "reminders", group: "notification-service", perPod: 50 },
  ]);
});

it("TC-07: every service has a sidecar, and traces are kept", () => {
  expect(system.services.map(({ dapr }) => dapr?.appId)).toEqual([
    "backend-service",
    "frontend-service",
    "websocket-service",
    "recurring-task-service",
    "notification-service",
  ]);
  expect(system.observability.traces).toBe("tempo");
});

it("TC-08: steps before and after maintenance", () => {
  const { maintenance } = system;
  expect(maintenance.checklist).toEqual({
    before: [
      "Notify users via status page",
      "Scale up services for buffer",
      "Ensure recent backup exists",
    ],
    after: ["Run smoke tests", "Monitor error rates for 15 minutes", "Update status page"],
  });
  expect(maintenance.watch && durationText(maintenance.watch)).toBe("15m");
  expect(named(system.backups, "neon-dump").schedule).toBe("0 1 * * *");
});

it("TC-09: critical alerts go to PagerDuty, all alerts to Slack", () => {
  expect(system.incidents.channels.map(({ kind, severities }) => [kind, severities])).toEqual([
    ["pagerduty", ["critical"]],
    ["slack", ["critical", "warning", "info"]],
  ]);
});

it("has TC-01 to TC-09, and 16 findings", () => {
  expect(Object.keys(system.requirements ?? {})).toEqual(
    Array.from({ length: 9 }, (_, index) => `TC-${String(index + 1).padStart(2, "0")}`),
  );
  expect(system.findings.at(-1)?.id).toBe("TC-F16");
});
