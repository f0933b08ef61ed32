/** Phase 5 Todo, on any Kubernetes. */
import { clause } from "./clause";
import type { System } from "./model";
import * as data from "./phase-5/data";
import { findings } from "./phase-5/findings";
import { alerts, dashboards, observability, slos } from "./phase-5/objectives";
import { edge, incidents, maintenance, validations } from "./phase-5/operations";
import { backups, exceptions, failover, recovery } from "./phase-5/recovery";
import { requirements } from "./phase-5/requirements";
import { services } from "./phase-5/services";

const TITLE = "Phase 5 Operations Runbook";
const REBUILD = clause("Disaster Recovery / Recovery Procedures", "P5-08", "ALL-01", "ALL-02");

export const phase5: System = {
  ...clause(TITLE, "P5-01", "ALL-01", "ALL-02"),
  id: "phase-5",
  title: "Phase 5 Todo",
  runbook: { title: TITLE, version: "1.0", updated: "2026-02-04" },
  requirements,
  home: {
    ...clause("Disaster Recovery / Recovery Procedures", "P5-08"),
    cloud: "aws",
    region: "us-east-1",
    recoveryRegion: "us-west-2",
    ours: {
      cloud: "The runbook fits any Kubernetes and keeps its backups in S3: the cloud of S3.",
      region: "The runbook does not name one.",
      recoveryRegion:
        "The runbook has a backup region and does not name it: a region on the other coast.",
    },
  },
  cluster: {
    ...REBUILD,
    name: "phase-5",
    pools: [
      {
        ...REBUILD,
        name: "default",
        nodes: { min: 3, max: 10 },
        ours: {
          name: "The runbook does not name one.",
          nodes: "One for each broker and each backend at least.",
        },
      },
    ],
    ours: { name: "The runbook does not name one: named after the system." },
  },
  namespaces: {
    ...clause("Daily Operations / Morning Checklist (Daily 9 AM)", "P5-01"),
    prod: "phase-5",
  },
  services,
  databases: data.databases,
  caches: data.caches,
  eventBuses: data.eventBuses,
  appliances: data.appliances,
  buckets: data.buckets,
  edge,
  failover,
  secrets: data.secrets,
  slos,
  alerts,
  dashboards,
  backups,
  recovery,
  maintenance,
  incidents,
  validations,
  observability,
  findings,
  exceptions,
};
