/** Exports the state of a cache that runs outside the cluster: hits, memory, clients, whether it answers. */
import * as pulumi from "@pulumi/pulumi";
import type { Part } from "../kit/child-factory";
import type { Redis } from "../redis/contract";
import { IMAGES } from "../../versions";
import { addressOf, authorityOf, createExporter, type ExporterPlace } from "./exporter";

export interface RedisExporterArguments extends ExporterPlace {
  /** The cache's name in the system; the objects are named after it. */
  readonly cache: string;
  readonly redis: Redis;
}

/**
 * With the clients' password: the managed services of these clouds have no second user that may only read
 * statistics (ElastiCache's AUTH token, Memorystore's AUTH string, DigitalOcean's `default`).
 */
export function createRedisExporter(part: Part, args: RedisExporterArguments): pulumi.Resource[] {
  const { redis, cache, namespace } = args;
  const credentials = {
    username: redis.username,
    password: redis.password,
    ...(redis.certificateAuthority === undefined ? {} : { "ca.crt": redis.certificateAuthority }),
  };
  const name = `${cache}-exporter`;
  const port = 9121;
  return createExporter(part, {
    ...args,
    name,
    port,
    healthPath: "/health",
    credentials,
    reach: redis.reach,
    before: redis.ready,
    image: IMAGES.redisExporter,
    args: [
      // No target of its own: each node of a cluster counts for itself, so Prometheus names them.
      "--redis.addr=",
      `--web.listen-address=:${String(port)}`,
      ...(redis.certificateAuthority === undefined
        ? []
        : [`--tls-ca-cert-file=${authorityOf(name)}`]),
    ],
    variables: { REDIS_USER: "username", REDIS_PASSWORD: "password" },
    scrape: scrapeOf(redis, addressOf({ name, namespace, port }), namespace),
  });
}

/** The nodes as targets, asked through the exporter. */
function scrapeOf(redis: Redis, exporter: string, namespace: string) {
  const nodes = redis.nodes ?? redis.host.apply((host): readonly string[] => [host]);
  const targets = pulumi
    .all([nodes, redis.port])
    .apply(([hosts, port]) => hosts.map((host) => `rediss://${host}:${String(port)}`));
  return {
    metricsPath: "/scrape",
    staticConfigs: [{ targets, labels: { namespace } }],
    relabelings: [
      { action: "replace", sourceLabels: ["__address__"], targetLabel: "__param_target" },
      { action: "replace", sourceLabels: ["__param_target"], targetLabel: "instance" },
      { action: "replace", targetLabel: "__address__", replacement: exporter },
    ],
  };
}
