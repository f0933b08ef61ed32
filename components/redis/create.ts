import type * as pulumi from "@pulumi/pulumi";
import type { Cache } from "../../systems/model";
import { days, gib } from "../../systems/units";
import { ENGINES } from "../../versions";
import { clientsOf } from "../clients";
import type { AwsPlacement, DigitalOceanPlacement, GooglePlacement } from "../cluster/contract";
import {
  givenSecret,
  inCluster,
  managedName,
  noManaged,
  onDigitalOcean,
  type DataContext,
} from "../data-context";
import type { Redis } from "./contract";
import { DigitalOceanRedis } from "../clouds/digitalocean/redis";
import { ElastiCacheRedis } from "../clouds/aws/elasticache/elasticache";
import { ExternalRedis } from "./external";
import { InClusterRedis } from "./in-cluster";
import { MemorystoreRedis } from "../clouds/gcp/memorystore";

type Options = pulumi.ComponentResourceOptions;

/** Chooses who runs a cache: the one place that knows them all. */
export function createRedis(
  name: string,
  cache: Cache,
  context: DataContext,
  options: Options,
): Redis {
  switch (cache.runs) {
    case "external":
      return new ExternalRedis(
        name,
        { url: givenSecret(context, `Cache ${cache.name}`, "REDIS_URL") },
        options,
      );
    case "operator":
      return inside(name, cache, context, options);
    case "managed":
      return managed(name, cache, context, options);
  }
}

function managed(name: string, cache: Cache, context: DataContext, options: Options): Redis {
  const { placement } = context.cluster;
  switch (placement.cloud) {
    case "digitalocean":
      return onDo(name, cache, context, placement, options);
    case "aws":
      return onAws(name, cache, context, placement, options);
    case "gcp":
      return onGoogle(name, cache, context, placement, options);
    case "existing":
      return noManaged(`Cache ${cache.name}`);
  }
}

/** Staging goes without what takes over. */
const replicated = ({ settings }: DataContext, { topology }: Cache): boolean =>
  settings.production && topology !== "single";

/** What every implementation is told of the cache. */
const asked = ({ settings }: DataContext, { name, use }: Cache) => ({
  use,
  rotation: settings.rotations[name] ?? "1",
  protect: settings.protection.redis,
});

function onDo(
  name: string,
  cache: Cache,
  context: DataContext,
  placement: DigitalOceanPlacement,
  options: Options,
): Redis {
  const { settings } = context;
  return new DigitalOceanRedis(
    name,
    {
      ...onDigitalOcean(context, managedName(context, cache.name), placement),
      use: cache.use,
      protect: settings.protection.redis,
      // A runbook's Redis version is none of Valkey's.
      version: settings.redisVersion ?? ENGINES.digitalocean.valkey,
      size: settings.redisSize,
      // A standby costs little here, and production has none without it, whatever the runbook runs.
      nodes: settings.production ? 2 : 1,
    },
    options,
  );
}

/** Shards of a cache in cluster mode: the least that is a cluster. */
const SHARDS = 2;
const SNAPSHOTS = days(7);

function onAws(
  name: string,
  cache: Cache,
  context: DataContext,
  placement: AwsPlacement,
  options: Options,
): Redis {
  const { settings } = context;
  const replicas = replicated(context, cache) ? 1 : 0;
  return new ElastiCacheRedis(
    name,
    {
      ...asked(context, cache),
      clusterName: managedName(context, cache.name),
      engine: cache.engine,
      version: settings.redisVersion ?? cache.version ?? ENGINES.aws[cache.engine],
      nodeType: settings.redisSize,
      shape:
        cache.topology === "cluster"
          ? { mode: "cluster", shards: SHARDS, replicasPerShard: replicas }
          : { mode: "standalone", replicas },
      placement,
      cidr: settings.network.managed,
      maintenance: settings.system.maintenance,
      snapshotRetention: SNAPSHOTS,
      ...leastRetention(context, cache),
    },
    options,
  );
}

/** What the runbook keeps of the cache's snapshots. */
function leastRetention({ settings }: DataContext, { name }: Cache) {
  const backup = settings.system.backups.find(({ of }) => of === name);
  return backup === undefined || !settings.production ? {} : { leastRetention: backup.retention };
}

function onGoogle(
  name: string,
  cache: Cache,
  context: DataContext,
  placement: GooglePlacement,
  options: Options,
): Redis {
  const { settings } = context;
  return new MemorystoreRedis(
    name,
    {
      use: cache.use,
      protect: settings.protection.redis,
      instanceName: managedName(context, cache.name),
      version: settings.redisVersion ?? cache.version ?? ENGINES.gcp.redis,
      memory: gib(Number(settings.redisSize)),
      highlyAvailable: replicated(context, cache),
      placement,
      cidr: settings.network.managed,
      maintenance: settings.system.maintenance,
    },
    options,
  );
}

function inside(name: string, cache: Cache, context: DataContext, options: Options): Redis {
  const { settings, platform } = context;
  return new InClusterRedis(
    name,
    {
      ...inCluster(context),
      ...asked(context, cache),
      serviceName: cache.name,
      version: settings.redisVersion ?? ENGINES.operator.valkey,
      topology: replicated(context, cache) ? "replicated" : "single",
      memory: gib(1),
      storage: gib(10),
      allowFrom: clientsOf(cache.name, settings.system),
    },
    {
      ...options,
      dependsOn: [
        ...platform.application.ready,
        platform.operators.certManager,
        ...context.metricsReady,
      ],
    },
  );
}
