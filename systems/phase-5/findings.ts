/** What the Phase 5 runbook contradicts itself in, or asks for in vain. */
import { findings as of } from "../finding";

const TARGETS = "Disaster Recovery / RTO & RPO Targets";
const ROTATION = "Maintenance Procedures / Secret Rotation";
const ALERTS = "Alerting & On-Call / Common Alerts";

export const findings = of("P5", [
  {
    heading: TARGETS,
    ids: ["P5-06", "P5-07"],
    found: "The database may lose 15 minutes; its only backup is a daily dump.",
    instead: "The write-ahead log is archived at least every 5 minutes beside the dump.",
  },
  {
    heading: TARGETS,
    ids: ["P5-07"],
    found:
      "The backend may lose 5 minutes and its database 15, but all that the backend holds is in the database.",
    instead: "The stricter of the two decides: the log is archived every 5 minutes.",
  },
  {
    heading: TARGETS,
    ids: ["P5-07"],
    found: "Kafka may lose 10 minutes, but nothing copies its topics out of the cluster.",
    instead:
      "No mirror is built yet: with the region, the events are lost that nobody had read; every plan says so.",
  },
  {
    heading: TARGETS,
    ids: ["P5-07"],
    found:
      "The backend must be back in 15 minutes, the database it cannot work without in an hour.",
    instead:
      "The backend's objective is held against the time from a standing database; after the loss of both, the hour decides.",
  },
  {
    heading: "Daily Operations / Weekly Review (Friday 4 PM)",
    ids: ["P5-06"],
    found:
      "The clean-up keeps the 30 newest files, not the last 30 days, needs GNU head, and treats a listed folder as a file.",
    instead: "The backup job keeps 30 backups; nothing is cleaned up by hand.",
  },
  {
    heading: "Capacity Planning / Scaling Metrics",
    ids: ["P5-03", "P5-07"],
    found: "The database is one pod: each upgrade of its node stops the system.",
    instead: "A standby in another zone takes over.",
  },
  {
    heading: "Performance Tuning / Connection Pooling",
    ids: ["P5-10", "P5-03"],
    found:
      "Ten backends with a pool of 20 and an overflow of 10 open up to 300 connections, PostgreSQL admits 100.",
    instead: "A pooler between them shares the server's connections; both numbers stay.",
  },
  {
    heading: ROTATION,
    ids: ["P5-03", "ALL-07"],
    found: "kubectl has no rename.",
    instead: "Rotation is one setting: the secret keeps its name and its readers restart.",
  },
  {
    heading: ROTATION,
    ids: ["P5-03", "ALL-07"],
    found:
      "The new password goes into the secret and never into the database: after the restart the backend cannot log in.",
    instead: "The database's user and the secret change together.",
  },
  {
    heading: ROTATION,
    ids: ["P5-03"],
    found:
      "The host postgres.postgres.svc.cluster.local is in a namespace postgres, all commands look for the database in phase-5.",
    instead: "The database runs in phase-5, and the runbook's host name leads to it.",
  },
  {
    heading: ROTATION,
    ids: ["P5-03"],
    found:
      "The secret holds username, password and host; the commands read DATABASE_URL, which nothing sets.",
    instead: "The secret has a fourth key, the whole URL.",
  },
  {
    heading: "Common Issues & Solutions / Issue: API Returns 500 Errors",
    ids: ["P5-03"],
    found:
      "kubectl patch postgresql and the label app=postgres belong to no one operator: each has its own kind, pod names and labels.",
    instead:
      "Memory and processor of the database are configuration; its pods are found by the label the stack sets.",
  },
  {
    heading: "Common Issues & Solutions / Issue: API Returns 500 Errors",
    ids: ["P5-05"],
    found: "pgsql is no command, and the backend's image need not contain psql.",
    instead: "DatabaseConnectionFailed says it; by hand, psql runs in a pod with the client.",
  },
  {
    heading: "Common Issues & Solutions / Issue: Reminders Not Sending",
    ids: ["P5-03"],
    found:
      "docker exec redpanda-1 reads a container on one machine; the system runs on Kubernetes.",
    instead: "A job in the cluster with a Kafka user of its own.",
  },
  {
    heading: "Common Issues & Solutions / Issue: WebSocket Connections Dropping",
    ids: ["P5-04"],
    found:
      "nginx.ingress.kubernetes.io/enable-websocket never existed, and its controller was retired in March 2026.",
    instead: "The route's timeouts are 3600 seconds; Gateway API passes WebSocket by itself.",
  },
  {
    heading: `${ALERTS} / 1. HighErrorRate (P1)`,
    ids: ["P5-05"],
    found: "The trigger is a share of 5%, the query counts failed requests per second.",
    instead: "The alert divides by all requests; the dashboard keeps the query as written.",
  },
  {
    heading: `${ALERTS} / 2. HighLatency (P2)`,
    ids: ["P5-05"],
    found:
      "The query lacks sum by (le): it gives one p95 for each pod, path and status instead of the service's.",
    instead: "The alert aggregates first; the dashboard keeps the query as written.",
  },
  {
    heading: "Alerting & On-Call / Alert Severity Levels",
    ids: ["P5-05", "P5-09"],
    found: "A high error rate is an example of P2 and the alert HighErrorRate is P1.",
    instead: "The alert keeps P1.",
  },
  {
    heading: "Daily Operations / Morning Checklist (Daily 9 AM)",
    ids: ["P5-06"],
    found: "A CronJob's jobs carry a number after its name: job-name=database-backup finds none.",
    instead: "The backup's pods carry a fixed label, and an alert tells when one is missing.",
  },
  {
    heading: "Performance Tuning / API Caching",
    ids: ["P5-01"],
    found: "Redis caching is announced and lru_cache shown, which each process keeps for itself.",
    instead: "No Redis is created.",
  },
  {
    heading: "Disaster Recovery / Recovery Procedures",
    ids: ["P5-08"],
    found: "DNS points to the backup region before anything is deployed there.",
    instead: "The recovery stack is built and checked first; the name moves last.",
  },
  {
    heading: "Maintenance Procedures / Rolling Update",
    ids: ["P5-01"],
    found: "YOUR_REGISTRY, ops@yourdomain.com, your-org and the telephone number are placeholders.",
    instead: "The registry is configuration; the contacts are kept as written.",
  },
  {
    heading: "Maintenance Procedures / Secret Rotation",
    ids: ["P5-03"],
    found: "The application signs in as postgres, the superuser, who may read and drop everything.",
    instead: "A user todo owns the database and nothing else; nobody signs in as the superuser.",
  },
  {
    heading: "Common Issues & Solutions / Issue: API Returns 500 Errors",
    ids: ["P5-03"],
    found:
      "kubectl patch postgresql postgres names a kind of Zalando's operator; the database is a Cluster of CloudNativePG, called postgres.",
    instead:
      "kubectl patch cluster.postgresql.cnpg.io postgres -n phase-5 takes the same --type and -p, and restarts one instance after the other; to last, the value goes into the database's resources in systems/phase-5/data.ts.",
  },
  {
    heading: TARGETS,
    ids: ["P5-07", "P5-08"],
    found:
      "The backend must be back in 15 minutes and Kafka in 30; making the cluster anew and starting them there takes longer.",
    instead:
      "After the loss of the cluster both are back when the rebuild is; the plan prints how long it takes by the estimate.",
  },
]);
