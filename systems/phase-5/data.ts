/** What Phase 5 Todo stores and publishes, and its secrets. */
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
import { cores, days, gib, millicores } from "../units";

const CAPACITY = "Capacity Planning / Scaling Metrics";
const DATABASE = "Common Issues & Solutions / Issue: API Returns 500 Errors";
const REMINDERS = "Common Issues & Solutions / Issue: Reminders Not Sending";
const ROTATION = "Maintenance Procedures / Secret Rotation";

export const databases: readonly Database[] = [
  {
    ...clause(DATABASE, "P5-03", "ALL-12"),
    name: "postgres",
    engine: "postgres",
    runs: "operator",
    database: "todo",
    owner: "todo",
    highlyAvailable: true,
    pooling: true,
    pointInTimeRecovery: days(7),
    extensions: ["pg_stat_statements"],
    resources: {
      ...clause(DATABASE, "P5-03"),
      requests: { cpu: millicores(500), memory: gib(1) },
      limits: { memory: gib(1) },
      stepUp: {
        requests: { cpu: cores(1), memory: gib(2) },
        limits: { cpu: cores(2), memory: gib(2) },
      },
      ours: {
        requests: "The runbook gives no value: half of the size it scales to.",
        limits: "Half of the 2Gi that the runbook scales to.",
      },
    },
    storage: gib(20),
    alias: "postgres.postgres.svc.cluster.local",
    personalData: true,
    url: { secret: "db-credentials", key: "url" },
    ours: {
      database: "The runbook does not name one.",
      owner: "The runbook's postgres is the superuser (P5-F23): named after the database.",
      highlyAvailable:
        "With the runbook's single pod every node upgrade is an outage, and the one-hour objective is not certain (P5-F6).",
      pooling: "Ten backends with 30 connections each ask for more than PostgreSQL's 100 (P5-F7).",
      pointInTimeRecovery: "A week of WAL covers a weekend.",
      storage:
        "The runbook gives none; volumes can be increased by configuration but never shrink.",
      personalData: "People's tasks and addresses.",
    },
  },
];

/** The runbook's "API Caching" keeps results inside each process; there is no Redis. */
export const caches: readonly Cache[] = [];

export const eventBuses: readonly EventBus[] = [
  {
    ...clause(CAPACITY, "P5-03"),
    name: "kafka",
    engine: "kafka",
    runs: "operator",
    brokers: 3,
    authentication: "scram-sha-512",
    through: "dapr",
    alias: "kafka",
    topics: [
      {
        ...clause(REMINDERS, "P5-03"),
        name: "reminders",
        partitions: 6,
        retention: days(7),
        replication: 3,
        minInSync: 2,
        publishers: ["backend"],
        consumers: [{ service: "notification", group: "notification" }],
        ours: {
          retention: "The runbook gives no value: a week covers a long weekend.",
          replication: "One replica on each of the three brokers.",
          minInSync: "With two of three replicas in sync, one broker can fail without data loss.",
          publishers: "The scheduler runs in the backend's pod.",
          consumers: "The group is Dapr's default, the app id.",
        },
      },
    ],
    ours: { authentication: "The stronger of the two usual ones with passwords." },
  },
];

export const appliances: readonly Appliance[] = [
  {
    ...clause("Alerting & On-Call / Common Alerts / 1. HighErrorRate (P1)", "P5-01"),
    name: "ollama",
    engine: "ollama",
    storage: gib(20),
    replicas: 1,
    ours: {
      storage: "The runbook gives no value: room for one or two models.",
      replicas: "The runbook gives no value: models are downloaded again.",
    },
  },
];

export const buckets: readonly Bucket[] = [
  {
    ...clause("Daily Operations / Weekly Review (Friday 4 PM)", "P5-06", "ALL-12"),
    name: "todo-app-backups",
    purpose: "Dumps and the write-ahead log of the database",
    versioned: true,
    personalData: true,
    ours: {
      versioned: "A backup that is overwritten or deleted by mistake can be recovered.",
      personalData: "What the database holds.",
    },
  },
];

const derived = (key: string, part: ConnectionPart, heading: string): Secret["keys"][number] => ({
  ...clause(heading, "P5-03"),
  key,
  source: { kind: "derived", from: "postgres", part },
});

export const secrets: readonly Secret[] = [
  {
    ...clause(ROTATION, "P5-03", "ALL-07"),
    name: "db-credentials",
    keys: [
      derived("username", "username", ROTATION),
      derived("password", "password", ROTATION),
      derived("host", "host", ROTATION),
      {
        ...derived("url", "url", "Alerting & On-Call / Common Alerts"),
        ours: { key: "The runbook's commands read DATABASE_URL, which its secret does not hold." },
      },
    ],
  },
  {
    ...clause(REMINDERS, "P5-01", "ALL-07"),
    name: "sendgrid-config",
    keys: [
      {
        ...clause(REMINDERS, "P5-01"),
        key: "SENDGRID_API_KEY",
        source: { kind: "given", what: "SendGrid API key that may send mail and nothing else" },
        ours: { key: "The runbook names the secret only: SendGrid's own name for it." },
      },
    ],
  },
];
