/** Valkey and Kafka on DigitalOcean: persistence, durability and users. */
import { isNot, rules } from "../rules";
import { each, expectAtLeast, expectPresent, expectThat, type Check } from "../expect";
import type { CheckContext, Policy, Stack } from "../policy";
import { ADVICE, ONLY_IN_PRODUCTION, STRICT_IN_PRODUCTION, finding, nameOf } from "../policy";
import { Relations } from "../relations";
import { DOCS } from "./shared";
import { digitalocean } from "../tokens";

const DATABASE = digitalocean("DatabaseCluster");
const VALKEY = digitalocean("DatabaseValkeyConfig");
const REDIS = digitalocean("DatabaseRedisConfig");
const TOPIC = digitalocean("DatabaseKafkaTopic");

const EVICTION_OF: Readonly<Record<string, string>> = {
  [VALKEY]: "valkeyMaxmemoryPolicy",
  [REDIS]: "maxmemoryPolicy",
};

/** The eviction policy must be set once: two places overwrite each other. */
function evictions(stack: Stack, context: CheckContext): void {
  const to = stack.of(DATABASE);
  const configs = new Relations({ from: stack.of(VALKEY, REDIS), by: "clusterId", to });
  for (const resource of to) {
    const [engine, own] = [resource.props.get("engine"), resource.props.get("evictionPolicy")];
    if (context.noteUnknown(engine, resource.urn)) continue;
    if (!["valkey", "redis"].includes(engine.string ?? "")) continue;
    const second = configs
      .of(resource)
      .map(({ props, type }) => props.get(EVICTION_OF[type] ?? ""))
      .find((value) => !value.isMissing);
    if (own.isMissing && second === undefined) {
      if (configs.mayBeMore(resource, context)) continue;
      const expected =
        'set what is evicted when memory is full, such as "noeviction" or "allkeys_lru"';
      context.report(finding(resource, own, expected), resource.urn);
    } else if (!own.isMissing && second !== undefined) {
      const both = `evictionPolicy and its configuration's ${second.path}`;
      context.report(
        `${nameOf(resource)} has ${both}, which overwrite each other; set only one of them.`,
        resource.urn,
      );
    }
  }
}

/** How many brokers may fail: fewer than the in-sync minimum, and at least one. */
function durable(check: Check): void {
  const { props } = check.resource;
  const replication = props.get("replicationFactor");
  expectAtLeast(check, replication, 3);
  const confirmed = props.get("configs", 0, "minInsyncReplicas");
  expectAtLeast(check, confirmed, 2);
  const copies = replication.number ?? 0;
  if (copies < 3) return;
  const expected = `it must be below replicationFactor ${copies}, so that one broker may fail: set it to ${copies - 1}`;
  expectThat(check, confirmed, ({ number = 0 }) => number < copies, expected);
}

function bounded(check: Check): void {
  const config = check.resource.props.get("configs", 0);
  if (config.isMissing) return;
  // The provider sends 0 by default, so the log is compacted all the time.
  const ratio = "without it the provider sends 0: set it to 0.5, Kafka's default";
  expectPresent(check, config.get("minCleanableDirtyRatio"), ratio);
  const [time, bytes] = [config.get("retentionMs"), config.get("retentionBytes")];
  if (!time.isUnknown && time.string !== "-1") return;
  // A compacted topic is bounded by its keys.
  const cleanup = config.get("cleanupPolicy");
  if (check.context.noteUnknown(cleanup) || cleanup.string?.startsWith("compact") === true) return;
  if (check.context.noteUnknown(bytes) || (!bytes.isMissing && bytes.string !== "-1")) return;
  const forever =
    "the topic grows until the disks are full: set it in milliseconds, or set retentionBytes";
  expectThat(check, time, () => false, forever);
}

const strict = { enforcement: STRICT_IN_PRODUCTION } as const;

export const cachesAndTopics: readonly Policy[] = [
  {
    ...strict,
    name: "digitalocean-cache-eviction",
    themes: ["caches", "digitalocean"],
    title: "Valkey caches set an eviction policy",
    clause: {
      reference: "PO-02",
      url: `${DOCS}/databases/valkey/how-to/choose-eviction-policies/`,
    },
    severity: "medium",
    prevents:
      "When memory is full, the cache drops sessions that should stay, or refuses every write.",
    description: "Every Valkey cluster on DigitalOcean sets its eviction policy, in one place.",
    remediation:
      'Set evictionPolicy on the DatabaseCluster ("noeviction" for state, "allkeys_lru" for a cache).',
    check: { kind: "stack", run: evictions },
  },
  {
    ...strict,
    enforcement: ONLY_IN_PRODUCTION,
    name: "digitalocean-cache-persistent",
    themes: ["recovery", "caches", "digitalocean"],
    title: "Valkey data persists across restarts",
    clause: { reference: "PO-02", url: `${DOCS}/databases/valkey/reference/` },
    severity: "high",
    prevents: "A restart for patching empties a cache that holds sessions or state.",
    description: "In production, no Valkey or Redis cluster on DigitalOcean turns persistence off.",
    remediation: 'Remove persistence: "off"; "rdb" is the default.',
    check: rules([VALKEY, REDIS], {
      persistence: isNot("off", 'no data survives a restart: it must be "rdb" or missing'),
    }),
  },
  {
    ...strict,
    name: "digitalocean-kafka-topic-durable",
    themes: ["messaging", "digitalocean"],
    title: "DigitalOcean Kafka topics tolerate the loss of a broker",
    clause: { reference: "PO-02", url: `${DOCS}/databases/kafka/how-to/create-topic/` },
    severity: "high",
    prevents: "An event that was acknowledged to its publisher is lost with one broker.",
    description: "Every Kafka topic has three replicas, two of which must acknowledge a write.",
    remediation: "Set replicationFactor to 3 and configs[0].minInsyncReplicas to 2.",
    check: each([TOPIC], durable),
  },
  {
    name: "digitalocean-kafka-topic-bounded",
    themes: ["messaging", "digitalocean"],
    title: "DigitalOcean Kafka topics are bounded",
    clause: { reference: "PO-02", url: `${DOCS}/databases/kafka/how-to/create-topic/` },
    severity: "medium",
    prevents: "Disks fill up, or brokers compact their logs all day.",
    description:
      "Topics on DigitalOcean are bounded by time, by size or by compaction, and set when a log is compacted.",
    remediation: "Set configs[0].retentionMs, and minCleanableDirtyRatio to 0.5.",
    enforcement: ADVICE,
    check: each([TOPIC], bounded),
  },
  {
    ...strict,
    name: "digitalocean-database-user-narrow",
    themes: ["databases", "iam", "digitalocean"],
    title: "Database users have narrow permissions",
    clause: { reference: "PO-03", url: `${DOCS}/databases/kafka/how-to/manage-users/` },
    severity: "high",
    prevents: "One stolen password reads and writes every topic.",
    description:
      "Kafka users have permissions only on topics that they name, and MySQL users do not use the broken password hash.",
    remediation: "List each topic's name in settings[0].acls; remove mysqlAuthPlugin.",
    check: rules([digitalocean("DatabaseUser")], {
      "settings[].acls[].topic": isNot(
        "*",
        'it applies to every topic: use a topic name, or "prefix*"',
      ),
      mysqlAuthPlugin: isNot(
        "mysql_native_password",
        'its hashes are insecure: use "caching_sha2_password"',
      ),
    }),
  },
];
