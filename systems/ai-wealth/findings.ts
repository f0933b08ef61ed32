/** Contradictions in the AI Wealth Companion runbook, and things that it asks for but are not available. */
import { findings as of } from "../finding";

export const findings = of("AW", [
  {
    heading: "Deployment Procedures / Blue-Green Deployment",
    ids: ["AW-10"],
    found:
      "The switch replaces all ingress rules with one path to the backend, so frontend and MCP server become unreachable.",
    instead: "A new version replaces the pods one after another; the route keeps all of its paths.",
    realised: [{ resource: "HTTPRoute", name: "application-edge-route" }],
    open: "blue-green deployments: nothing switches the backends of the paths",
  },
  {
    heading: "Deployment Procedures / Blue-Green Deployment",
    ids: ["AW-10"],
    found:
      "An ingress can only route to Services in its own namespace, and the Service backend-staging does not exist.",
    instead: "Production and staging are two stacks that share nothing.",
    realised: [{ resource: "HTTPRoute", name: "application-edge-route" }],
    open: "a route to the Services of ai-wealth-staging, and the ReferenceGrant that allows it",
  },
  {
    heading: "Overview / SLOs (Service Level Objectives)",
    ids: ["AW-07", "AW-08"],
    found: "A p95 above 500 ms is critical in the objectives but a warning in the alerts.",
    instead:
      "The alert keeps its severity; the objective's fast burn-rate alert is the critical one.",
    realised: [{ alert: "HighLatency" }, { alert: "ErrorBudgetBurn" }],
  },
  {
    heading: "Incident Response / Severity Levels",
    ids: ["AW-08", "AW-15"],
    found: "A single failing pod is SEV3, answered in 4 hours, but PodCrashLooping is critical.",
    instead: "The alert keeps its severity and opens a SEV2 incident.",
    realised: [{ alert: "PodCrashLooping" }],
  },
  {
    heading: "Architecture",
    ids: ["AW-02", "ALL-06"],
    found: "The NGINX ingress controller of the diagram was retired in March 2026.",
    instead:
      "Gateway API: the route ai-wealth-companion is an HTTPRoute with the same hosts and paths.",
    realised: [{ resource: "HTTPRoute", name: "application-edge-route" }],
  },
  {
    heading: "Failure Scenarios / Scenario 2: Kafka Broker Failure",
    ids: ["AW-03"],
    found:
      "Since KRaft, Strimzi names a broker's pod after its node pool, so ai-wealth-kafka-kafka-0 need not exist.",
    instead:
      "The node pool is named kafka and counts from 0, so the runbook's pod names are correct.",
    realised: [{ resource: "KafkaNodePool", name: "data-ai-wealth-kafka-pool-kafka" }],
  },
  {
    heading: "Recovery Procedures / Event Recovery (Kafka)",
    ids: ["AW-13"],
    found:
      "Kafka refuses to reset a group's offsets while a member is connected, and the runbook does not stop the consumers first.",
    instead: "People stop the consumers before the command and start them afterwards.",
    realised: [{ resource: "Deployment", name: "application-backend-deployment" }],
    open: "a replay job",
  },
  {
    heading: "Recovery Procedures / Event Recovery (Kafka)",
    ids: ["AW-13"],
    found:
      "The text promises a replay from a specific offset, but the command only replays from the beginning, and localhost:9092 has no unauthenticated listener.",
    instead: "The replay needs the credentials of a Kafka user.",
    realised: [{ resource: "KafkaUser", name: "data-ai-wealth-kafka-user-application" }],
    open: "a replay job with its own Kafka user, from an offset, a time or the beginning",
  },
  {
    heading: "Monitoring & Alerting / Alert Rules",
    ids: ["AW-08"],
    found: "No exporter offers a metric kafka_ready.",
    instead: "KafkaDown follows the Ready condition of the Kafka resource.",
    realised: [{ alert: "KafkaDown" }],
  },
  {
    heading: "Scaling Operations / Node Pool Scaling",
    ids: ["AW-01", "AW-03"],
    found:
      "Two nodes cannot separate three brokers: if one node fails, two brokers are lost and writes stop.",
    instead:
      "The range stays 2 to 10; brokers must not share a node, so the autoscaler adds a third as soon as Kafka runs.",
    realised: [
      { resource: "KubernetesNodePool", name: "cluster-pool" },
      { resource: "Kafka", name: "data-ai-wealth-kafka-cluster" },
      { value: "cluster.pools[default].nodes.min" },
    ],
  },
  {
    heading: "Failure Scenarios / Scenario 1: Backend Pod Crash",
    ids: ["AW-07"],
    found:
      "The runbook says that the HPA recovers a crashed pod, but an HPA does not restart pods.",
    instead: "The kubelet restarts containers; the ReplicaSet replaces pods.",
    realised: [
      { resource: "Deployment", name: "application-backend-deployment" },
      { resource: "HorizontalPodAutoscaler", name: "application-backend-autoscaler" },
    ],
  },
  {
    heading: "Failure Scenarios / Scenario 5: Full Namespace Failure",
    ids: ["AW-14", "AW-03"],
    found:
      "Deleting the namespace deletes Kafka's volume claims too, and with them the seven days of events.",
    instead:
      "The volume claims are not deleted with the Kafka resource, and the namespace is protected.",
    realised: [
      { resource: "KafkaNodePool", name: "data-ai-wealth-kafka-pool-kafka" },
      { resource: "Namespace", name: "platform-application-namespace" },
      { document: "docs/day-two.md#what-is-protected" },
    ],
    open: "events that survive the loss of the namespace or of the cluster",
  },
  {
    heading: "Recovery Procedures / Full Cluster Recovery",
    ids: ["AW-14", "ALL-07"],
    found: "backups/secrets.yaml stores every secret in plain text next to the code.",
    instead: "Secrets are encrypted configuration, and the program recreates them.",
    realised: [{ setting: "secrets" }, { resource: "Secret", name: "secrets-db-credentials*" }],
  },
  {
    heading: "Failure Scenarios / Scenario 3: Database Connection Issues",
    ids: ["ALL-07"],
    found: "kubectl get secret -o yaml prints the connection string to the terminal.",
    instead: "kubectl describe secret shows names and sizes only.",
    realised: [{ resource: "Secret", name: "secrets-db-credentials*" }],
  },
  {
    heading: "Deployment Procedures / Rollback Procedure",
    ids: ["AW-11"],
    found: "The emergency rollback restarts all pods, which starts the same version again.",
    instead: "To roll back, set the previous image in configuration.",
    realised: [{ setting: "images" }],
    open: "a setting that restarts all pods without changing them",
  },
  {
    heading: "Scaling Operations / HPA Configuration",
    ids: ["AW-02", "ALL-11"],
    found:
      "kubectl scale and kubectl edit hpa last only until the autoscaler or the next deployment acts.",
    instead: "The range is configuration.",
    realised: [
      { setting: "scaling" },
      { resource: "HorizontalPodAutoscaler", name: "application-backend-autoscaler" },
    ],
  },
  {
    heading: "Overview / System Components",
    ids: ["AW-04"],
    found:
      "Redis is a single node with Dapr's state, so no service can read its state during a restart.",
    instead:
      "One node as in the runbook, with a persistent volume; Dapr retries reads. The cloud's own Redis, with a standby, is one setting away.",
    realised: [
      { resource: "StatefulSet", name: "data-redis-members" },
      { resource: "Resiliency", name: "application-dapr-resiliency" },
      { setting: "redis" },
    ],
  },
  {
    heading: "Overview / System Components",
    ids: ["AW-06"],
    found: "Jaeger's all-in-one image of version 1 reached its end of life at the end of 2025.",
    instead: "Traces go to Tempo, and are read in Grafana.",
    realised: [{ resource: "Release", name: "observability-traces" }],
    open: "Jaeger 2, with the interface that the runbook names",
  },
  {
    heading: "Contact Information / External Contacts",
    ids: ["AW-15", "AW-14"],
    found:
      "Neon's support answers within 24 hours, longer than any recovery time of this runbook allows.",
    instead: "A daily dump can be restored to any PostgreSQL without Neon.",
    realised: [
      { resource: "CronJob", name: "backups-neon-dump-job" },
      { document: "docs/recovery.md#restore-into-an-empty-database" },
    ],
  },
  {
    heading: "Contact Information / On-Call Rotation",
    ids: ["AW-15"],
    found: "Every person of the rotation is still TBD.",
    instead: "The rotation is PagerDuty's; alerts need its key and no names.",
    realised: [{ resource: "AlertmanagerConfig", name: "observability-routing" }],
  },
  {
    heading: "Architecture",
    ids: ["AW-04"],
    found:
      "In the diagram every service accesses Postgres through Dapr, but the backend has DATABASE_URL.",
    instead: "The backend connects directly; Redis and Kafka are only accessed through Dapr.",
    realised: [
      { resource: "Component", name: "application-dapr-component-redis" },
      { resource: "Component", name: "application-dapr-component-ai-wealth-kafka" },
      { resource: "Secret", name: "secrets-db-credentials*" },
    ],
  },
]);
