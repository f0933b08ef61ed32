/** What nothing reads on this cloud, or with these choices: a plan says it with the reason. */
import { elements, type Use } from "./use";

/** Who runs a data service. */
const isRun =
  (way: "managed" | "operator" | "external") =>
  ({ runs }: { readonly runs: string }): boolean =>
    runs === way;

export const NOTHING_HERE: readonly Use[] = [
  {
    paths: ({ databases, caches, eventBuses }) => [
      ...elements(databases, "databases", isRun("external"), ["**"]),
      ...elements(caches, "caches", isRun("external"), ["**"]),
      ...elements(eventBuses, "eventBuses", isRun("external"), ["**"]),
    ],
    by: "nothing here",
    why: "another provider runs the data service: nothing here sets it",
  },
  {
    paths: (_, { cloud }) => (cloud === "existing" ? ["cluster.pools[*].**"] : []),
    by: "nothing here",
    why: "an existing cluster has the nodes that its owner gives it",
  },
  {
    paths: ["maintenance.day", "maintenance.start"],
    by: "nothing here",
    why: "nothing here takes a maintenance window, and alerts are muted only where `maintenance` is set",
  },
  {
    paths: ["failover.primaryHost", "failover.path"],
    by: "nothing here",
    why: "only a failover record of Route 53 asks the host; without one, `runstack:failover` moves the name",
  },
  {
    paths: ({ databases }) =>
      elements(databases, "databases", isRun("managed"), ["resources.**", "storage"]),
    by: "nothing here",
    why: "`postgresSize` is the size of a managed Postgres",
  },
  {
    paths: ({ eventBuses }, { cloud }) =>
      cloud === "gcp" ? elements(eventBuses, "eventBuses", isRun("managed"), ["brokers"]) : [],
    by: "nothing here",
    why: "`kafkaSize` is the size of all brokers of Google's managed Kafka",
  },
  {
    paths: ({ caches, eventBuses }, { cloud }) => {
      const isNewest = ({ runs }: { readonly runs: string }) =>
        runs === "operator" || (runs === "managed" && cloud !== "aws");
      return [
        ...elements(caches, "caches", isNewest, ["version"]),
        ...elements(eventBuses, "eventBuses", isNewest, ["version"]),
      ];
    },
    by: "nothing here",
    why: "the newest version that runs there is taken, or what `redisVersion` and `kafkaVersion` say",
  },
  {
    paths: ["dashboards[*].panels[*].title", "dashboards[*].panels[*].unit"],
    by: "nothing here",
    why: "a panel is left out if nothing here exports what it shows",
  },
  {
    paths: (_, { cloud }) =>
      cloud === "aws" ? [] : ["cluster.pools[*].instanceTypes", "services[*].instanceTypes"],
    by: "nothing here",
    why: "they are types of Amazon's instances",
  },
  {
    paths: ({ backups, buckets = [] }, { cloud }) => {
      const isBucket = ({ of }: { readonly of: string }) => buckets.some(({ name }) => name === of);
      return cloud === "existing"
        ? [
            "databases[*].personalData",
            "buckets[*].name",
            ...elements(backups, "backups", isBucket, ["retention"]),
          ]
        : [];
    },
    by: "nothing here",
    why: "the bucket of the backups is given, with its own name, marks and rules",
  },
  {
    paths: ["secrets[*].keys[*].remote"],
    by: "nothing here",
    why: "no secret manager holds the secrets",
  },
  {
    paths: ["home.project"],
    by: "nothing here",
    why: "the stack is in another project, or on another cloud",
  },
  {
    paths: ({ home }, { cloud }) => (cloud === home.cloud ? [] : ["home.recoveryRegion"]),
    by: "nothing here",
    why: "it is a region of another cloud",
  },
];
