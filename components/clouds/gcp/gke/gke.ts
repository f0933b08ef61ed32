import * as projects from "@pulumi/gcp/projects";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type * as container from "@pulumi/gcp/container";
import { Component, type ComponentOptions } from "../../../kit/component";
import type { Cluster, GooglePlacement, NodePool } from "../../../cluster/contract";
import type { GkeArguments } from "./arguments";
import { checkGke } from "./check";
import { createControlPlane } from "./control-plane";
import { createImages } from "./images";
import { createKey } from "./key";
import { dnsEndpoint, gkeKubeconfig } from "./kubeconfig";
import { createNetwork, type GkeNetworkParts } from "./network";
import { createNodeAccount, createPool, createSystemPool } from "./nodes";
import { POOL_LABEL } from "../../../cluster/pools";

/** APIs that the project needs. They stay enabled when the stack is destroyed, for other users. */
const SERVICES = [
  "artifactregistry",
  "cloudkms",
  "compute",
  "container",
  "containerscanning",
  // Managed Kafka registers its brokers in a private DNS zone.
  "dns",
  "iam",
  // Pods use it to get their Google service account.
  "iamcredentials",
  "logging",
  "monitoring",
  "servicenetworking",
  // For managed services next to the cluster.
  "managedkafka",
  "redis",
  "secretmanager",
  "sqladmin",
] as const;

/** A production-grade Google Kubernetes Engine cluster in its own network. */
export class GkeCluster extends Component implements Cluster {
  readonly clusterName: pulumi.Output<string>;
  readonly kubernetes: k8s.Provider;
  readonly ready: readonly pulumi.Resource[];
  readonly region: string;
  readonly zones: readonly string[];
  /**
   * Google's class: SSD in one zone, encrypted by Google, created where the pod runs. Data that
   * must survive the loss of a zone has its own replica in another one; regional disks would cost
   * twice as much.
   */
  readonly storageClass = "premium-rwo";
  /** The passthrough load balancer with a backend service: packets keep the client's address. */
  readonly loadBalancerAnnotations = { "cloud.google.com/l4-rbs": "enabled" };
  readonly podCidr: string;
  readonly serviceCidr: string;
  readonly placement: GooglePlacement;
  readonly workloadNodes: Readonly<Record<string, string>>;
  readonly nodePools: readonly NodePool[];
  readonly hasMetricsServer = true;

  constructor(name: string, args: GkeArguments, options: ComponentOptions) {
    const { clusterName, project, region, version } = args;
    super("cluster:GkeCluster", name, { clusterName, project, region, version }, options);
    checkGke(name, args);

    const services = this.enableServices(args);
    const after = this.options({ dependsOn: [...services] });
    const network = createNetwork(name, args, after);
    const key = createKey(name, args, after);
    const nodes = createNodeAccount(name, args, after);
    const reader = nodes.account.member;
    const images = createImages(name, { ...args, reader }, after);
    const cluster = createControlPlane(name, args, { network, key, nodes }, after);
    const pools = this.createPools(args, cluster, nodes.account, images);

    this.clusterName = cluster.name;
    this.ready = pools;
    this.region = region;
    this.zones = args.zones;
    this.podCidr = args.network.pods;
    this.serviceCidr = args.network.services;
    this.placement = placement(args, network, cluster);
    this.workloadNodes = { [POOL_LABEL]: args.pools[0]?.name ?? "" };
    this.nodePools = args.pools;
    this.kubernetes = this.createProvider(args, cluster, pools);
    this.publish();
  }

  /** The Resource Manager API first: the provider calls it after enabling each of the others. */
  private enableServices({ project }: GkeArguments): readonly projects.Service[] {
    const enable = (service: string, dependsOn: readonly pulumi.Resource[]) =>
      new projects.Service(
        this.child(`api-${service}`),
        { project, service: `${service}.googleapis.com`, disableOnDestroy: false },
        this.options({ dependsOn: [...dependsOn] }),
      );
    const manager = enable("cloudresourcemanager", []);
    return [manager, ...SERVICES.map((service) => enable(service, [manager]))];
  }

  private createPools(
    args: GkeArguments,
    cluster: container.Cluster,
    account: Parameters<typeof createPool>[2]["account"],
    images: readonly pulumi.Resource[],
  ): readonly container.NodePool[] {
    const common = { ...args, cluster, account, protect: args.protectNodes ?? args.protect };
    const options = this.options({ dependsOn: [...images] });
    return [
      createSystemPool(this.name, args.systemPool, common, options),
      ...args.pools.map((pool) => createPool(this.name, pool, common, options)),
    ];
  }

  /** Waits for the pools: a Deployment that cannot be scheduled would time out. */
  private createProvider(
    { controlPlaneAccess }: GkeArguments,
    cluster: container.Cluster,
    pools: readonly pulumi.Resource[],
  ): k8s.Provider {
    return new k8s.Provider(
      this.child("kubernetes"),
      {
        kubeconfig: gkeKubeconfig(cluster, controlPlaneAccess.length === 0 ? "dns" : "address"),
        // The endpoint is unique and constant: a changed kubeconfig must not replace every object.
        clusterIdentifier: dnsEndpoint(cluster),
        enableServerSideApply: true,
        // Changed in place; by default the object would be replaced and missing for a moment.
        enableConfigMapMutable: true,
        enableSecretMutable: true,
      },
      this.options({ dependsOn: [...pools] }),
    );
  }
}

function placement(
  { project, region }: GkeArguments,
  { network, subnetwork, range, peering }: GkeNetworkParts,
  cluster: container.Cluster,
): GooglePlacement {
  return {
    cloud: "gcp",
    project,
    region,
    networkId: network.id,
    subnetworkId: subnetwork.id,
    peeringRange: range.name,
    peering,
    workloadPool: `${project}.svc.id.goog`,
    // The workload identity pool exists from the project's first cluster on.
    identityReady: [cluster],
  };
}
