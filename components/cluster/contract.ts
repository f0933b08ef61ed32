import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Range } from "../../systems/model";
import type { Duration } from "../../systems/units";

/** What everything in a cluster may rely on, whichever cloud it runs in. */
export interface Cluster extends pulumi.ComponentResource {
  readonly clusterName: pulumi.Output<string>;
  /** For every Kubernetes resource of the environment; its credential does not expire. */
  readonly kubernetes: k8s.Provider;
  /** What must exist before the first object in the cluster: nodes, add-ons, controllers. */
  readonly ready: readonly pulumi.Resource[];
  readonly region: string;
  /** The zones over which nodes are spread, by the cloud's names; empty if it has none. */
  readonly zones: readonly string[];
  /** Class of volumes that outlive their pod, encrypted at rest by the cloud. */
  readonly storageClass: string;
  /** Annotations for the gateway's Service of type LoadBalancer on this cloud. */
  readonly loadBalancerAnnotations: Readonly<Record<string, string>>;
  /** Where the load balancer's targets are pods; absent where they are nodes. */
  readonly loadBalancerTargets?: LoadBalancerTargets;
  /** Addresses of pods and Services, for network policies and trusted sources. */
  readonly podCidr: string;
  readonly serviceCidr: string;
  /** Where to create managed services of the same cloud, so that only this cluster reaches them. */
  readonly placement: Placement;
  /** Labels of the nodes for the system's workloads. */
  readonly workloadNodes: Readonly<Record<string, string>>;
  /** The workload pools; numbers are for the whole pool, over all zones. */
  readonly nodePools: readonly NodePool[];
  /** Whether the cloud provides pod metrics itself (`metrics.k8s.io`). */
  readonly hasMetricsServer: boolean;
}

export interface LoadBalancerTargets {
  /** Of the pods' namespace: a pod is ready only once the load balancer sends it connections. */
  readonly namespaceLabels: Readonly<Record<string, string>>;
  /** For how long the load balancer may send connections to a pod that is about to stop. */
  readonly release: Duration;
}

export interface NodePool {
  readonly name: string;
  readonly size: string;
  readonly nodes: Range;
}

export type Placement =
  DigitalOceanPlacement | AwsPlacement | GooglePlacement | { readonly cloud: "existing" };

/** The placement for one cloud: an adapter is only called for its own clusters. */
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
  /** One in each zone, in the zones' order, not reachable from the internet. */
  readonly privateSubnetIds: readonly pulumi.Output<string>[];
  /** Of the nodes, and so of the pods: data services admit this group. */
  readonly securityGroupId: pulumi.Output<string>;
  /** The environment's own key, for all stored data. */
  readonly encryptionKeyArn: pulumi.Output<string>;
  /** Pods have cloud permissions through Pod Identity once its agent runs. */
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
  /** The name of the range for private services, and the connection that must exist first. */
  readonly peeringRange: pulumi.Output<string>;
  readonly peering: pulumi.Resource;
  /** `P.svc.id.goog`, which exists once `identityReady` is done. */
  readonly workloadPool: string;
  readonly identityReady: readonly pulumi.Resource[];
}
