/** Access, maintenance, monitoring and escalation of the AIA system. */
import { clause } from "../clause";
import type { AccessRole, Edge, Incidents, MaintenanceWindow, Validation } from "../model";
import { days, hours, seconds } from "../units";

const ENDPOINTS = "Access & Authentication / Service Endpoints";

export const edge: Edge = {
  ...clause("System Architecture / Component Overview", "AI-02", "AI-05", "ALL-06"),
  route: "aia",
  hosts: [
    {
      ...clause(ENDPOINTS, "AI-02", "AI-05"),
      host: "{domain}",
      routes: [
        { path: "/", service: "frontend", timeout: seconds(60) },
        { path: "/api", service: "api", timeout: seconds(60) },
      ],
      ours: {
        host: "The runbook has three addresses in plain HTTP: one host with TLS takes their place.",
        routes: "A browser needs the pages and the API.",
      },
    },
  ],
  tools: [
    {
      ...clause("Monitoring & Alerting / Grafana Access", "AI-05"),
      tool: "grafana",
      host: "grafana.{domain}",
      path: "/",
      ours: { host: "The runbook has an address in plain HTTP." },
    },
  ],
  certificate: { name: "aia-tls", issuer: "letsencrypt" },
  rateLimit: {
    ...clause(ENDPOINTS, "ALL-06"),
    perClientPerSecond: 20,
    ours: {
      perClientPerSecond:
        "The runbook gives no value: above normal use by one person, and below an attack.",
    },
  },
  hsts: {
    ...clause(ENDPOINTS, "ALL-06"),
    maxAge: days(365),
    ours: { maxAge: "One year, the minimum for browsers' preload lists." },
  },
  ours: {
    route: "The runbook does not name one: named after the system.",
    certificate: "The runbook does not have one.",
  },
};

const READ = ["get", "list", "watch"];
const SECRETS = "Access & Authentication / Secret Management";

/** The runbook's commands, sorted by what they may do. */
export const access: readonly AccessRole[] = [
  {
    ...clause("System Architecture / Network Architecture", "AI-01"),
    name: "aia-viewer",
    purpose: "Reads everything but secrets",
    rules: [
      {
        apiGroups: [""],
        resources: ["pods", "pods/log", "services", "configmaps", "events", "resourcequotas"],
        verbs: READ,
      },
      { apiGroups: ["apps"], resources: ["deployments", "replicasets"], verbs: READ },
      { apiGroups: ["autoscaling"], resources: ["horizontalpodautoscalers"], verbs: READ },
      { apiGroups: ["external-secrets.io"], resources: ["externalsecrets"], verbs: READ },
      { apiGroups: ["metrics.k8s.io"], resources: ["pods"], verbs: ["get", "list"] },
    ],
    ours: { name: "The runbook asks for roles and names none." },
  },
  {
    ...clause("Emergency Procedures / System Down", "AI-01", "AI-09"),
    name: "aia-operator",
    purpose: "Restarts, scales and looks into pods in an emergency",
    rules: [
      { apiGroups: ["apps"], resources: ["deployments"], verbs: ["patch"] },
      { apiGroups: ["apps"], resources: ["deployments/scale"], verbs: ["get", "patch"] },
      { apiGroups: [""], resources: ["pods"], verbs: ["delete"] },
      { apiGroups: [""], resources: ["pods/exec", "pods/portforward"], verbs: ["create"] },
    ],
    ours: {
      name: "The runbook asks for roles and names none.",
      rules: "What its emergency commands need, and nothing of its configuration changes.",
    },
  },
  {
    ...clause(SECRETS, "AI-01", "AI-04"),
    name: "aia-secret-viewer",
    purpose: "Lists secrets, which shows their content",
    rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get", "list"] }],
    ours: { name: "The runbook says 'requires appropriate RBAC' and names no role." },
  },
];

export const maintenance: MaintenanceWindow = {
  ...clause("Emergency Procedures / Database Emergency", "AI-09", "ALL-10"),
  day: "sunday",
  start: "03:00",
  duration: hours(4),
  checklist: {
    before: ["Create a backup of the database", "Enable maintenance mode"],
    after: ["Disable maintenance mode", "Check monitoring dashboard"],
  },
  ours: {
    day: "The runbook has no window: the night with the least traffic.",
    start: "An hour after the nightly backup.",
    duration: "Google counts only windows of four hours and more.",
    checklist: "From the runbook's emergency procedures.",
  },
};

const ON_CALL = "Contacts & Escalation / On-Call Procedures";
const CHANNELS = "Contacts & Escalation / Communication Channels";

export const incidents: Incidents = {
  ...clause(ON_CALL, "AI-10", "ALL-15"),
  levels: [
    { level: "Level 1", description: "Check monitoring dashboard", severity: "info" },
    { level: "Level 2", description: "Follow troubleshooting procedures", severity: "warning" },
    { level: "Level 3", description: "Escalate to DevOps team", severity: "critical" },
    { level: "Level 4", description: "Contact system architect", severity: "critical" },
  ],
  escalation: [
    "Level 1: check monitoring dashboard",
    "Level 2: follow troubleshooting procedures",
    "Level 3: DevOps team",
    "Level 4: system architect",
  ],
  channels: [
    {
      ...clause(CHANNELS, "AI-10"),
      kind: "slack",
      to: "#aia-production-alerts",
      severities: ["critical", "warning", "info"],
    },
    {
      ...clause(CHANNELS, "AI-10"),
      kind: "email",
      to: "devops@013a.tech",
      severities: ["critical"],
      ours: { severities: "Level 3 goes to the DevOps team, whose address this is." },
    },
  ],
  contacts: [
    { name: "Slack", reach: "#aia-production-alerts" },
    { name: "Email", reach: "devops@013a.tech" },
    { name: "Phone", reach: "Emergency hotline" },
  ],
  ours: {
    levels: "The runbook's levels are steps of one call: matched to severities by urgency.",
  },
};

const requests = [
  { service: "api", path: "/health" },
  { service: "frontend", path: "/health" },
];

export const validations: readonly Validation[] = [
  {
    ...clause(
      "Deployment Procedures / Blue-Green Deployment Process / 2. Validate Green Environment",
      "AI-07",
      "ALL-14",
    ),
    name: "validate-green",
    when: "afterDeployment",
    requests: [{ service: "api", path: "/health" }],
  },
  {
    ...clause("Emergency Procedures / Database Emergency", "AI-09", "ALL-14"),
    name: "validate-after-maintenance",
    when: "afterMaintenance",
    requests,
  },
  {
    ...clause("Backup & Recovery / Disaster Recovery", "AI-08", "ALL-14"),
    name: "validate-after-recovery",
    when: "afterRecovery",
    requests,
  },
];
