/** What the AIA runbook contradicts itself in, or asks for in vain. */
import { findings as of } from "../finding";

const BLUE_GREEN = "Deployment Procedures / Blue-Green Deployment Process";
const ISSUES = "Troubleshooting / Common Issues";

export const findings = of("AI", [
  {
    heading: "Monitoring & Alerting / Grafana Access",
    ids: ["AI-05"],
    found: "Grafana is public, in plain HTTP, with admin/admin until somebody logs in first.",
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
      "The rule counts failed requests a second for each series, so that it fires by traffic and not by share, and names no namespace.",
    instead:
      "The rule stays, limited to the namespace; HighErrorRatio beside it compares with all requests.",
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
    instead: "Each colour has a Service of its own beside aia-api.",
  },
  {
    heading: "Deployment Procedures / Rolling Updates",
    ids: ["AI-02"],
    found:
      "Google closed Container Registry in 2025; gcr.io names live on in a repository called gcr.io of Artifact Registry.",
    instead: "The name stays; the repository and the nodes' right to read it are created.",
  },
  {
    heading: `${ISSUES} / 5. Secret Management Issues`,
    ids: ["AI-04"],
    found: "gcloud has no secrets access-secret, and the value would be printed.",
    instead:
      "gcloud secrets versions access latest --secret=aia-database-url, where it must be read.",
  },
  {
    heading: `${ISSUES} / 4. Database Connection Issues`,
    ids: ["AI-03"],
    found:
      "$DATABASE_URL is filled in by the operator's own shell, in which it is empty, and the image need not contain psql.",
    instead: "The readiness of the API says whether it reaches its database.",
  },
  {
    heading: `${ISSUES} / 4. Database Connection Issues`,
    ids: ["AI-03"],
    found: "mas-system-postgres is a Cloud SQL instance: no name in the cluster leads to it.",
    instead: "A Service of that name leads to its private address.",
  },
  {
    heading: "Backup & Recovery / Configuration Backups",
    ids: ["AI-08", "ALL-07"],
    found: "The backup writes every secret to a file in plain text.",
    instead: "Secrets stay in Secret Manager and are fetched again; the backup leaves them out.",
  },
  {
    heading: "Backup & Recovery / Configuration Backups",
    ids: ["AI-08"],
    found:
      "kubectl get all leaves out network policies, external secrets, quotas and more, and keeps addresses and ids that cannot be applied again.",
    instead:
      "No file is made: every object of the namespace is written by this program, whose repository is the backup.",
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
    found: "The restore overwrites the instance that is still serving.",
    instead: "A new instance from the backup or a point in time; the secret then leads to it.",
  },
  {
    heading: "Deployment Procedures / Configuration Updates",
    ids: ["AI-04", "AI-09"],
    found:
      "A patched ConfigMap changes no running pod, and maintenance mode is set without the restart.",
    instead: "Both are configuration; pods restart when the ConfigMap changes.",
  },
  {
    heading: "Troubleshooting / Performance Troubleshooting / Storage Issues",
    ids: ["AI-06"],
    found:
      "The first command shows reserved processor and memory, not disk; the second deletes evicted pods, not images.",
    instead: "DiskFilling reads the nodes' disks; the kubelet removes images by itself.",
  },
  {
    heading: "Emergency Procedures / Security Incident",
    ids: ["AI-09"],
    found: "kubectl logs without a pod or label is refused.",
    instead: "The log store is searched for the namespace.",
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
    found: "container_memory_usage_bytes counts cached files, which no limit is held against.",
    instead: "The dashboard keeps the query as written; HighMemory reads the working set.",
  },
  {
    heading: "System Architecture / Network Architecture",
    ids: ["AI-01"],
    found: "Horizontal and vertical autoscaling on the same measure work against each other.",
    instead: "Pods are added by processor, sized by memory.",
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
    found:
      "gcloud secrets versions add changes the database's URL by hand, which the database knows nothing of.",
    instead:
      "The value follows the database: a rotation is one setting, and the pods read exactly the version that belongs to it.",
  },
  {
    heading: "Access & Authentication / Cluster Access",
    ids: ["AI-01"],
    found:
      "gcloud container clusters get-credentials expects a public address, which a private control plane does not have.",
    instead: "The same command with --dns-endpoint, which Google's IAM guards.",
  },
  {
    heading: "System Architecture / Network Architecture",
    ids: ["AI-02"],
    found:
      "Google's own load balancer cannot be given the cluster's certificates and limits rates by a service of its own.",
    instead:
      "A passthrough load balancer in front of Envoy, which ends TLS, limits rates and redirects.",
  },
]);
