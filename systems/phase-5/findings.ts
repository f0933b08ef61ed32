/** Contradictions in the Phase 5 runbook, and things that it asks for but are not available. */
import { findings as of } from "../finding";

const TARGETS = "Disaster Recovery / RTO & RPO Targets";
const ROTATION = "Maintenance Procedures / Secret Rotation";
const ALERTS = "Alerting & On-Call / Common Alerts";

export const findings = of("P5", [
  {
    heading: TARGETS,
    ids: ["P5-06", "P5-07"],
    found: "The database may lose 15 minutes; its only backup is a daily dump.",
    instead: "The write-ahead log is archived at least every 3 minutes in addition to the dump.",
    realised: [
      { resource: "ObjectStore", name: "data-postgres-archive" },
      { resource: "CronJob", name: "backups-database-backup-job" },
    ],
  },
  {
    heading: TARGETS,
    ids: ["P5-07"],
    found:
      "The backend may lose 5 minutes and its database 15, but all of the backend's data is in the database.",
    instead:
      "The stricter one applies: the log is archived at least every 3 minutes, which leaves 2 for the upload.",
    realised: [
      { resource: "ObjectStore", name: "data-postgres-archive" },
      { value: "backups[database-log].every" },
    ],
  },
  {
    heading: TARGETS,
    ids: ["P5-07"],
    found: "Kafka may lose 10 minutes, but nothing copies its topics out of the cluster.",
    instead: "If the region is lost, unread events are lost. Every plan says so.",
    open: "a mirror of the topics in the other region",
  },
  {
    heading: TARGETS,
    ids: ["P5-07"],
    found:
      "The backend must be back in 15 minutes, but the database that it needs only in an hour.",
    instead:
      "The backend's objective assumes a running database; if both are lost, the database's hour applies.",
    realised: [{ policy: "runbook-recovery-time" }, { value: "recovery[postgres].rto" }],
  },
  {
    heading: "Daily Operations / Weekly Review (Friday 4 PM)",
    ids: ["P5-06"],
    found:
      "The clean-up keeps the 30 newest files, not the last 30 days, needs GNU head, and treats a listed folder as a file.",
    instead: "The bucket keeps each dump for 30 days; nothing is cleaned up by hand.",
    realised: [{ resource: "BucketLifecycleConfiguration", name: "archive-lifecycle" }],
  },
  {
    heading: "Capacity Planning / Scaling Metrics",
    ids: ["P5-03", "P5-07"],
    found: "The database is one pod: each node upgrade stops the system.",
    instead: "A standby in another zone takes over.",
    realised: [
      { resource: "Cluster", name: "data-postgres-cluster" },
      { policy: "runbook-standby" },
    ],
  },
  {
    heading: "Performance Tuning / Connection Pooling",
    ids: ["P5-10", "P5-03"],
    found:
      "Ten backends with a pool of 20 and an overflow of 10 open up to 300 connections, but PostgreSQL allows 100.",
    instead: "A pooler between them shares the server's connections; both numbers stay.",
    realised: [
      { resource: "Pooler", name: "data-postgres-pooler" },
      { value: "services[backend].environment[DATABASE_POOL_SIZE].name" },
    ],
  },
  {
    heading: ROTATION,
    ids: ["P5-03", "ALL-07"],
    found: "kubectl has no rename.",
    instead: "Rotation is one setting: the secret keeps its name and its readers restart.",
    realised: [
      { setting: "rotations" },
      { resource: "ExternalSecret", name: "secrets-db-credentials" },
    ],
  },
  {
    heading: ROTATION,
    ids: ["P5-03", "ALL-07"],
    found:
      "The new password is written to the secret but not to the database, so the backend cannot log in after the restart.",
    instead: "The database's user and the secret change together.",
    realised: [
      { resource: "Secret", name: "data-postgres-owner" },
      { resource: "Cluster", name: "data-postgres-cluster" },
    ],
  },
  {
    heading: ROTATION,
    ids: ["P5-03"],
    found:
      "The host postgres.postgres.svc.cluster.local is in a namespace postgres, but all commands look for the database in phase-5.",
    instead: "The database runs in phase-5, and the runbook's host name points to it.",
    realised: [
      { resource: "Service", name: "data-alias-postgres-service" },
      { resource: "Cluster", name: "data-postgres-cluster" },
    ],
  },
  {
    heading: ROTATION,
    ids: ["P5-03"],
    found:
      "The secret holds username, password and host; the commands read DATABASE_URL, which is never set.",
    instead: "The secret has a fourth key, the whole URL.",
    realised: [{ resource: "SecretVersion", name: "secrets-db-credentials-url-version" }],
  },
  {
    heading: `${ALERTS} / 4. DatabaseConnectionFailed (P1)`,
    ids: ["P5-03"],
    found:
      "The label app=postgres does not match the pods of any operator: each has its own names and labels.",
    instead: "The database is a Cluster of CloudNativePG, whose pods have the operator's labels.",
    realised: [{ resource: "Cluster", name: "data-postgres-cluster" }],
  },
  {
    heading: "Common Issues & Solutions / Issue: API Returns 500 Errors",
    ids: ["P5-05"],
    found: "There is no command pgsql, and the backend's image may not contain psql.",
    instead: "DatabaseConnectionFailed alerts on it.",
    realised: [{ alert: "DatabaseConnectionFailed" }],
    open: "a pod with psql, to check by hand",
  },
  {
    heading: "Common Issues & Solutions / Issue: Reminders Not Sending",
    ids: ["P5-03"],
    found:
      "docker exec redpanda-1 needs a container on one machine, but the system runs on Kubernetes.",
    instead:
      "The brokers run in the cluster, behind the name kafka, and accept only their own users.",
    realised: [
      { resource: "Service", name: "data-alias-kafka-service" },
      { resource: "KafkaUser", name: "data-kafka-user-application" },
    ],
    open: "a job with Kafka's tools and its own user",
  },
  {
    heading: "Common Issues & Solutions / Issue: WebSocket Connections Dropping",
    ids: ["P5-04"],
    found:
      "nginx.ingress.kubernetes.io/enable-websocket never existed, and its controller was retired in March 2026.",
    instead:
      "The route's timeouts are 3600 seconds; Gateway API supports WebSocket without settings.",
    realised: [{ resource: "HTTPRoute", name: "application-edge-route" }],
  },
  {
    heading: `${ALERTS} / 1. HighErrorRate (P1)`,
    ids: ["P5-05"],
    found: "The trigger is a share of 5%, but the query counts failed requests per second.",
    instead: "The alert divides by all requests; the dashboard keeps the query as written.",
    realised: [
      { alert: "HighErrorRate" },
      { resource: "ConfigMap", name: "observability-dashboard-phase-5" },
    ],
  },
  {
    heading: `${ALERTS} / 2. HighLatency (P2)`,
    ids: ["P5-05"],
    found:
      "The query lacks sum by (le): it returns one p95 per pod, path and status instead of one for the service.",
    instead: "The alert aggregates first; the dashboard keeps the query as written.",
    realised: [
      { alert: "HighLatency" },
      { resource: "ConfigMap", name: "observability-dashboard-phase-5" },
    ],
  },
  {
    heading: "Alerting & On-Call / Alert Severity Levels",
    ids: ["P5-05", "P5-09"],
    found: "A high error rate is listed as an example of P2, but the alert HighErrorRate is P1.",
    instead: "The alert keeps P1.",
    realised: [{ alert: "HighErrorRate" }],
  },
  {
    heading: "Daily Operations / Morning Checklist (Daily 9 AM)",
    ids: ["P5-06"],
    found: "A CronJob's jobs carry a number after its name: job-name=database-backup finds none.",
    instead: "The backup's pods carry a fixed label, and an alert fires if one is missing.",
    realised: [
      { resource: "CronJob", name: "backups-database-backup-job" },
      { alert: "BackupTooOld" },
    ],
  },
  {
    heading: "Performance Tuning / API Caching",
    ids: ["P5-01"],
    found: "The text announces Redis caching but shows lru_cache, which is local to each process.",
    instead: "No Redis is created.",
    realised: [{ absent: "ReplicationGroup" }, { absent: "InClusterRedis" }],
  },
  {
    heading: "Disaster Recovery / Recovery Procedures",
    ids: ["P5-08"],
    found: "DNS points to the backup region before anything is deployed there.",
    instead:
      "The stack phase-5-dr builds the backup region; Route 53 leads there only while the health check of the first one fails, or while the second one is promoted.",
    realised: [
      { document: "docs/recovery.md#the-second-region" },
      { setting: "replicaOf" },
      { resource: "HealthCheck", name: "application-failover-health" },
      { resource: "HealthCheck", name: "application-failover-promotion" },
    ],
  },
  {
    heading: "Maintenance Procedures / Rolling Update",
    ids: ["P5-01"],
    found: "YOUR_REGISTRY, ops@yourdomain.com, your-org and the telephone number are placeholders.",
    instead: "The registry is configuration; the contacts are kept as written.",
    realised: [{ setting: "images" }, { value: "incidents.contacts[Email].reach" }],
  },
  {
    heading: "Maintenance Procedures / Secret Rotation",
    ids: ["P5-03"],
    found:
      "The application signs in as the superuser postgres, which can read and drop everything.",
    instead: "The user todo owns only the database. The superuser is not used.",
    realised: [
      { resource: "Cluster", name: "data-postgres-cluster" },
      { resource: "Secret", name: "data-postgres-owner" },
    ],
  },
  {
    heading: "Common Issues & Solutions / Issue: API Returns 500 Errors",
    ids: ["P5-03"],
    found:
      "kubectl patch postgresql postgres names a kind of Zalando's operator; the database is a Cluster of CloudNativePG, called postgres.",
    instead:
      "kubectl patch cluster.postgresql.cnpg.io postgres -n phase-5 takes the same --type and -p, and restarts one instance after the other. To keep the runbook's 2 GiB, set `runstack:sizes`.",
    realised: [
      { resource: "Cluster", name: "data-postgres-cluster" },
      { value: "databases[postgres].resources.stepUp.limits.memory" },
      { setting: "sizes" },
    ],
  },
  {
    heading: TARGETS,
    ids: ["P5-07", "P5-08"],
    found:
      "The backend must be back in 15 minutes and Kafka in 30; recreating the cluster and starting them takes longer.",
    instead:
      "After the loss of the cluster both are back when the rebuild is complete; the plan prints the estimated time.",
    realised: [
      { policy: "runbook-recovery-time" },
      { value: "exceptions[runbook-recovery-time/backend].reason" },
      { value: "exceptions[runbook-recovery-time/kafka].reason" },
    ],
  },
]);
