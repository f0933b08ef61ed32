/** What caches of ElastiCache and MemoryDB survive, and what they show. */
import { each, must, mustBe, mustBeAtLeast, mustNotBe, type Asked } from "../demands";
import type { Policy } from "../policy";
import { ADVICE, ONLY_IN_PRODUCTION, STRICT_IN_PRODUCTION } from "../policy";
import { inProduction, isAtLeastSetting, knows, lacks, rows } from "./rows";
import { token } from "./tokens";
import { REDIS_VERSIONS, VALKEY_VERSIONS, mustBeSupported, versionSetting } from "./versions";
export const GROUP = token("elasticache", "ReplicationGroup");
export const SERVERLESS = token("elasticache", "ServerlessCache");
const CLUSTER = token("elasticache", "Cluster");
export const MEMORY = token("memorydb", "Cluster");

const CONTROLS =
  "https://docs.aws.amazon.com/securityhub/latest/userguide/elasticache-controls.html";
const GUIDE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg";
const strict = { enforcement: STRICT_IN_PRODUCTION, themes: ["caches", "aws"] } as const;

export const isSecondary = ({ resource: { props } }: Asked): boolean =>
  !props.get("globalReplicationGroupId").isMissing;
export const isValkey = ({ props }: Asked["resource"]): boolean =>
  props.get("engine").text === "valkey";

/** Redis or Valkey; the engine where it is not known is left open. */
export function hasUsers(asked: Asked): boolean {
  const engine = asked.resource.props.get("engine");
  return knows(asked, engine) && engine.text !== "memcached";
}

function available(asked: Asked): void {
  const { props } = asked.resource;
  mustBe(asked, props.get("automaticFailoverEnabled"), true);
  mustBe(asked, props.get("multiAzEnabled"), true);
  const nodes = props.get("numCacheClusters");
  if (nodes.isMissing && !isSecondary(asked)) {
    const wanted = "each shard needs a replica: write 1 or more";
    mustBeAtLeast(asked, props.get("replicasPerNodeGroup"), 1, wanted);
  } else if (!nodes.isMissing) mustBeAtLeast(asked, nodes, 2);
}

function logged(asked: Asked): void {
  const logs = asked.resource.props.get("logDeliveryConfigurations");
  const missing = ["slow-log", "engine-log"].filter((type) =>
    lacks(asked, logs, (name) => name === type, "logType"),
  );
  must(asked, logs, () => missing.length === 0, `add ${missing.join(" and ")}`);
}

function eviction(asked: Asked): void {
  const { props } = asked.resource;
  const family = props.get("family");
  const parameters = props.get("parameters");
  if (asked.context.unsure(family) || !/^(redis|valkey)/.test(family.text ?? "")) return;
  const isUnsaid = lacks(asked, parameters, (name) => name === "maxmemory-policy", "name");
  const wanted =
    "write maxmemory-policy: the default keeps keys without an expiry and refuses writes when full";
  must(asked, parameters, () => !isUnsaid, wanted);
}

function supported(asked: Asked): void {
  const { props } = asked.resource;
  const isServerless = asked.resource.type === SERVERLESS;
  const version = props.get(isServerless ? "majorEngineVersion" : "engineVersion");
  if (version.isMissing || isSecondary(asked)) return;
  const engine = props.get("engine");
  if (asked.context.unsure(engine)) return;
  if (isValkey(asked.resource)) mustBeSupported(asked, version, "valkey", VALKEY_VERSIONS);
  else if (engine.text !== "memcached") mustBeSupported(asked, version, "redis", REDIS_VERSIONS);
}

export const caches: readonly Policy[] = [
  {
    ...strict,
    name: "aws-elasticache-available",
    title: "Caches survive a node and a zone",
    clause: { reference: "PO-02; CKV2_AWS_50; ElastiCache.3", url: CONTROLS },
    severity: "high",
    themes: ["availability", "caches", "aws"],
    prevents: "The loss of one node empties the cache, and the database behind it gives way.",
    enforcement: ONLY_IN_PRODUCTION,
    description: "In production replication groups fail over by themselves, to another zone.",
    remediation:
      "Set automaticFailoverEnabled and multiAzEnabled to true, with a replica for each shard.",
    check: each([GROUP], available),
  },
  {
    ...strict,
    name: "aws-elasticache-snapshots",
    title: "Caches can be restored",
    clause: { reference: "PO-02; CKV_AWS_134; ElastiCache.1", url: CONTROLS },
    severity: "medium",
    themes: ["recovery", "caches", "aws"],
    prevents: "What was only in the cache is lost with it.",
    description: "Caches of Redis and Valkey are copied every day.",
    remediation: "Set snapshotRetentionLimit to the runbook's days, at most 35.",
    configuration: {
      properties: {
        days: { type: "integer", minimum: 1, default: 1, description: "Days at least" },
      },
    },
    check: rows(
      [GROUP, SERVERLESS, MEMORY],
      [["snapshotRetentionLimit", isAtLeastSetting("days", 1)]],
      (asked) => !isSecondary(asked) && hasUsers(asked),
    ),
  },
  {
    ...strict,
    name: "aws-elasticache-upgrades",
    title: "Caches are supported and get their fixes",
    clause: { reference: "PO-03; CKV_AWS_322; ElastiCache.2", url: CONTROLS },
    severity: "medium",
    prevents: "A hole that was mended months ago is still open, at a price that rises.",
    description: "Caches follow minor versions, of an engine in standard support.",
    remediation: "Leave autoMinorVersionUpgrade at true and set engineVersion to a supported one.",
    configuration: {
      properties: {
        redis: versionSetting(REDIS_VERSIONS, "Redis"),
        valkey: versionSetting(VALKEY_VERSIONS, "Valkey"),
      },
    },
    check: each([GROUP, CLUSTER, SERVERLESS, MEMORY], (asked) => {
      const upgrades = asked.resource.props.get("autoMinorVersionUpgrade");
      must(asked, upgrades, (it) => it.flag !== false && it.text !== "false", "it must be true");
      supported(asked);
    }),
  },
  {
    ...strict,
    name: "aws-elasticache-eviction",
    title: "What a full cache does is written",
    clause: { reference: "PO-01", url: `${GUIDE}/ParameterGroups.Engine.html` },
    severity: "medium",
    enforcement: ADVICE,
    prevents: "A full cache refuses every write, when traffic is highest.",
    description: "Parameter groups of Redis and Valkey say which keys a full cache gives up.",
    remediation: "Write the parameter maxmemory-policy, allkeys-lru for a pure cache.",
    check: each(
      [token("elasticache", "ParameterGroup"), token("memorydb", "ParameterGroup")],
      eviction,
    ),
  },
  {
    ...strict,
    name: "aws-elasticache-logs",
    title: "Caches send their logs",
    clause: { reference: "PO-04", url: `${GUIDE}/Log_Delivery.html` },
    severity: "low",
    enforcement: ADVICE,
    themes: ["logging", "caches", "aws"],
    prevents: "Nobody can tell which command held up all others.",
    description: "Replication groups deliver their slow log and their engine log.",
    remediation: "Write logDeliveryConfigurations for slow-log and engine-log.",
    check: each([GROUP], logged),
  },
  {
    ...strict,
    name: "aws-memorydb-closed",
    title: "MemoryDB demands TLS and users",
    clause: {
      reference: "PO-03; CKV_AWS_202",
      url: "https://docs.aws.amazon.com/memorydb/latest/devguide/clusters.acls.html",
    },
    severity: "high",
    prevents: "Whoever reaches the port reads and writes everything, in plain text.",
    description: "Clusters of MemoryDB have TLS on, an access list, and a replica in production.",
    remediation: "Leave tlsEnabled and numReplicasPerShard out, and write an Acl into aclName.",
    check: each([MEMORY], (asked) => {
      const { props } = asked.resource;
      // TLS is on and each shard has one replica where nothing is said.
      mustNotBe(asked, props.get("tlsEnabled"), false, "it must be true");
      const wanted = "it lets in everybody: write an Acl of named users";
      mustNotBe(asked, props.get("aclName"), "open-access", wanted);
      if (inProduction(asked)) mustNotBe(asked, props.get("numReplicasPerShard"), 0);
    }),
  },
];
