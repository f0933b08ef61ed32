/** Backups, objectives and the backup region of Phase 5 Todo. */
import { clause } from "../clause";
import type { Backup, Failover, PolicyException, RecoveryObjective } from "../model";
import { days, hours, minutes } from "../units";

const TARGETS = "Disaster Recovery / RTO & RPO Targets";

export const backups: readonly Backup[] = [
  {
    ...clause("Disaster Recovery / Recovery Procedures", "P5-06", "ALL-12"),
    name: "database-backup",
    of: "postgres",
    method: "dump",
    every: hours(24),
    schedule: "0 2 * * *",
    retention: days(30),
    destination: "todo-app-backups",
    job: "database-backup",
    file: { prefix: "snapshots/", name: "todo-app-backup-{date}_{time}.sql.gz" },
    copied: true,
    ours: {
      schedule: "From the time in the runbook's file name: 020000.",
      copied: "The backup region cannot read a bucket of a region that is gone.",
    },
  },
  {
    ...clause(TARGETS, "P5-07", "ALL-12"),
    name: "database-log",
    of: "postgres",
    method: "wal",
    every: minutes(5),
    retention: days(7),
    destination: "todo-app-backups",
    copied: true,
    ours: {
      method: "A daily dump cannot keep a recovery point of 15 minutes (P5-F1).",
      every: "The recovery point of the backend, which owns this data (P5-F2).",
      retention: "A week covers a weekend; older states come from the dumps.",
    },
  },
  {
    ...clause(TARGETS, "P5-07", "P5-08"),
    name: "kafka-mirror",
    of: "kafka",
    method: "replication",
    every: minutes(5),
    retention: days(7),
    destination: "recoveryRegion",
    ours: {
      method: "The runbook sets a recovery point for Kafka and describes no copy of it (P5-F3).",
      every: "Half of the recovery point, so that a delay is noticed in time.",
      retention: "Same as for the topic.",
    },
  },
];

export const recovery: readonly RecoveryObjective[] = [
  {
    ...clause(TARGETS, "P5-07", "ALL-13"),
    of: "backend",
    procedure: "docs/recovery.md#restore-when-the-bucket-is-all-that-is-left",
    rto: minutes(15),
    rpo: minutes(5),
  },
  {
    ...clause(TARGETS, "P5-07", "ALL-13"),
    of: "postgres",
    procedure: "docs/recovery.md#restore-to-a-point-in-time",
    rto: hours(1),
    rpo: minutes(15),
  },
  {
    ...clause(TARGETS, "P5-07", "ALL-13"),
    of: "kafka",
    procedure: "docs/recovery.md#kafka-in-the-cluster",
    rto: minutes(30),
    rpo: minutes(10),
  },
  {
    ...clause("Disaster Recovery / Recovery Procedures", "P5-08", "ALL-13"),
    of: "system",
    procedure: "docs/recovery.md#restore-when-the-bucket-is-all-that-is-left",
    rto: hours(2),
    ours: {
      rto: "The runbook gives no value: its six steps, with the database's hour as the longest.",
    },
  },
];

export const failover: Failover = {
  ...clause("Disaster Recovery / Recovery Procedures", "P5-08"),
  host: "api.{domain}",
  recoveryHost: "backup.{domain}",
  primaryHost: "primary.{domain}",
  path: "/health",
  ours: {
    host: "The runbook names only the backup region's address.",
    primaryHost: "The runbook names none: a check of the public name would follow the failover.",
  },
};

const rebuildTooLong = (of: string): PolicyException => ({
  ...clause(TARGETS, "P5-07", "P5-08"),
  policy: "runbook-recovery-time",
  of,
  reason: "recreating the cluster and starting it there takes longer than the runbook allows",
  finding: "P5-F25",
});

export const exceptions: readonly PolicyException[] = [
  rebuildTooLong("backend"),
  rebuildTooLong("kafka"),
  {
    ...clause(TARGETS, "P5-07"),
    policy: "runbook-recovery-point",
    of: "kafka",
    reason:
      "the runbook describes no copy of Kafka in another region, and none is implemented: events of a lost region are lost",
    finding: "P5-F3",
  },
];
