/** Managed data services of the cloud, for the system's requirements. */
import type * as pulumi from "@pulumi/pulumi";
import type { Cache, Database, EventBus } from "../../../systems/model";
import { ENGINES } from "../../../versions";
import { placementOn } from "../../cluster/contract";
import { managedName, type DataContext } from "../../data/context";
import type { Kafka } from "../../kafka/contract";
import { kafkaRequirements } from "../../kafka/requirements";
import type { Postgres } from "../../postgres/contract";
import { postgresRequirements } from "../../postgres/requirements";
import type { Redis } from "../../redis/contract";
import { ComponentError } from "../../kit/component";
import { DigitalOceanKafka } from "./kafka";
import { DigitalOceanPostgres } from "./postgres";
import { DigitalOceanRedis } from "./redis";

type Options = pulumi.ComponentResourceOptions;

function shared(context: DataContext, service: string) {
  const { settings, cluster, tags } = context;
  return {
    clusterName: managedName(context, service),
    region: settings.region,
    placement: placementOn("digitalocean", cluster.placement),
    podCidr: cluster.podCidr,
    cidr: settings.network.managed,
    maintenance: settings.system.maintenance,
    tags,
  };
}

export function managedPostgres(
  name: string,
  database: Database,
  context: DataContext,
  options: Options,
): Postgres {
  const { settings } = context;
  const wanted = postgresRequirements(database, settings);
  return new DigitalOceanPostgres(
    name,
    {
      ...shared(context, database.name),
      // The size includes storage, the service point-in-time recovery: neither is set.
      version: wanted.version,
      database: wanted.database,
      owner: wanted.owner,
      extensions: wanted.extensions,
      parameters: wanted.parameters,
      pooling: wanted.pooling,
      readReplicas: wanted.readReplicas,
      protect: wanted.protect,
      ...(wanted.leastRetention === undefined ? {} : { leastRetention: wanted.leastRetention }),
      size: settings.postgresSize,
      nodes: settings.production ? 2 : 1,
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
  return new DigitalOceanRedis(
    name,
    {
      ...shared(context, cache.name),
      use: cache.use,
      protect: settings.protection.redis,
      // A runbook's Redis version does not apply to Valkey.
      version: settings.redisVersion ?? ENGINES.digitalocean.valkey,
      size: settings.redisSize,
      // A standby is cheap here, and production always has one, whatever the runbook says.
      nodes: settings.production ? 2 : 1,
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
  const { topics, protect } = kafkaRequirements(settings, bus);
  if (settings.kafkaVersion === undefined) {
    throw new ComponentError(
      `Event bus ${bus.name}`,
      "version",
      "missing",
      "a version that DigitalOcean offers",
      "Set runstack:kafkaVersion.",
    );
  }
  return new DigitalOceanKafka(
    name,
    {
      ...shared(context, bus.name),
      topics,
      protect,
      version: settings.kafkaVersion,
      size: settings.kafkaSize,
      nodes: bus.brokers,
    },
    options,
  );
}
