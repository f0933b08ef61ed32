/** What the AI Wealth Companion runbook contradicts itself in, or asks for in vain. */
import { findings as of } from "../finding";

export const findings = of("AW", [
  {
    heading: "Deployment Procedures / Blue-Green Deployment",
    ids: ["AW-10"],
    found:
      "The switch replaces all rules of the ingress by one path to the backend: frontend and MCP server lose their addresses.",
    instead: "Only the backends of the existing paths are switched; no path is lost.",
  },
  {
    heading: "Deployment Procedures / Blue-Green Deployment",
    ids: ["AW-10"],
    found:
      "An ingress can only lead to Services of its own namespace, and the Service backend-staging exists nowhere.",
    instead:
      "The route's backends name the namespace ai-wealth-staging, which allows exactly this route by a ReferenceGrant.",
  },
  {
    heading: "Overview / SLOs (Service Level Objectives)",
    ids: ["AW-07", "AW-08"],
    found: "A p95 above 500 ms is critical among the objectives and a warning among the alerts.",
    instead:
      "The alert keeps its severity; the objective's fast burn-rate alert is the critical one.",
  },
  {
    heading: "Incident Response / Severity Levels",
    ids: ["AW-08", "AW-15"],
    found: "A single failing pod is SEV3, answered in 4 hours, but PodCrashLooping is critical.",
    instead: "The alert keeps its severity and opens a SEV2 incident.",
  },
  {
    heading: "Architecture",
    ids: ["AW-02", "ALL-06"],
    found: "The NGINX ingress controller of the diagram was retired in March 2026.",
    instead:
      "Gateway API: the route ai-wealth-companion is an HTTPRoute with the same hosts and paths.",
  },
  {
    heading: "Failure Scenarios / Scenario 2: Kafka Broker Failure",
    ids: ["AW-03"],
    found:
      "Strimzi names a broker's pod after its node pool since KRaft, so ai-wealth-kafka-kafka-0 exists only by chance.",
    instead: "The node pool is called kafka and counts from 0: the runbook's pod names stay true.",
  },
  {
    heading: "Recovery Procedures / Event Recovery (Kafka)",
    ids: ["AW-13"],
    found:
      "Kafka refuses to reset a group's offsets while a member is connected, and the command comes without stopping the consumers.",
    instead:
      "The replay job runs with the consumers scaled to none and brings them back afterwards.",
  },
  {
    heading: "Recovery Procedures / Event Recovery (Kafka)",
    ids: ["AW-13"],
    found:
      "The text promises a replay from a specific offset, the command knows only the beginning, and localhost:9092 has no unauthenticated listener.",
    instead:
      "Offset, time or beginning are parameters of the replay job, which has a Kafka user of its own.",
  },
  {
    heading: "Monitoring & Alerting / Alert Rules",
    ids: ["AW-08"],
    found: "No exporter offers a metric kafka_ready.",
    instead:
      "KafkaDown reads the Ready condition of the Kafka resource through kube-state-metrics.",
  },
  {
    heading: "Scaling Operations / Node Pool Scaling",
    ids: ["AW-01", "AW-03"],
    found:
      "Two nodes cannot keep three brokers apart: one node's failure takes two of them and stops writing.",
    instead:
      "The range stays 2 to 10; brokers must not share a node, so the autoscaler adds a third as soon as Kafka runs.",
  },
  {
    heading: "Failure Scenarios / Scenario 1: Backend Pod Crash",
    ids: ["AW-07"],
    found: "A crashed pod is said to recover by the HPA, which counts pods and restarts none.",
    instead: "The kubelet restarts containers; the ReplicaSet replaces pods.",
  },
  {
    heading: "Failure Scenarios / Scenario 5: Full Namespace Failure",
    ids: ["AW-14", "AW-03"],
    found:
      "Deleting the namespace deletes Kafka's volume claims too, and with them the seven days of events.",
    instead:
      "The brokers' volumes are retained; recovery repairs what is missing and never deletes the namespace.",
  },
  {
    heading: "Recovery Procedures / Full Cluster Recovery",
    ids: ["AW-14", "ALL-07"],
    found: "backups/secrets.yaml keeps every secret in plain text beside the code.",
    instead: "Secrets are encrypted configuration and are written again by the program.",
  },
  {
    heading: "Failure Scenarios / Scenario 3: Database Connection Issues",
    ids: ["ALL-07"],
    found: "kubectl get secret -o yaml prints the connection string to screen and scroll-back.",
    instead: "kubectl describe secret shows names and sizes only.",
  },
  {
    heading: "Deployment Procedures / Rollback Procedure",
    ids: ["AW-11"],
    found: "The emergency rollback restarts all pods, which brings the same version back.",
    instead:
      "Rollback is the earlier image in configuration; the emergency restart is a setting of its own.",
  },
  {
    heading: "Scaling Operations / HPA Configuration",
    ids: ["AW-02", "ALL-11"],
    found:
      "kubectl scale and kubectl edit hpa hold only until the autoscaler or the next deployment acts.",
    instead: "The range is configuration.",
  },
  {
    heading: "Overview / System Components",
    ids: ["AW-04"],
    found:
      "Redis is one node and holds Dapr's state: while it restarts, no service can read its state.",
    instead:
      "One node as asked, with a persistent volume; services read through Dapr's retries. A replica is one setting away.",
  },
  {
    heading: "Overview / System Components",
    ids: ["AW-06"],
    found: "Jaeger's all-in-one image of version 1 reached its end of life at the end of 2025.",
    instead: "Jaeger 2 with the same interface.",
  },
  {
    heading: "Contact Information / External Contacts",
    ids: ["AW-15", "AW-14"],
    found:
      "Neon's support answers within 24 hours, longer than any recovery time of this runbook allows.",
    instead: "A dump of our own every day restores to any PostgreSQL without Neon's help.",
  },
  {
    heading: "Contact Information / On-Call Rotation",
    ids: ["AW-15"],
    found: "Every person of the rotation is still TBD.",
    instead: "The rotation is PagerDuty's; alerts need its key and no names.",
  },
  {
    heading: "Architecture",
    ids: ["AW-04"],
    found:
      "The diagram leads every service to Postgres through Dapr; the backend has DATABASE_URL.",
    instead: "The backend connects by itself; Redis and Kafka are reached through Dapr only.",
  },
]);
