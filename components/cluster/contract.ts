import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Range } from "../../systems/model";

/** What everything that runs in a cluster may rely on, whichever cloud it came from. */
export interface Cluster extends pulumi.ComponentResource {
  readonly clusterName: pulumi.Output<string>;
  /** For every Kubernetes resource of the environment; its credential does not go stale. */
  readonly kubernetes: k8s.Provider;
  /** What must stand before the first object is put into the cluster: nodes, add-ons, controllers. */
  readonly ready: readonly pulumi.Resource[];
  readonly region: string;
  /** The zones over which nodes are spread, as the cloud calls them; empty where it has none. */
  readonly zones: readonly string[];
  /** Class of volumes that survive their pod, encrypted at rest by the cloud. */
  readonly storageClass: string;
  /** Annotations that a Service of type LoadBalancer needs on this cloud to be an edge. */
  readonly loadBalancerAnnotations: Readonly<Record<string, string>>;
  /** Addresses of pods and Services, for network policies and trusted sources. */
  readonly podCidr: string;
  readonly serviceCidr: string;
  /** Where a managed service of the same cloud is placed so that only this cluster reaches it. */
  readonly placement: Placement;
  /** Labels that select the nodes for the system's own workloads. */
  readonly workloadNodes: Readonly<Record<string, string>>;
  /** The workloads' pools; numbers are of the whole pool, over all zones. */
  readonly nodePools: readonly NodePool[];
  /** Whether the cloud answers metrics of pods by itself (`metrics.k8s.io`). */
  readonly hasMetricsServer: boolean;
}

export interface NodePool {
  readonly name: string;
  readonly size: string;
  readonly nodes: Range;
}

export type Placement =
  DigitalOceanPlacement | AwsPlacement | GooglePlacement | { readonly cloud: "existing" };

/** The placement in the words of one cloud: an adapter is only ever asked about its own clusters. */
export function placementOn<C extends Placement["cloud"]>(
  cloud: C,
  placement: Placement,
): Extract<Placement, { readonly cloud: C }> {
  if (placement.cloud === cloud) return placement as Extract<Placement, { readonly cloud: C }>;
  throw new Error(
    `The cluster is on ${placement.cloud}, but its data services are requested from ${cloud}.`,
  );
}

export interface DigitalOceanPlacement {
  readonly cloud: "digitalocean";
  readonly vpcId: pulumi.Output<string>;
  readonly clusterId: pulumi.Output<string>;
}

export interface AwsPlacement {
  readonly cloud: "aws";
  readonly region: string;
  readonly clusterName: pulumi.Output<string>;
  readonly vpcId: pulumi.Output<string>;
  /** One a zone, in the zones' order, without a way in from the internet. */
  readonly privateSubnetIds: readonly pulumi.Output<string>[];
  /** Of the nodes, and so of the pods: what may come in to a data service. */
  readonly securityGroupId: pulumi.Output<string>;
  /** The environment's own key, for everything that is stored. */
  readonly encryptionKeyArn: pulumi.Output<string>;
  /** Pods get rights by Pod Identity once its agent runs. */
  readonly identityReady: readonly pulumi.Resource[];
}

export interface GooglePlacement {
  readonly cloud: "gcp";
  readonly project: string;
  readonly region: string;
  /** `projects/P/global/networks/N`. */
  readonly networkId: pulumi.Output<string>;
  /** `projects/P/regions/R/subnetworks/S`. */
  readonly subnetworkId: pulumi.Output<string>;
  /** The name of the range in which private services get their addresses, and what must exist before. */
  readonly peeringRange: pulumi.Output<string>;
  readonly peering: pulumi.Resource;
  /** `P.svc.id.goog`, which exists once `identityReady` does. */
  readonly workloadPool: string;
  readonly identityReady: readonly pulumi.Resource[];
}
