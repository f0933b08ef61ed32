/** What the AIA system stores, its secrets, and its recovery. */
import { clause } from "../clause";
import type { Backup, Cache, Database, PolicyException, RecoveryObjective, Secret } from "../model";
import { days, hours, minutes } from "../units";

const OVERVIEW = "System Architecture / Component Overview";
const SECRETS = "Access & Authentication / Secret Management";
const DATABASE_BACKUPS = "Backup & Recovery / Database Backups";
const CONFIGURATION_BACKUPS = "Backup & Recovery / Configuration Backups";

export const databases: readonly Database[] = [
  {
    ...clause(DATABASE_BACKUPS, "AI-03", "ALL-12"),
    name: "mas-system-postgres",
    engine: "postgres",
    runs: "managed",
    database: "aia",
    highlyAvailable: true,
    pooling: false,
    pointInTimeRecovery: days(7),
    alias: "mas-system-postgres",
    personalData: true,
    url: { secret: "aia-secrets", key: "DATABASE_URL" },
    ours: {
      database: "The runbook names the instance only.",
      pooling: "Ten pods at most, each with a pool of its own.",
      pointInTimeRecovery: "What the service offers without its costlier edition.",
      personalData:
        "The runbook does not say what the database contains, so it is treated as personal data.",
    },
  },
];

export const caches: readonly Cache[] = [
  {
    ...clause(OVERVIEW, "AI-03"),
    name: "redis",
    engine: "redis",
    runs: "managed",
    topology: "replicated",
    use: ["cache"],
    ours: { topology: "The runbook does not say: a replica in another zone takes over." },
  },
];

export const secrets: readonly Secret[] = [
  {
    ...clause("Troubleshooting / Common Issues / 5. Secret Management Issues", "AI-04", "ALL-07"),
    name: "aia-secrets",
    ours: { keys: "The runbook names the secret only: each key has the name of its variable." },
    keys: [
      {
        ...clause(SECRETS, "AI-04"),
        key: "DATABASE_URL",
        remote: "aia-database-url",
        source: { kind: "derived", from: "mas-system-postgres", part: "url" },
      },
      {
        ...clause(SECRETS, "AI-04"),
        key: "REDIS_URL",
        remote: "aia-redis-url",
        source: { kind: "derived", from: "redis", part: "url" },
        ours: { remote: "The runbook does not name one: after aia-database-url." },
      },
    ],
  },
];

export const backups: readonly Backup[] = [
  {
    ...clause(DATABASE_BACKUPS, "AI-03", "ALL-12"),
    name: "database-daily",
    of: "mas-system-postgres",
    method: "provider",
    every: hours(24),
    retention: days(30),
    ours: {
      every: "The runbook only makes backups by hand: the service's own, every day.",
      retention: "A month, as in the other systems.",
    },
  },
  {
    ...clause(DATABASE_BACKUPS, "AI-03", "ALL-12"),
    name: "database-dump",
    of: "mas-system-postgres",
    method: "dump",
    every: hours(24),
    schedule: "0 2 * * *",
    retention: days(30),
    ours: {
      method: "The service's own backups are gone with the instance.",
      every: "Same as the service's own backups.",
      schedule: "The hour of the other systems' backups.",
      retention: "A month, as in the other systems.",
    },
  },
  {
    ...clause(DATABASE_BACKUPS, "AI-03", "ALL-12"),
    name: "database-log",
    of: "mas-system-postgres",
    method: "wal",
    every: minutes(5),
    retention: days(7),
    ours: {
      every: "The service ships its log continuously; five minutes is a conservative bound.",
      retention: "Same as the database's point-in-time recovery.",
    },
  },
  {
    ...clause(CONFIGURATION_BACKUPS, "AI-08", "ALL-12"),
    name: "namespace",
    of: "configuration",
    method: "manifests",
    every: hours(24),
    schedule: "30 2 * * *",
    retention: days(30),
    ours: {
      every: "The runbook makes them by hand, one file a day.",
      schedule: "After the database's, so that both are of one night.",
      retention: "A month, like the database's.",
    },
  },
];

export const exceptions: readonly PolicyException[] = [
  {
    ...clause(CONFIGURATION_BACKUPS, "AI-08"),
    policy: "runbook-backups",
    of: "configuration",
    reason: "this program creates every object of the namespace, so its repository is the backup",
    finding: "AI-F11",
  },
];

export const recovery: readonly RecoveryObjective[] = [
  {
    ...clause("Emergency Procedures / System Down", "ALL-13"),
    of: "system",
    procedure: "docs/recovery.md#restore-when-the-bucket-is-all-that-is-left",
    rto: hours(2),
    ours: {
      rto: "The runbook gives no value: a regional cluster and a database, one after the other.",
    },
  },
  {
    ...clause("Backup & Recovery / Disaster Recovery", "AI-08", "ALL-13"),
    of: "namespace",
    rto: minutes(30),
    ours: { rto: "The runbook gives no value: two services and their certificate." },
  },
  {
    ...clause("Emergency Procedures / Database Emergency", "AI-03", "ALL-12", "ALL-13"),
    of: "mas-system-postgres",
    procedure: "docs/recovery.md#restore-to-a-point-in-time",
    rto: hours(1),
    rpo: minutes(15),
    ours: {
      rto: "The runbook gives no value: a point-in-time restore of a database of this size.",
      rpo: "The runbook gives no value: three WAL intervals.",
    },
  },
  {
    ...clause(CONFIGURATION_BACKUPS, "AI-08", "ALL-13"),
    of: "configuration",
    rto: minutes(30),
    rpo: hours(24),
    ours: {
      rto: "The runbook gives no value: as the namespace it belongs to.",
      rpo: "One file a day, as the runbook names them.",
    },
  },
];
