import { ELASTICACHE_FAMILIES } from "../../../../versions";
import { enforce, quoted, type Rule } from "../../../kit/validation";
import type { ElastiCacheRedisArguments, ElastiCacheShape } from "./elasticache";
import { LEAST_MINUTES, minutesLong } from "./windows";

/** Maximum for a replication group without a quota increase. */
const MOST_NODES = 90;
const MOST_REPLICAS = 5;
const MOST_DAYS = 35;

const SECONDS_OF_A_DAY = 86_400;

export const daysOf = ({ seconds }: { readonly seconds: number }): number =>
  seconds / SECONDS_OF_A_DAY;

export const replicasOf = (shape: ElastiCacheShape): number =>
  shape.mode === "cluster" ? shape.replicasPerShard : shape.replicas;

/** What Amazon would reject, in some cases only after an hour. Pure. */
export function checkElastiCache(name: string, args: ElastiCacheRedisArguments): void {
  enforce(`ElastiCacheRedis ${name}`, [
    ...nodeRules(args),
    ...shapeRules(args),
    ...windowRules(args),
    ...retentionRules(args),
  ]);
}

function nodeRules({
  clusterName,
  engine,
  version,
  nodeType,
}: ElastiCacheRedisArguments): readonly Rule[] {
  const offered = Object.keys(ELASTICACHE_FAMILIES[engine]);
  return [
    {
      holds: /^[a-z]([a-z0-9]|-(?=[a-z0-9])){0,39}$/.test(clusterName),
      key: "clusterName",
      value: quoted(clusterName),
      allowed:
        "at most 40 lower-case letters, digits and single hyphens, beginning with a letter and not ending with a hyphen",
      next: "Shorten the system's id or the cache's name.",
    },
    {
      holds: offered.includes(version),
      key: "version",
      value: quoted(version),
      allowed: `one of ${offered.join(", ")} for ${engine}`,
      next:
        engine === "redis" ? "Later versions are available only as valkey." : "Choose one of them.",
    },
    {
      holds: /^cache\.(?!r6gd\.)[a-z]\w*\.\w+$/.test(nodeType),
      key: "nodeType",
      value: quoted(nodeType),
      allowed: "a node type such as cache.m6g.large that keeps all data in memory",
      next: "Set runstack:redisSize.",
    },
  ];
}

function shapeRules({ shape, placement }: ElastiCacheRedisArguments): readonly Rule[] {
  const replicas = replicasOf(shape);
  const key = shape.mode === "cluster" ? "shape.replicasPerShard" : "shape.replicas";
  return [
    {
      holds: Number.isInteger(replicas) && replicas >= 0 && replicas <= MOST_REPLICAS,
      key,
      value: String(replicas),
      allowed: `0 to ${MOST_REPLICAS}`,
      next: "One replica is enough to survive the loss of a zone.",
    },
    ...(shape.mode === "cluster" ? shardRules(shape.shards, replicas) : []),
    {
      holds: replicas <= 0 || placement.privateSubnetIds.length >= 2,
      key: "placement.privateSubnetIds",
      value: `${placement.privateSubnetIds.length} subnet`,
      allowed: "two or more subnets in different zones",
      next: "A replica in the primary's zone would be lost with it.",
    },
  ];
}

function shardRules(shards: number, replicas: number): readonly Rule[] {
  const most = Math.floor(MOST_NODES / (1 + replicas));
  return [
    {
      holds: Number.isInteger(shards) && shards >= 1 && shards <= most,
      key: "shape.shards",
      value: String(shards),
      allowed: `1 to ${most} with ${replicas} replicas per shard, ${MOST_NODES} nodes in total`,
      next: "Use larger nodes instead of more shards.",
    },
  ];
}

function windowRules({ maintenance }: ElastiCacheRedisArguments): readonly Rule[] {
  const length = minutesLong(maintenance);
  return [
    {
      holds: length >= LEAST_MINUTES && length <= 22 * 60,
      key: "maintenance.duration",
      value: `${length} minutes`,
      allowed: "1 to 22 hours",
      next: "The daily snapshot needs an hour of its own.",
    },
  ];
}

/** If enabled later, snapshots would use a node name that cluster mode does not have. */
function retentionRules({
  snapshotRetention,
  leastRetention,
}: ElastiCacheRedisArguments): readonly Rule[] {
  const kept = daysOf(snapshotRetention);
  return [
    {
      holds: Number.isInteger(kept) && kept >= 1 && kept <= MOST_DAYS,
      key: "snapshotRetention",
      value: `${kept} days`,
      allowed: `1 to ${MOST_DAYS} whole days`,
      next: "Snapshots cannot be enabled later.",
    },
    {
      holds: leastRetention === undefined || kept >= daysOf(leastRetention),
      key: "snapshotRetention",
      value: `${kept} days`,
      allowed: `${daysOf(leastRetention ?? snapshotRetention)} days or longer`,
      next: "The runbook requires it.",
    },
  ];
}
