/** What AENEAS stores and publishes, and its secrets. */
import { clause } from "../clause";
import type {
  Appliance,
  Bucket,
  Cache,
  ConnectionPart,
  Database,
  EventBus,
  Secret,
} from "../model";
import { days, gib } from "../units";

const ARCHITECTURE = "System Overview / Architecture";
const SECRETS = "Security Procedures / Regular Security Tasks";

export const databases: readonly Database[] = [
  {
    ...clause(ARCHITECTURE, "AE-03", "ALL-12"),
    name: "postgresql",
    engine: "postgres",
    version: "15",
    runs: "managed",
    database: "crypto_signals",
    owner: "crypto_admin",
    highlyAvailable: true,
    readReplicas: 2,
    pooling: true,
    pointInTimeRecovery: days(30),
    extensions: ["pg_stat_statements"],
    parameters: {
      autovacuum_vacuum_scale_factor: "0.1",
      autovacuum_analyze_scale_factor: "0.05",
    },
    alias: "postgresql",
    poolerAlias: "pgbouncer",
    personalData: true,
    url: { secret: "aeneas-connections", key: "database-url" },
    ours: {
      highlyAvailable:
        "The runbook does not mention a standby; without one, a zone failure is an outage.",
      readReplicas: 'The runbook says "replicas" without a number; two is the minimum.',
      pointInTimeRecovery: "As long as the daily backups.",
      parameters:
        "The runbook alters the table signals; as server settings they apply to every table.",
      alias: "Derived from the runbook's pod postgresql-0; a managed server has no pods.",
      poolerAlias: "Derived from the runbook's pod pgbouncer-0.",
      personalData: "Personal accounts, for which the runbook checks GDPR compliance.",
    },
  },
];

export const caches: readonly Cache[] = [
  {
    ...clause(ARCHITECTURE, "AE-04", "ALL-12"),
    name: "redis",
    engine: "redis",
    version: "7.0",
    runs: "managed",
    topology: "cluster",
    use: ["cache"],
    alias: "redis-service",
  },
];

export const eventBuses: readonly EventBus[] = [
  {
    ...clause(ARCHITECTURE, "AE-04"),
    name: "kafka",
    engine: "kafka",
    version: "3.8",
    runs: "managed",
    brokers: 3,
    authentication: "scram-sha-512",
    through: "client",
    alias: "kafka",
    topics: [
      {
        ...clause("Troubleshooting / Kafka Issues", "AE-04"),
        name: "crypto-signals",
        partitions: 12,
        retention: days(7),
        replication: 3,
        minInSync: 2,
        publishers: ["aeneas-api"],
        consumers: [{ service: "aeneas-worker", group: "signal-processor" }],
        ours: {
          partitions: "The maximum number of worker pods.",
          retention: "The runbook gives no value: a week covers a long weekend.",
          replication: "One replica in each of the three zones.",
          minInSync: "With two of three replicas in sync, a zone can fail without data loss.",
          publishers: "The runbook does not name one: signals come in through the API.",
        },
      },
    ],
    ours: {
      version:
        "Support for the runbook's 3.6 has ended; 3.8 is the oldest version that AWS supports (AE-F4).",
      brokers: "One in each of three zones.",
      authentication: "The password mechanism that MSK offers.",
      alias: "Derived from the runbook's pod kafka-0.",
    },
  },
];

export const appliances: readonly Appliance[] = [
  {
    ...clause(ARCHITECTURE, "AE-04", "ALL-12"),
    name: "qdrant",
    engine: "qdrant",
    version: "1.7.0",
    storage: gib(50),
    replicas: 1,
    apiKey: { secret: "aeneas-connections", key: "qdrant-api-key" },
    ours: {
      storage:
        "The runbook gives none; volumes can be increased by configuration but never shrink.",
      replicas:
        "Clients set a collection's replication. Without it, a second pod would only split the data.",
      apiKey: "Without one, Qdrant is open to everyone on the network.",
    },
  },
];

export const buckets: readonly Bucket[] = [
  {
    ...clause("Disaster Recovery / Backup Strategy", "AE-10", "ALL-12"),
    name: "aeneas-state",
    purpose: "Application state",
    versioned: true,
    personalData: true,
    ours: {
      name: "The runbook does not name one.",
      personalData:
        "The runbook does not say what the state contains, so it is treated as personal data.",
    },
  },
];

const connection = {
  ...clause(ARCHITECTURE, "AE-03", "AE-04"),
  ours: { key: "The runbook names no secret for the connections." },
};
const derived = (key: string, from: string, part: ConnectionPart): Secret["keys"][number] => ({
  ...connection,
  key,
  source: { kind: "derived", from, part },
});

export const secrets: readonly Secret[] = [
  {
    ...clause(SECRETS, "AE-13", "ALL-07"),
    name: "aeneas-secrets",
    keys: [
      {
        ...clause(SECRETS, "AE-13"),
        key: "jwt-secret",
        // `openssl rand -hex 32` writes 64 characters.
        source: { kind: "generated", length: 64 },
      },
    ],
  },
  {
    ...clause(ARCHITECTURE, "AE-03", "AE-04", "ALL-07"),
    name: "aeneas-connections",
    keys: [
      derived("database-url", "postgresql", "url"),
      derived("redis-url", "redis", "url"),
      derived("kafka-brokers", "kafka", "brokers"),
      derived("kafka-username", "kafka", "username"),
      derived("kafka-password", "kafka", "password"),
      derived("qdrant-api-key", "qdrant", "apiKey"),
    ],
    ours: {
      name: "Separate from aeneas-secrets, so that rotating one does not restart pods that use the other.",
    },
  },
];
