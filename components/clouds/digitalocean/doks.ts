import * as digitalocean from "@pulumi/digitalocean";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { MaintenanceWindow, Range } from "../../../systems/model";
import { Component, type ComponentOptions } from "../../kit/component";
import type { Cluster, DigitalOceanPlacement, NodePool } from "../../cluster/contract";
import { checkDoks } from "./doks-check";
import { execKubeconfig } from "../../cluster/kubeconfig";
import { POOL_LABEL, SYSTEM_POOL } from "../../cluster/pools";

export interface DoksArguments {
  /** The cluster's name at DigitalOcean; unique in the account. */
  readonly clusterName: string;
  readonly region: string;
  /**
   * A minor version (`1.35`): created with its latest patch, patched by DigitalOcean in the
   * maintenance window, otherwise unchanged. Or an exact version (`1.35.1-do.0`): applied as
   * written, which is how to upgrade to a new minor version. A lower version would replace the
   * cluster.
   */
  readonly version: string;
  readonly network: { readonly vpc: string; readonly pods: string; readonly services: string };
  /** One of DigitalOcean's own. Changing it replaces no volume: Kubernetes refuses it. */
  readonly storageClass: string;
  /** The platform's pool; its size can never change, so workloads have a separate pool. */
  readonly systemPool: { readonly size: string; readonly nodes: number };
  /** The pool of the system's workloads, with the runbook's name. */
  readonly pool: {
    readonly name: string;
    /** Changing it replaces the pool, which its protection prevents. */
    readonly size: string;
    readonly nodes: Range;
    /** The pool holds no data. @default the cluster's */
    readonly protect?: boolean;
  };
  readonly maintenance: Pick<MaintenanceWindow, "day" | "start">;
  /** Replicated control plane. It can be turned on later, but not off. */
  readonly highlyAvailable: boolean;
  /**
   * Networks that may reach the control plane; must include the address that `pulumi up` runs from.
   * @default [] (no firewall: any address, with a credential)
   */
  readonly controlPlaneAccess: readonly string[];
  /** Lets nodes pull from the account's registry, which must exist. */
  readonly registryIntegration: boolean;
  readonly protect: boolean;
  readonly tags: readonly string[];
}

/** Long enough for DigitalOcean's slowest creation: one that times out leaves an orphan behind. */
const SLOW = { create: "60m", update: "60m", delete: "30m" };

const AUTOSCALER = {
  scaleDownUtilizationThreshold: 0.65,
  scaleDownUnneededTime: "10m0s",
  expanders: ["least-waste"],
};

const firewall = ({ controlPlaneAccess }: DoksArguments) =>
  controlPlaneAccess.length === 0
    ? {}
    : { controlPlaneFirewall: { enabled: true, allowedAddresses: [...controlPlaneAccess] } };

/** A production-grade DigitalOcean Kubernetes cluster in its own network. */
export class DoksCluster extends Component implements Cluster {
  readonly clusterName: pulumi.Output<string>;
  readonly kubernetes: k8s.Provider;
  readonly ready: readonly pulumi.Resource[];
  readonly region: string;
  /** DigitalOcean's regions have no zones. */
  readonly zones = [];
  readonly storageClass: string;
  readonly loadBalancerAnnotations: Readonly<Record<string, string>>;
  readonly podCidr: string;
  readonly serviceCidr: string;
  readonly placement: DigitalOceanPlacement;
  readonly workloadNodes: Readonly<Record<string, string>>;
  readonly nodePools: readonly NodePool[];
  readonly hasMetricsServer = false;

  constructor(name: string, args: DoksArguments, options: ComponentOptions) {
    const { clusterName, region, version } = args;
    super("cluster:DoksCluster", name, { clusterName, region, version }, options);
    checkDoks(name, args);

    const vpc = this.createVpc(args);
    const cluster = this.createCluster(args, vpc);
    const pool = this.createPool(args, cluster);

    this.clusterName = cluster.name;
    this.region = region;
    this.storageClass = args.storageClass;
    this.podCidr = args.network.pods;
    this.serviceCidr = args.network.services;
    this.placement = { cloud: "digitalocean", vpcId: vpc.id, clusterId: cluster.id };
    this.workloadNodes = { [POOL_LABEL]: args.pool.name };
    const { pool: wanted } = args;
    this.nodePools = [{ name: wanted.name, size: wanted.size, nodes: wanted.nodes }];
    this.loadBalancerAnnotations = loadBalancerAnnotations(clusterName);
    this.kubernetes = this.createProvider(cluster, pool);
    this.ready = [pool];
    this.publish();
  }

  private createVpc({ clusterName, region, network, protect }: DoksArguments): digitalocean.Vpc {
    return new digitalocean.Vpc(
      this.child("vpc"),
      { name: clusterName, region, ipRange: network.vpc, description: `Network of ${clusterName}` },
      // Clusters and databases are deleted asynchronously: the network waits until they are gone.
      this.options({ protect, customTimeouts: { delete: "20m" } }),
    );
  }

  private createCluster(
    args: DoksArguments,
    vpc: digitalocean.Vpc,
  ): digitalocean.KubernetesCluster {
    const patched = isMinor(args.version);
    return new digitalocean.KubernetesCluster(
      this.child("cluster"),
      {
        name: args.clusterName,
        region: args.region,
        version: patched ? newestPatch(args.version, vpc, this) : args.version,
        vpcUuid: vpc.id,
        clusterSubnet: args.network.pods,
        serviceSubnet: args.network.services,
        ha: args.highlyAvailable,
        autoUpgrade: patched,
        surgeUpgrade: true,
        maintenancePolicy: { day: args.maintenance.day, startTime: args.maintenance.start },
        ...firewall(args),
        registryIntegration: args.registryIntegration,
        // Volumes and load balancers outlive the cluster: deleting data must be a separate step.
        destroyAllAssociatedResources: false,
        clusterAutoscalerConfigurations: [AUTOSCALER],
        nodePool: {
          name: `${args.clusterName}-system`,
          size: args.systemPool.size,
          nodeCount: args.systemPool.nodes,
          labels: { [POOL_LABEL]: SYSTEM_POOL },
          tags: [...args.tags],
        },
        tags: [...args.tags],
      },
      this.options({
        protect: args.protect,
        customTimeouts: SLOW,
        // DigitalOcean patches automatically; a lower version would replace the cluster. A replacement for another reason
        // gets the newest patch: there the engine takes the program's value, not the ignored one.
        ignoreChanges: patched ? ["version"] : [],
      }),
    );
  }

  private createPool(
    { pool, tags, protect }: DoksArguments,
    cluster: digitalocean.KubernetesCluster,
  ): digitalocean.KubernetesNodePool {
    return new digitalocean.KubernetesNodePool(
      this.child("pool"),
      {
        clusterId: cluster.id,
        name: pool.name,
        size: pool.size,
        autoScale: true,
        minNodes: pool.nodes.min,
        maxNodes: pool.nodes.max,
        labels: { [POOL_LABEL]: pool.name },
        tags: [...tags],
      },
      this.options({ protect: pool.protect ?? protect, customTimeouts: SLOW }),
    );
  }

  /** Waits for the workload pool: a Deployment that cannot be scheduled would time out. */
  private createProvider(
    cluster: digitalocean.KubernetesCluster,
    pool: digitalocean.KubernetesNodePool,
  ): k8s.Provider {
    return new k8s.Provider(
      this.child("kubernetes"),
      {
        kubeconfig: execKubeconfig(cluster),
        // The cluster is identified by its id: a changed kubeconfig must not replace every object.
        clusterIdentifier: cluster.id,
        enableServerSideApply: true,
        // Changed in place; by default the object would be replaced and missing for a moment.
        enableConfigMapMutable: true,
        enableSecretMutable: true,
      },
      this.options({ dependsOn: [pool] }),
    );
  }
}

const isMinor = (version: string): boolean => /^\d+\.\d+$/.test(version);

/**
 * Looked up only once the network exists, so a first preview needs no credential. DigitalOcean
 * offers only the latest patches, and a rebuild must not depend on a withdrawn version.
 */
function newestPatch(
  minor: string,
  after: pulumi.Resource,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  return digitalocean.getKubernetesVersionsOutput(
    { versionPrefix: `${minor}.` },
    { parent, dependsOn: [after] },
  ).latestVersion;
}

/** A network load balancer that keeps the client's address and targets nodes with ready pods. */
function loadBalancerAnnotations(clusterName: string): Record<string, string> {
  const prefix = "service.beta.kubernetes.io/do-loadbalancer";
  return {
    [`${prefix}-name`]: `${clusterName}-edge`,
    [`${prefix}-type`]: "REGIONAL_NETWORK",
    [`${prefix}-size-unit`]: "1",
  };
}
