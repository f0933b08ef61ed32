/** The API and the worker of AENEAS. */
import { clause } from "../clause";
import type { EnvironmentVariable, Resources, Service } from "../model";
import { cores, gib, millicores, minutes, percent } from "../units";
import { secretKey, setting, value } from "../variables";

const CRITICAL = "System Overview / Critical Services";
const OPTIMIZATION = "Performance Tuning / Application Optimization";

const optimization = clause(OPTIMIZATION, "AE-09");
const connection = {
  ...clause("System Overview / Architecture", "AE-03", "AE-04"),
  ours: { name: "The runbook names no variables for the connections." },
};
const connect = (name: string, key: string): EnvironmentVariable =>
  secretKey(name, "aeneas-connections", key, connection);

const environment: readonly EnvironmentVariable[] = [
  value("CACHE_ENABLED", "true", optimization),
  value("CACHE_TTL", "3600", optimization),
  value("REQUEST_BATCHING", "true", optimization),
  value("BATCH_SIZE", "100", optimization),
  value("CONNECTION_POOL_SIZE", "50", optimization),
  value("ASYNC_PROCESSING", "true", optimization),
  value("COMPRESSION_ENABLED", "true", optimization),
  setting("CIRCUIT_BREAKER_ENABLED", "false", {
    ...clause(
      "Incident Response / Incident Response Workflow / 3. Mitigation (15-30 minutes)",
      "AE-09",
    ),
    ours: { "from.default": "The runbook switches it on while an incident lasts." },
  }),
  setting("PROFILING_ENABLED", "false", {
    ...clause("Troubleshooting / Slow API Response", "AE-09"),
    ours: { "from.default": "The runbook switches it on to investigate." },
  }),
  setting("DATABASE_POOL_SIZE", "20", {
    ...clause("Troubleshooting / Database Connection Issues", "AE-09"),
    ours: {
      "from.default":
        "The runbook raises it to 50 and then to 100, so that it starts below: 20 is what Phase 5, a service of the same kind, uses.",
    },
  }),
  secretKey("JWT_SECRET", "aeneas-secrets", "jwt-secret", {
    ...clause("Security Procedures / Regular Security Tasks", "AE-13"),
    ours: { name: "The runbook names the key and not the variable." },
  }),
  connect("DATABASE_URL", "database-url"),
  connect("REDIS_URL", "redis-url"),
  connect("KAFKA_BROKERS", "kafka-brokers"),
  connect("KAFKA_USERNAME", "kafka-username"),
  connect("KAFKA_PASSWORD", "kafka-password"),
  value("QDRANT_URL", "http://qdrant:6333", connection),
  connect("QDRANT_API_KEY", "qdrant-api-key"),
];

const resources: Resources = {
  ...clause("Performance Tuning / Kubernetes Optimization", "AE-01"),
  requests: { cpu: millicores(500), memory: gib(1) },
  limits: { cpu: millicores(2000), memory: gib(2) },
};

const health = { path: "/api/v1/health", port: 8000 };
const metrics = { path: "/metrics", port: 8000 };
const instanceTypes = ["m5.xlarge", "m5.2xlarge"];
const uses = ["postgresql", "redis", "kafka", "qdrant"];

export const services: readonly Service[] = [
  {
    ...clause(CRITICAL, "AE-01", "AE-02", "ALL-04"),
    name: "aeneas-api",
    workload: "aeneas-api",
    container: "aeneas-api",
    purpose: "Main API service",
    technology: "FastAPI",
    labels: { app: "aeneas-api" },
    image: "aeneas/crypto-signals",
    port: 8000,
    health,
    metrics,
    scaling: {
      ...clause("Common Operations / Scaling / Horizontal Scaling", "AE-01"),
      replicas: { min: 3, max: 20 },
      triggers: [{ kind: "cpu", utilization: percent(70) }],
    },
    resources: {
      ...resources,
      stepUp: {
        requests: { cpu: millicores(2000), memory: gib(2) },
        limits: { cpu: cores(4), memory: gib(4) },
      },
    },
    environment,
    rollout: {
      kind: "blueGreen",
      by: "selector",
      watch: minutes(15),
      deployments: { blue: "aeneas-api", green: "aeneas-api-green" },
    },
    migration: {
      ...clause("Common Operations / Database Operations / Database Migrations", "AE-15"),
      command: ["alembic", "upgrade", "head"],
      undo: ["alembic", "downgrade", "-1"],
    },
    calls: [],
    uses,
    instanceTypes,
    ours: {
      labels: "The runbook selects by version only, which the switch adds to this label.",
      metrics: "The runbook gives no address: where FastAPI's exporter serves them.",
      "rollout.watch": "The runbook gives no value: as long as AI Wealth Companion watches.",
      "rollout.deployments":
        "Nearly all commands say deployment/aeneas-api: that is blue, and stays its name (AE-F1).",
    },
  },
  {
    ...clause(CRITICAL, "AE-01", "AE-02", "ALL-04"),
    name: "aeneas-worker",
    workload: "aeneas-worker",
    container: "aeneas-worker",
    purpose: "Signal processing workers",
    technology: "Python",
    labels: { app: "aeneas-worker" },
    image: "aeneas/crypto-signals",
    command: "configured",
    health,
    metrics,
    scaling: {
      ...clause("Monitoring & Alerts / Key Metrics", "AE-01", "AE-08"),
      replicas: { min: 2, max: 12 },
      triggers: [{ kind: "lag", topic: "crypto-signals", group: "signal-processor", perPod: 100 }],
      ours: {
        replicas:
          "The runbook gives no value: two survive the loss of a node; twelve match the topic's partitions.",
        triggers:
          "The runbook scales workers on lag without a number: one batch of 100 per worker.",
      },
    },
    resources,
    environment,
    rollout: { kind: "rolling" },
    calls: [],
    uses,
    instanceTypes,
    ours: {
      image: "The runbook names one image for the application; the worker starts it differently.",
      command: "The runbook does not say how the worker starts: each stack does.",
      health: "The runbook gives none for the worker: the API's path and port, for probes only.",
      metrics: "The runbook gives none: next to the probes. The lag of signals is measured there.",
    },
  },
];
