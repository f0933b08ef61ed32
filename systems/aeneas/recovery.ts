/** Backups, objectives and the second region of AENEAS. */
import { clause } from "../clause";
import type { Backup, Failover, PolicyException, RecoveryObjective } from "../model";
import { days, hours, minutes } from "../units";

const STRATEGY = clause("Disaster Recovery / Backup Strategy", "AE-10", "ALL-12");
const COMPLETE = "Disaster Recovery / Recovery Procedures / Complete System Recovery";

export const backups: readonly Backup[] = [
  {
    ...clause("Common Operations / Database Operations / Backup", "AE-10", "ALL-12"),
    name: "postgresql-daily",
    of: "postgresql",
    method: "dump",
    every: hours(24),
    schedule: "0 2 * * *",
    retention: days(30),
    copied: true,
  },
  {
    ...clause("Common Operations / Database Operations / Restore", "AE-10", "ALL-12"),
    name: "postgresql-log",
    of: "postgresql",
    method: "wal",
    every: minutes(5),
    retention: days(30),
    copied: true,
    ours: {
      every: "The runbook restores to a point in time and gives no interval: the service's own.",
      retention: "As long as the daily backups, which a point in time starts from.",
    },
  },
  {
    ...STRATEGY,
    name: "redis-snapshots",
    of: "redis",
    method: "snapshot",
    every: hours(1),
    retention: days(7),
  },
  {
    ...STRATEGY,
    name: "application-state",
    of: "aeneas-state",
    method: "replication",
    every: minutes(15),
    retention: days(30),
    destination: "recoveryRegion",
    ours: {
      method:
        "The runbook versions the bucket. A copy in the second region survives the loss of the first.",
      every: "What the storage's replication commits to.",
      retention: "Old versions are kept as long as the database's backups.",
    },
  },
  {
    ...STRATEGY,
    name: "qdrant-snapshots",
    of: "qdrant",
    method: "snapshot",
    every: hours(24),
    retention: days(7),
    ours: {
      method: "The runbook forgets the vector store (AE-F18).",
      every: "Vectors can be recomputed from the database.",
      retention: "Same as for the cache.",
    },
  },
];

export const recovery: readonly RecoveryObjective[] = [
  {
    ...clause(COMPLETE, "ALL-13"),
    of: "system",
    procedure: "docs/recovery.md#restore-when-the-bucket-is-all-that-is-left",
    rto: hours(4),
    ours: {
      rto: "The runbook gives no value: cluster, Kafka and a database restored one after another.",
    },
  },
  {
    ...clause(COMPLETE, "AE-10", "ALL-12", "ALL-13"),
    of: "postgresql",
    procedure: "docs/recovery.md#restore-to-a-point-in-time",
    rto: hours(1),
    rpo: minutes(15),
    ours: {
      rto: "The runbook gives no value: a point-in-time restore of a database of this size.",
      rpo: "The runbook gives no value: three WAL intervals, so that one can fail.",
    },
  },
  {
    ...clause(COMPLETE, "AE-10", "ALL-13"),
    of: "redis",
    rto: hours(1),
    ours: {
      rto: "The runbook gives no value: the time to recreate the cluster. No recovery point: the cache refills itself, and hourly snapshots are not available everywhere (AE-F5).",
    },
  },
];

export const failover: Failover = {
  ...clause("Disaster Recovery / Recovery Procedures / Regional Failover", "AE-11"),
  host: "api.{domain}",
  recoveryHost: "dr.api.{domain}",
  primaryHost: "primary.api.{domain}",
  ours: {
    primaryHost: "The runbook names none: a check of the public name would follow the failover.",
  },
  path: "/api/v1/health",
};

export const exceptions: readonly PolicyException[] = [
  {
    ...clause("System Overview / Architecture", "AE-04"),
    policy: "workload-replicated",
    of: "qdrant",
    reason:
      "clients set the replication of a collection: without it, a second pod would only split the data",
    finding: "AE-F28",
  },
  {
    ...STRATEGY,
    policy: "runbook-backups",
    of: "redis",
    type: "aws:elasticache/replicationGroup:ReplicationGroup",
    reason: "ElastiCache takes one snapshot a day, and the cache refills itself",
    finding: "AE-F5",
  },
];
