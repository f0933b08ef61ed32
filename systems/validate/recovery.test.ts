import { hours, minutes } from "../units";
import { RECOVERY_RULES } from "./recovery";
import { copyOf, describeRules } from "./fixtures/describe-rules";

describeRules(RECOVERY_RULES, [
  {
    rule: "backup-known",
    broken: "a backup of something that is not declared",
    change: { "backups.2": { ...copyOf("backups.0"), name: "other", of: "ledger" } },
    path: "backups[other].of",
    message:
      'What backup "other" covers is "ledger", but must be "baskets", "configuration", "events", "orders", "search" or "shop-backups": correct the name or declare the store.',
  },
  {
    rule: "recovery-known",
    broken: "an objective of something that is not declared",
    change: { "recovery.1.of": "ledger" },
    path: "recovery",
    message:
      'The subject of a recovery objective is "ledger", but must be "baskets", "configuration", "events", "mailer", "namespace", "orders", "search", "shop-backups", "store" or "system": correct the name or declare it.',
  },
  {
    rule: "rpo-met",
    broken: "a dump every 12 hours against 20 minutes",
    change: { backups: [copyOf("backups.0")] },
    path: "recovery[orders].rpo",
    message:
      'The recovery point of "orders" is 20m, but must be kept by a backup of "orders", whose closest is "dump" every 12h: add one at least every 20m, such as an archive of the write-ahead log.',
  },
  {
    rule: "rpo-met",
    broken: "no backup at all",
    change: { "recovery.2": { ...copyOf("recovery.0"), of: "search" } },
    path: "recovery[search].rpo",
    message:
      'The recovery point of "search" is 20m, but must be kept by a backup of "search", but there is none: add one at least every 20m, such as an archive of the write-ahead log.',
  },
  {
    rule: "rpo-met",
    broken: "a service whose database cannot keep its recovery point",
    change: { "recovery.2": { ...copyOf("recovery.0"), of: "store", rpo: minutes(3) } },
    path: "recovery[store].rpo",
    message:
      'The recovery point of "store" is 3m, but must be kept by a backup of "orders", whose closest is "log" every 4m: add one at least every 3m, such as an archive of the write-ahead log.',
  },
  {
    rule: "retention-longer-than-interval",
    broken: "a backup that expires before the next",
    change: { "backups.0.retention": hours(11) },
    path: "backups[dump].retention",
    message:
      'The retention of backup "dump" is 11h, but must be at least its interval of 12h, or there are times without a backup: keep it longer or take it more often.',
  },
  {
    rule: "cron-formed",
    broken: "a schedule with an hour that does not exist",
    change: { "backups.0.schedule": "0 24 * * *" },
    path: "backups[dump].schedule",
    message:
      'The schedule of backup "dump" is "0 24 * * *", but must be a schedule of a CronJob, as in "0 2 * * *": correct the expression.',
  },
  {
    rule: "cron-formed",
    broken: "a schedule on the seventh day of a week that ends with six",
    change: { "backups.0.schedule": "0 2 * * 7" },
    path: "backups[dump].schedule",
    message:
      'The schedule of backup "dump" is "0 2 * * 7", but must be a schedule of a CronJob, as in "0 2 * * *": correct the expression.',
  },
  {
    rule: "cron-formed",
    broken: "a schedule with seconds",
    change: { "backups.0.schedule": "0 0 2 * * *" },
    path: "backups[dump].schedule",
    message:
      'The schedule of backup "dump" is "0 0 2 * * *", but must be a schedule of a CronJob, as in "0 2 * * *": correct the expression.',
  },
  {
    rule: "backup-age",
    broken: "an alert on a backup without a schedule",
    change: { "backups.0.schedule": undefined },
    path: "alerts[BackupTooOld/critical].condition.of",
    message:
      'The store whose backup alert "BackupTooOld" watches is "orders", but must be covered by a backup with a schedule: give one of its backups a schedule or remove the alert.',
  },
  {
    rule: "backup-age",
    broken: "an alert that fires before the next run",
    change: { "alerts.2.condition.above": hours(12) },
    path: "alerts[BackupTooOld/critical].condition.above",
    message:
      'The age above which alert "BackupTooOld" fires is 12h, but must be longer than the 12h between two runs of "dump": allow the interval and the time of a run.',
  },
  {
    rule: "destination-known",
    broken: "a bucket that is not declared",
    change: { "backups.0.destination": "shop-dumps" },
    path: "backups[dump].destination",
    message:
      'The destination of backup "dump" is "shop-dumps", but must be "recoveryRegion" or "shop-backups": declare the bucket or the recovery region.',
  },
  {
    rule: "destination-known",
    broken: "a copy without a second region",
    change: { "home.recoveryRegion": undefined, failover: undefined },
    path: "backups[log].destination",
    message:
      'The destination of backup "log" is "recoveryRegion", but must be "shop-backups": declare the bucket or the recovery region.',
  },
  {
    rule: "failover-served",
    broken: "a recovery host that is not served",
    change: { "failover.recoveryHost": "dr.{domain}" },
    path: "failover",
    message:
      'A host of the failover is "dr.{domain}", but must be "next.{domain}", "primary.{domain}" or "{domain}": add the host to the edge.',
  },
  {
    rule: "failover-checked",
    broken: "a health check of the host that moves",
    change: { "failover.primaryHost": "{domain}" },
    path: "failover.primaryHost",
    message:
      'The host that the health check of the failover asks is "{domain}", but must be one of environment "prod" only: the check would follow a host that moves to the other region.',
  },
  {
    rule: "failover-served",
    broken: "a failover without a second region",
    change: { "home.recoveryRegion": undefined, "backups.1.copied": undefined },
    path: "home.recoveryRegion",
    message:
      "The recovery region is absent, but must be set if there is a failover: name the region or remove the failover.",
  },
]);
