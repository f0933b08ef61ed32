/** Managed data services of the cloud, for the system's requirements. */
import type * as pulumi from "@pulumi/pulumi";
import type { Cache, Database, EventBus } from "../../../systems/model";
import { gib } from "../../../systems/units";
import { incarnated, incarnationOf } from "../../../settings/names";
import { ENGINES } from "../../../versions";
import { placementOn } from "../../cluster/contract";
import { managedName, type DataContext } from "../../data/context";
import type { Kafka } from "../../kafka/contract";
import { kafkaRequirements } from "../../kafka/requirements";
import type { Postgres } from "../../postgres/contract";
import { postgresRequirements } from "../../postgres/requirements";
import type { Redis } from "../../redis/contract";
import { CloudSqlPostgres } from "./cloud-sql/cloud-sql";
import { GoogleKafka } from "./kafka/kafka";
import { MemorystoreRedis } from "./memorystore";

type Options = pulumi.ComponentResourceOptions;

export function managedPostgres(
  name: string,
  database: Database,
  context: DataContext,
  options: Options,
): Postgres {
  const { settings } = context;
  return new CloudSqlPostgres(
    name,
    {
      ...postgresRequirements(database, settings),
      // Production uses the runbook's name of a managed instance, because its commands use it.
      identifier:
        settings.environment === "prod" && database.alias === database.name
          ? incarnated(database.name, incarnationOf(settings, database.name))
          : managedName(context, database.name),
      placement: placementOn("gcp", context.cluster.placement),
      tier: settings.postgresSize,
      keepBackups: settings.production,
      highlyAvailable: settings.production,
      maintenance: settings.system.maintenance,
      cidr: settings.network.managed,
    },
    options,
  );
}

export function managedRedis(
  name: string,
  cache: Cache,
  context: DataContext,
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
      // A runbook's single Redis is one that its team runs: a managed one has a standby in production.
      highlyAvailable: settings.production,
      placement: placementOn("gcp", context.cluster.placement),
      cidr: settings.network.managed,
      maintenance: settings.system.maintenance,
    },
    options,
  );
}

export function managedKafka(
  name: string,
  bus: EventBus,
  context: DataContext,
  options: Options,
): Kafka {
  const { settings } = context;
  return new GoogleKafka(
    name,
    {
      ...kafkaRequirements(settings, bus),
      clusterName: managedName(context, bus.name),
      processors: Number(settings.kafkaSize),
      placement: placementOn("gcp", context.cluster.placement),
      cidr: settings.network.vpc,
    },
    options,
  );
}
