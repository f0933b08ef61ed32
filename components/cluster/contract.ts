import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { CloudName } from "../../systems/model";

/** What everything that runs in a cluster may rely on, whichever cloud it came from. */
export interface Cluster extends pulumi.ComponentResource {
  readonly clusterName: pulumi.Output<string>;
  /** For every Kubernetes resource of the environment; its credential does not go stale. */
  readonly kubernetes: k8s.Provider;
  readonly region: string;
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
  /** Whether the cloud answers metrics of pods by itself (`metrics.k8s.io`). */
  readonly hasMetricsServer: boolean;
}

export type Placement =
  DigitalOceanPlacement | { readonly cloud: Exclude<CloudName, "digitalocean"> };

export interface DigitalOceanPlacement {
  readonly cloud: "digitalocean";
  readonly vpcId: pulumi.Output<string>;
  readonly clusterId: pulumi.Output<string>;
}
