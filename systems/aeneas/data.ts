/** What AENEAS stores, publishes and keeps secret. */
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
      highlyAvailable: "The runbook names no standby: without one a zone's failure is an outage.",
      readReplicas: "The runbook says replicas without a number: the least that is a plural.",
      pointInTimeRecovery: "As long as the daily backups are kept.",
      parameters:
        "The runbook alters the table signals; as settings of the server they hold for every table.",
      alias: "From the runbook's pod postgresql-0; a managed server has no pods.",
      poolerAlias: "From the runbook's pod pgbouncer-0.",
      personalData: "Accounts of people, for whose sake the runbook checks GDPR compliance.",
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
          partitions: "As many as the workers have pods at most.",
          retention: "The runbook gives none: a week outlives a long weekend.",
          replication: "One copy in each of the three zones.",
          minInSync: "With two of three copies confirmed, a zone can fail without loss.",
          publishers: "The runbook names none: signals enter by the API.",
        },
      },
    ],
    ours: {
      version: "The runbook's 3.6 ended; 3.8 is the oldest that Amazon still supports (AE-F4).",
      brokers: "One in each of three zones.",
      authentication: "What Amazon's service offers with passwords.",
      alias: "From the runbook's pod kafka-0.",
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
      storage: "The runbook gives none; volumes grow by configuration and never shrink.",
      replicas:
        "Clients decide a collection's replication: a second pod without it would only split the data.",
      apiKey: "Qdrant is open to everyone in the network without one.",
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
      name: "The runbook names none.",
      personalData: "The runbook does not say what the state holds: treated as if it did.",
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
      name: "Apart from aeneas-secrets, so that rotating one does not restart for the other.",
    },
  },
];
