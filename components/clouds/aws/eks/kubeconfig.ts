import type * as eks from "@pulumi/aws/eks";
import * as pulumi from "@pulumi/pulumi";

/**
 * A kubeconfig without a credential: at each use, `aws` creates a token that is valid for a quarter
 * of an hour, for the principal that Pulumi runs as. Needs the AWS CLI where Pulumi runs.
 */
export function eksKubeconfig(cluster: eks.Cluster, region: string): pulumi.Output<string> {
  const { name, endpoint, certificateAuthority } = cluster;
  return pulumi.jsonStringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    contexts: [{ name, context: { cluster: name, user: "aws" } }],
    clusters: [
      {
        name,
        cluster: { server: endpoint, "certificate-authority-data": certificateAuthority.data },
      },
    ],
    users: [
      {
        name: "aws",
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "aws",
            args: [
              "eks",
              "get-token",
              "--cluster-name",
              name,
              "--region",
              region,
              "--output",
              "json",
            ],
            interactiveMode: "Never",
          },
        },
      },
    ],
  });
}
