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
      "authentication at the edge",
      "the host green.api.{domain} of the standby version",
      "grafana at grafana.{domain}",
      "kibana at kibana.{domain}",
      "jaeger at jaeger.{domain}",
      "log storage in elasticsearch",
      "Jaeger (traces go to Tempo)",
      "DNS failover from api.{domain} to dr.api.{domain}",
    ],
  ],
  [
    "phase-5",
    [
      "the migration before backend",
      "log storage in loki",
      "DNS failover from api.{domain} to backup.{domain}",
      "the backup kafka-mirror (replication of kafka)",
    ],
  ],
  [
    "aia",
    [
      "vertical scaling of frontend",
      "the blue-green rollout of api (it uses a rolling update)",
      "vertical scaling of api",
      "grafana at grafana.{domain}",
      "log storage in loki",
      "the access roles aia-viewer, aia-operator, aia-secret-viewer",
      "the backup namespace (manifests of configuration)",
    ],
  ],
] as const)("lists what %s asks for and no component implements", (id, expected) => {
  expect(missing(SYSTEMS[id])).toEqual(expected);
});
