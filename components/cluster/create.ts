import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../settings";
import { ComponentError } from "../component";
import type { Cluster } from "./contract";
import { DoksCluster } from "./doks";

/** Chooses the cluster's implementation: the one place that knows them all. */
export function createCluster(
  name: string,
  settings: Settings,
  tags: readonly string[],
  options: pulumi.ComponentResourceOptions,
): Cluster {
  const { system, environment, cloud } = settings;
  if (cloud !== "digitalocean") {
    throw new ComponentError(
      `Cluster ${name}`,
      "cloud",
      `"${cloud}"`,
      '"digitalocean"',
      "Set runstack:cloud.",
    );
  }
  const pool = system.cluster.pools[0];
  return new DoksCluster(
    name,
    {
      // Production keeps the runbook's own name, which its commands use.
      clusterName:
        environment === "prod" ? system.cluster.name : `${system.cluster.name}-${environment}`,
      region: settings.region,
      version: settings.kubernetesVersion,
      network: settings.network,
      // Prometheus, the gateway and the control planes of Dapr and KEDA: one more than they need, for one to drain.
      systemPool: { size: settings.systemNodeSize, nodes: settings.production ? 3 : 2 },
      pool: { name: pool?.name ?? "default", size: settings.nodeSize, nodes: settings.nodes },
      maintenance: system.maintenance,
      highlyAvailable: settings.production,
      controlPlaneAccess: settings.controlPlaneAccess,
      registryIntegration: settings.registryIntegration,
      protect: settings.protect,
      tags,
    },
    options,
  );
}
