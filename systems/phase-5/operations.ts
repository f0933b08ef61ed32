/** Access, maintenance, monitoring and escalation of Phase 5 Todo. */
import { clause } from "../clause";
import type {
  Edge,
  EnvironmentName,
  Host,
  Incidents,
  MaintenanceWindow,
  Validation,
} from "../model";
import { days, hours, minutes, seconds } from "../units";

const WEBSOCKET = "Common Issues & Solutions / Issue: WebSocket Connections Dropping";
const FAILOVER = "Disaster Recovery / Recovery Procedures";

const host = (
  name: string,
  environment: EnvironmentName,
  heading: string,
  ours?: Readonly<Record<string, string>>,
): Host => ({
  ...clause(heading, "P5-04", "P5-08"),
  host: name,
  environment,
  routes: [
    { path: "/", service: "backend", timeout: seconds(60) },
    { path: "/ws", service: "backend", timeout: seconds(3600), websocket: true },
  ],
  ...(ours === undefined ? {} : { ours }),
});

export const edge: Edge = {
  ...clause(WEBSOCKET, "P5-04", "ALL-06"),
  route: "websocket-ingress",
  domain: "todo-app.com",
  hosts: [
    host("api.{domain}", "prod", WEBSOCKET, {
      host: "The runbook names only the backup region's address.",
      routes: "The runbook names no paths: the backend serves both requests and connections.",
    }),
    host("primary.{domain}", "prod", FAILOVER, {
      host: "The health check of the failover needs a name that stays in this region.",
    }),
    host("staging-api.{domain}", "staging", WEBSOCKET, { host: "The runbook has no staging." }),
    host("backup.{domain}", "dr", FAILOVER),
    host("api.{domain}", "dr", FAILOVER, {
      host: "After a failover the public name points here, so this region must serve it.",
    }),
  ],
  certificate: { name: "backend-api-tls", issuer: "letsencrypt" },
  rateLimit: {
    ...clause(WEBSOCKET, "ALL-06"),
    perClientPerSecond: 20,
    ours: {
      perClientPerSecond:
        "The runbook gives no value: above normal use by one person, and below an attack.",
    },
  },
  hsts: {
    ...clause("Daily Operations / Weekly Review (Friday 4 PM)", "ALL-06"),
    maxAge: days(365),
    ours: { maxAge: "One year, the minimum for browsers' preload lists." },
  },
};

export const maintenance: MaintenanceWindow = {
  ...clause("Maintenance Procedures", "ALL-10"),
  day: "sunday",
  start: "03:00",
  duration: hours(2),
  checklist: {
    before: ["Verify backups completed successfully"],
    after: ["Verify all pods are running", "Check error rates in Prometheus"],
  },
  ours: {
    day: "The runbook has no window: the night with the least traffic.",
    start: "An hour after the nightly backup.",
    duration: "The runbook gives no value: a migration, an update and room to go back.",
    checklist: "From the runbook's morning checklist.",
  },
};

const SEVERITY = "Alerting & On-Call / Alert Severity Levels";
const CONTACT = "Contact Information";

export const incidents: Incidents = {
  ...clause(SEVERITY, "P5-09", "ALL-15"),
  levels: [
    {
      level: "P1",
      description: "Critical: complete service outage, data loss",
      respond: minutes(15),
      escalate: minutes(30),
      severity: "critical",
    },
    {
      level: "P2",
      description: "High: service degradation, high error rate",
      respond: hours(1),
      escalate: hours(2),
      severity: "warning",
    },
    {
      level: "P3",
      description: "Medium: performance issues, minor bugs",
      respond: hours(4),
      escalate: "next business day",
      severity: "warning",
    },
    {
      level: "P4",
      description: "Low: documentation, cosmetic issues",
      respond: days(7),
      severity: "info",
    },
  ],
  escalation: ["On-call engineer (PagerDuty)", "Slack #todo-app-ops", "DevOps Team"],
  channels: [
    { ...clause(CONTACT, "P5-09"), kind: "pagerduty", severities: ["critical"] },
    {
      ...clause(CONTACT, "P5-09"),
      kind: "slack",
      to: "#todo-app-ops",
      severities: ["critical", "warning", "info"],
    },
  ],
  contacts: [
    { name: "On-Call", reach: "+1-XXX-XXX-XXXX (PagerDuty)" },
    { name: "Slack", reach: "#todo-app-ops" },
    { name: "Email", reach: "ops@yourdomain.com" },
    { name: "GitHub", reach: "https://github.com/your-org/todo-app/issues" },
  ],
  ours: {
    levels: "The runbook's levels are matched to severities by response time: P1 alone pages.",
    escalation: "The runbook gives times of escalation and its contacts, without an order.",
  },
};

const health = { service: "backend", path: "/health" };

export const validations: readonly Validation[] = [
  {
    ...clause("Maintenance Procedures / Rolling Update", "P5-01", "ALL-14"),
    name: "health",
    when: "afterDeployment",
    requests: [health, { service: "notification", path: "/health" }],
    ours: {
      requests:
        "The runbook watches the rollout; a response is better evidence than a started pod.",
    },
  },
  {
    ...clause("Daily Operations / Morning Checklist (Daily 9 AM)", "P5-01", "ALL-14"),
    name: "health-after-maintenance",
    when: "afterMaintenance",
    requests: [health, { service: "notification", path: "/health" }],
  },
  {
    ...clause(FAILOVER, "P5-08", "ALL-14"),
    name: "verify-failover",
    when: "afterRecovery",
    requests: [health, { service: "notification", path: "/health" }],
    events: ["reminders"],
    ours: { events: "The runbook's last step is to verify all services: Kafka is one of them." },
  },
];
