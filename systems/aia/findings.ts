/** Contradictions in the AIA runbook, and things that it asks for but are not available. */
import { findings as of } from "../finding";

const BLUE_GREEN = "Deployment Procedures / Blue-Green Deployment Process";
const ISSUES = "Troubleshooting / Common Issues";

export const findings = of("AI", [
  {
    heading: "Monitoring & Alerting / Grafana Access",
    ids: ["AI-05"],
    found: "Grafana is public, in plain HTTP, with admin/admin until the first login.",
    instead: "Behind TLS and a login; the first password is generated and kept as a secret.",
  },
  {
    heading: "Access & Authentication / Service Endpoints",
    ids: ["AI-05", "ALL-06"],
    found: "API and frontend are reached at bare addresses in plain HTTP.",
    instead: "One host with TLS; HTTP answers with a redirect, and nothing else is public.",
  },
  {
    heading: "Monitoring & Alerting / Setting Up Alerts",
    ids: ["AI-06"],
    found:
      "The rule counts failed requests per second and series, so it depends on traffic instead of the error ratio, and it has no namespace.",
    instead:
      "The rule stays, limited to the namespace; HighErrorRatio is added and compares with all requests.",
  },
  {
    heading: `${BLUE_GREEN} / 4. Cleanup Old Version`,
    ids: ["AI-07"],
    found:
      "After the first switch aia-api-blue is deleted, and all later procedures still update, scale and restart it.",
    instead: "Which colour is live is configuration, and every operation follows it.",
  },
  {
    heading: `${BLUE_GREEN} / 2. Validate Green Environment`,
    ids: ["AI-07", "AI-02"],
    found: "The Service aia-api-green is used and never created.",
    instead: "Each colour has its own Service in addition to aia-api.",
  },
  {
    heading: "Deployment Procedures / Rolling Updates",
    ids: ["AI-02"],
    found:
      "Google closed Container Registry in 2025; gcr.io names are now served by an Artifact Registry repository named gcr.io.",
    instead: "The name stays. The repository and the nodes' read permission are created.",
  },
  {
    heading: `${ISSUES} / 5. Secret Management Issues`,
    ids: ["AI-04"],
    found: "gcloud has no secrets access-secret, and the value would be printed.",
    instead:
      "Use gcloud secrets versions access latest --secret=aia-database-url if it must be read.",
  },
  {
    heading: `${ISSUES} / 4. Database Connection Issues`,
    ids: ["AI-03"],
    found:
      "$DATABASE_URL is expanded by the operator's own shell, where it is empty, and the image may not contain psql.",
    instead: "The API's readiness shows whether it can reach its database.",
  },
  {
    heading: `${ISSUES} / 4. Database Connection Issues`,
    ids: ["AI-03"],
    found: "mas-system-postgres is a Cloud SQL instance: no name in the cluster resolves to it.",
    instead: "A Service with that name points to its private address.",
  },
  {
    heading: "Backup & Recovery / Configuration Backups",
    ids: ["AI-08", "ALL-07"],
    found: "The backup writes every secret to a file in plain text.",
    instead: "Secrets stay in Secret Manager and are fetched again, so the backup omits them.",
  },
  {
    heading: "Backup & Recovery / Configuration Backups",
    ids: ["AI-08"],
    found:
      "kubectl get all omits network policies, external secrets, quotas and more, and includes addresses and ids that cannot be applied again.",
    instead:
      "No file is created: this program creates every object of the namespace, so its repository is the backup.",
  },
  {
    heading: "Backup & Recovery / Disaster Recovery",
    ids: ["AI-08"],
    found:
      "The namespace is deleted and never created again, the roles' backup is not applied, and the file must be of the same day.",
    instead:
      "The stack creates namespace and roles; the newest backup goes into an empty namespace.",
  },
  {
    heading: "Backup & Recovery / Database Backups",
    ids: ["AI-03"],
    found: "The restore overwrites the live instance.",
    instead:
      "Restore to a new instance from the backup or a point in time, then point the secret to it.",
  },
  {
    heading: "Deployment Procedures / Configuration Updates",
    ids: ["AI-04", "AI-09"],
    found:
      "Patching a ConfigMap does not change running pods, and maintenance mode is set without a restart.",
    instead: "Both are configuration; pods restart when the ConfigMap changes.",
  },
  {
    heading: "Troubleshooting / Performance Troubleshooting / Storage Issues",
    ids: ["AI-06"],
    found:
      "The first command shows reserved processor and memory, not disk; the second deletes evicted pods, not images.",
    instead: "DiskFilling watches the nodes' disks; the kubelet removes images automatically.",
  },
  {
    heading: "Emergency Procedures / Security Incident",
    ids: ["AI-09"],
    found: "kubectl logs without a pod or label is refused.",
    instead: "Search the log store for the namespace.",
  },
  {
    heading: "Emergency Procedures / Security Incident",
    ids: ["AI-09"],
    found: "Scaling to 0 is undone by the autoscaler, which keeps at least 2.",
    instead: "Isolation is configuration: 0 replicas, and no autoscaler for that deployment.",
  },
  {
    heading: "Monitoring & Alerting / Prometheus Queries",
    ids: ["AI-06"],
    found:
      "container_memory_usage_bytes includes the file cache, which does not count against the limit.",
    instead: "The dashboard keeps the query as written; HighMemory uses the working set.",
  },
  {
    heading: "System Architecture / Network Architecture",
    ids: ["AI-01"],
    found: "Horizontal and vertical autoscaling on the same metric conflict.",
    instead: "Scale out on CPU, and size by memory.",
  },
  {
    heading: "Contacts & Escalation / Communication Channels",
    ids: ["AI-10"],
    found: "The emergency hotline has no number, and the review was due on 13 October 2025.",
    instead: "Alerts reach Slack and e-mail; the contacts are kept as written.",
  },
  {
    heading: "Access & Authentication / Secret Management",
    ids: ["AI-04"],
    found: "gcloud secrets versions add changes the database's URL by hand, but not the database.",
    instead:
      "The value follows the database: rotation is one setting, and the pods read exactly the matching version.",
  },
  {
    heading: "Access & Authentication / Cluster Access",
    ids: ["AI-01"],
    found:
      "gcloud container clusters get-credentials expects a public address, which a private control plane does not have.",
    instead: "The same command with --dns-endpoint, which Google IAM protects.",
  },
  {
    heading: "System Architecture / Network Architecture",
    ids: ["AI-02"],
    found:
      "Google's own load balancer cannot use the cluster's certificates, and needs a separate service for rate limits.",
    instead:
      "A passthrough load balancer in front of Envoy, which terminates TLS, limits rates and redirects.",
  },
]);
