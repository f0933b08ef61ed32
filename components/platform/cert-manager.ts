/** cert-manager, and how its pods prove that a name is ours. */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { NAMESPACES } from "../../lib/namespaces";
import { CERT_MANAGER, type DnsChallenge } from "../dns/contract";
import type { Part } from "../kit/child-factory";
import { commonLabels } from "../kit/labels";
import { toAnywhere, toEveryPod } from "../kit/network-rules";
import { spreadPods } from "../kit/spread";
import { small, type OperatorChart } from "./operator-chart";

export function certManager(
  replicas: number,
  zones: readonly string[],
  challenge: DnsChallenge | undefined,
): OperatorChart {
  const part = (component: string) => partOf(component, replicas, zones);
  return {
    suffix: "cert-manager",
    namespace: NAMESPACES.certManager,
    chart: "certManager",
    releaseName: "cert-manager",
    webhooks: [10250],
    // Before it requests a certificate, it fetches the challenge itself, through the gateway.
    egress: [toAnywhere(80), toEveryPod(10080), ...(challenge?.egress ?? [])],
    values: {
      // Kept when the release is deleted: certificates must not be deleted with a chart.
      crds: { enabled: true, keep: true },
      ...part("controller"),
      webhook: part("webhook"),
      cainjector: part("cainjector"),
      config: {
        apiVersion: "controller.config.cert-manager.io/v1alpha1",
        kind: "ControllerConfiguration",
        enableGatewayAPI: true,
        ...(challenge === undefined
          ? {}
          : {
              // An Issuer may act as cert-manager's pods; by default only a ClusterIssuer may.
              ...(challenge.token === undefined ? { issuerAmbientCredentials: true } : {}),
              // Through the cluster's DNS: network policies let it reach no other name server.
              acmeDNS01Config: { recursiveNameserversOnly: true },
            }),
      },
      prometheus: { enabled: true },
      ...(challenge?.account === undefined
        ? {}
        : { serviceAccount: { create: false, name: challenge.account } }),
    },
  };
}

const partOf = (component: string, replicas: number, zones: readonly string[]) => ({
  replicaCount: replicas,
  podDisruptionBudget: { enabled: replicas > 1, minAvailable: 1 },
  resources: small,
  topologySpreadConstraints: spreadPods({ "app.kubernetes.io/component": component }, zones),
});

/**
 * What the pods of cert-manager write challenges with. The account is not the chart's: its annotation would make all
 * values unknown in a first preview.
 */
export function createIdentity(
  part: Part,
  system: string,
  { account, token, grant }: DnsChallenge,
  namespaceReady: readonly pulumi.Resource[],
): readonly pulumi.Resource[] {
  const metadata = (name: string) => ({
    name,
    namespace: CERT_MANAGER.namespace,
    labels: commonLabels(system, "certificates"),
  });
  const options = part.options({ dependsOn: [...namespaceReady] });
  const created: pulumi.Resource[] = [];
  if (account !== undefined) {
    const annotated = { ...metadata(account), annotations: { ...grant.annotations } };
    created.push(
      new k8s.core.v1.ServiceAccount(
        part.child("cert-manager-account"),
        { metadata: annotated },
        options,
      ),
    );
  }
  if (token !== undefined) {
    const stringData = { [token.key]: pulumi.secret(token.value) };
    created.push(
      new k8s.core.v1.Secret(
        part.child("cert-manager-token"),
        { metadata: metadata(token.secret), type: "Opaque", stringData },
        options,
      ),
    );
  }
  return created;
}
