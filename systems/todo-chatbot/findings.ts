/** Contradictions in the Todo Chatbot runbook, and things that it asks for but are not available. */
import { findings as of } from "../finding";

export const findings = of("TC", [
  {
    heading: "Architecture Overview / Dependencies",
    ids: ["TC-02"],
    found: "DigitalOcean has created no managed Redis since 30 April 2025.",
    instead: "Managed Valkey, which Dapr's Redis state store uses unchanged.",
    realised: [{ resource: "DatabaseCluster", name: "data-state-cluster" }],
  },
  {
    heading: "Architecture Overview / Dependencies",
    ids: ["TC-02", "ALL-12"],
    found: "DigitalOcean's managed Valkey has neither backups nor restore.",
    instead:
      "The state store only holds data that the services can rebuild, so it has no recovery point.",
    realised: [{ value: "caches[state].use" }],
  },
  {
    heading: "Incident Response / Message Processing Delays",
    ids: ["TC-03", "TC-06"],
    found:
      "The consumer group is recurring-task-service, but the service is called recurring-task everywhere else.",
    instead:
      "Dapr takes the app id as the group: app ids end in -service, workloads keep the runbook's names.",
    realised: [
      { value: "services[recurring-task].dapr.appId" },
      { resource: "Component", name: "application-dapr-component-pubsub" },
    ],
  },
  {
    heading: "Appendix / Environment Variables",
    ids: ["TC-04"],
    found:
      "JWT_SECRET is missing from the table of variables, though troubleshooting asks that it match BETTER_AUTH_SECRET.",
    instead: "websocket gets both variables from the same secret key, so they cannot differ.",
    realised: [
      { value: "services[websocket].environment[JWT_SECRET].from.key" },
      { value: "services[websocket].environment[BETTER_AUTH_SECRET].from.key" },
    ],
  },
  {
    heading: "Health Checks / Check Individual Service Health",
    ids: ["TC-01"],
    found: "The health checks leave out the frontend.",
    instead: "The frontend is asked on /health too.",
    realised: [
      { resource: "Deployment", name: "application-frontend-deployment" },
      { value: "services[frontend].health.path" },
    ],
  },
  {
    heading: "Troubleshooting / Dapr Sidecar Issues",
    ids: ["TC-07"],
    found: "Dapr's sidecar image has no shell and no wget: the commands with -c daprd fail.",
    instead: "kubectl port-forward to port 3500, then the same request from outside the pod.",
    realised: [{ resource: "Deployment", name: "application-backend-deployment" }],
  },
  {
    heading: "Monitoring / Dapr Dashboard",
    ids: ["TC-07"],
    found: "Dapr's chart no longer includes the dashboard, so svc/dapr-dashboard is missing.",
    instead:
      "The dashboard's own chart is installed as well, and is only reachable by port-forward.",
    realised: [{ resource: "Release", name: "platform-dapr-dashboard" }],
  },
  {
    heading: "Incident Response / Message Processing Delays",
    ids: ["TC-02", "TC-05"],
    found: "rpk group describe is called without TLS and SASL, which the managed brokers require.",
    instead:
      "The lag is exported as a metric; by hand, rpk needs --tls-enabled, --sasl-mechanism SCRAM-SHA-256, user and password.",
    realised: [{ resource: "Deployment", name: "observability-kafka-exporter" }],
  },
  {
    heading: "Common Operations / Scale Services",
    ids: ["TC-06", "ALL-11"],
    found: "kubectl scale lasts only until the autoscaler acts.",
    instead: "The range is configuration, which the autoscaler follows.",
    realised: [{ setting: "scaling" }],
  },
  {
    heading: "Common Operations / Scale Services",
    ids: ["TC-03", "TC-06"],
    found:
      "All websocket pods share one consumer group, so each event reaches only one of them, and not the clients of the others.",
    instead:
      "The group stays as in the runbook. The service must forward events between its pods, and has access to the state store for it.",
    realised: [
      { resource: "Component", name: "application-dapr-component-state" },
      { value: "services[websocket].dapr.appId" },
    ],
  },
  {
    heading: "Maintenance Windows / Before Maintenance",
    ids: ["TC-08", "ALL-12"],
    found: "A recent backup must exist, but the runbook describes none.",
    instead:
      "A daily dump in addition to Neon's own history, an alert on its age, and a run an hour before the window.",
    realised: [
      { resource: "CronJob", name: "backups-neon-dump-job" },
      { alert: "BackupTooOld" },
      { value: "backups[neon-history].every" },
    ],
  },
  {
    heading: "Monitoring / Prometheus Queries (if configured)",
    ids: ["TC-05"],
    found:
      "The latency query lacks sum by (le): it returns one p95 per pod, path and status instead of one for the API.",
    instead: "The dashboard keeps the query as written; objectives and alerts aggregate first.",
    realised: [{ resource: "ConfigMap", name: "observability-dashboard-todo-chatbot" }],
  },
  {
    heading: "Troubleshooting / Database Connection Issues",
    ids: ["TC-04", "ALL-07"],
    found: "kubectl get secret -o yaml prints every secret to the terminal.",
    instead: "kubectl describe secret shows names and sizes only.",
    realised: [{ resource: "Secret", name: "secrets-*" }],
  },
  {
    heading: "Health Checks / Check Readiness Probes",
    ids: ["ALL-04"],
    found: "Kubernetes 1.33 deprecated the Endpoints that kubectl get endpoints lists.",
    instead: "Use kubectl get endpointslices.",
    realised: [{ resource: "Service", name: "application-backend-service" }],
  },
  {
    heading: "Incident Response / Complete Outage",
    ids: ["ALL-11"],
    found: "helm rollback reverts every workload and setting of the release.",
    instead: "Set the previous image of the one service in configuration.",
    realised: [{ setting: "images" }],
  },
  {
    heading: "Appendix / Useful Commands",
    ids: ["ALL-04"],
    found: "kubectl cp copies /app/logs, but services log JSON to standard output.",
    instead:
      "kubectl logs, while the pod exists; /app/logs is writable but is deleted with its pod.",
    realised: [
      { resource: "Deployment", name: "application-backend-deployment" },
      { value: "services[backend].writable" },
    ],
    open: "a log store",
  },
]);
