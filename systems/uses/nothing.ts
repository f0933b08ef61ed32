/** What nothing reads in any stack: a plan says it with the reason. */
import { elements, type Use } from "./use";

export const NOTHING: readonly Use[] = [
  {
    paths: ["services[*].rollout.*"],
    by: "nothing",
    why: "a new version replaces the pods one after another: blue-green is not built",
  },
  { paths: ["services[*].migration.**"], by: "nothing", why: "nothing runs the migration" },
  {
    paths: ["services[*].scaling.vertical"],
    by: "nothing",
    why: "nothing resizes pods by their usage",
  },
  {
    paths: ["services[*].external[*].name"],
    by: "nothing",
    why: "outbound traffic is allowed by port, to any address",
  },
  {
    paths: ["eventBuses[*].authentication"],
    by: "nothing",
    why: "clients sign in the way the Kafka provider offers",
  },
  {
    paths: ["eventBuses[*].topics[*].publishers"],
    by: "nothing",
    why: "all clients sign in as one user: who publishes is not enforced",
  },
  {
    paths: ["buckets[*].versioned", "buckets[*].personalData"],
    by: "nothing",
    why: "the bucket of the backups is always versioned, and marked by what the databases hold",
  },
  {
    paths: ["namespaces.quota.limits.memory"],
    by: "nothing",
    why: "the quota bounds requests and pods, not limits",
  },
  { paths: ["access[*].**"], by: "nothing", why: "the roles for people are not created" },
  {
    paths: ["edge.authentication.**"],
    by: "nothing",
    why: "the gateway lets requests without a credential through",
  },
  {
    paths: ({ edge }) =>
      elements(edge.hosts, "edge.hosts", ({ preview }) => preview === true, [
        "host",
        "routes[*].**",
      ]),
    by: "nothing",
    why: "the version that is not live has no host",
  },
  {
    paths: ["edge.tools[*].*"],
    by: "nothing",
    why: "no host leads to the tool; Grafana is reached by a port-forward",
  },
  { paths: ["slos[*].critical"], by: "nothing", why: "the bound has no alert of its own" },
  {
    paths: ["slos[*].indicator.below", "slos[*].objective"],
    by: "nothing",
    why: "nothing measures the time",
  },
  {
    paths: ({ backups, eventBuses }) =>
      elements(
        backups,
        "backups",
        ({ of, method }) => method === "replication" && eventBuses.some(({ name }) => name === of),
        ["**"],
      ),
    by: "nothing",
    why: "nothing copies the events to the other region",
  },
  {
    paths: ({ backups }) =>
      elements(backups, "backups", ({ method }) => method === "replication", ["every"]),
    by: "nothing",
    why: "the object store sets its own pace: nothing compares the interval",
  },
  {
    paths: ({ backups }) =>
      elements(backups, "backups", ({ method }) => method === "manifests", ["**"]),
    by: "nothing",
    why: "nothing writes the namespace to a file: the program creates it again",
  },
  {
    paths: ["recovery[configuration].rpo"],
    by: "nothing",
    why: "the configuration has no backup: the program creates it again",
  },
  {
    paths: ["maintenance.notice", "maintenance.watch"],
    by: "nothing",
    why: "nobody is told before a window, and nothing watches after it",
  },
  {
    paths: ["incidents.levels[*].respond", "incidents.levels[*].escalate", "incidents.escalation"],
    by: "nothing",
    why: "the stack makes no schedule and no escalation: set them at the pager",
  },
  {
    paths: ["incidents.levels[*].*"],
    by: "nothing",
    why: "an alert without a level of its own opens the last level of its severity, or the first in an outage",
  },
  {
    paths: ["validations[*].events"],
    by: "nothing",
    why: "the check asks the services and sends no event",
  },
  {
    paths: ["observability.logs"],
    by: "nothing",
    why: "no log store: logs are read with kubectl",
  },
  {
    paths: ["observability.traces"],
    by: "nothing",
    why: "Dapr's sidecars send their traces to Tempo, whatever the runbook names; services cannot send any",
  },
];
