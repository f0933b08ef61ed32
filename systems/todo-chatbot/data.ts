/** What Todo Chatbot stores, publishes and keeps secret, and how it is recovered. */
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
        "Neon keeps a history to restore from; seven days is what its paid plans offer at least.",
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
      engine: "DigitalOcean creates no Redis any more; Valkey speaks the same protocol (TC-F1).",
      topology: "A standby keeps the state through the loss of a node; the runbook names no size.",
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
      "As many as the largest number of consumer pods: a pod beyond the partitions would stay idle.",
    retention: "A week of events outlives a long weekend and can be replayed afterwards.",
    replication: "One copy on each of the three brokers.",
    minInSync:
      "With two of three copies confirmed, one broker can fail without loss or standstill.",
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
    ours: { brokers: "The smallest managed cluster, and the smallest that survives a broker." },
  },
];

export const secrets: readonly Secret[] = [
  {
    ...clause("Troubleshooting / Database Connection Issues", "TC-04", "ALL-07"),
    name: "todo-chatbot-secrets",
    ours: { keys: "The runbook names the secret only: each key is called as its variable." },
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
        ours: { source: "Only the services themselves need it, so nobody has to invent it." },
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
      every: "The write-ahead log is kept continuously; a minute is a cautious bound.",
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
      method: "A copy that does not depend on the provider's account.",
      every: "The loss of the provider itself is rare enough for a day.",
      schedule: "An hour before the maintenance window, so that a recent backup exists then.",
      retention: "A month, as the other systems keep.",
    },
  },
];

export const recovery: readonly RecoveryObjective[] = [
  {
    ...clause("Incident Response / Complete Outage", "ALL-13"),
    of: "system",
    rto: hours(2),
    ours: { rto: "The runbook gives none: a rebuild from nothing, most of it waiting for Kafka." },
  },
  {
    ...clause("Incident Response / Complete Outage", "ALL-12", "ALL-13"),
    of: "neon",
    rto: hours(1),
    rpo: minutes(15),
    ours: {
      rto: "The runbook gives none: the time to restore a small dump and to change one secret.",
      rpo: "The runbook gives none: well met by Neon's history.",
    },
  },
];
