import type * as container from "@pulumi/gcp/container";
import * as pulumi from "@pulumi/pulumi";

/** Which of the control plane's two endpoints to use. */
export type GkeEndpoint = "dns" | "address";

/**
 * The control plane's DNS endpoint, which is constant, unlike its address. It is a field of a block
 * that the program sets too, so a preview would find it missing rather than unknown. Reading it
 * together with the self-link, which only Google knows, makes it unknown.
 */
export const dnsEndpoint = (cluster: container.Cluster): pulumi.Output<string> =>
  pulumi
    .all([cluster.controlPlaneEndpointsConfig, cluster.selfLink])
    .apply(([{ dnsEndpointConfig }]) => dnsEndpointConfig.endpoint);

/**
 * A kubeconfig whose credential is fetched at each use, from the account that `gcloud` is logged in
 * with: a token would expire within the hour. Needs `gke-gcloud-auth-plugin` where Pulumi runs. The
 * DNS endpoint has a publicly trusted certificate, so no CA is needed.
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
