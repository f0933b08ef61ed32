/** DigitalOcean databases: private network, standby nodes, maintenance and versions. */
import { is, isOrMissing, isWritten, combine, rules, where, withRemedy } from "../rules";
import { isEverywhere } from "../addresses";
import { each, expectPresent, expectThat, knows, type Check } from "../expect";
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { ADVICE, ONLY_IN_PRODUCTION, STRICT_IN_PRODUCTION, nameOf } from "../policy";
import { Relations } from "../relations";
import { DOCS } from "./shared";
import { digitalocean } from "../tokens";
import type { Value } from "../values";

const DATABASE = digitalocean("DatabaseCluster");
const REPLICA = digitalocean("DatabaseReplica");
const FIREWALL = digitalocean("DatabaseFirewall");

function databasesPrivate(stack: Stack, context: CheckContext): void {
  const [from, to] = [stack.of(FIREWALL), stack.of(DATABASE, REPLICA)];
  const firewalls = new Relations({ from, by: "clusterId", to });
  for (const firewall of from) evaluateRules(firewall, context);
  for (const resource of to) {
    const network = resource.props.get("privateNetworkUuid");
    expectPresent({ resource, context }, network, "set it to the ID of the stack's Vpc");
    const its = firewalls.of(resource);
    if (its.length === 1 || (its.length === 0 && firewalls.mayBeMore(resource, context))) continue;
    const found =
      its.length === 0
        ? "has no DatabaseFirewall, so it accepts every source"
        : `has ${its.length} DatabaseFirewalls, which overwrite each other's rules`;
    context.report(
      `${nameOf(resource)} ${found}; add exactly one whose clusterId is its ID.`,
      resource.urn,
    );
  }
}

function evaluateRules(resource: StackResource, context: CheckContext): void {
  const check: Check = { resource, context };
  const rules = resource.props.get("rules");
  const expected = "without a rule every source is accepted: add one for the cluster";
  expectThat(check, rules, (it) => it.list().length > 0, expected);
  for (const rule of rules.list()) {
    const [type, value] = [rule.get("type"), rule.get("value")];
    if (!value.isUnknown && !isEverywhere(value)) continue;
    // Other sources are a cluster, a Droplet, a tag or an app.
    const isAddress = type.isMissing || type.string === "ip_addr";
    if (context.noteUnknown(type, resource.urn) || !isAddress) continue;
    expectThat(check, value, () => false, "it must not be every address");
  }
}

/** Node counts below which a failed node is an outage, by engine. */
const LEAST_NODES: Readonly<Record<string, number>> = { kafka: 3, opensearch: 3, mongodb: 3 };

function survives(check: Check): void {
  const { props } = check.resource;
  const engine = props.get("engine");
  if (check.context.noteUnknown(engine)) return;
  const name = engine.string ?? "it";
  const least = LEAST_NODES[name] ?? 2;
  expectThat(
    check,
    props.get("nodeCount"),
    ({ number = 0 }) => number >= least,
    `${name} needs at least ${least} nodes to tolerate the loss of one`,
  );
}

/**
 * The oldest version that the engine's community supports. Support of PostgreSQL 14 ended on
 * 2026-11-12 (https://www.postgresql.org/support/versioning/). That of MySQL 8.0 ended in April
 * 2026, but DigitalOcean's `8` does not distinguish 8.0 from 8.4.
 */
const OLDEST: Readonly<Record<string, number>> = {
  pg: 15,
  mysql: 8,
  valkey: 8,
  mongodb: 7,
  opensearch: 2,
  kafka: 3,
};

function supported(check: Check): void {
  const { props } = check.resource;
  const engine = props.get("engine");
  const ended = 'it can no longer be created: use "valkey"';
  expectThat(check, engine, ({ string }) => string !== "redis", ended);
  const version = props.get("version");
  expectPresent(
    check,
    version,
    "the provider rejects a database without it: set the major version",
  );
  const oldest = OLDEST[engine.string ?? ""];
  if (oldest === undefined || version.isMissing) return;
  const least = check.context.setting(engine.string ?? "", oldest);
  const isRight = ({ string = "" }: Value): boolean => Number.parseInt(string, 10) >= least;
  expectThat(
    check,
    version,
    isRight,
    `it gets no more fixes: use "${String(least)}" or a newer one`,
  );
}

/** The engines whose data can outgrow a disk; the others are limited by retention or memory. */
function outgrowsDisk(check: Check): boolean {
  const engine = check.resource.props.get("engine");
  return knows(check, engine) && ["pg", "mysql"].includes(engine.string ?? "");
}

const strict = { enforcement: STRICT_IN_PRODUCTION } as const;
const oldest = (engine: string): object => ({
  type: "integer",
  minimum: 1,
  default: OLDEST[engine],
  description: `Oldest major version of ${engine}`,
});

export const databases: readonly Policy[] = [
  {
    ...strict,
    name: "digitalocean-database-private",
    themes: ["databases", "network", "digitalocean"],
    title: "DigitalOcean databases are private",
    clause: { reference: "PO-03", url: `${DOCS}/databases/postgresql/how-to/secure/` },
    severity: "critical",
    prevents: "The database's port is open to the whole internet, protected only by a password.",
    description:
      "Every DigitalOcean database is in a private network and has exactly one firewall, which lists its sources.",
    remediation:
      "Set privateNetworkUuid on the DatabaseCluster, and add one DatabaseFirewall whose clusterId is its ID, with a rule for the Kubernetes cluster.",
    check: { kind: "stack", run: databasesPrivate },
  },
  {
    ...strict,
    enforcement: ONLY_IN_PRODUCTION,
    name: "digitalocean-database-available",
    themes: ["databases", "availability", "digitalocean"],
    title: "DigitalOcean databases have standby nodes",
    clause: {
      reference: "PO-02",
      url: `${DOCS}/databases/postgresql/concepts/high-availability/`,
    },
    severity: "high",
    prevents: "One failed node is an outage of the database.",
    description: "In production, every DigitalOcean database has standby nodes.",
    remediation: "Set nodeCount to 2 or more (3 for Kafka, OpenSearch and MongoDB).",
    check: each([DATABASE], survives),
  },
  {
    ...strict,
    name: "digitalocean-database-maintenance-window",
    themes: ["databases", "digitalocean"],
    title: "DigitalOcean databases set a maintenance window",
    clause: {
      reference: "PO-02",
      url: `${DOCS}/databases/postgresql/how-to/schedule-updates/`,
    },
    severity: "medium",
    prevents: "A failover for patching happens at the busiest hour.",
    description: "Every DigitalOcean database sets the day and the hour of its maintenance.",
    remediation: "Set maintenanceWindows to the runbook's window, as { day, hour } in UTC.",
    check: rules([DATABASE], {
      maintenanceWindows: isWritten("set the runbook's window, as { day, hour } in UTC"),
    }),
  },
  {
    ...strict,
    name: "digitalocean-database-version-supported",
    themes: ["databases", "digitalocean"],
    title: "DigitalOcean databases run a supported version",
    clause: { reference: "PO-03", url: `${DOCS}/databases/postgresql/details/` },
    severity: "medium",
    prevents: "Vulnerabilities stay open, or the database cannot be created again.",
    description:
      "Every DigitalOcean database sets an engine and a version that are still supported.",
    remediation:
      "Raise version; a major version of PostgreSQL is upgraded in place, in the window.",
    configuration: {
      properties: Object.fromEntries(Object.keys(OLDEST).map((name) => [name, oldest(name)])),
    },
    check: each([DATABASE], supported),
  },
  {
    name: "digitalocean-database-storage-grows",
    themes: ["databases", "digitalocean"],
    title: "Database storage scales automatically",
    clause: { reference: "PO-02", url: `${DOCS}/databases/postgresql/how-to/autoscale-storage/` },
    severity: "medium",
    prevents: "A full disk makes the database read-only, at the end of a busy day.",
    description: "PostgreSQL and MySQL on DigitalOcean scale their storage automatically.",
    remediation:
      "Set storageAutoscale to { enabled: true, thresholdPercent: 80, incrementGib: 10 }.",
    enforcement: ADVICE,
    check: rules(where([DATABASE], outgrowsDisk), {
      "storageAutoscale.enabled": is(
        true,
        "a full disk makes the database read-only: it must be true",
      ),
    }),
  },
  {
    ...strict,
    name: "digitalocean-database-tls",
    themes: ["tls", "databases", "digitalocean"],
    title: "Database connections are encrypted",
    clause: { reference: "PO-03", url: `${DOCS}/databases/valkey/how-to/connect/` },
    severity: "high",
    prevents: "Passwords, rows or logs cross the network in plain text.",
    description:
      "Redis and Valkey keep their plaintext port closed, and migrations and log forwarding use TLS.",
    remediation: "Remove ssl: false and disableSsl: true, and set tls to true on the log sink.",
    ...withRemedy(
      combine(
        // The plaintext port is closed by default.
        rules(["DatabaseRedisConfig", "DatabaseValkeyConfig"].map(digitalocean), {
          ssl: isOrMissing(true),
        }),
        rules([digitalocean("DatabaseOnlineMigration")], { disableSsl: isOrMissing(false) }),
        rules([digitalocean("DatabaseLogsinkRsyslog")], { tls: is(true) }),
      ),
    ),
  },
  {
    ...strict,
    name: "digitalocean-database-guards-on",
    themes: ["databases", "recovery", "digitalocean"],
    title: "Database safeguards are not turned off",
    clause: { reference: "PO-02", url: `${DOCS}/databases/mysql/reference/` },
    severity: "medium",
    prevents:
      "A table without a primary key cannot be replicated, a wildcard deletes every index, or a typo creates a topic.",
    description:
      "MySQL requires primary keys, OpenSearch requires the exact names of indices to delete, and Kafka does not create topics automatically.",
    remediation:
      "Remove sqlRequirePrimaryKey: false, actionDestructiveRequiresName: false and autoCreateTopicsEnable: true.",
    ...withRemedy(
      combine(
        rules([digitalocean("DatabaseMysqlConfig")], { sqlRequirePrimaryKey: isOrMissing(true) }),
        rules([digitalocean("DatabaseOpensearchConfig")], {
          actionDestructiveRequiresName: isOrMissing(true),
        }),
        rules([digitalocean("DatabaseKafkaConfig")], {
          autoCreateTopicsEnable: isOrMissing(false),
        }),
      ),
    ),
  },
];
