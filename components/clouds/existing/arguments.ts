import type * as pulumi from "@pulumi/pulumi";

/** What the platform's gateway creates, and nothing else may have created. */
export const GATEWAY_CLASS = {
  name: "runstack",
  controller: "gateway.envoyproxy.io/gatewayclass-controller",
};

export interface ExistingArguments {
  /** The context of the cluster in the kubeconfig. Another one is another cluster. */
  readonly context: string;
  /** The kubeconfig, a secret; by default the engine's own (`KUBECONFIG`, `~/.kube/config`). */
  readonly kubeconfig: pulumi.Output<string> | undefined;
  /** Its location, for names and labels. */
  readonly region: string;
  /** Of its nodes; empty if they have no zone label. */
  readonly zones: readonly string[];
  /** The Kubernetes minor versions that all charts support, as `1.35`. */
  readonly versions: readonly string[];
  /** A class of encrypted volumes that outlive their pod; it must exist. */
  readonly storageClass: string;
  /** Annotations for its load balancers. */
  readonly loadBalancerAnnotations: Readonly<Record<string, string>>;
  /** Its own IPv4 networks, for network policies. */
  readonly podCidr: string;
  readonly serviceCidr: string;
  /** Whether `metrics.k8s.io` exists; if not, metrics-server is installed. */
  readonly hasMetricsServer: boolean;
  /** Labels of the nodes for the system's workloads; `{}` for all nodes. */
  readonly workloadNodes: Readonly<Record<string, string>>;
  /**
   * CRDs that a chart installs as part of its release, each with the namespace of that release: one
   * from another release means a second installation of the same operator, which would fail.
   * @default []
   */
  readonly helmOwned?: readonly { readonly definition: string; readonly namespace: string }[];
}
