import { ELASTICACHE_FAMILIES } from "../../../../versions";
import { ComponentError } from "../../../kit/component";
import type { ElastiCacheRedisArguments, ElastiCacheShape } from "./elasticache";
import { LEAST_MINUTES, minutesLong } from "./windows";

/** Of a replication group, unless Amazon raises the quota. */
const MOST_NODES = 90;
const MOST_REPLICAS = 5;
const MOST_DAYS = 35;

const SECONDS_OF_A_DAY = 86_400;

export const daysOf = ({ seconds }: { readonly seconds: number }): number =>
  seconds / SECONDS_OF_A_DAY;

export const replicasOf = (shape: ElastiCacheShape): number =>
  shape.mode === "cluster" ? shape.replicasPerShard : shape.replicas;

type Refuse = (key: string, value: string, allowed: string, next: string) => never;

/** What Amazon would refuse, some of it only after an hour. Pure. */
export function checkElastiCache(name: string, args: ElastiCacheRedisArguments): void {
  const refuse: Refuse = (key, value, allowed, next) => {
    throw new ComponentError(`ElastiCacheRedis ${name}`, key, value, allowed, next);
  };
  checkNames(args, refuse);
  checkShape(args, refuse);
  checkWindows(args, refuse);
  checkRetention(args, refuse);
}

function checkNames(
  { clusterName, engine, version, nodeType }: ElastiCacheRedisArguments,
  refuse: Refuse,
): void {
  if (!/^[a-z]([a-z0-9]|-(?=[a-z0-9])){0,39}$/.test(clusterName)) {
    refuse(
      "clusterName",
      `"${clusterName}"`,
      "at most 40 lower-case letters, digits and single hyphens, beginning with a letter and not ending with a hyphen",
      "Shorten the system's id or the cache's name.",
    );
  }
  const offered = Object.keys(ELASTICACHE_FAMILIES[engine]);
  if (!offered.includes(version)) {
    refuse(
      "version",
      `"${version}"`,
      `one of ${offered.join(", ")} for ${engine}`,
      engine === "redis" ? "What came after 7.1 is called valkey." : "Choose one of them.",
    );
  }
  if (!/^cache\.(?!r6gd\.)[a-z]\w*\.\w+$/.test(nodeType)) {
    refuse(
      "nodeType",
      `"${nodeType}"`,
      "a node type such as cache.m6g.large that keeps all data in memory",
      "Set runstack:redisSize.",
    );
  }
}

function checkShape({ shape, placement }: ElastiCacheRedisArguments, refuse: Refuse): void {
  const replicas = replicasOf(shape);
  const key = shape.mode === "cluster" ? "shape.replicasPerShard" : "shape.replicas";
  if (!Number.isInteger(replicas) || replicas < 0 || replicas > MOST_REPLICAS) {
    refuse(key, String(replicas), `0 to ${MOST_REPLICAS}`, "One survives the loss of a zone.");
  }
  if (shape.mode === "cluster") {
    const most = Math.floor(MOST_NODES / (1 + replicas));
    if (!Number.isInteger(shape.shards) || shape.shards < 1 || shape.shards > most) {
      refuse(
        "shape.shards",
        String(shape.shards),
        `1 to ${most} with ${replicas} replicas a shard, ${MOST_NODES} nodes in all`,
        "Take larger nodes instead of more shards.",
      );
    }
  }
  if (replicas > 0 && placement.privateSubnetIds.length < 2) {
    refuse(
      "placement.privateSubnetIds",
      `${placement.privateSubnetIds.length} subnet`,
      "two subnets or more, of different zones",
      "A replica in the same zone would not survive it.",
    );
  }
}

function checkWindows({ maintenance }: ElastiCacheRedisArguments, refuse: Refuse) {
  const length = minutesLong(maintenance);
  if (length < LEAST_MINUTES || length > 22 * 60) {
    refuse(
      "maintenance.duration",
      `${length} minutes`,
      "1 to 22 hours",
      "The daily snapshot needs an hour of its own.",
    );
  }
}

/** Snapshots turned on later are asked of a node whose name does not exist in cluster mode. */
function checkRetention(
  { snapshotRetention, leastRetention }: ElastiCacheRedisArguments,
  refuse: Refuse,
): void {
  const kept = daysOf(snapshotRetention);
  if (!Number.isInteger(kept) || kept < 1 || kept > MOST_DAYS) {
    refuse(
      "snapshotRetention",
      `${kept} days`,
      `1 to ${MOST_DAYS} whole days`,
      "Snapshots cannot be turned on later.",
    );
  }
  if (leastRetention !== undefined && kept < daysOf(leastRetention)) {
    refuse(
      "snapshotRetention",
      `${kept} days`,
      `${daysOf(leastRetention)} days or longer`,
      "The runbook asks for that much.",
    );
  }
}
