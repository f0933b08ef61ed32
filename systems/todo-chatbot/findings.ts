/** What the Todo Chatbot runbook contradicts itself in, or asks for in vain. */
import { findings as of } from "../finding";

export const findings = of("TC", [
  {
    heading: "Architecture Overview / Dependencies",
    ids: ["TC-02"],
    found: "DigitalOcean has created no managed Redis since 30 April 2025.",
    instead: "Managed Valkey, which Dapr's Redis state store uses unchanged.",
  },
  {
    heading: "Architecture Overview / Dependencies",
    ids: ["TC-02", "ALL-12"],
    found: "DigitalOcean's managed Valkey has neither backups nor restore.",
    instead:
      "The state store holds only what the services can build again; nothing in it has a recovery point.",
  },
  {
    heading: "Incident Response / Message Processing Delays",
    ids: ["TC-03", "TC-06"],
    found:
      "The consumer group is recurring-task-service, but the service is called recurring-task everywhere else.",
    instead:
      "Dapr takes the app id as the group: app ids end in -service, workloads keep the runbook's names.",
  },
  {
    heading: "Appendix / Environment Variables",
    ids: ["TC-04"],
    found:
      "JWT_SECRET is missing from the table of variables, though troubleshooting asks that it match BETTER_AUTH_SECRET.",
    instead: "websocket gets both variables from the same key of the secret: they cannot differ.",
  },
  {
    heading: "Health Checks / Check Individual Service Health",
    ids: ["TC-01"],
    found: "The health checks leave out the frontend.",
    instead: "The frontend answers on /health as the others do.",
  },
  {
    heading: "Troubleshooting / Dapr Sidecar Issues",
    ids: ["TC-07"],
    found: "Dapr's sidecar image has no shell and no wget: the commands with -c daprd fail.",
    instead: "kubectl port-forward to port 3500, then the same request from outside the pod.",
  },
  {
    heading: "Monitoring / Dapr Dashboard",
    ids: ["TC-07"],
    found: "Dapr's chart no longer brings the dashboard: svc/dapr-dashboard is missing after it.",
    instead: "The dashboard's own chart is installed beside it, reachable by port-forward only.",
  },
  {
    heading: "Incident Response / Message Processing Delays",
    ids: ["TC-02", "TC-05"],
    found: "rpk group describe is called without TLS and SASL, which the managed brokers require.",
    instead:
      "The lag is exported as a metric; by hand, rpk needs --tls-enabled, --sasl-mechanism SCRAM-SHA-256, user and password.",
  },
  {
    heading: "Common Operations / Scale Services",
    ids: ["TC-06", "ALL-11"],
    found: "kubectl scale holds only until the autoscaler acts.",
    instead: "The range is configuration; the autoscaler keeps to it.",
  },
  {
    heading: "Common Operations / Scale Services",
    ids: ["TC-03", "TC-06"],
    found:
      "All websocket pods share one consumer group, so each event reaches one of them, and not the clients connected to the others.",
    instead:
      "The group stays the runbook's; the service has to pass events on between its pods, for which the state store is open to it.",
  },
  {
    heading: "Maintenance Windows / Before Maintenance",
    ids: ["TC-08", "ALL-12"],
    found: "A recent backup must exist, but the runbook describes none.",
    instead:
      "A daily dump beside Neon's own history, an alert on its age, and the nightly run an hour before the window.",
  },
  {
    heading: "Monitoring / Prometheus Queries (if configured)",
    ids: ["TC-05"],
    found:
      "The latency query lacks sum by (le): it gives one p95 for each pod, path and status instead of the API's.",
    instead: "The dashboard keeps the query as written; objectives and alerts aggregate first.",
  },
  {
    heading: "Troubleshooting / Database Connection Issues",
    ids: ["TC-04", "ALL-07"],
    found: "kubectl get secret -o yaml prints every secret to screen and scroll-back.",
    instead: "kubectl describe secret shows names and sizes only.",
  },
  {
    heading: "Health Checks / Check Readiness Probes",
    ids: ["ALL-04"],
    found: "Kubernetes 1.33 deprecated the Endpoints that kubectl get endpoints lists.",
    instead: "kubectl get endpointslices.",
  },
  {
    heading: "Incident Response / Complete Outage",
    ids: ["ALL-11"],
    found: "helm rollback takes every workload and setting of the release back at once.",
    instead: "The earlier image of the one service in configuration.",
  },
  {
    heading: "Appendix / Useful Commands",
    ids: ["ALL-04"],
    found: "kubectl cp fetches /app/logs, though services log JSON to their standard output.",
    instead: "kubectl logs, or the log store; /app/logs stays writable and ends with its pod.",
  },
]);
