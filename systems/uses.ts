/**
 * Who reads the values of a system that the program does not read, and why nothing reads the rest.
 *
 * The program records what it reads. What the policies, the reports and the rules of `validate.ts` read, and what is
 * written for people, is declared here; a test compares each line with what they read. Every plan says what is left.
 */
import type { EnvironmentName, System } from "./model";
import { labelsOf } from "./paths";
import { unwatched } from "./reading";

export type Reader =
  /** Text that is kept and shown as written. */
  | "people"
  /** `systems/validate`, for a value whose only purpose is to check others. */
  | "rules"
  | "policies"
  | "reports"
  /** The program, in another stack of the system. */
  | "another stack"
  /** Nothing: what is missing, said by every plan. */
  | "nothing";

export interface Use {
  /**
   * Paths of values. `*` is any label or attribute, `**` is anything; at the start, `**.` is also nothing. A function, where it depends on the values of the
   * element.
   */
  readonly paths: readonly string[] | ((system: System, environment: EnvironmentName) => string[]);
  readonly by: Reader;
  /** The start of a sentence, without the full stop. */
  readonly why: string;
}

/** The paths of those elements of a list that satisfy the condition. */
function elements<T>(
  list: readonly T[],
  path: string,
  holds: (element: T) => boolean,
  rest: readonly string[],
): string[] {
  const labels = labelsOf(list);
  return list.flatMap((element, index) =>
    holds(element) ? rest.map((one) => `${path}[${labels[index] ?? ""}].${one}`) : [],
  );
}

const PEOPLE: readonly Use[] = [
  {
    paths: ["**.clause.**", "**.ours.**", "runbook.**", "requirements.**"],
    by: "people",
    why: "where a value comes from in the runbook",
  },
  { paths: ["findings[*].**"], by: "people", why: "printed by npm run -s findings" },
  {
    paths: [
      "services[*].purpose",
      "services[*].technology",
      "services[*].sidecars[*].purpose",
      "services[*].endpoints",
      "access[*].purpose",
      "buckets[*].purpose",
      "backups[*].name",
    ],
    by: "people",
    why: "what an element is called and what it is for",
  },
  {
    paths: ["services[*].image", "edge.domain"],
    by: "people",
    why: "the runbook's; the stack's `images` and `domain` decide",
  },
  {
    paths: [
      "maintenance.checklist.**",
      "incidents.levels[*].description",
      "incidents.contacts[*].**",
    ],
    by: "people",
    why: "what people do and whom they ask",
  },
];

const READERS: readonly Use[] = [
  {
    paths: ["observability.metrics.others", "appliances[*].apiKey.*"],
    by: "rules",
    why: "names that other values may use",
  },
  {
    paths: [
      "edge.hosts[*].preview",
      "services[*].rollout.kind",
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
    paths: ({ backups, databases }, environment) =>
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
    paths: ({ edge }, environment) =>
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

const NOTHING: readonly Use[] = [
  {
    paths: ["services[*].resources.stepUp.**", "databases[*].resources.stepUp.**"],
    by: "nothing",
    why: "no key selects the runbook's larger size",
  },
  {
    paths: ["services[*].rollout.*"],
    by: "nothing",
    why: "a new version replaces the pods one after another: blue-green is not built",
  },
  { paths: ["services[*].migration.**"], by: "nothing", why: "nothing runs the migration" },
  { paths: ["services[*].scaling.vertical"], by: "nothing", why: "nothing resizes pods by use" },
  {
    paths: ["services[*].external[*].name"],
    by: "nothing",
    why: "the way out is opened by port, to every address",
  },
  {
    paths: ["services[*].environment[*].from.configMap"],
    by: "nothing",
    why: "the variable is set in the pod itself, not through the runbook's ConfigMap",
  },
  {
    paths: ["eventBuses[*].authentication"],
    by: "nothing",
    why: "clients sign in as the service that runs Kafka offers it",
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
    paths: ({ databases }) =>
      elements(databases, "databases", ({ runs }) => runs === "external", ["pointInTimeRecovery"]),
    by: "nothing",
    why: "the database's provider keeps the history: nothing here sets it",
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
  { paths: ["failover.**"], by: "nothing", why: "nothing moves the name to the other region" },
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
    why: "the object store copies as fast as it does: nothing compares the interval",
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
    why: "an alert without a level of its own opens the first level of its severity",
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
    why: "traces go to Tempo, whatever the runbook names",
  },
];

export const USES: readonly Use[] = [...PEOPLE, ...READERS, ...NOTHING];

const EXPRESSIONS = new Map<string, RegExp>();

/** `services[*].rollout.*` matches `services[backend].rollout.by`. */
export function matches(pattern: string, path: string): boolean {
  const known = EXPRESSIONS.get(pattern);
  if (known !== undefined) return known.test(path);
  const text = pattern
    .replaceAll(/[\\^$.|?+()[\]{}]/g, "\\$&")
    .replace(/^\*\*\\\./, "\u0002")
    .replaceAll("**", "\u0000")
    .replaceAll("[*", "[\u0001")
    .replaceAll("*", "[^.[\\]]*")
    .replaceAll("\u0001", "[^\\]]*")
    .replaceAll("\u0000", ".+")
    .replace("\u0002", "(.+\\.)?");
  const expression = new RegExp(`^${text}$`);
  EXPRESSIONS.set(pattern, expression);
  return expression.test(path);
}

/** The first use that covers each path; undefined for a path that none does. */
export function usesOf(
  paths: readonly string[],
  system: System,
  environment: EnvironmentName,
): ReadonlyMap<string, Use | undefined> {
  const uses = USES.map((use) => ({
    use,
    patterns:
      typeof use.paths === "function" ? use.paths(unwatched(system), environment) : use.paths,
  }));
  return new Map(
    paths.map((path) => [
      path,
      uses.find(({ patterns }) => patterns.some((pattern) => matches(pattern, path)))?.use,
    ]),
  );
}
