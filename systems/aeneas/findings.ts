/** Contradictions in the AENEAS runbook, and things that it asks for but are not available. */
import { findings as of } from "../finding";

const RECOVERY = "Disaster Recovery / Recovery Procedures";

export const findings = of("AE", [
  {
    heading: "Common Operations / Deployment / Blue-Green Deployment",
    ids: ["AE-07"],
    found:
      "The blue Deployment is aeneas-api in nearly all commands and aeneas-api-blue in the one that deletes it.",
    instead:
      "aeneas-api is blue and aeneas-api-green is green; configuration removes the version that is not live.",
  },
  {
    heading: "Common Operations / Deployment / Blue-Green Deployment",
    ids: ["AE-07"],
    found: "The switch and deletion commands name no namespace, so they act on the current one.",
    instead: "The live version is configuration of the stack, whose namespace is fixed.",
  },
  {
    heading: "Incident Response / Incident Response Workflow / 2. Initial Response (5-15 minutes)",
    ids: ["AE-05", "ALL-06"],
    found: "Health checks use http://, the appendix lists the same hosts with https://.",
    instead: "HTTPS everywhere; HTTP answers with a redirect, so that curl needs https://.",
  },
  {
    heading: "System Overview / Architecture",
    ids: ["AE-04"],
    found: "Amazon ended support of Kafka 3.6 on 1 June 2026, and of 3.7 on 1 September 2026.",
    instead: "3.8, the oldest it supports; the version is configuration.",
  },
  {
    heading: "Disaster Recovery / Backup Strategy",
    ids: ["AE-10"],
    found:
      "Node-based ElastiCache backs up once a day, and allows at most 20 further snapshots per node in 24 hours.",
    instead:
      "The hourly schedule applies where Redis supports it. ElastiCache only has its daily backup, which is accepted because the cache refills itself.",
  },
  {
    heading: "System Overview / Critical Services",
    ids: ["AE-04"],
    found: "MSK's port 9092 is plain text; with passwords it listens on 9096.",
    instead: "Clients get the brokers' addresses and ports from the secret.",
  },
  {
    heading: "Common Operations / Database Operations / Restore",
    ids: ["AE-10", "AE-03"],
    found: "pg_basebackup has no --target-time: it copies the current server and does not restore.",
    instead: "A new server is restored from the backup and WAL to a time set in configuration.",
  },
  {
    heading: "Monitoring & Alerts / Alert Response / High CPU Alert",
    ids: ["AE-01"],
    found: "kubectl scale --replicas=+2 is refused: the number must be absolute.",
    instead: "The autoscaler adds pods at 70%; its range is configuration.",
  },
  {
    heading: "Incident Response / Incident Response Workflow / 3. Mitigation (15-30 minutes)",
    ids: ["AE-01", "ALL-11"],
    found: "Manual scaling to 10 or 5 lasts only until the autoscaler acts.",
    instead: "Raise the minimum in configuration.",
  },
  {
    heading: "Common Operations / Cache Management / Redis Operations",
    ids: ["AE-04"],
    found:
      "redis-master-0, postgresql-0, kafka-0 and pgbouncer-0 do not exist with managed services.",
    instead:
      "The same clients run as jobs against the names redis-service, postgresql, kafka and pgbouncer.",
  },
  {
    heading: "Common Operations / Cache Management / Redis Operations",
    ids: ["AE-04"],
    found:
      "The commands use neither TLS nor a password, reach only one shard of a cluster, and the pipe to xargs runs redis-cli on the operator's machine.",
    instead: "redis-cli --cluster call with --tls and the password, in one job.",
  },
  {
    heading: `${RECOVERY} / Complete System Recovery`,
    ids: ["AE-10"],
    found: "redis-cli --rdb writes a dump of the running server; it cannot load one.",
    instead: "A new cluster is created from the snapshot, or empty and refills itself.",
  },
  {
    heading: `${RECOVERY} / Complete System Recovery`,
    ids: ["AE-10", "AE-03"],
    found: "psql < latest_backup.sql names neither user nor database: it restores into postgres.",
    instead: "The restore job writes to crypto_signals as crypto_admin.",
  },
  {
    heading: `${RECOVERY} / Complete System Recovery`,
    ids: ["ALL-13"],
    found:
      "Infrastructure comes from terraform, workloads from kubectl apply, configuration from GitOps: three sources, applied in order by hand.",
    instead: "One program and one command; its dependencies define the order.",
  },
  {
    heading: `${RECOVERY} / Regional Failover`,
    ids: ["AE-11"],
    found: "Traffic moves before the second region is deployed, through a file edited by hand.",
    instead:
      "The recovery stack stands ready; Route 53 moves the name when the health check fails.",
  },
  {
    heading: `${RECOVERY} / Regional Failover`,
    ids: ["AE-11"],
    found: "Nothing copies the data to us-west-2, and the first region is not named.",
    instead:
      "Backups and log are copied to us-west-2 continuously; the first region is us-east-1 unless configured.",
  },
  {
    heading: "Security Procedures / Regular Security Tasks",
    ids: ["AE-13"],
    found:
      "The rotation writes the secret into the current namespace and restarts nothing, so the old one stays in use.",
    instead: "Rotation is one setting. Only the pods that read the secret restart.",
  },
  {
    heading: "Disaster Recovery / Backup Strategy",
    ids: ["AE-10"],
    found: "Qdrant is missing from the backups.",
    instead: "A daily snapshot of its volume, kept seven days.",
  },
  {
    heading: "Security Procedures / Regular Security Tasks",
    ids: ["AE-12"],
    found:
      "The audit log is read from the pods' own logs, which end with the pod, although 90 days are required.",
    instead: "Logs and the control plane's audit log are shipped and kept 90 days.",
  },
  {
    heading: "Monitoring & Alerts / Alert Response / Database Connection Pool Exhausted",
    ids: ["AE-09", "AE-03"],
    found:
      "A pool of 100 in each of up to 20 pods needs 2,000 connections, more than the server allows.",
    instead: "Clients connect to the pooler, which shares the server's connections.",
  },
  {
    heading: "Troubleshooting / High Memory Usage",
    ids: ["AE-09"],
    found: "python -c starts a new process: it traces its own memory, not the application's.",
    instead: "PROFILING_ENABLED in configuration.",
  },
  {
    heading: "Troubleshooting / Kafka Issues",
    ids: ["AE-04"],
    found: "Kafka refuses to reset a group's offsets while a worker is connected.",
    instead: "The replay job scales the workers to zero and restores them afterwards.",
  },
  {
    heading: "Performance Tuning / Database Tuning",
    ids: ["AE-03"],
    found:
      "The autovacuum factors are set by hand on one table and are lost when the table is recreated.",
    instead: "Both are settings of the server.",
  },
  {
    heading: "Common Operations / Scaling / Vertical Scaling",
    ids: ["AE-01", "AE-02"],
    found: "With a request of 2 CPUs, an m5.xlarge has room for one pod.",
    instead: "The larger size is one setting; the m5.2xlarge pool grows for it.",
  },
  {
    heading: "Security Procedures / Regular Security Tasks",
    ids: ["AE-12"],
    found: "pip install --upgrade in a running pod is lost at the next restart.",
    instead: "Dependencies change only with the pinned image.",
  },
  {
    heading: "Contact Information / Escalation Matrix",
    ids: ["AE-14"],
    found:
      "The manager's telephone number is a placeholder, and PostgreSQL has no vendor behind support@postgresql.org.",
    instead: "Both are kept as written; alerts reach PagerDuty and Slack only.",
  },
  {
    heading: "System Overview / Architecture",
    ids: ["AE-05"],
    found:
      "The runbook's load balancer is an ALB, which cannot use certificates from the cluster or limit the rate per client.",
    instead:
      "A network load balancer in front of Envoy, which terminates TLS, limits rates and redirects.",
  },
  {
    heading: "System Overview / Architecture",
    ids: ["AE-04"],
    found:
      "Qdrant runs as one pod, and the runbook does not say how many replicas clients set for a collection.",
    instead: "One pod with a volume. Without replication, a second one would only split the data.",
  },
]);
