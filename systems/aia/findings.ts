/** Contradictions in the AIA runbook, and things that it asks for but are not available. */
import { findings as of } from "../finding";

const BLUE_GREEN = "Deployment Procedures / Blue-Green Deployment Process";
const ISSUES = "Troubleshooting / Common Issues";

export const findings = of("AI", [
  {
    heading: "Monitoring & Alerting / Grafana Access",
    ids: ["AI-05"],
    found: "Grafana is public, in plain HTTP, with admin/admin until the first login.",
    instead:
      "Grafana has no public address: people reach it by a port-forward. The first password is generated and kept as a secret.",
    realised: [
      { resource: "RandomPassword", name: "observability-grafana-password" },
      { resource: "Secret", name: "observability-grafana-administrator" },
    ],
    open: "a host for Grafana with TLS and a login",
  },
  {
    heading: "Access & Authentication / Service Endpoints",
    ids: ["AI-05", "ALL-06"],
    found: "API and frontend are reached at bare addresses in plain HTTP.",
    instead: "One host with TLS; HTTP answers with a redirect, and nothing else is public.",
    realised: [
      { resource: "Gateway", name: "application-edge-gateway" },
      { resource: "Certificate", name: "application-certificates-certificate" },
      { resource: "HTTPRoute", name: "application-edge-redirect" },
    ],
  },
  {
    heading: "Monitoring & Alerting / Setting Up Alerts",
    ids: ["AI-06"],
    found:
      "The rule counts failed requests per second and series, so it depends on traffic instead of the error ratio, and it has no namespace.",
    instead:
      "The rule stays, limited to the namespace; HighErrorRatio is added and compares with all requests.",
    realised: [{ alert: "HighErrorRate" }, { alert: "HighErrorRatio" }],
  },
  {
    heading: `${BLUE_GREEN} / 4. Cleanup Old Version`,
    ids: ["AI-07"],
    found:
      "After the first switch aia-api-blue is deleted, and all later procedures still update, scale and restart it.",
    instead: "There is one Deployment, aia-api, which every operation names.",
    realised: [{ resource: "Deployment", name: "application-api-deployment" }],
    open: "blue-green deployments, and a setting for the colour that is live",
  },
  {
    heading: `${BLUE_GREEN} / 2. Validate Green Environment`,
    ids: ["AI-07", "AI-02"],
    found: "The Service aia-api-green is used and never created.",
    instead: "The Service aia-api leads to the one version.",
    realised: [{ resource: "Service", name: "application-api-service" }],
    open: "a Service for each colour",
  },
  {
    heading: "Deployment Procedures / Rolling Updates",
    ids: ["AI-02"],
    found:
      "Google closed Container Registry in 2025; gcr.io names are now served by an Artifact Registry repository named gcr.io.",
    instead: "The name stays. The repository and the nodes' read permission are created.",
    realised: [
      { resource: "Repository", name: "cluster-images-us-gcr-io" },
      { resource: "RepositoryIamMember", name: "cluster-images-us-gcr-io-reader" },
    ],
  },
  {
    heading: `${ISSUES} / 5. Secret Management Issues`,
    ids: ["AI-04"],
    found: "gcloud has no secrets access-secret, and the value would be printed.",
    instead:
      "Use gcloud secrets versions access latest --secret=aia-database-url if it must be read.",
    realised: [{ resource: "Secret", name: "secrets-aia-secrets-database-url-secret" }],
  },
  {
    heading: `${ISSUES} / 4. Database Connection Issues`,
    ids: ["AI-03"],
    found:
      "$DATABASE_URL is expanded by the operator's own shell, where it is empty, and the image may not contain psql.",
    instead:
      "The API's readiness probe asks the API itself, so one that reports its database there shows it without a shell.",
    realised: [{ resource: "Deployment", name: "application-api-deployment" }],
  },
  {
    heading: `${ISSUES} / 4. Database Connection Issues`,
    ids: ["AI-03"],
    found: "mas-system-postgres is a Cloud SQL instance: no name in the cluster resolves to it.",
    instead: "A Service with that name points to its private address.",
    realised: [
      { resource: "Service", name: "data-alias-mas-system-postgres-service" },
      { resource: "EndpointSlice", name: "data-alias-mas-system-postgres-endpoints" },
    ],
  },
  {
    heading: "Backup & Recovery / Configuration Backups",
    ids: ["AI-08", "ALL-07"],
    found: "The backup writes every secret to a file in plain text.",
    instead:
      "No file is written: the values stay in Secret Manager, from where a rebuild reads them again.",
    realised: [
      { resource: "ExternalSecret", name: "secrets-aia-secrets" },
      { resource: "SecretVersion", name: "secrets-aia-secrets-database-url-version" },
    ],
  },
  {
    heading: "Backup & Recovery / Configuration Backups",
    ids: ["AI-08"],
    found:
      "kubectl get all omits network policies, external secrets, quotas and more, and includes addresses and ids that cannot be applied again.",
    instead:
      "No file is created: this program creates every object of the namespace, so its repository is the backup.",
    realised: [
      { document: "README.md#create-the-environment" },
      { value: "exceptions[runbook-backups/configuration].reason" },
    ],
  },
  {
    heading: "Backup & Recovery / Disaster Recovery",
    ids: ["AI-08"],
    found:
      "The namespace is deleted and never created again, the roles' backup is not applied, and the file must be of the same day.",
    instead:
      "The stack creates the namespace and everything in it again; the newest dump restores the database.",
    realised: [
      { resource: "Namespace", name: "platform-application-namespace" },
      { document: "docs/recovery.md#restore-into-an-empty-database" },
    ],
    open: "the roles for people",
  },
  {
    heading: "Backup & Recovery / Database Backups",
    ids: ["AI-03"],
    found: "The restore overwrites the live instance.",
    instead: "People clone the instance to a time, dump the clone, and restore the dump.",
    realised: [
      { resource: "DatabaseInstance", name: "data-mas-system-postgres-instance" },
      { document: "docs/recovery.md#restore-to-a-point-in-time" },
    ],
    open: "a key that restores to a new instance and points the secret to it",
  },
  {
    heading: "Deployment Procedures / Configuration Updates",
    ids: ["AI-04", "AI-09"],
    found:
      "Patching a ConfigMap does not change running pods, and maintenance mode is set without a restart.",
    instead:
      "The key `runstack:variables` sets both in the ConfigMap, whose checksum in the pods' template restarts them.",
    realised: [
      { resource: "ConfigMap", name: "application-aia-config" },
      { value: "services[api].environment[MAINTENANCE_MODE].name" },
      { setting: "variables" },
    ],
  },
  {
    heading: "Troubleshooting / Performance Troubleshooting / Storage Issues",
    ids: ["AI-06"],
    found:
      "The first command shows reserved processor and memory, not disk; the second deletes evicted pods, not images.",
    instead: "DiskFilling watches the nodes' disks; the kubelet removes images automatically.",
    realised: [{ alert: "DiskFilling" }],
  },
  {
    heading: "Emergency Procedures / Security Incident",
    ids: ["AI-09"],
    found: "kubectl logs without a pod or label is refused.",
    instead: "kubectl logs with the label app=aia-api, while the pods exist.",
    realised: [{ resource: "Deployment", name: "application-api-deployment" }],
    open: "a log store",
  },
  {
    heading: "Emergency Procedures / Security Incident",
    ids: ["AI-09"],
    found: "Scaling to 0 is undone by the autoscaler, which keeps at least 2.",
    instead: "The autoscaler keeps the runbook's minimum.",
    realised: [{ resource: "HorizontalPodAutoscaler", name: "application-api-autoscaler" }],
    open: "a setting that isolates a service: no replicas and no autoscaler",
  },
  {
    heading: "Monitoring & Alerting / Prometheus Queries",
    ids: ["AI-06"],
    found:
      "container_memory_usage_bytes includes the file cache, which does not count against the limit.",
    instead: "The dashboard keeps the query as written; HighMemory uses the working set.",
    realised: [
      { alert: "HighMemory" },
      { resource: "ConfigMap", name: "observability-dashboard-aia" },
    ],
  },
  {
    heading: "System Architecture / Network Architecture",
    ids: ["AI-01"],
    found: "Horizontal and vertical autoscaling on the same metric conflict.",
    instead: "Scale out on CPU; memory is fixed at the runbook's size.",
    realised: [{ resource: "HorizontalPodAutoscaler", name: "application-api-autoscaler" }],
    open: "sizing by memory",
  },
  {
    heading: "Contacts & Escalation / Communication Channels",
    ids: ["AI-10"],
    found: "The emergency hotline has no number, and the review was due on 13 October 2025.",
    instead: "Alerts reach Slack and e-mail; the contacts are kept as written.",
    realised: [
      { resource: "AlertmanagerConfig", name: "observability-routing" },
      { value: "incidents.contacts[Phone].reach" },
    ],
  },
  {
    heading: "Access & Authentication / Secret Management",
    ids: ["AI-04"],
    found: "gcloud secrets versions add changes the database's URL by hand, but not the database.",
    instead:
      "The value follows the database: rotation is one setting, and the pods read exactly the matching version.",
    realised: [
      { setting: "rotations" },
      { resource: "SecretVersion", name: "secrets-aia-secrets-database-url-version" },
      { resource: "ExternalSecret", name: "secrets-aia-secrets" },
    ],
  },
  {
    heading: "Access & Authentication / Cluster Access",
    ids: ["AI-01"],
    found:
      "gcloud container clusters get-credentials expects a public address, which a private control plane does not have.",
    instead: "The same command with --dns-endpoint, which Google IAM protects.",
    realised: [{ resource: "Cluster", name: "cluster-cluster" }],
  },
  {
    heading: "System Architecture / Network Architecture",
    ids: ["AI-02"],
    found:
      "Google's own load balancer cannot use the cluster's certificates, and needs a separate service for rate limits.",
    instead:
      "A passthrough load balancer in front of Envoy, which terminates TLS, limits rates and redirects.",
    realised: [
      { resource: "Gateway", name: "application-edge-gateway" },
      { resource: "BackendTrafficPolicy", name: "application-edge-traffic-policy" },
      { resource: "HTTPRoute", name: "application-edge-redirect" },
    ],
  },
]);
