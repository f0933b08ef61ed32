import type * as digitalocean from "@pulumi/digitalocean";
import * as pulumi from "@pulumi/pulumi";

/**
 * A kubeconfig whose credential is fetched at each use: DigitalOcean's own expires after seven
 * days, and then every object in the cluster looks deleted. Needs `doctl` where Pulumi runs.
 */
export function execKubeconfig(cluster: digitalocean.KubernetesCluster): pulumi.Output<string> {
  const authority = cluster.kubeConfigs.apply((configs) => configs[0]?.clusterCaCertificate ?? "");
  return pulumi.jsonStringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": cluster.name,
    contexts: [{ name: cluster.name, context: { cluster: cluster.name, user: "doctl" } }],
    clusters: [
      {
        name: cluster.name,
        cluster: { server: cluster.endpoint, "certificate-authority-data": authority },
      },
    ],
    users: [
      {
        name: "doctl",
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "doctl",
            args: [
              "kubernetes",
              "cluster",
              "kubeconfig",
              "exec-credential",
              "--version=v1beta1",
              cluster.id,
            ],
            interactiveMode: "Never",
          },
        },
      },
    ],
  });
}
