/** AI Wealth Companion (Phase V) on DigitalOcean Kubernetes. */
import { dashboards } from "./ai-wealth/dashboards";
import * as data from "./ai-wealth/data";
import { findings } from "./ai-wealth/findings";
import { alerts, observability, slos } from "./ai-wealth/objectives";
import { edge, incidents, maintenance, validations } from "./ai-wealth/operations";
import { requirements } from "./ai-wealth/requirements";
import { services } from "./ai-wealth/services";
import { clause } from "./clause";
import type { System } from "./model";

const TITLE = "AI Wealth Companion - Production Runbook";
const pool = clause("Scaling Operations / Node Pool Scaling", "AW-01");

export const aiWealth: System = {
  ...clause(TITLE, "AW-01", "ALL-01", "ALL-02"),
  id: "ai-wealth",
  title: "AI Wealth Companion",
  runbook: { title: TITLE, version: "5.0.0", updated: "2026-02-10" },
  requirements,
  home: {
    ...clause(TITLE, "AW-01"),
    cloud: "digitalocean",
    region: "nyc3",
    ours: { region: "The runbook does not name one: nyc3 offers every service used here." },
  },
  cluster: {
    ...pool,
    name: "ai-wealth-doks",
    pools: [{ ...pool, name: "default", nodes: { min: 2, max: 10 } }],
  },
  namespaces: {
    ...clause("Deployment Procedures / Blue-Green Deployment", "AW-01"),
    prod: "ai-wealth",
    staging: "ai-wealth-staging",
  },
  services,
  databases: data.databases,
  caches: data.caches,
  eventBuses: data.eventBuses,
  appliances: [],
  edge,
  secrets: data.secrets,
  slos,
  alerts,
  dashboards,
  backups: data.backups,
  recovery: data.recovery,
  maintenance,
  incidents,
  validations,
  observability,
  findings,
  exceptions: data.exceptions,
};
