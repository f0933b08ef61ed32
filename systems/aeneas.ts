/** AENEAS on Amazon EKS. */
import * as data from "./aeneas/data";
import { findings } from "./aeneas/findings";
import { alerts, dashboards, observability, slos } from "./aeneas/objectives";
import { edge, incidents, maintenance, validations } from "./aeneas/operations";
import { backups, exceptions, failover, recovery } from "./aeneas/recovery";
import { requirements } from "./aeneas/requirements";
import { services } from "./aeneas/services";
import { clause } from "./clause";
import type { System } from "./model";

const TITLE = "AENEAS Production Runbook";
const ARCHITECTURE = "System Overview / Architecture";
const affinity = clause("Performance Tuning / Kubernetes Optimization", "AE-02");

export const aeneas: System = {
  ...clause(TITLE, "AE-01", "ALL-01", "ALL-02"),
  id: "aeneas",
  title: "AENEAS",
  runbook: { title: TITLE, version: "1.0.0", updated: "January 2024" },
  requirements,
  home: {
    ...clause("Disaster Recovery / Recovery Procedures / Regional Failover", "AE-11", "ALL-01"),
    cloud: "aws",
    region: "us-east-1",
    recoveryRegion: "us-west-2",
    ours: {
      region: "The runbook names only the second region: us-east-1 is the usual counterpart.",
    },
  },
  cluster: {
    ...clause(ARCHITECTURE, "AE-02"),
    name: "aeneas",
    pools: [
      {
        ...affinity,
        name: "m5-xlarge",
        instanceTypes: ["m5.xlarge"],
        nodes: { min: 3, max: 12 },
        ours: {
          name: "The runbook does not name one. One pool per size, because the autoscaler needs equal nodes.",
          nodes: "At least one per zone; at most enough for 20 API pods and the workers.",
        },
      },
      {
        ...affinity,
        name: "m5-2xlarge",
        instanceTypes: ["m5.2xlarge"],
        nodes: { min: 0, max: 6 },
        ours: {
          name: "The runbook does not name one.",
          nodes: "Empty until vertical scaling needs it for larger pods.",
        },
      },
    ],
    ours: { name: "The runbook does not name one: named after the system." },
  },
  namespaces: {
    ...clause(
      "Incident Response / Incident Response Workflow / 1. Detection & Triage (0-5 minutes)",
      "AE-01",
    ),
    prod: "aeneas",
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
