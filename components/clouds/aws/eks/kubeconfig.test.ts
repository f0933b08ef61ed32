import { describe, expect, it } from "vitest";
import { inputsOf } from "../../../kit/testing";
import { town } from "./testing";

describe("the provider for an EKS cluster", () => {
  it("has no credential in its kubeconfig, and gets a new one at each use", async () => {
    const { resources } = await town();
    const provider = inputsOf(resources, "town-kubernetes");
    expect(JSON.parse(provider["kubeconfig"] as string)).toEqual({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "bikes",
      contexts: [{ name: "bikes", context: { cluster: "bikes", user: "aws" } }],
      clusters: [
        {
          name: "bikes",
          cluster: {
            server: "https://cluster.example.com",
            "certificate-authority-data": "QUJD",
          },
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
                "bikes",
                "--region",
                "eu-west-3",
                "--output",
                "json",
              ],
              interactiveMode: "Never",
            },
          },
        },
      ],
    });
    expect({ ...provider, kubeconfig: "" }).toEqual({
      kubeconfig: "",
      clusterIdentifier: "https://cluster.example.com",
      enableServerSideApply: "true",
      enableConfigMapMutable: "true",
      enableSecretMutable: "true",
    });
  });
});
