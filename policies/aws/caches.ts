/** Availability and logs of ElastiCache caches. */
import { each, expectAtLeast, expectEqual, expectThat, knows, lacks, type Check } from "../expect";
import type { Policy } from "../policy";
import { ADVICE, ONLY_IN_PRODUCTION, STRICT_IN_PRODUCTION } from "../policy";
import { isAtLeastSetting, rules, where } from "../rules";
import { aws } from "../tokens";
import { REDIS_VERSIONS, VALKEY_VERSIONS, expectSupported, versionSetting } from "./versions";
export const GROUP = aws("elasticache", "ReplicationGroup");
export const SERVERLESS = aws("elasticache", "ServerlessCache");
const CLUSTER = aws("elasticache", "Cluster");

const CONTROLS =
  "https://docs.aws.amazon.com/securityhub/latest/userguide/elasticache-controls.html";
const GUIDE = "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg";
const strict = { enforcement: STRICT_IN_PRODUCTION, themes: ["caches", "aws"] } as const;

export const isSecondary = ({ resource: { props } }: Check): boolean =>
  !props.get("globalReplicationGroupId").isMissing;
export const isValkey = ({ props }: Check["resource"]): boolean =>
  props.get("engine").string === "valkey";

/** Redis or Valkey; an unknown engine is noted as unknown. */
export function hasUsers(check: Check): boolean {
  const engine = check.resource.props.get("engine");
  return knows(check, engine) && engine.string !== "memcached";
}

function available(check: Check): void {
  const { props } = check.resource;
  expectEqual(check, props.get("automaticFailoverEnabled"), true);
  expectEqual(check, props.get("multiAzEnabled"), true);
  const nodes = props.get("numCacheClusters");
  if (nodes.isMissing && !isSecondary(check)) {
    const expected = "each shard needs a replica: set it to 1 or more";
    expectAtLeast(check, props.get("replicasPerNodeGroup"), 1, expected);
  } else if (!nodes.isMissing) expectAtLeast(check, nodes, 2);
}

function logged(check: Check): void {
  const logs = check.resource.props.get("logDeliveryConfigurations");
  const missing = ["slow-log", "engine-log"].filter((type) =>
    lacks(check, logs, (name) => name === type, "logType"),
  );
  expectThat(check, logs, () => missing.length === 0, `add ${missing.join(" and ")}`);
}

function eviction(check: Check): void {
  const { props } = check.resource;
  const family = props.get("family");
  const parameters = props.get("parameters");
  if (check.context.noteUnknown(family) || !/^(redis|valkey)/.test(family.string ?? "")) return;
  const isUnset = lacks(check, parameters, (name) => name === "maxmemory-policy", "name");
  const expected =
    "set maxmemory-policy: the default keeps keys without an expiry and refuses writes when the cache is full";
  expectThat(check, parameters, () => !isUnset, expected);
}

function supported(check: Check): void {
  const { props } = check.resource;
  const isServerless = check.resource.type === SERVERLESS;
  const version = props.get(isServerless ? "majorEngineVersion" : "engineVersion");
  if (version.isMissing || isSecondary(check)) return;
  const engine = props.get("engine");
  if (check.context.noteUnknown(engine)) return;
  if (isValkey(check.resource)) expectSupported(check, version, "valkey", VALKEY_VERSIONS);
  else if (engine.string !== "memcached") expectSupported(check, version, "redis", REDIS_VERSIONS);
}

export const caches: readonly Policy[] = [
  {
    ...strict,
    name: "aws-elasticache-available",
    title: "Caches tolerate the loss of a node or a zone",
    clause: { reference: "PO-02; CKV2_AWS_50; ElastiCache.3", url: CONTROLS },
    severity: "high",
    themes: ["availability", "caches", "aws"],
    prevents: "The loss of one node empties the cache and overloads the database behind it.",
    enforcement: ONLY_IN_PRODUCTION,
    description: "In production, replication groups fail over to another zone automatically.",
    remediation:
      "Set automaticFailoverEnabled and multiAzEnabled to true, with a replica for each shard.",
    check: each([GROUP], available),
  },
  {
    ...strict,
    name: "aws-elasticache-snapshots",
    title: "Caches have daily snapshots",
    clause: { reference: "PO-02; CKV_AWS_134; ElastiCache.1", url: CONTROLS },
    severity: "medium",
    themes: ["recovery", "caches", "aws"],
    prevents: "Data that exists only in the cache is lost with it.",
    description: "Redis and Valkey caches take a snapshot every day.",
    remediation: "Set snapshotRetentionLimit to the number of days in the runbook, at most 35.",
    configuration: {
      properties: {
        days: { type: "integer", minimum: 1, default: 1, description: "Minimum number of days" },
      },
    },
    check: rules(
      where([GROUP, SERVERLESS], (check) => !isSecondary(check) && hasUsers(check)),
      { snapshotRetentionLimit: isAtLeastSetting("days", 1) },
    ),
  },
  {
    ...strict,
    name: "aws-elasticache-upgrades",
    title: "Caches run a supported version and get minor updates",
    clause: { reference: "PO-03; CKV_AWS_322; ElastiCache.2", url: CONTROLS },
    severity: "medium",
    prevents:
      "Vulnerabilities that were fixed months ago stay open, and extended support charges rise.",
    description:
      "Caches install minor versions automatically, and their engine version is in standard support.",
    remediation:
      "Leave autoMinorVersionUpgrade at true and set engineVersion to a supported version.",
    configuration: {
      properties: {
        redis: versionSetting(REDIS_VERSIONS, "Redis"),
        valkey: versionSetting(VALKEY_VERSIONS, "Valkey"),
      },
    },
    check: each([GROUP, CLUSTER, SERVERLESS], (check) => {
      const upgrades = check.resource.props.get("autoMinorVersionUpgrade");
      expectThat(
        check,
        upgrades,
        (it) => it.boolean !== false && it.string !== "false",
        "it must be true",
      );
      supported(check);
    }),
  },
  {
    ...strict,
    name: "aws-elasticache-eviction",
    title: "Cache parameter groups set an eviction policy",
    clause: { reference: "PO-01", url: `${GUIDE}/ParameterGroups.Engine.html` },
    severity: "medium",
    enforcement: ADVICE,
    prevents: "A full cache refuses every write, when traffic is highest.",
    description: "Redis and Valkey parameter groups say which keys a full cache evicts.",
    remediation: "Set the parameter maxmemory-policy, to allkeys-lru for a pure cache.",
    check: each([aws("elasticache", "ParameterGroup")], eviction),
  },
  {
    ...strict,
    name: "aws-elasticache-logs",
    title: "Caches deliver their logs",
    clause: { reference: "PO-04", url: `${GUIDE}/Log_Delivery.html` },
    severity: "low",
    enforcement: ADVICE,
    themes: ["logging", "caches", "aws"],
    prevents: "Nobody can tell which command blocked all the others.",
    description: "Replication groups deliver their slow log and their engine log.",
    remediation: "Set logDeliveryConfigurations for slow-log and engine-log.",
    check: each([GROUP], logged),
  },
];
