/** Access, maintenance, monitoring and escalation of Todo Chatbot. */
import { clause } from "../clause";
import type { Edge, Incidents, MaintenanceWindow, Validation } from "../model";
import { days, hours, minutes, seconds } from "../units";

const silent = clause("Architecture Overview / Services", "ALL-06");

export const edge: Edge = {
  ...silent,
  route: "todo-chatbot",
  hosts: [
    {
      ...silent,
      host: "{domain}",
      routes: [
        { path: "/", service: "frontend", timeout: seconds(60) },
        { path: "/api", service: "backend", timeout: seconds(60) },
        { path: "/ws", service: "websocket", timeout: hours(1), websocket: true },
      ],
      ours: {
        host: "The runbook names no host: one for all keeps cookies and CORS simple.",
        routes: "The runbook names no paths: a browser needs the pages, the API and the socket.",
      },
    },
  ],
  certificate: { name: "todo-chatbot-tls", issuer: "letsencrypt" },
  rateLimit: {
    ...silent,
    perClientPerSecond: 20,
    ours: { perClientPerSecond: "Far above normal use by one person, and far below an attack." },
  },
  hsts: {
    ...silent,
    maxAge: days(365),
    ours: { maxAge: "One year, the minimum for browsers' preload lists." },
  },
  ours: {
    route: "The runbook does not name one: named after the system.",
    certificate: "The runbook does not name one: Let's Encrypt renews itself.",
  },
};

export const maintenance: MaintenanceWindow = {
  ...clause("Maintenance Windows", "TC-08", "ALL-10"),
  day: "sunday",
  start: "02:00",
  duration: hours(4),
  watch: minutes(15),
  checklist: {
    before: [
      "Notify users via status page",
      "Scale up services for buffer",
      "Ensure recent backup exists",
    ],
    after: ["Run smoke tests", "Monitor error rates for 15 minutes", "Update status page"],
  },
  ours: {
    day: "The runbook gives steps without a time: the night with the least traffic.",
    start: "The runbook gives no value: an hour after the nightly dump.",
    duration: "The runbook gives no value: four hours, as AI Wealth Companion keeps.",
  },
};

export const incidents: Incidents = {
  ...clause("Contact", "TC-09", "ALL-15"),
  levels: [
    {
      level: "Critical",
      description: "A critical threshold of Key Metrics is passed",
      respond: minutes(15),
      severity: "critical",
    },
    {
      level: "Warning",
      description: "A warning threshold of Key Metrics is passed",
      respond: hours(4),
      severity: "warning",
    },
  ],
  escalation: ["On-call (PagerDuty rotation)", "Platform team (Slack)", "DigitalOcean support"],
  channels: [
    { ...clause("Contact", "TC-09"), kind: "pagerduty", severities: ["critical"] },
    { ...clause("Contact", "TC-09"), kind: "slack", severities: ["critical", "warning", "info"] },
  ],
  contacts: [
    { name: "On-call", reach: "Check PagerDuty rotation" },
    { name: "Escalation", reach: "Platform team Slack channel" },
    { name: "External", reach: "DigitalOcean support (for managed services)" },
  ],
  ours: {
    levels: "The runbook has two columns, warning and critical, and no response times.",
    channels: "The runbook names both channels without saying which alerts go where.",
  },
};

const smoke = {
  requests: ["backend", "frontend", "websocket", "recurring-task", "notification"].map(
    (service) => ({ service, path: "/health" }),
  ),
};

export const validations: readonly Validation[] = [
  {
    ...clause("Health Checks / Check Individual Service Health", "TC-01", "ALL-14"),
    name: "smoke",
    when: "afterDeployment",
    ...smoke,
  },
  {
    ...clause("Maintenance Windows / After Maintenance", "TC-08", "ALL-14"),
    name: "smoke-after-maintenance",
    when: "afterMaintenance",
    requests: [...smoke.requests, { service: "websocket", path: "/stats" }],
  },
  {
    ...clause("Incident Response / Complete Outage", "ALL-13", "ALL-14"),
    name: "smoke-after-recovery",
    when: "afterRecovery",
    ...smoke,
  },
];
