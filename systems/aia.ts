/** The 013a AIA System on Google Kubernetes Engine. */
import * as data from "./aia/data";
import { findings } from "./aia/findings";
import { alerts, dashboards, observability, slos } from "./aia/objectives";
import { access, edge, incidents, maintenance, validations } from "./aia/operations";
import { requirements } from "./aia/requirements";
import { services } from "./aia/services";
import { clause } from "./clause";
import type { System } from "./model";
import { cores, gib } from "./units";

const TITLE = "013a AIA System - Operations Runbook";
const ACCESS = clause("Access & Authentication / Cluster Access", "AI-01", "ALL-02");

export const aia: System = {
  ...clause(TITLE, "AI-01", "ALL-01", "ALL-02"),
  id: "aia",
  title: "013a AIA System",
  runbook: { title: TITLE, version: "1.0", updated: "September 13, 2025" },
  requirements,
  home: { ...ACCESS, cloud: "gcp", region: "us-central1", project: "a-467519" },
  cluster: {
    ...ACCESS,
    name: "aia-cluster",
    pools: [
      {
        ...ACCESS,
        name: "default",
        nodes: { min: 3, max: 6 },
        ours: {
          name: "The runbook does not name one.",
          nodes: "At least one in each of three zones. The numbers are for the whole pool.",
        },
      },
    ],
  },
  namespaces: {
    ...clause("System Architecture / Network Architecture", "AI-01"),
    prod: "aia-production",
    monitoring: "aia-monitoring",
    quota: {
      ...clause("Troubleshooting / Common Issues / 3. Resource Constraints", "AI-01"),
      requests: { cpu: cores(12), memory: gib(16) },
      limits: { memory: gib(32) },
      pods: 40,
      ours: {
        requests:
          "The runbook gives no value: twice what both colours and the frontend ask for at most.",
        limits: "Twice the requests, as each pod's.",
        pods: "Fifteen at most, as many again during an update, and jobs.",
      },
    },
  },
  access,
  services,
  databases: data.databases,
  caches: data.caches,
  eventBuses: [],
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
