import type * as container from "@pulumi/gcp/container";
import * as pulumi from "@pulumi/pulumi";

/** By which of the control plane's two ways in. */
export type GkeEndpoint = "dns" | "address";

/**
 * The name under which the cluster answers; it is the cluster's for life, unlike its address. It stands
 * inside a block that the program fills too, which is why the link is waited for: only Google knows it.
 */
export const dnsEndpoint = (cluster: container.Cluster): pulumi.Output<string> =>
  pulumi
    .all([cluster.controlPlaneEndpointsConfig, cluster.selfLink])
    .apply(([{ dnsEndpointConfig }]) => dnsEndpointConfig.endpoint);

/**
 * A kubeconfig whose credential is fetched at each use, from the account that `gcloud` is logged in with:
 * a token would be stale within the hour. Needs `gke-gcloud-auth-plugin` where Pulumi runs. The DNS
 * endpoint shows a certificate of Google's own, which needs no authority named here.
 */
export function gkeKubeconfig(
  cluster: container.Cluster,
  endpoint: GkeEndpoint,
): pulumi.Output<string> {
  const access =
    endpoint === "dns"
      ? { server: pulumi.interpolate`https://${dnsEndpoint(cluster)}` }
      : {
          server: pulumi.interpolate`https://${cluster.endpoint}`,
          "certificate-authority-data": cluster.masterAuth.clusterCaCertificate,
        };
  return pulumi.secret(
    pulumi.jsonStringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": cluster.name,
      contexts: [{ name: cluster.name, context: { cluster: cluster.name, user: "gcloud" } }],
      clusters: [{ name: cluster.name, cluster: access }],
      users: [
        {
          name: "gcloud",
          user: {
            exec: {
              apiVersion: "client.authentication.k8s.io/v1beta1",
              command: "gke-gcloud-auth-plugin",
              provideClusterInfo: true,
              interactiveMode: "Never",
              installHint: "Install it with: gcloud components install gke-gcloud-auth-plugin",
            },
          },
        },
      ],
    }),
  );
}
