import type * as pulumi from "@pulumi/pulumi";
import type { Cache } from "../../systems/model";
import { gib } from "../../systems/units";
import { ENGINES } from "../../versions";
import { clientsOf } from "./clients";
import { givenSecret, inCluster, type DataContext } from "./context";
import type { Redis } from "../redis/contract";
import { ExternalRedis } from "../redis/external";
import { InClusterRedis } from "../redis/in-cluster";
import { redisRequirements } from "../redis/requirements";

type Options = pulumi.ComponentResourceOptions;

/** Chooses the implementation of a cache. No other file knows all of them. */
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
      return context.cloud.redis(name, cache, context, options);
  }
}

function inside(name: string, cache: Cache, context: DataContext, options: Options): Redis {
  const { settings, platform } = context;
  return new InClusterRedis(
    name,
    {
      ...inCluster(context),
      ...redisRequirements(settings, cache),
      serviceName: cache.name,
      version: settings.redisVersion ?? ENGINES.operator.valkey,
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
