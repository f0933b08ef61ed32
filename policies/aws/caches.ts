/** ElastiCache and MemoryDB. */
import { each, must, mustBe, mustBeAtLeast, mustNotBe, type Asked } from "../demands";
import type { Policy } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION, finding } from "../policy";
import type { Value } from "../values";
import { inProduction, isAtLeastSetting, isNot, isWritten, rows, rowsByType } from "./rows";
import { token } from "./tokens";
import { REDIS_VERSIONS, VALKEY_VERSIONS, mustBeSupported, versionSetting } from "./versions";

const GROUP = token("elasticache", "ReplicationGroup");
const SERVERLESS = token("elasticache", "ServerlessCache");
const CLUSTER = token("elasticache", "Cluster");
const USER = token("elasticache", "User");
const MEMORY = token("memorydb", "Cluster");
const MEMORY_USER = token("memorydb", "User");

const CONTROLS =
  "https://docs.aws.amazon.com/securityhub/latest/userguide/elasticache-controls.html";
const GUIDE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg";
const strict = { enforcement: STRICT_IN_PRODUCTION, themes: ["caches", "aws"] } as const;

const isSecondary = ({ resource: { props } }: Asked): boolean =>
  !props.get("globalReplicationGroupId").isMissing;
const isValkey = ({ props }: Asked["resource"]): boolean => props.get("engine").text === "valkey";

/** Valkey encrypts unless it is told not to, Redis only where it is told; a secondary has its primary's. */
function encrypted(asked: Asked): void {
  const { props } = asked.resource;
  if (isSecondary(asked)) return;
  for (const key of ["atRestEncryptionEnabled", "transitEncryptionEnabled"]) {
    const value = props.get(key);
    if (isValkey(asked.resource)) {
      must(asked, value, (it) => it.flag !== false && it.text !== "false", "it must be true");
    } else must(asked, value, (it) => it.flag === true || it.text === "true", "it must be true");
  }
  const mode = props.get("transitEncryptionMode");
  mustNotBe(asked, mode, "preferred", 'it must be "required": preferred accepts plain text too');
}

function authenticated(asked: Asked): void {
  const { props } = asked.resource;
  const token = props.get("authToken");
  const users = props.get("userGroupIds");
  if (isSecondary(asked) || asked.context.unsure(users)) return;
  // One that is not known yet is there.
  if (!token.isMissing || users.list().length > 0) return;
  asked.context.report(
    finding(
      asked.resource,
      users,
      "whoever reaches the port reads and writes: write it, or authToken",
    ),
  );
}

/** How a user signs in, as both services write it. */
function userAuthenticated(asked: Asked): void {
  const { props } = asked.resource;
  const wanted = "a user without a password is everybody";
  mustNotBe(asked, props.get("noPasswordRequired"), true, wanted);
  const type = props.get("authenticationMode", "type");
  must(asked, type, ({ text }) => !/^no-password/.test(text ?? ""), wanted);
}

/** `+@all` on every key: the rules of an administrator. */
function userLeast(asked: Asked): void {
  const rules = asked.resource.props.get("accessString");
  const isAll = (text: string): boolean =>
    /(^| )(\+@all|allcommands)( |$)/.test(text) && /(^| )(~\*|allkeys)( |$)/.test(text);
  const isOff = (text: string): boolean => /(^| )off( |$)/.test(text);
  const wanted = "it allows every command on every key: take away -@dangerous, or name the keys";
  must(asked, rules, ({ text = "" }) => isOff(text) || !isAll(text) || text.includes("-@"), wanted);
}

function available(asked: Asked): void {
  const { props } = asked.resource;
  if (!inProduction(asked)) return;
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
  const has = (type: string): boolean => logs.list().some((it) => it.get("logType").text === type);
  const missing = ["slow-log", "engine-log"].filter((type) => !has(type));
  must(asked, logs, () => missing.length === 0, `add ${missing.join(" and ")}`);
}

function eviction(asked: Asked): void {
  const { props } = asked.resource;
  const family = props.get("family");
  const parameters = props.get("parameters");
  if (asked.context.unsure(family) || !/^(redis|valkey)/.test(family.text ?? "")) return;
  const isPolicy = (it: Value): boolean => it.get("name").text === "maxmemory-policy";
  const wanted =
    "write maxmemory-policy: the default keeps keys without an expiry and refuses writes when full";
  must(asked, parameters, (it) => it.list().some(isPolicy), wanted);
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

const closed: readonly Policy[] = [
  {
    ...strict,
    name: "aws-elasticache-encrypted",
    title: "Caches are encrypted, on disk and on the way",
    clause: {
      reference: "PO-03; ALL-12; CKV_AWS_29; CKV_AWS_30; ElastiCache.4; ElastiCache.5",
      url: CONTROLS,
    },
    severity: "high",
    prevents: "Sessions and passwords pass the network, and lie in snapshots, in plain text.",
    description: "Every replication group of ElastiCache encrypts at rest and demands TLS.",
    remediation:
      "Set atRestEncryptionEnabled and transitEncryptionEnabled to true, and transitEncryptionMode to required.",
    check: each([GROUP], encrypted),
  },
  {
    ...strict,
    name: "aws-elasticache-authenticated",
    title: "Caches ask who is there",
    clause: { reference: "PO-03; CKV_AWS_31; ElastiCache.6", url: CONTROLS },
    severity: "high",
    prevents: "Every pod that reaches the port reads all sessions, or deletes them.",
    description: "Caches of ElastiCache have a token or groups of users.",
    remediation: "Write authToken, from a secret, or the id of a UserGroup.",
    check: each([GROUP], authenticated),
  },
  {
    ...strict,
    name: "aws-elasticache-serverless-users",
    title: "Serverless caches ask who is there",
    clause: { reference: "PO-03", url: `${GUIDE}/Clusters.RBAC.html` },
    severity: "high",
    prevents: "Every pod that reaches the port reads all sessions, or deletes them.",
    description: "Serverless caches of Redis and Valkey have a group of users.",
    remediation: "Write the id of a UserGroup into userGroupId.",
    check: rows(
      [SERVERLESS],
      [
        [
          "userGroupId",
          isWritten("whoever reaches the port reads and writes: write a UserGroup's id"),
        ],
      ],
      ({ resource }) => resource.props.get("engine").text !== "memcached",
    ),
  },
  {
    ...strict,
    name: "aws-elasticache-user-authenticated",
    title: "Users of caches have a password",
    clause: { reference: "PO-03", url: `${GUIDE}/Clusters.RBAC.html` },
    severity: "high",
    prevents: "Access lists are in place, and nobody needs to be anybody.",
    description: "Every user of ElastiCache and MemoryDB signs in by a password or by IAM.",
    remediation: "Set authenticationMode.type to iam, or to password with passwords from a secret.",
    check: each([USER, MEMORY_USER], userAuthenticated),
  },
  {
    ...strict,
    name: "aws-elasticache-user-least",
    title: "Users of caches may do what they need",
    clause: { reference: "PO-03", url: `${GUIDE}/Clusters.RBAC.html` },
    severity: "medium",
    enforcement: ADVICE,
    prevents: "An application can empty the cache of all others with one FLUSHALL.",
    description: "No user of a cache has every command on every key.",
    remediation: 'Write accessString like "on ~orders:* -@all +@read +@write".',
    check: each([USER, MEMORY_USER], userLeast),
  },
  {
    ...strict,
    name: "aws-elasticache-placed",
    title: "Caches lie in subnets of our own",
    clause: { reference: "PO-03; CKV_AWS_323; CKV_AWS_196; ElastiCache.7", url: CONTROLS },
    severity: "high",
    themes: ["network", "caches", "aws"],
    prevents: "The cache stands in the default network, beside everything else.",
    description: "Caches of ElastiCache and MemoryDB name their subnets and security groups.",
    remediation: "Write subnetGroupName (subnetIds of a serverless cache) and securityGroupIds.",
    check: rowsByType({
      [GROUP]: placed("subnetGroupName"),
      [SERVERLESS]: placed("subnetIds"),
      [MEMORY]: placed("subnetGroupName"),
    }),
  },
];

function placed(subnets: string) {
  return [
    [subnets, isWritten("write private subnets")],
    [subnets, isNot("default", "write private subnets of our own")],
    ["securityGroupIds", isWritten("write a group that lets in the clients alone")],
  ] as const;
}

const kept: readonly Policy[] = [
  {
    ...strict,
    name: "aws-elasticache-available",
    title: "Caches survive a node and a zone",
    clause: { reference: "PO-02; CKV2_AWS_50; ElastiCache.3", url: CONTROLS },
    severity: "high",
    themes: ["availability", "caches", "aws"],
    prevents: "The loss of one node empties the cache, and the database behind it gives way.",
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
      (asked) => !isSecondary(asked) && asked.resource.props.get("engine").text !== "memcached",
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

export const caches: readonly Policy[] = [...closed, ...kept];
