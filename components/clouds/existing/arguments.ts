import type * as pulumi from "@pulumi/pulumi";

/** What the platform's gateway creates, and nobody else may have. */
export const GATEWAY_CLASS = {
  name: "runstack",
  controller: "gateway.envoyproxy.io/gatewayclass-controller",
};

export interface ExistingArguments {
  /** The kubeconfig's context that leads to the cluster. Another one is another cluster. */
  readonly context: string;
  /** The kubeconfig's text, a secret; without it the engine's own (`KUBECONFIG`, `~/.kube/config`). */
  readonly kubeconfig: pulumi.Output<string> | undefined;
  /** Where it stands, for names and labels. */
  readonly region: string;
  /** The Kubernetes minor versions that all charts support, as `1.35`. */
  readonly versions: readonly string[];
  /** A class of encrypted volumes that survive their pod; it must exist. */
  readonly storageClass: string;
  /** What its load balancers want to be told. */
  readonly loadBalancerAnnotations: Readonly<Record<string, string>>;
  /** Its own networks, IPv4. Network policies name them. */
  readonly podCidr: string;
  readonly serviceCidr: string;
  /** Whether `metrics.k8s.io` is answered; otherwise it must not be, and metrics-server is installed. */
  readonly hasMetricsServer: boolean;
  /** Labels of the nodes for the system's workloads; `{}` for all nodes. */
  readonly workloadNodes: Readonly<Record<string, string>>;
  /**
   * Definitions that a chart brings as part of its release, each with the namespace of that release: one
   * that another release has brought is a second installation of the same operator, which would fail.
   * @default []
   */
  readonly helmOwned?: readonly { readonly definition: string; readonly namespace: string }[];
}
