/** Access, maintenance, monitoring and escalation of AI Wealth Companion. */
import { clause } from "../clause";
import type { Edge, Incidents, MaintenanceWindow, Validation } from "../model";
import { days, hours, minutes, seconds } from "../units";

const ARCHITECTURE = "Architecture";
const BLUE_GREEN = "Deployment Procedures / Blue-Green Deployment";

export const edge: Edge = {
  ...clause(BLUE_GREEN, "AW-02", "AW-10", "ALL-06"),
  route: "ai-wealth-companion",
  domain: "ai-wealth.example.com",
  hosts: [
    {
      ...clause(ARCHITECTURE, "AW-02"),
      host: "{domain}",
      routes: [
        { path: "/", service: "frontend", timeout: seconds(60) },
        { path: "/api", service: "backend", timeout: seconds(60) },
        { path: "/mcp", service: "mcp-server", timeout: minutes(5) },
      ],
      ours: {
        routes:
          "The diagram leads the edge to all three services and gives no paths; the runbook's own patch would send everything to the backend (AW-F1).",
      },
    },
  ],
  tools: [
    {
      ...clause("Monitoring & Alerting / Grafana Dashboards", "AW-09"),
      tool: "grafana",
      host: "{domain}",
      path: "/grafana",
    },
  ],
  certificate: { name: "ai-wealth-companion-tls", issuer: "letsencrypt" },
  rateLimit: {
    ...clause(ARCHITECTURE, "ALL-06"),
    perClientPerSecond: 20,
    ours: { perClientPerSecond: "Far above normal use by one person, and far below an attack." },
  },
  hsts: {
    ...clause(ARCHITECTURE, "ALL-06"),
    maxAge: days(365),
    ours: { maxAge: "One year, the minimum for browsers' preload lists." },
  },
  ours: { certificate: "The diagram says cert-manager and gives no name." },
};

const WINDOW = "Maintenance Windows / Standard Maintenance";

export const maintenance: MaintenanceWindow = {
  ...clause(WINDOW, "AW-12", "ALL-10"),
  day: "sunday",
  start: "02:00",
  duration: hours(4),
  notice: hours(48),
  checklist: {
    before: [
      "Notify users via status page",
      "Disable alerting for expected downtime",
      "Take database backup",
      "Export Grafana dashboards",
    ],
    after: ["Run validation tests", "Re-enable alerting", "Update status page"],
  },
};

export const incidents: Incidents = {
  ...clause("Incident Response / Severity Levels", "AW-15", "ALL-15"),
  levels: [
    {
      level: "SEV1",
      description: "Complete outage: all pods down, data loss",
      respond: minutes(15),
      severity: "critical",
    },
    {
      level: "SEV2",
      description: "Major degradation: high error rate, slow responses",
      respond: minutes(30),
      severity: "critical",
    },
    {
      level: "SEV3",
      description: "Minor issue: single pod failures, non-critical",
      respond: hours(4),
      severity: "warning",
    },
    {
      level: "SEV4",
      description: "Cosmetic: UI glitches",
      respond: "next business day",
      severity: "info",
    },
  ],
  escalation: ["On-call engineer (PagerDuty)", "Team lead", "Engineering manager", "CTO"],
  channels: [
    {
      ...clause("Contact Information / Escalation Path", "AW-15"),
      kind: "pagerduty",
      severities: ["critical"],
    },
    {
      ...clause("Monitoring & Alerting / Alert Rules", "AW-15"),
      kind: "slack",
      severities: ["critical", "warning", "info"],
      ours: {
        kind: "The runbook pages critical alerts and gives warnings no channel: they must be read somewhere.",
      },
    },
  ],
  contacts: [
    { name: "DigitalOcean", reach: "support@digitalocean.com (SLA 4 hours)" },
    { name: "Neon", reach: "support@neon.tech (SLA 24 hours)" },
    { name: "Strimzi", reach: "GitHub Issues (community)" },
    { name: "Platform Engineer", reach: "TBD" },
    { name: "Backend Developer", reach: "TBD" },
    { name: "SRE", reach: "TBD" },
  ],
  ours: { levels: "The runbook's levels and its alerts' severities are matched by urgency." },
};

const requests = ["backend", "frontend", "mcp-server"].map((service) => ({
  service,
  path: "/health",
}));

export const validations: readonly Validation[] = [
  {
    ...clause("Deployment Procedures / Standard Deployment", "AW-10", "ALL-14"),
    name: "validate-events",
    when: "afterDeployment",
    requests,
    events: ["transactions"],
  },
  {
    ...clause("Maintenance Windows / Maintenance Checklist", "AW-12", "ALL-14"),
    name: "validate-after-maintenance",
    when: "afterMaintenance",
    requests,
  },
  {
    ...clause("Recovery Procedures / Full Cluster Recovery", "AW-14", "ALL-14"),
    name: "validate-after-recovery",
    when: "afterRecovery",
    requests,
    events: ["transactions"],
  },
];
