/** Managed data services of the cloud, for the system's requirements. */
import type * as pulumi from "@pulumi/pulumi";
import type { Cache, Database, EventBus } from "../../../systems/model";
import type { Settings } from "../../../settings";
import { serviceName } from "../../../settings/names";
import { keptFor } from "../../../settings/recovery-window";
import { days } from "../../../systems/units";
import { ENGINES } from "../../../versions";
import { placementOn } from "../../cluster/contract";
import { givenSecret, managedName, type DataContext } from "../../data/context";
import type { Kafka } from "../../kafka/contract";
import { brokerStorage, kafkaRequirements } from "../../kafka/requirements";
import type { Postgres } from "../../postgres/contract";
import { postgresRequirements } from "../../postgres/requirements";
import type { Redis } from "../../redis/contract";
import { redisRequirements } from "../../redis/requirements";
import { ElastiCacheRedis } from "./elasticache/elasticache";
import { MskKafka } from "./msk/msk";
import { RdsPostgres } from "./rds/rds";
import type { RdsSource } from "./rds/arguments";

type Options = pulumi.ComponentResourceOptions;

export function managedPostgres(
  name: string,
  database: Database,
  context: DataContext,
  options: Options,
): Postgres {
  const { settings } = context;
  const wanted = postgresRequirements(database, settings);
  return new RdsPostgres(
    name,
    {
      ...wanted,
      pointInTimeRecovery: keptFor(database, settings),
      identifier: managedName(context, database.name),
      instanceClass: settings.postgresSize,
      majorUpgrade: settings.postgresUpgrade,
      // Also when protection was just turned off, which is the first step of a removal.
      keepBackups: settings.production,
      highlyAvailable: settings.production,
      maintenance: settings.system.maintenance,
      placement: placementOn("aws", context.cluster.placement),
      cidr: settings.network.managed,
      ...recoveryOf(settings),
      ...followed(context, database, wanted),
      ...restored(context, database),
    },
    options,
  );
}

/** A second region keeps a copy of the backups, unless this environment runs in that region. */
function recoveryOf({ environment, region, system }: Settings) {
  const { recoveryRegion } = system.home;
  return environment !== "prod" || recoveryRegion === undefined || recoveryRegion === region
    ? {}
    : { recovery: { region: recoveryRegion } };
}

/**
 * The primary that a replica follows, and the password, which is replicated with its roles. Like a restored instance it
 * has Amazon's protection also while `runstack:replace` lifts Pulumi's.
 */
function followed(
  context: DataContext,
  { name }: Database,
  { owner, database }: { readonly owner: string; readonly database: string },
) {
  const { replicaOf: arn, protect } = context.settings;
  if (arn === undefined) return {};
  const password = givenSecret(context, `Database ${name}`, "PRIMARY_DATABASE_PASSWORD");
  return {
    replicaOf: { arn, username: owner, password, database },
    deletionProtection: protect,
  };
}

/** The instance of an earlier incarnation, or the backup that the stack names. */
function restored(
  { settings }: DataContext,
  { name }: Database,
): { readonly restoreFrom?: RdsSource; readonly deletionProtection?: boolean } {
  const { [name]: source } = settings.restoreFrom;
  if (source === undefined) return {};
  const { incarnation = 1, from, time } = source;
  const deletionProtection = settings.protect;
  if (from?.includes(":snapshot:") === true) {
    return { deletionProtection, restoreFrom: { snapshot: from } };
  }
  return {
    deletionProtection,
    restoreFrom: {
      ...(from === undefined
        ? { instance: serviceName({ ...settings, incarnations: { [name]: incarnation } }, name) }
        : { backups: from }),
      ...(time === undefined ? {} : { time }),
    },
  };
}

/** Shards of a cache in cluster mode: the minimum for a cluster. */
const SHARDS = 2;
const SNAPSHOTS = days(7);

export function managedRedis(
  name: string,
  cache: Cache,
  context: DataContext,
  options: Options,
): Redis {
  const { settings } = context;
  // A runbook's single Redis is one that its team runs: a managed one has a standby in production.
  const replicas = settings.production ? 1 : 0;
  return new ElastiCacheRedis(
    name,
    {
      ...redisRequirements(settings, cache),
      clusterName: managedName(context, cache.name),
      engine: cache.engine,
      version: settings.redisVersion ?? cache.version ?? ENGINES.aws[cache.engine],
      nodeType: settings.redisSize,
      shape:
        cache.topology === "cluster"
          ? { mode: "cluster", shards: SHARDS, replicasPerShard: replicas }
          : { mode: "standalone", replicas },
      placement: placementOn("aws", context.cluster.placement),
      cidr: settings.network.managed,
      maintenance: settings.system.maintenance,
      snapshotRetention: SNAPSHOTS,
      ...leastRetention(settings, cache),
    },
    options,
  );
}

/** Snapshot retention of the cache, according to the runbook. */
function leastRetention(settings: Settings, { name }: Cache) {
  const backup = settings.system.backups.find(({ of }) => of === name);
  return backup === undefined || !settings.production ? {} : { leastRetention: backup.retention };
}

/** ACLs are written from inside the cluster, so its namespace must exist first. */
export function managedKafka(
  name: string,
  bus: EventBus,
  context: DataContext,
  options: Options,
): Kafka {
  const { settings, platform } = context;
  return new MskKafka(
    name,
    {
      ...kafkaRequirements(settings, bus),
      clusterName: managedName(context, bus.name),
      version: settings.kafkaVersion ?? bus.version ?? ENGINES.aws.kafka,
      brokers: bus.brokers,
      instanceType: settings.kafkaSize,
      storage: brokerStorage(settings),
      placement: placementOn("aws", context.cluster.placement),
      cidr: settings.network.managed,
      system: settings.system.id,
      namespace: platform.application.namespace,
      namespaceReady: platform.application.ready,
      tags: {},
    },
    options,
  );
}
