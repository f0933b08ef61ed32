import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../../cluster/contract";
import { clusterRequirements, systemPool, workloadPools } from "../../cluster/requirements";
import { ComponentError } from "../../kit/component";
import type { Cloud, ClusterContext } from "../contract";
import { refuseReplica } from "../replica";
import { managedKafka, managedPostgres, managedRedis } from "./data";
import { digitalOceanDns } from "./dns";
import { DoksCluster } from "./doks";
import { SpacesObjectStore } from "./spaces";

export const DIGITALOCEAN: Cloud = {
  name: "digitalocean",
  providers: (child, _settings, options) => ({
    digitalocean: createProvider(child("digitalocean"), options),
  }),
  cluster: createCluster,
  instanceTypes: () => [],
  postgres: managedPostgres,
  redis: managedRedis,
  kafka: managedKafka,
  copiesBuckets: false,
  objectStore: (name, place, args, options) => {
    refuseReplica(name, place);
    return new SpacesObjectStore(name, args, options);
  },
  foreignStore: () => undefined,
  secretStore: () => undefined,
  dns: (name, { token }) => {
    if (token !== undefined) return digitalOceanDns(token);
    throw new ComponentError(
      `Platform ${name}`,
      "dnsToken",
      "missing",
      "set as secret configuration",
      "Set runstack:secrets.DNS_TOKEN, or runstack:dns to manual.",
    );
  },
};

function createProvider(
  name: string,
  options: pulumi.CustomResourceOptions,
): digitalocean.Provider {
  const config = new pulumi.Config("digitalocean");
  const token = config.getSecret("token");
  const spacesAccessId = config.getSecret("spacesAccessId");
  const spacesSecretKey = config.getSecret("spacesSecretKey");
  return new digitalocean.Provider(
    name,
    {
      ...(token === undefined ? {} : { token }),
      ...(spacesAccessId === undefined ? {} : { spacesAccessId }),
      ...(spacesSecretKey === undefined ? {} : { spacesSecretKey }),
    },
    options,
  );
}

/** DigitalOcean has one size for each pool and no empty pools: everything runs in the first. */
function createCluster(
  name: string,
  context: ClusterContext,
  options: pulumi.ComponentResourceOptions,
): Cluster {
  const { settings, tags } = context;
  const [pool] = workloadPools(settings);
  return new DoksCluster(
    name,
    {
      ...clusterRequirements(settings),
      network: settings.network,
      storageClass: settings.storageClass,
      systemPool: systemPool(settings),
      pool: {
        name: pool?.name ?? "default",
        size: settings.nodeSize,
        nodes: settings.nodes,
        protect: settings.protection.nodes,
      },
      registryIntegration: settings.registryIntegration,
      tags,
    },
    options,
  );
}
