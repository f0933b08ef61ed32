/** What AI Wealth Companion stores and publishes, its secrets, and its recovery. */
import { clause } from "../clause";
import type {
  Backup,
  Cache,
  Database,
  EventBus,
  PolicyException,
  RecoveryObjective,
  Secret,
} from "../model";
import { days, hours, minutes } from "../units";

const COMPONENTS = "Overview / System Components";
const ENVIRONMENT = "Appendix / Environment Variables";
const SECRETS = "Appendix / Secrets Management";

export const databases: readonly Database[] = [
  {
    ...clause("Architecture", "AW-04"),
    name: "neon",
    engine: "postgres",
    runs: "external",
    pointInTimeRecovery: days(7),
    personalData: true,
    url: { secret: "db-credentials", key: "DATABASE_URL" },
    ours: {
      pointInTimeRecovery:
        "Neon keeps a history to restore from. Its paid plans offer at least seven days.",
      personalData: "People's finances.",
    },
  },
];

export const caches: readonly Cache[] = [
  {
    ...clause(COMPONENTS, "AW-04"),
    name: "redis",
    engine: "redis",
    runs: "operator",
    topology: "single",
    use: ["state", "cache"],
    throughDapr: ["backend", "mcp-server"],
    ours: {
      throughDapr:
        "The runbook names the state store without its users: the services that keep state on the server.",
    },
  },
];

export const exceptions: readonly PolicyException[] = [
  {
    ...clause(COMPONENTS, "AW-04"),
    policy: "workload-replicated",
    of: "redis",
    reason: "the runbook runs Redis as one node, whose volume survives a restart",
    finding: "AW-F17",
  },
];

export const eventBuses: readonly EventBus[] = [
  {
    ...clause(COMPONENTS, "AW-03"),
    name: "ai-wealth-kafka",
    engine: "kafka",
    runs: "operator",
    brokers: 3,
    authentication: "scram-sha-512",
    through: "dapr",
    topics: [
      {
        ...clause("Recovery Procedures / Event Recovery (Kafka)", "AW-03", "AW-13"),
        name: "transactions",
        partitions: 10,
        retention: days(7),
        replication: 3,
        minInSync: 2,
        publishers: ["backend"],
        consumers: [{ service: "backend", group: "ai-wealth-consumers" }],
        ours: {
          partitions:
            "The maximum number of backend pods: pods beyond the number of partitions would be idle.",
          replication: "One replica on each of the three brokers.",
          minInSync: "With two of three replicas in sync, one broker can fail without data loss.",
          consumers:
            "The runbook names the group and not the service; the backend alone is given database and events.",
        },
      },
    ],
    ours: { authentication: "The stronger of the two that Strimzi offers with passwords." },
  },
];

export const secrets: readonly Secret[] = [
  {
    ...clause("Recovery Procedures / Database Recovery", "AW-04", "ALL-07"),
    name: "db-credentials",
    keys: [
      {
        ...clause("Recovery Procedures / Database Recovery", "AW-04"),
        key: "DATABASE_URL",
        source: {
          kind: "given",
          what: "Connection URL of the Neon database, with sslmode=require",
        },
      },
    ],
  },
  {
    ...clause(SECRETS, "AW-05", "ALL-07"),
    name: "ai-credentials",
    keys: [
      {
        ...clause(SECRETS, "AW-05"),
        key: "GEMINI_API_KEY",
        source: { kind: "given", what: "Google Gemini API key" },
      },
      {
        ...clause(SECRETS, "AW-05"),
        key: "OPENAI_API_KEY",
        source: { kind: "given", what: "OpenAI API key" },
      },
    ],
  },
  {
    ...clause(ENVIRONMENT, "AW-05", "ALL-07"),
    name: "jwt-credentials",
    keys: [
      {
        ...clause(ENVIRONMENT, "AW-05"),
        key: "JWT_SECRET_KEY",
        source: { kind: "generated", length: 64 },
        ours: { source: "Only the backend uses it, so it can be generated." },
      },
    ],
    ours: { name: "The runbook requires the variable and names no secret for it." },
  },
];

export const backups: readonly Backup[] = [
  {
    ...clause("Recovery Procedures / Database Recovery", "AW-04", "ALL-12"),
    name: "neon-history",
    of: "neon",
    method: "provider",
    every: minutes(1),
    retention: days(7),
    ours: {
      every: "Neon keeps the write-ahead log continuously; one minute is a conservative bound.",
      retention: "The same as the database's point-in-time recovery.",
    },
  },
  {
    ...clause("Maintenance Windows / Maintenance Checklist", "AW-12", "ALL-12"),
    name: "neon-dump",
    of: "neon",
    method: "dump",
    every: hours(24),
    schedule: "0 1 * * *",
    retention: days(30),
    ours: {
      every: "The runbook asks for one before maintenance: daily covers every week's window.",
      schedule: "An hour before the maintenance window.",
      retention: "A month, as in the other systems.",
    },
  },
];

export const recovery: readonly RecoveryObjective[] = [
  {
    ...clause("Failure Scenarios / Scenario 5: Full Namespace Failure", "AW-14", "ALL-13"),
    of: "namespace",
    rto: minutes(10),
  },
  {
    ...clause("Recovery Procedures / Full Cluster Recovery", "AW-14", "ALL-13"),
    of: "system",
    procedure: "docs/recovery.md#restore-when-the-bucket-is-all-that-is-left",
    rto: hours(1),
    ours: {
      rto: "The runbook gives no value: a new cluster, its platform and the three services.",
    },
  },
  {
    ...clause("Recovery Procedures / Database Recovery", "ALL-12", "ALL-13"),
    of: "neon",
    procedure: "docs/recovery.md#restore-to-a-point-in-time",
    rto: hours(1),
    rpo: minutes(15),
    ours: {
      rto: "The runbook says it depends on Neon: a branch is made in minutes, the rest is people.",
      rpo: "The runbook gives no value: well met by Neon's history.",
    },
  },
];
