/** Access, maintenance, monitoring and escalation of AENEAS. */
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

const URLS = "Appendix / Environment URLs";

const host = (
  name: string,
  environment: EnvironmentName,
  heading: string,
  rest: Pick<Host, "ours" | "preview"> = {},
): Host => ({
  ...clause(heading, "AE-05"),
  host: name,
  environment,
  routes: [{ path: "/", service: "aeneas-api", timeout: seconds(60) }],
  ...rest,
});

const tool = (name: "grafana" | "kibana" | "jaeger") => ({
  ...clause(URLS, "AE-05", "AE-06"),
  tool: name,
  host: `${name}.{domain}`,
  path: "/",
});

export const edge: Edge = {
  ...clause(URLS, "AE-05", "ALL-06"),
  route: "aeneas-api",
  domain: "aeneas.io",
  hosts: [
    host("api.{domain}", "prod", URLS),
    host(
      "primary.api.{domain}",
      "prod",
      "Disaster Recovery / Recovery Procedures / Regional Failover",
      {
        ours: { host: "The health check of the failover needs a name that stays in this region." },
      },
    ),
    host("green.api.{domain}", "prod", "Common Operations / Deployment / Blue-Green Deployment", {
      preview: true,
    }),
    host("staging-api.{domain}", "staging", URLS),
    host("dr.api.{domain}", "dr", "Disaster Recovery / Recovery Procedures / Regional Failover"),
    host("api.{domain}", "dr", "Disaster Recovery / Recovery Procedures / Regional Failover", {
      ours: { host: "After a failover the public name points here, so this region must serve it." },
    }),
  ],
  tools: [tool("grafana"), tool("kibana"), tool("jaeger")],
  authentication: {
    ...clause("Security Procedures / Compliance Checks", "AE-12"),
    kind: "jwt",
    exempt: ["/api/v1/health"],
    ours: {
      kind: "The runbook's services sign tokens with jwt-secret.",
      exempt: "The runbook's health checks carry no token.",
    },
  },
  certificate: { name: "aeneas-tls", issuer: "letsencrypt" },
  rateLimit: {
    ...clause("Security Procedures / Compliance Checks", "AE-12", "ALL-06"),
    perClientPerSecond: 20,
    ours: {
      perClientPerSecond:
        "The checklist gives none: above normal use by one client, and below an attack.",
    },
  },
  hsts: {
    ...clause("Security Procedures / Compliance Checks", "ALL-06"),
    maxAge: days(365),
    ours: { maxAge: "One year, the minimum for browsers' preload lists." },
  },
  ours: {
    route: "The runbook does not name one: named after the Service that it leads to.",
    certificate:
      "The runbook does not name one. A load balancer that takes certificates only from its cloud gets the cloud's own, which renews itself too.",
  },
};

export const maintenance: MaintenanceWindow = {
  ...clause("Common Operations / Deployment", "ALL-10"),
  day: "sunday",
  start: "03:00",
  duration: hours(2),
  checklist: {
    before: ["Check that the backup of 02:00 succeeded"],
    after: ["Verify deployment: GET /api/v1/health"],
  },
  ours: {
    day: "The runbook has no window: the night with the least traffic.",
    start: "An hour after the daily backup begins.",
    duration: "The runbook gives no value: twice the time a minor upgrade of the database takes.",
    checklist: "From its backup and deployment sections.",
  },
};

const MATRIX = "Contact Information / Escalation Matrix";

export const incidents: Incidents = {
  ...clause("Incident Response / Severity Levels", "AE-14", "ALL-15"),
  levels: [
    {
      level: "P1",
      description: "Critical: complete service outage, data loss risk",
      respond: minutes(15),
      severity: "critical",
    },
    {
      level: "P2",
      description: "High: degraded service affecting more than 50% of users",
      respond: minutes(15),
      severity: "critical",
    },
    { level: "P3", description: "Medium: partial service disruption", severity: "warning" },
    { level: "P4", description: "Low: minor issues, no user impact", severity: "info" },
  ],
  escalation: [
    "L1 On-Call Engineer (PagerDuty)",
    "L2 Team Lead (Slack: @teamlead)",
    "L3 Engineering Manager (phone)",
    "L4 CTO (cto@aeneas.io)",
  ],
  channels: [
    { ...clause(MATRIX, "AE-14"), kind: "pagerduty", severities: ["critical"] },
    {
      ...clause(MATRIX, "AE-14"),
      kind: "slack",
      severities: ["critical", "warning", "info"],
      ours: { kind: "The runbook names a person in Slack; the channel is configuration." },
    },
  ],
  contacts: [
    { name: "On-Call Engineer", reach: "PagerDuty (first response)" },
    { name: "Team Lead", reach: "Slack: @teamlead (P1/P2 incidents)" },
    { name: "Engineering Manager", reach: "Phone: +1-xxx-xxx-xxxx (major outages)" },
    { name: "CTO", reach: "cto@aeneas.io (data breach, critical)" },
    { name: "AWS Support", reach: "Case via AWS Console" },
    { name: "Database Vendor", reach: "support@postgresql.org" },
    { name: "Security Team", reach: "security@aeneas.io" },
    { name: "Legal", reach: "legal@aeneas.io" },
  ],
  ours: {
    levels:
      "Response times are the workflow's: the initial response to P1 and P2 is over after 15 minutes. Severities are matched by urgency.",
  },
};

const requests = [{ service: "aeneas-api", path: "/api/v1/health" }];

export const validations: readonly Validation[] = [
  {
    ...clause("Common Operations / Deployment / Standard Deployment", "ALL-14"),
    name: "health-check",
    when: "afterDeployment",
    requests,
  },
  {
    ...clause("Common Operations / Deployment", "ALL-14"),
    name: "health-check-after-maintenance",
    when: "afterMaintenance",
    requests,
    ours: { when: "The runbook checks after every deployment; a window ends the same way." },
  },
  {
    ...clause(
      "Disaster Recovery / Recovery Procedures / Complete System Recovery",
      "AE-11",
      "ALL-14",
    ),
    name: "health-check-after-recovery",
    when: "afterRecovery",
    requests,
  },
];
