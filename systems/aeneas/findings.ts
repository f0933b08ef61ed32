/** Contradictions in the AENEAS runbook, and things that it asks for but are not available. */
import { findings as of } from "../finding";

const RECOVERY = "Disaster Recovery / Recovery Procedures";

export const findings = of("AE", [
  {
    heading: "Common Operations / Deployment / Blue-Green Deployment",
    ids: ["AE-07"],
    found:
      "The blue Deployment is aeneas-api in nearly all commands and aeneas-api-blue in the one that deletes it.",
    instead: "One Deployment, aeneas-api, whose pods a new version replaces one after another.",
    realised: [{ resource: "Deployment", name: "application-aeneas-api-deployment" }],
    open: "blue-green deployments: there is no aeneas-api-green",
  },
  {
    heading: "Common Operations / Deployment / Blue-Green Deployment",
    ids: ["AE-07"],
    found: "The switch and deletion commands name no namespace, so they act on the current one.",
    instead: "The namespace of the stack is fixed, and there is only one version in it.",
    realised: [{ resource: "Namespace", name: "platform-application-namespace" }],
    open: "a setting for the version that is live",
  },
  {
    heading: "Incident Response / Incident Response Workflow / 2. Initial Response (5-15 minutes)",
    ids: ["AE-05", "ALL-06"],
    found: "Health checks use http://, the appendix lists the same hosts with https://.",
    instead: "HTTPS everywhere; HTTP answers with a redirect, so that curl needs https://.",
    realised: [
      { resource: "HTTPRoute", name: "application-edge-redirect" },
      { resource: "Certificate", name: "application-certificates-certificate" },
    ],
  },
  {
    heading: "System Overview / Architecture",
    ids: ["AE-04"],
    found: "Amazon ended support of Kafka 3.6 on 1 June 2026, and of 3.7 on 1 September 2026.",
    instead: "3.8, the oldest it supports; the version is configuration.",
    realised: [{ resource: "Cluster", name: "data-kafka-cluster" }, { setting: "kafkaVersion" }],
  },
  {
    heading: "Disaster Recovery / Backup Strategy",
    ids: ["AE-10"],
    found:
      "Node-based ElastiCache backs up once a day, and allows at most 20 further snapshots per node in 24 hours.",
    instead:
      "ElastiCache only makes its daily backup, which is accepted because the cache refills itself.",
    realised: [
      { resource: "ReplicationGroup", name: "data-redis-group" },
      { value: "exceptions[runbook-backups/redis].reason" },
    ],
  },
  {
    heading: "System Overview / Critical Services",
    ids: ["AE-04"],
    found: "MSK's port 9092 is plain text; with passwords it listens on 9096.",
    instead: "Clients get the brokers' addresses and ports from the secret.",
    realised: [{ resource: "ExternalSecret", name: "secrets-aeneas-connections" }],
  },
  {
    heading: "Common Operations / Database Operations / Restore",
    ids: ["AE-10", "AE-03"],
    found: "pg_basebackup has no --target-time: it copies the current server and does not restore.",
    instead:
      "The key `runstack:restoreFrom` creates the instance again from the backup and the log, at a time.",
    realised: [
      { document: "docs/recovery.md#restore-to-a-point-in-time" },
      { setting: "restoreFrom" },
    ],
  },
  {
    heading: "Monitoring & Alerts / Alert Response / High CPU Alert",
    ids: ["AE-01"],
    found: "kubectl scale --replicas=+2 is refused: the number must be absolute.",
    instead: "The autoscaler adds pods at 70%; its range is configuration.",
    realised: [
      { resource: "HorizontalPodAutoscaler", name: "application-aeneas-api-autoscaler" },
      { setting: "scaling" },
    ],
  },
  {
    heading: "Incident Response / Incident Response Workflow / 3. Mitigation (15-30 minutes)",
    ids: ["AE-01", "ALL-11"],
    found: "Manual scaling to 10 or 5 lasts only until the autoscaler acts.",
    instead: "Raise the minimum in configuration.",
    realised: [{ setting: "scaling" }],
  },
  {
    heading: "Common Operations / Cache Management / Redis Operations",
    ids: ["AE-04"],
    found:
      "redis-master-0, postgresql-0, kafka-0 and pgbouncer-0 do not exist with managed services.",
    instead:
      "The names redis-service, postgresql, kafka and pgbouncer lead to the managed services from inside the cluster.",
    realised: [
      { resource: "Service", name: "data-alias-redis-service-service" },
      { resource: "Service", name: "data-alias-postgresql-service" },
      { resource: "Service", name: "data-alias-kafka-service" },
      { resource: "Service", name: "data-alias-pgbouncer-service" },
    ],
    open: "a pod or job with psql, redis-cli and Kafka's tools",
  },
  {
    heading: "Common Operations / Cache Management / Redis Operations",
    ids: ["AE-04"],
    found:
      "The commands use neither TLS nor a password, reach only one shard of a cluster, and the pipe to xargs runs redis-cli on the operator's machine.",
    instead:
      "redis-cli --cluster call needs --tls and the password, which the connection's secret holds.",
    realised: [{ resource: "ExternalSecret", name: "secrets-aeneas-connections" }],
    open: "a job that runs redis-cli on every shard",
  },
  {
    heading: `${RECOVERY} / Complete System Recovery`,
    ids: ["AE-10"],
    found: "redis-cli --rdb writes a dump of the running server; it cannot load one.",
    instead: "A new cluster is created empty and refills itself.",
    realised: [{ resource: "ReplicationGroup", name: "data-redis-group" }],
    open: "a key that creates the cluster from a snapshot",
  },
  {
    heading: `${RECOVERY} / Complete System Recovery`,
    ids: ["AE-10", "AE-03"],
    found: "psql < latest_backup.sql names neither user nor database: it restores into postgres.",
    instead: "The restore job writes to crypto_signals as crypto_admin.",
    realised: [
      { resource: "CronJob", name: "backups-postgresql-daily-restore-job" },
      { document: "docs/recovery.md#restore-a-dump-over-the-existing-database" },
    ],
  },
  {
    heading: `${RECOVERY} / Complete System Recovery`,
    ids: ["ALL-13"],
    found:
      "Infrastructure comes from terraform, workloads from kubectl apply, configuration from GitOps: three sources, applied in order by hand.",
    instead: "One program and one command; its dependencies define the order.",
    realised: [{ document: "README.md#create-the-environment" }],
  },
  {
    heading: `${RECOVERY} / Regional Failover`,
    ids: ["AE-11"],
    found: "Traffic moves before the second region is deployed, through a file edited by hand.",
    instead:
      "The stack aeneas-dr builds the second region and its replica; people promote it, and Route 53 moves the name when the health check of the first region fails.",
    realised: [
      { document: "docs/data-services.md#recovery-region-stacks" },
      { setting: "replicaOf" },
      { resource: "HealthCheck", name: "application-failover-health" },
    ],
  },
  {
    heading: `${RECOVERY} / Regional Failover`,
    ids: ["AE-11"],
    found: "Nothing copies the data to us-west-2, and the first region is not named.",
    instead:
      "Backups and log are copied to us-west-2 continuously; the first region is us-east-1 unless configured.",
    realised: [
      {
        resource: "InstanceAutomatedBackupsReplication",
        name: "data-postgresql-recovery-replication",
      },
      { resource: "BucketReplicationConfig", name: "buckets-aeneas-state-replication" },
      { resource: "CronJob", name: "backups-postgresql-daily-job" },
      { setting: "region" },
    ],
  },
  {
    heading: "Security Procedures / Regular Security Tasks",
    ids: ["AE-13"],
    found:
      "The rotation writes the secret into the current namespace and restarts nothing, so the old one stays in use.",
    instead: "Rotation is one setting. Only the pods that read the secret restart.",
    realised: [
      { setting: "rotations" },
      { resource: "RandomPassword", name: "secrets-aeneas-secrets-jwt-secret" },
    ],
  },
  {
    heading: "Disaster Recovery / Backup Strategy",
    ids: ["AE-10"],
    found: "Qdrant is missing from the backups.",
    instead: "A daily snapshot in the backup bucket, kept seven days.",
    realised: [{ resource: "CronJob", name: "data-qdrant-snapshots-job" }],
  },
  {
    heading: "Security Procedures / Regular Security Tasks",
    ids: ["AE-12"],
    found:
      "The audit log is read from the pods' own logs, which end with the pod, although 90 days are required.",
    instead: "The control plane's audit log is kept 90 days in CloudWatch.",
    realised: [
      { resource: "LogGroup", name: "cluster-logs" },
      { policy: "runbook-audit-retention" },
    ],
    open: "a log store: the pods' own logs still end with the pod",
  },
  {
    heading: "Monitoring & Alerts / Alert Response / Database Connection Pool Exhausted",
    ids: ["AE-09", "AE-03"],
    found:
      "A pool of 100 in each of up to 20 pods needs 2,000 connections, more than the server allows.",
    instead: "Clients connect to the pooler, which shares the server's connections.",
    realised: [
      { resource: "Proxy", name: "data-postgresql-pooler-proxy" },
      { resource: "Service", name: "data-alias-pgbouncer-service" },
    ],
  },
  {
    heading: "Troubleshooting / High Memory Usage",
    ids: ["AE-09"],
    found: "python -c starts a new process: it traces its own memory, not the application's.",
    instead: "PROFILING_ENABLED is a variable of the pods, which `runstack:variables` changes.",
    realised: [
      { value: "services[aeneas-api].environment[PROFILING_ENABLED].name" },
      { setting: "variables" },
    ],
  },
  {
    heading: "Troubleshooting / Kafka Issues",
    ids: ["AE-04"],
    found: "Kafka refuses to reset a group's offsets while a worker is connected.",
    instead: "People scale the workers to zero before the command and back afterwards.",
    realised: [{ resource: "ScaledObject", name: "application-aeneas-worker-scaler" }],
    open: "a replay job",
  },
  {
    heading: "Performance Tuning / Database Tuning",
    ids: ["AE-03"],
    found:
      "The autovacuum factors are set by hand on one table and are lost when the table is recreated.",
    instead: "Both are settings of the server.",
    realised: [
      { resource: "ParameterGroup", name: "data-postgresql-parameters" },
      { value: "databases[postgresql].parameters.autovacuum_vacuum_scale_factor" },
    ],
  },
  {
    heading: "Common Operations / Scaling / Vertical Scaling",
    ids: ["AE-01", "AE-02"],
    found: "With a request of 2 CPUs, an m5.xlarge has room for one pod.",
    instead:
      "A pool of m5.2xlarge stands beside the other one, empty until `runstack:sizes` makes the pods larger.",
    realised: [
      { resource: "NodeGroup", name: "cluster-nodes-m5-2xlarge-m5-2xlarge" },
      { setting: "sizes" },
    ],
  },
  {
    heading: "Security Procedures / Regular Security Tasks",
    ids: ["AE-12"],
    found: "pip install --upgrade in a running pod is lost at the next restart.",
    instead: "The pods' file system is read-only: dependencies change with the image alone.",
    realised: [{ policy: "container-filesystem-read-only" }, { setting: "images" }],
  },
  {
    heading: "Contact Information / Escalation Matrix",
    ids: ["AE-14"],
    found:
      "The manager's telephone number is a placeholder, and PostgreSQL has no vendor behind support@postgresql.org.",
    instead: "Both are kept as written; alerts reach PagerDuty and Slack only.",
    realised: [
      { value: "incidents.contacts[Database Vendor].reach" },
      { resource: "AlertmanagerConfig", name: "observability-routing" },
    ],
  },
  {
    heading: "System Overview / Architecture",
    ids: ["AE-05"],
    found:
      "The runbook's load balancer is an ALB, which cannot use certificates from the cluster or limit the rate per client.",
    instead:
      "A network load balancer in front of Envoy, which terminates TLS, limits rates and redirects.",
    realised: [
      { resource: "Gateway", name: "application-edge-gateway" },
      { resource: "BackendTrafficPolicy", name: "application-edge-traffic-policy" },
      { resource: "HTTPRoute", name: "application-edge-redirect" },
    ],
  },
  {
    heading: "System Overview / Architecture",
    ids: ["AE-04"],
    found:
      "Qdrant runs as one pod, and the runbook does not say how many replicas clients set for a collection.",
    instead: "One pod with a volume. Without replication, a second one would only split the data.",
    realised: [
      { resource: "StatefulSet", name: "data-qdrant-pods" },
      { value: "exceptions[workload-replicated/qdrant].reason" },
    ],
  },
]);
