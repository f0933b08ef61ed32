/** What people, rules, policies, reports and other stacks read. */
import { elements, type Use } from "./use";

export const DOCUMENTATION: readonly Use[] = [
  {
    paths: ["**.clause.**", "runbook.title", "backups[*].name"],
    by: "messages",
    why: "what an element is called, and where the runbook asks for it",
  },
  {
    paths: ["**.ours.**", "runbook.**", "requirements.**"],
    by: "documentation",
    why: "where a value comes from",
  },
  {
    paths: [
      "services[*].purpose",
      "services[*].technology",
      "services[*].sidecars[*].purpose",
      "services[*].endpoints",
      "access[*].purpose",
      "buckets[*].purpose",
    ],
    by: "documentation",
    why: "what an element is for",
  },
  {
    paths: ["services[*].image", "edge.domain"],
    by: "documentation",
    why: "the runbook's; the stack's `images` and `domain` decide",
  },
  {
    paths: [
      "maintenance.checklist.**",
      "incidents.levels[*].description",
      "incidents.contacts[*].**",
    ],
    by: "documentation",
    why: "what people do and whom they ask",
  },
  { paths: ["findings[*].**"], by: "findings", why: "printed by npm run -s findings" },
];

export const READERS: readonly Use[] = [
  {
    paths: ["services[*].resources.stepUp.**", "databases[*].resources.stepUp.**"],
    by: "settings",
    why: "`runstack:sizes` puts it in place of the normal size",
  },
  {
    paths: ["observability.metrics.others", "appliances[*].apiKey.*"],
    by: "rules",
    why: "names that other values may use",
  },
  {
    paths: ["failover.host", "failover.recoveryHost"],
    by: "rules",
    why: "hosts of the edge; the stack publishes what the edge says of them",
  },
  {
    paths: [
      "edge.hosts[*].preview",
      "services[*].rollout.deployments.*",
      "databases[*].highlyAvailable",
      "caches[*].topology",
      "maintenance.duration",
      "observability.auditLogRetention",
      "exceptions[*].**",
    ],
    by: "policies",
    why: "compared with what the stack creates",
  },
  {
    paths: ({ backups, databases }, { environment }) =>
      environment === "staging"
        ? [
            "cluster.pools[*].nodes.*",
            "services[*].scaling.replicas.*",
            ...elements(backups, "backups", ({ method }) => method === "snapshot", ["retention"]),
            ...elements(databases, "databases", ({ runs }) => runs !== "external", [
              "readReplicas",
              "pointInTimeRecovery",
            ]),
          ]
        : [],
    by: "another stack",
    why: "sizes of production, which staging does not have",
  },
  {
    paths: ({ backups }) =>
      elements(
        backups,
        "backups",
        ({ method }) => method !== "provider" && method !== "replication" && method !== "manifests",
        ["every", "retention", "copied"],
      ),
    by: "policies",
    why: "compared with the backups that the stack makes",
  },
  {
    paths: ({ recovery }) =>
      elements(recovery, "recovery", ({ of }) => of !== "configuration", ["rpo"]),
    by: "policies",
    why: "compared with the backups that the stack makes",
  },
  {
    paths: ({ backups, databases }) =>
      elements(
        backups,
        "backups",
        ({ method, of }) => method === "provider" && databases.some(({ name }) => name === of),
        ["every", "retention"],
      ),
    by: "policies",
    why: "compared with the recovery point of a database outside of the stack",
  },
  {
    paths: [
      "home.cloud",
      "home.region",
      "namespaces.prod",
      "namespaces.staging",
      "recovery[*].of",
      "recovery[*].rto",
      "recovery[*].procedure",
      "databases[*].engine",
      "databases[*].url.secret",
      "caches[*].engine",
      "eventBuses[*].engine",
    ],
    by: "reports",
    why: "the estimate of a rebuild",
  },
  {
    paths: (_, { environment }) =>
      environment === "staging" ? ["incidents.channels[*].severities"] : [],
    by: "another stack",
    why: "what pages in production; staging does not unless `runstack:paging` says so",
  },
  {
    paths: ({ edge }, { environment }) =>
      elements(
        edge.hosts,
        "edge.hosts",
        (one) =>
          one.environment !== undefined && one.environment !== environment && one.preview !== true,
        ["**"],
      ),
    by: "another stack",
    why: "a host of another environment",
  },
];
