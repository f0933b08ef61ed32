import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings";
import type { Cache, Database, EventBus } from "../systems/model";
import { ENGINES } from "../versions";
import type { Cluster } from "./cluster/contract";
import { ComponentError } from "./component";
import type { Kafka } from "./kafka/contract";
import { DigitalOceanKafka } from "./kafka/digitalocean";
import type { Postgres } from "./postgres/contract";
import { ExternalPostgres } from "./postgres/external";
import type { Redis } from "./redis/contract";
import { DigitalOceanRedis } from "./redis/digitalocean";

/** Chooses the implementation of each data service: the one place that knows them all. */

export interface DataContext {
  readonly settings: Settings;
  readonly cluster: Cluster;
  readonly tags: readonly string[];
}

const refuse = (component: string, runs: string, offered: string): never => {
  throw new ComponentError(
    component,
    "runs",
    `"${runs}"`,
    offered,
    "Choose another one in the system's data.",
  );
};

const shared = ({ settings, cluster, tags }: DataContext, clusterName: string) => {
  if (cluster.placement.cloud !== "digitalocean") {
    throw new ComponentError(
      clusterName,
      "cloud",
      `"${cluster.placement.cloud}"`,
      '"digitalocean"',
      "Set runstack:cloud.",
    );
  }
  return {
    clusterName,
    region: settings.region,
    placement: cluster.placement,
    podCidr: cluster.podCidr,
    maintenance: settings.system.maintenance,
    tags,
    protect: settings.protect,
  };
};

/** The name of a managed service: the environment's cluster, then what it is. */
const managedName = ({ settings }: DataContext, what: string): string =>
  `${settings.system.id}-${settings.environment}-${what}`;

export function createKafka(
  name: string,
  bus: EventBus,
  context: DataContext,
  options: pulumi.ComponentResourceOptions,
): Kafka {
  const { kafkaVersion: version } = context.settings;
  if (bus.runs !== "managed") return refuse(`Event bus ${bus.name}`, bus.runs, '"managed"');
  if (version === undefined) {
    throw new ComponentError(
      `Event bus ${bus.name}`,
      "version",
      "missing",
      "one that is on offer",
      "Set runstack:kafkaVersion.",
    );
  }
  return new DigitalOceanKafka(
    name,
    {
      ...shared(context, managedName(context, bus.name)),
      version,
      size: context.settings.kafkaSize,
      nodes: bus.brokers,
      topics: bus.topics,
    },
    options,
  );
}

export function createRedis(
  name: string,
  cache: Cache,
  context: DataContext,
  options: pulumi.ComponentResourceOptions,
): Redis {
  if (cache.runs !== "managed") return refuse(`Cache ${cache.name}`, cache.runs, '"managed"');
  return new DigitalOceanRedis(
    name,
    {
      ...shared(context, managedName(context, cache.name)),
      version: cache.version ?? ENGINES.digitalocean.valkey,
      size: context.settings.redisSize,
      nodes: context.settings.production && cache.topology !== "single" ? 2 : 1,
      use: cache.use,
    },
    options,
  );
}

export function createPostgres(
  name: string,
  database: Database,
  url: pulumi.Output<string> | undefined,
  options: pulumi.ComponentResourceOptions,
): Postgres {
  if (database.runs !== "external")
    return refuse(`Database ${database.name}`, database.runs, '"external"');
  if (url === undefined) {
    throw new ComponentError(
      `Database ${database.name}`,
      "url",
      "missing",
      "given as secret configuration",
      `Set runstack:secrets.${database.url.key}.`,
    );
  }
  return new ExternalPostgres(
    name,
    { url, pointInTimeRecovery: database.pointInTimeRecovery !== undefined },
    options,
  );
}

/** A system's data services by the names that the system gives them. */
export interface DataServices {
  readonly kafka: Readonly<Record<string, Kafka>>;
  readonly redis: Readonly<Record<string, Redis>>;
  readonly postgres: Readonly<Record<string, Postgres>>;
  readonly ready: readonly pulumi.Resource[];
}

export function createDataServices(
  name: string,
  context: DataContext,
  given: Readonly<Record<string, pulumi.Output<string>>>,
  options: pulumi.ComponentResourceOptions,
): DataServices {
  const { system } = context.settings;
  const byName = <T extends { readonly name: string }, U>(
    elements: readonly T[],
    create: (element: T) => U,
  ) => Object.fromEntries(elements.map((element) => [element.name, create(element)]));
  const kafka = byName(system.eventBuses, (bus) =>
    createKafka(`${name}-${bus.name}`, bus, context, options),
  );
  const redis = byName(system.caches, (cache) =>
    createRedis(`${name}-${cache.name}`, cache, context, options),
  );
  const postgres = byName(system.databases, (database) =>
    createPostgres(`${name}-${database.name}`, database, given[database.url.key], options),
  );
  const services = [kafka, redis, postgres].flatMap((map) =>
    Object.values<Kafka | Redis | Postgres>(map),
  );
  return { kafka, redis, postgres, ready: services.flatMap(({ ready }) => ready) };
}
