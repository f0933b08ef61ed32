import { expect, it } from "vitest";
import { SYSTEMS } from "../systems";
import { missing } from "./missing";

it.each([
  ["todo-chatbot", ["log storage in loki"]],
  [
    "ai-wealth",
    [
      "the blue-green rollout of backend (it uses a rolling update)",
      "the blue-green rollout of frontend (it uses a rolling update)",
      "the blue-green rollout of mcp-server (it uses a rolling update)",
      "grafana at {domain}",
      "log storage in loki",
      "Jaeger (traces go to Tempo)",
    ],
  ],
  [
    "aeneas",
    [
      "the blue-green rollout of aeneas-api (it uses a rolling update)",
      "the migration before aeneas-api",
      "switching aeneas-api to its larger size",
      "configuration for CIRCUIT_BREAKER_ENABLED, PROFILING_ENABLED, DATABASE_POOL_SIZE of aeneas-api (fixed to the runbook's values)",
      "configuration for CIRCUIT_BREAKER_ENABLED, PROFILING_ENABLED, DATABASE_POOL_SIZE of aeneas-worker (fixed to the runbook's values)",
      "authentication at the edge",
      "the host green.api.{domain} of the standby version",
      "grafana at grafana.{domain}",
      "kibana at kibana.{domain}",
      "jaeger at jaeger.{domain}",
      "log storage in elasticsearch",
      "Jaeger (traces go to Tempo)",
    ],
  ],
  [
    "phase-5",
    [
      "the migration before backend",
      "configuration for DATABASE_POOL_SIZE, DATABASE_MAX_OVERFLOW of backend (fixed to the runbook's values)",
      "switching postgres to its larger size",
      "log storage in loki",
      "the backup kafka-mirror (replication of kafka)",
    ],
  ],
  [
    "aia",
    [
      "vertical scaling of frontend",
      "the blue-green rollout of api (it uses a rolling update)",
      "vertical scaling of api",
      "configuration for LOG_LEVEL, MAINTENANCE_MODE of api (fixed to the runbook's values)",
      "the ConfigMap aia-config of api (its values are set in the pod itself)",
      "grafana at grafana.{domain}",
      "log storage in loki",
      "the access roles aia-viewer, aia-operator, aia-secret-viewer",
      "the backup namespace (manifests of configuration)",
    ],
  ],
] as const)("lists what %s asks for and no component implements", (id, expected) => {
  expect(missing(SYSTEMS[id])).toEqual(expected);
});

it("says that a host does not move by itself where the stack has no failover records", () => {
  const said =
    "moving api.{domain} to the other region by itself (runstack:failover does it by hand)";
  expect(missing(SYSTEMS.aeneas, { movesItself: false })).toContain(said);
  expect(missing(SYSTEMS.aia, { movesItself: false }).join()).not.toContain("by itself");
});
