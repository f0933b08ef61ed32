/** What Todo Chatbot stores and publishes, its secrets, and its recovery. */
import { clause } from "../clause";
import type { Backup, Cache, Database, EventBus, RecoveryObjective, Secret, Topic } from "../model";
import { days, hours, minutes } from "../units";

const DEPENDENCIES = "Architecture Overview / Dependencies";

export const databases: readonly Database[] = [
  {
    ...clause(DEPENDENCIES, "TC-02"),
    name: "neon",
    engine: "postgres",
    runs: "external",
    pointInTimeRecovery: days(7),
    url: { secret: "todo-chatbot-secrets", key: "DATABASE_URL" },
    ours: {
      pointInTimeRecovery:
        "Neon keeps a history to restore from. Its paid plans offer at least seven days.",
    },
  },
];

export const caches: readonly Cache[] = [
  {
    ...clause(DEPENDENCIES, "TC-02"),
    name: "state",
    engine: "valkey",
    runs: "managed",
    topology: "replicated",
    use: ["state"],
    throughDapr: ["backend", "websocket", "recurring-task", "notification"],
    ours: {
      engine: "DigitalOcean no longer creates Redis; Valkey uses the same protocol (TC-F1).",
      topology: "A standby keeps the state if a node is lost; the runbook does not give a size.",
      throughDapr:
        "The runbook names the state store without its users: every service that handles tasks or events; the frontend keeps its state in the browser.",
    },
  },
];

const topic = (
  name: string,
  publishers: readonly string[],
  consumers: readonly string[],
): Topic => ({
  ...clause("Architecture Overview / Topics", "TC-03"),
  name,
  partitions: 6,
  retention: days(7),
  replication: 3,
  minInSync: 2,
  publishers,
  consumers: consumers.map((service) => ({ service, group: `${service}-service` })),
  ours: {
    partitions:
      "The maximum number of consumer pods: pods beyond the number of partitions would be idle.",
    retention: "A week covers a long weekend, after which events can still be replayed.",
    replication: "One replica on each of the three brokers.",
    minInSync:
      "With two of three replicas in sync, one broker can fail without data loss or downtime.",
    consumers: "Groups are Dapr's default, the app id; recurring-task-service is the runbook's.",
  },
});

export const eventBuses: readonly EventBus[] = [
  {
    ...clause(DEPENDENCIES, "TC-02", "TC-03"),
    name: "pubsub",
    engine: "kafka",
    runs: "managed",
    brokers: 3,
    authentication: "scram-sha-256",
    through: "dapr",
    topics: [
      topic("task-events", ["backend"], ["recurring-task", "websocket"]),
      topic("task-updates", ["backend"], ["websocket"]),
      topic("reminders", ["backend"], ["notification"]),
    ],
    ours: { brokers: "The smallest managed cluster that survives the loss of a broker." },
  },
];

export const secrets: readonly Secret[] = [
  {
    ...clause("Troubleshooting / Database Connection Issues", "TC-04", "ALL-07"),
    name: "todo-chatbot-secrets",
    ours: { keys: "The runbook names the secret only: each key has the name of its variable." },
    keys: [
      {
        ...clause("Appendix / Environment Variables", "TC-04"),
        key: "DATABASE_URL",
        source: {
          kind: "given",
          what: "Connection URL of the Neon database, with sslmode=require",
        },
      },
      {
        ...clause("Appendix / Environment Variables", "TC-04"),
        key: "BETTER_AUTH_SECRET",
        source: { kind: "generated", length: 64 },
        ours: { source: "Only the services use it, so it can be generated." },
      },
    ],
  },
];

const BACKUP_EXISTS = "Maintenance Windows / Before Maintenance";

export const backups: readonly Backup[] = [
  {
    ...clause(BACKUP_EXISTS, "TC-08", "ALL-12"),
    name: "neon-history",
    of: "neon",
    method: "provider",
    every: minutes(1),
    retention: days(7),
    ours: {
      method: "Neon's point-in-time restore, which comes with the service.",
      every: "The write-ahead log is kept continuously; one minute is a conservative bound.",
      retention: "The same as the database's point-in-time recovery.",
    },
  },
  {
    ...clause(BACKUP_EXISTS, "TC-08", "ALL-12"),
    name: "neon-dump",
    of: "neon",
    method: "dump",
    every: hours(24),
    schedule: "0 1 * * *",
    retention: days(30),
    ours: {
      method: "A copy that is independent of the provider's account.",
      every: "Loss of the provider is rare enough to accept a gap of one day.",
      schedule: "An hour before the maintenance window, so that there is a recent backup.",
      retention: "A month, as in the other systems.",
    },
  },
];

export const recovery: readonly RecoveryObjective[] = [
  {
    ...clause("Incident Response / Complete Outage", "ALL-13"),
    of: "system",
    procedure: "docs/recovery.md#restore-when-the-bucket-is-all-that-is-left",
    rto: hours(2),
    ours: {
      rto: "The runbook gives no value: a rebuild from nothing, most of it waiting for Kafka.",
    },
  },
  {
    ...clause("Incident Response / Complete Outage", "ALL-12", "ALL-13"),
    of: "neon",
    procedure: "docs/recovery.md#restore-to-a-point-in-time",
    rto: hours(1),
    rpo: minutes(15),
    ours: {
      rto: "The runbook gives no value: the time to restore a small dump and to change one secret.",
      rpo: "The runbook gives no value: well met by Neon's history.",
    },
  },
];
