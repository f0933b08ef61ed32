import { expect, it } from "vitest";
import { SYSTEMS } from "../systems";
import { missing } from "./missing";

it.each([
  ["todo-chatbot", ["logs in loki"]],
  [
    "ai-wealth",
    [
      "the blue-green rollout of backend (it is rolling)",
      "the blue-green rollout of frontend (it is rolling)",
      "the blue-green rollout of mcp-server (it is rolling)",
      "grafana at {domain}",
      "logs in loki",
      "traces in jaeger (they are in tempo)",
    ],
  ],
  [
    "aeneas",
    [
      "the blue-green rollout of aeneas-api (it is rolling)",
      "the migration before aeneas-api",
      "the choice of the larger size of aeneas-api",
      "configuration for CIRCUIT_BREAKER_ENABLED, PROFILING_ENABLED, DATABASE_POOL_SIZE of aeneas-api (fixed to the runbook's values)",
      "configuration for CIRCUIT_BREAKER_ENABLED, PROFILING_ENABLED, DATABASE_POOL_SIZE of aeneas-worker (fixed to the runbook's values)",
      "authentication at the edge",
      "the host green.api.{domain} of the version that waits",
      "grafana at grafana.{domain}",
      "kibana at kibana.{domain}",
      "jaeger at jaeger.{domain}",
      "logs in elasticsearch",
      "traces in jaeger (they are in tempo)",
      "the records that lead from api.{domain} to dr.api.{domain}",
    ],
  ],
  [
    "phase-5",
    [
      "the migration before backend",
      "configuration for DATABASE_POOL_SIZE, DATABASE_MAX_OVERFLOW of backend (fixed to the runbook's values)",
      "the choice of the larger size of postgres",
      "logs in loki",
      "the records that lead from api.{domain} to backup.{domain}",
      "the backup kafka-mirror (replication of kafka)",
    ],
  ],
  [
    "aia",
    [
      "vertical scaling of frontend",
      "the blue-green rollout of api (it is rolling)",
      "vertical scaling of api",
      "configuration for LOG_LEVEL, MAINTENANCE_MODE of api (fixed to the runbook's values)",
      "the ConfigMap aia-config of api (its values are the pod's own)",
      "grafana at grafana.{domain}",
      "logs in loki",
      "the roles aia-viewer, aia-operator, aia-secret-viewer",
      "the backup namespace (manifests of configuration)",
    ],
  ],
] as const)("says what %s asks for and nobody builds yet", (id, expected) => {
  expect(missing(SYSTEMS[id])).toEqual(expected);
});
