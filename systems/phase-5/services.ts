/** The two services of Phase 5 Todo, and the scheduler that runs beside the backend. */
import { clause } from "../clause";
import type { EnvironmentVariable, Service } from "../model";
import { cores, gib, mib, millicores, minutes, percent } from "../units";
import { secretKey, setting, value } from "../variables";

const CAPACITY = "Capacity Planning / Scaling Metrics";
const REMINDERS = "Common Issues & Solutions / Issue: Reminders Not Sending";

const rotation = clause("Maintenance Procedures / Secret Rotation", "P5-03");
/** `kubectl set env --from=secret/…` gives each key to the pod under its name in capitals. */
const fromCredentials = (key: string): EnvironmentVariable =>
  secretKey(key.toUpperCase(), "db-credentials", key, rotation);

const pool = clause("Performance Tuning / Connection Pooling", "P5-10");

const backend: Service = {
  ...clause(CAPACITY, "P5-01", "ALL-04"),
  name: "backend",
  workload: "backend",
  container: "backend",
  purpose: "API of the todo application, with WebSocket connections",
  technology: "Python",
  labels: { app: "backend" },
  image: "todo-app-backend",
  port: 8000,
  health: { path: "/health", port: 8000 },
  metrics: { path: "/metrics", port: 8000 },
  scaling: {
    ...clause(CAPACITY, "P5-01", "P5-02"),
    replicas: { min: 3, max: 10 },
    triggers: [
      { kind: "cpu", utilization: percent(70) },
      { kind: "memory", utilization: percent(80) },
      { kind: "requestRate", perSecondPerPod: 100 },
    ],
    after: minutes(5),
  },
  resources: {
    ...clause("Common Issues & Solutions / Issue: High CPU/Memory Usage", "P5-01"),
    requests: { cpu: millicores(500), memory: mib(512) },
    limits: { cpu: millicores(2000), memory: gib(2) },
  },
  environment: [
    secretKey("DATABASE_URL", "db-credentials", "url", {
      ...clause("Alerting & On-Call / Common Alerts / 4. DatabaseConnectionFailed (P1)", "P5-03"),
      ours: { "from.key": "The runbook's commands read the variable and name no key for it." },
    }),
    fromCredentials("username"),
    fromCredentials("password"),
    fromCredentials("host"),
    setting("DATABASE_POOL_SIZE", "20", pool),
    setting("DATABASE_MAX_OVERFLOW", "10", pool),
    value("OLLAMA_URL", "http://ollama:11434", {
      ...clause("Alerting & On-Call / Common Alerts / 1. HighErrorRate (P1)", "P5-01"),
      ours: { name: "The runbook names Ollama and no variable; the port is Ollama's own." },
    }),
  ],
  dapr: {
    ...clause("Disaster Recovery / Recovery Procedures", "P5-03"),
    appId: "backend",
    invokedBy: [],
    ours: {
      appId: "The runbook gives no value: named after the deployment.",
      invokedBy: "The runbook shows events between the services and no calls.",
    },
  },
  sidecars: [
    {
      ...clause(REMINDERS, "P5-01"),
      name: "reminder-scheduler",
      purpose: "Publishes reminders when they are due",
      command: "configured",
      resources: {
        ...clause(REMINDERS, "P5-01"),
        requests: { cpu: millicores(50), memory: mib(128) },
        limits: { memory: mib(256) },
        ours: {
          requests: "The runbook gives no value: a loop that waits most of the time.",
          limits: "Twice the request.",
        },
      },
    },
  ],
  rollout: { kind: "rolling" },
  migration: {
    ...clause("Maintenance Procedures / Database Migration", "P5-01", "ALL-14"),
    command: ["python", "scripts/migrate.py"],
    verify: ["python", "scripts/verify_migration.py"],
  },
  calls: [],
  uses: ["postgres", "ollama"],
  ours: {
    image: "The runbook's YOUR_REGISTRY is a placeholder: the registry is configuration.",
    port: "The runbook gives no value: the port of the other systems' backends.",
    metrics: "The runbook's alerts read them and give no address: the usual one.",
    technology: "The runbook's snippets are Python; it names no framework.",
  },
};

const notification: Service = {
  ...clause(REMINDERS, "P5-01", "ALL-04"),
  name: "notification",
  workload: "notification",
  container: "notification",
  purpose: "Sends reminders by e-mail",
  technology: "Python",
  labels: { app: "notification" },
  port: 8000,
  health: { path: "/health", port: 8000 },
  metrics: { path: "/metrics", port: 8000 },
  scaling: {
    ...clause(CAPACITY, "P5-02"),
    replicas: { min: 2, max: 6 },
    triggers: [{ kind: "lag", topic: "reminders", group: "notification", perPod: 50 }],
    ours: {
      replicas:
        "The runbook gives no value: two survive the loss of a node; six match the topic's partitions.",
      triggers: "The runbook gives no value: reminders that wait are what makes it late.",
    },
  },
  resources: {
    ...clause(REMINDERS, "ALL-04"),
    requests: { cpu: millicores(100), memory: mib(128) },
    limits: { cpu: cores(1), memory: mib(512) },
    ours: {
      requests: "The runbook gives no value: it waits for SendGrid most of the time.",
      limits: "The runbook gives no value: enough for a burst of reminders.",
    },
  },
  environment: [
    secretKey("SENDGRID_API_KEY", "sendgrid-config", "SENDGRID_API_KEY", {
      ...clause(REMINDERS, "P5-01"),
      ours: { name: "The runbook names the secret only: SendGrid's own name for it." },
    }),
  ],
  dapr: {
    ...clause("Disaster Recovery / Recovery Procedures", "P5-03"),
    appId: "notification",
    invokedBy: [],
    ours: {
      appId: "The runbook gives no value: named after the deployment.",
      invokedBy: "The runbook shows events between the services and no calls.",
    },
  },
  rollout: { kind: "rolling" },
  calls: [],
  uses: [],
  external: [{ name: "api.sendgrid.com", port: 443 }],
  ours: {
    port: "The runbook gives no value: the backend's.",
    metrics: "The runbook gives no address: the backend's.",
    technology: "The runbook does not say: as the backend.",
  },
};

export const services: readonly Service[] = [backend, notification];
