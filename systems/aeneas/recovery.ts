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
      method: "The runbook versions the bucket; a copy in the second region survives the first.",
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
      every: "Vectors can be computed again from the database.",
      retention: "As the cache's.",
    },
  },
];

export const recovery: readonly RecoveryObjective[] = [
  {
    ...clause(COMPLETE, "ALL-13"),
    of: "system",
    rto: hours(4),
    ours: {
      rto: "The runbook gives none: cluster, Kafka and a database restored one after another.",
    },
  },
  {
    ...clause(COMPLETE, "AE-10", "ALL-12", "ALL-13"),
    of: "postgresql",
    rto: hours(1),
    rpo: minutes(15),
    ours: {
      rto: "The runbook gives none: a restore to a point in time of a database of this size.",
      rpo: "The runbook gives none: three intervals of the log, so that one may fail unnoticed.",
    },
  },
  {
    ...clause(COMPLETE, "AE-10", "ALL-13"),
    of: "redis",
    rto: hours(1),
    ours: {
      rto: "The runbook gives none: the time to make the cluster anew. No recovery point: a cache fills itself again, and hourly snapshots are not to be had everywhere (AE-F5).",
    },
  },
];

export const failover: Failover = {
  ...clause("Disaster Recovery / Recovery Procedures / Regional Failover", "AE-11"),
  host: "api.{domain}",
  recoveryHost: "dr.api.{domain}",
  path: "/api/v1/health",
};

export const exceptions: readonly PolicyException[] = [
  {
    ...clause("System Overview / Architecture", "AE-04"),
    policy: "workload-replicated",
    of: "qdrant",
    reason:
      "clients decide how often a collection is kept: a second pod without that would only split the data",
    finding: "AE-F28",
  },
  {
    ...STRATEGY,
    policy: "runbook-backups",
    of: "redis",
    type: "aws:elasticache/replicationGroup:ReplicationGroup",
    reason: "ElastiCache makes a snapshot once a day; the cache fills itself again",
    finding: "AE-F5",
  },
];
