import { expect, it } from "vitest";
import { aia as system } from "./aia";
import { named } from "./find";
import { durationText } from "./units";

const share = (value: number) => ({ kind: "ratio", value });
const api = named(system.services, "api");

it("AI-01: cluster, namespaces, roles, quota and both autoscalers", () => {
  expect(system.home).toMatchObject({ cloud: "gcp", region: "us-central1", project: "a-467519" });
  expect(system.cluster.name).toBe("aia-cluster");
  expect(system.namespaces).toMatchObject({
    prod: "aia-production",
    monitoring: "aia-monitoring",
  });
  expect(system.namespaces.quota?.pods).toBe(40);
  expect(system.services.map(({ scaling }) => [scaling.replicas, scaling.vertical])).toEqual([
    [{ min: 2, max: 5 }, "memory"],
    [{ min: 2, max: 5 }, "memory"],
  ]);
});

it("AI-01: only one role can read secrets, and none can do everything", () => {
  const rules = (system.access ?? []).flatMap(({ name, rules }) =>
    rules.map((rule) => ({ name, ...rule })),
  );
  expect(
    rules.filter(({ resources }) => resources.includes("secrets")).map(({ name }) => name),
  ).toEqual(["aia-secret-viewer"]);
  expect(rules.filter(({ resources, verbs }) => [...resources, ...verbs].includes("*"))).toEqual(
    [],
  );
});

it("AI-02: frontend and API, two Deployments behind one Service", () => {
  expect(system.services.map(({ container, port, calls }) => [container, port, calls])).toEqual([
    ["frontend", 3000, ["api"]],
    ["api", 8000, []],
  ]);
  expect([api.workload, api.image, api.health.path]).toEqual([
    "aia-api",
    "gcr.io/a-467519/aia-system",
    "/health",
  ]);
});

it("AI-03: Cloud SQL under its name in the cluster, and Redis", () => {
  expect(named(system.databases, "mas-system-postgres")).toMatchObject({
    runs: "managed",
    highlyAvailable: true,
    alias: "mas-system-postgres",
  });
  expect(system.caches.map(({ engine, runs }) => [engine, runs])).toEqual([["redis", "managed"]]);
});

it("AI-04: the external secret and the configuration map", () => {
  expect(named(system.secrets, "aia-secrets").keys.map(({ key, remote }) => [key, remote])).toEqual(
    [
      ["DATABASE_URL", "aia-database-url"],
      ["REDIS_URL", "aia-redis-url"],
    ],
  );
  expect(
    api.environment.flatMap(({ name, from }) => (from.kind === "setting" ? [[name, from]] : [])),
  ).toEqual([
    ["LOG_LEVEL", { kind: "setting", default: "INFO", configMap: "aia-config" }],
    ["MAINTENANCE_MODE", { kind: "setting", default: "false", configMap: "aia-config" }],
  ]);
});

it("AI-05: Grafana has its own host behind the edge's TLS", () => {
  expect(system.edge.tools?.map(({ tool, host }) => [tool, host])).toEqual([
    ["grafana", "grafana.{domain}"],
  ]);
});

it("AI-06: the runbook's absolute rule, and an additional ratio", () => {
  const rule = named(system.alerts, "HighErrorRate");
  expect([rule.condition, durationText(rule.for), rule.severity, rule.summary]).toEqual([
    { kind: "errorsPerSecond", above: 0.1 },
    "5m",
    "warning",
    "High error rate detected",
  ]);
  expect(named(system.alerts, "HighErrorRatio").condition).toEqual({
    kind: "errorRate",
    above: share(0.05),
  });
  expect(system.alerts.map(({ condition }) => condition.kind)).toEqual([
    "errorsPerSecond",
    "errorRate",
    "notReady",
    "latency",
    "usage",
    "usage",
    "usage",
    "usage",
    "lockWait",
    "backupAge",
    "certificateExpiry",
  ]);
});

it("AI-07: green may take 300 seconds to be ready", () => {
  expect(api.rollout).toMatchObject({
    kind: "blueGreen",
    by: "selector",
    readyWithin: { kind: "duration", seconds: 300 },
    deployments: { blue: "aia-api-blue", green: "aia-api-green" },
  });
});

it("AI-08: configuration and roles are backed up every day", () => {
  const backup = named(system.backups, "namespace");
  expect([backup.of, backup.method, durationText(backup.every)]).toEqual([
    "configuration",
    "manifests",
    "1d",
  ]);
});

it("AI-09: maintenance mode starts and ends a window", () => {
  expect(system.maintenance.checklist.before).toContain("Enable maintenance mode");
  expect(system.maintenance.checklist.after).toContain("Disable maintenance mode");
});

it("AI-10: the channel and four levels", () => {
  expect(system.incidents.channels.map(({ kind, to }) => [kind, to])).toEqual([
    ["slack", "#aia-production-alerts"],
    ["email", "devops@013a.tech"],
  ]);
  expect(system.incidents.levels.map(({ level }) => level)).toEqual([
    "Level 1",
    "Level 2",
    "Level 3",
    "Level 4",
  ]);
});

it("has AI-01 to AI-10, and 23 findings", () => {
  expect(Object.keys(system.requirements ?? {})).toEqual(
    Array.from({ length: 10 }, (_, index) => `AI-${String(index + 1).padStart(2, "0")}`),
  );
  expect(system.findings.at(-1)?.id).toBe("AI-F23");
});
