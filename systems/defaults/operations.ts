/** Defaults for a system's edge, maintenance, incidents and validations. */
import { clause } from "../clause";
import type { Edge, Incidents, MaintenanceWindow, Service, Validation } from "../model";
import { days, hours, minutes, seconds } from "../units";

/**
 * - `edge`: the whole domain leads to the first service, requests may take 60 seconds, a client may
 *   send 20 per second, HSTS for one year, certificates from Let's Encrypt.
 * - `maintenance`: on Sundays from 02:00 to 06:00 UTC, after the nightly dump.
 * - `incidents`: two levels, critical (15 minutes) and warning (4 hours); all alerts go to Slack.
 * - `validations`: every service answers `/health` after a deployment and after a recovery; traffic is
 *   only routed if it does.
 */
export const operations = (system: string, services: readonly Service[]) => ({
  edge: edge(system, services),
  maintenance: MAINTENANCE,
  incidents: INCIDENTS,
  validations: [
    validation("smoke", "afterDeployment", services),
    validation("smoke-after-recovery", "afterRecovery", services),
  ],
});

const EDGE = clause("Edge");

const edge = (system: string, services: readonly Service[]): Edge => ({
  ...EDGE,
  route: system,
  hosts: [
    {
      ...EDGE,
      host: "{domain}",
      routes: services
        .slice(0, 1)
        .map(({ name }) => ({ path: "/", service: name, timeout: seconds(60) })),
    },
  ],
  certificate: { name: `${system}-tls`, issuer: "letsencrypt" },
  rateLimit: { ...EDGE, perClientPerSecond: 20 },
  hsts: { ...EDGE, maxAge: days(365) },
});

const MAINTENANCE: MaintenanceWindow = {
  ...clause("Maintenance"),
  day: "sunday",
  start: "02:00",
  duration: hours(4),
  watch: minutes(15),
  checklist: {
    before: ["Make sure that a recent backup exists"],
    after: ["Run the smoke tests", "Watch error rates for 15 minutes"],
  },
};

const INCIDENTS: Incidents = {
  ...clause("Incidents"),
  levels: [
    {
      level: "Critical",
      description: "A critical alert fires",
      respond: minutes(15),
      severity: "critical",
    },
    {
      level: "Warning",
      description: "A warning alert fires",
      respond: hours(4),
      severity: "warning",
    },
  ],
  escalation: ["On-call"],
  channels: [
    { ...clause("Incidents"), kind: "slack", severities: ["critical", "warning", "info"] },
  ],
  contacts: [],
};

const validation = (
  name: string,
  when: Validation["when"],
  services: readonly Service[],
): Validation => ({
  ...clause("Validation"),
  name,
  when,
  requests: services.map(({ name: service, health }) => ({ service, path: health.path })),
});
