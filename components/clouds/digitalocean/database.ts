import * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";
import type { MaintenanceWindow } from "../../../systems/model";
import type { Size } from "../../../systems/units";
import type { DigitalOceanPlacement } from "../../cluster/contract";

/** Common to DigitalOcean's managed databases, whatever the engine. */
export interface ManagedDatabaseArguments {
  readonly clusterName: string;
  readonly engine: "valkey" | "kafka" | "pg";
  readonly version: string;
  readonly size: string;
  readonly nodes: number;
  readonly region: string;
  readonly placement: DigitalOceanPlacement;
  readonly podCidr: string;
  readonly maintenance: Pick<MaintenanceWindow, "day" | "start">;
  readonly tags: readonly string[];
  readonly protect: boolean;
  /** Only for engines that evict; DigitalOcean spells it with underscores. */
  readonly evictionPolicy?: string;
  /**
   * Initial disk size, within DigitalOcean's range for the size, and the step in GiB, at least 10,
   * by which it grows when it is 80 % full; for engines that support it. It never shrinks, and
   * later changes to the initial size have no effect.
   * @default the storage included in the size
   */
  readonly storage?: { readonly initial: Size; readonly growth: Size };
}

export interface ManagedDatabase {
  readonly cluster: digitalocean.DatabaseCluster;
  readonly firewall: digitalocean.DatabaseFirewall;
  readonly certificateAuthority: pulumi.Output<string>;
}

/**
 * A managed database in the cluster's network, reachable only from the cluster: without a firewall,
 * DigitalOcean accepts connections from anywhere.
 */
export function managedDatabase(
  name: string,
  args: ManagedDatabaseArguments,
  options: pulumi.CustomResourceOptions,
): ManagedDatabase {
  const cluster = new digitalocean.DatabaseCluster(
    `${name}-cluster`,
    {
      name: args.clusterName,
      engine: args.engine,
      version: args.version,
      size: args.size,
      nodeCount: args.nodes,
      region: args.region,
      privateNetworkUuid: args.placement.vpcId,
      // Change it, but never remove it: the provider fails on an empty list.
      maintenanceWindows: [{ day: args.maintenance.day, hour: args.maintenance.start }],
      tags: [...args.tags],
      ...(args.evictionPolicy === undefined ? {} : { evictionPolicy: args.evictionPolicy }),
      ...(args.storage === undefined ? {} : growing(args.storage)),
    },
    {
      ...options,
      ...(args.storage === undefined ? {} : { ignoreChanges: ["storageSizeMib"] }),
      protect: args.protect,
      // A creation that times out leaves a database that is billed but missing in the state.
      customTimeouts: { create: "60m", update: "60m", delete: "30m" },
    },
  );
  return {
    cluster,
    firewall: closeToAllBut(`${name}-firewall`, cluster.id, args, options),
    // Looked up once the cluster exists, so a first preview needs no credential.
    certificateAuthority: pulumi.secret(
      digitalocean.getDatabaseCaOutput(
        { clusterId: cluster.id },
        options.parent === undefined ? {} : { parent: options.parent },
      ).certificate,
    ),
  };
}

const growing = ({ initial, growth }: NonNullable<ManagedDatabaseArguments["storage"]>) => ({
  storageSizeMib: String(initial.bytes / 1024 ** 2),
  storageAutoscale: {
    enabled: true,
    thresholdPercent: 80,
    incrementGib: growth.bytes / 1024 ** 3,
  },
});

/** One firewall for each database, with all sources: a second one would overwrite it. */
export function closeToAllBut(
  name: string,
  clusterId: pulumi.Input<string>,
  args: Pick<ManagedDatabaseArguments, "placement" | "podCidr" | "protect">,
  options: pulumi.CustomResourceOptions,
): digitalocean.DatabaseFirewall {
  return new digitalocean.DatabaseFirewall(
    name,
    {
      clusterId,
      rules: [
        { type: "k8s", value: args.placement.clusterId },
        // In a VPC-native cluster, pods reach the database from their own addresses.
        { type: "ip_addr", value: args.podCidr },
      ],
    },
    { ...options, protect: args.protect },
  );
}
