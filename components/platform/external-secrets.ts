import type * as k8s from "@pulumi/kubernetes";
import { NAMESPACES } from "../../lib/namespaces";
import { CHARTS } from "../../versions";
import { installChart } from "../kit/chart";
import { Component, type ComponentOptions } from "../kit/component";
import type { Account, Grant } from "../identity/contract";
import { METADATA_SERVER, POD_IDENTITY_AGENT, toCredentials } from "../identity/credentials";
import { Namespace } from "../kit/namespace";
import { fromAnywhere, fromPeers, inNamespace, toApiServer } from "../kit/network-rules";
import type { OperatorArguments } from "./operators";
import { spreadPods } from "../kit/spread";

const NAMESPACE = NAMESPACES.externalSecrets;

/** The account that the controller uses, unless a store names another one. */
export const EXTERNAL_SECRETS: Account = { namespace: NAMESPACE, serviceAccount: NAMESPACE };

/**
 * External Secrets creates Kubernetes Secrets from a cloud's secret manager. It only serves
 * namespaced stores and secrets, and writes nothing back.
 */
export class ExternalSecrets extends Component {
  /** The API for SecretStores and ExternalSecrets is available, and its webhook validates them. */
  readonly release: k8s.helm.v3.Release;

  constructor(
    name: string,
    args: OperatorArguments & {
      /** The controller's cloud permissions; its pods read them once, at startup. */
      readonly grant: Grant;
    },
    options: ComponentOptions,
  ) {
    super("platform:ExternalSecrets", name, { production: args.production }, options);
    const namespace = this.createNamespace(args);
    this.release = installChart(
      this.child("release"),
      {
        version: CHARTS.externalSecrets,
        releaseName: "external-secrets",
        namespace: namespace.namespace,
        values: values(args),
        mirror: args.chartMirror,
      },
      this.options({ dependsOn: [...namespace.ready, ...args.grant.ready] }),
    );
    this.publish();
  }

  private createNamespace(args: OperatorArguments): Namespace {
    return new Namespace(
      this.child("namespace"),
      {
        namespace: NAMESPACE,
        system: args.system,
        podSecurity: "restricted",
        traffic: {
          // The control plane calls the webhook; Prometheus scrapes the metrics.
          ingress: [fromAnywhere(10250), fromPeers([inNamespace(args.monitoringNamespace)], 8080)],
          // It calls the API server, the cloud, and the service that provides its credentials.
          egress: [
            toApiServer(),
            toCredentials(POD_IDENTITY_AGENT),
            toCredentials(METADATA_SERVER),
          ],
        },
      },
      { parent: this },
    );
  }
}

/** The chart's container settings meet the "restricted" standard already. */
function values({
  production,
  grant,
  zones,
}: OperatorArguments & { readonly grant: Grant }): Readonly<Record<string, unknown>> {
  const of = (suffix: string) => part(suffix, production ? 2 : 1, zones);
  return {
    ...of(""),
    // Without it, two replicas would overwrite each other's Secrets.
    leaderElect: true,
    concurrent: 4,
    serviceAccount: {
      name: EXTERNAL_SECRETS.serviceAccount,
      annotations: { ...grant.annotations },
    },
    // It may only impersonate accounts that a role in the account's own namespace allows.
    rbac: { serviceAccountTokenCreate: false },
    installCRDs: true,
    crds: {
      createClusterExternalSecret: false,
      createClusterSecretStore: false,
      createClusterGenerator: false,
      createClusterPushSecret: false,
      createPushSecret: false,
      // Kept when the release is deleted: without the CRD, every Secret from it would be deleted.
      annotations: { "helm.sh/resource-policy": "keep" },
    },
    processClusterExternalSecret: false,
    processClusterStore: false,
    processClusterGenerator: false,
    processClusterPushSecret: false,
    processPushSecret: false,
    webhook: { ...of("-webhook"), port: 10250 },
    certController: of("-cert-controller"),
    livenessProbe: { enabled: true },
    readinessProbe: { enabled: true },
  };
}

/** Common to its three Deployments. */
const part = (suffix: string, replicas: number, zones: readonly string[]) => ({
  replicaCount: replicas,
  // One at a time, even with a single replica: a node must always be drainable.
  podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
  resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
  topologySpreadConstraints: spreadPods(
    { "app.kubernetes.io/name": `external-secrets${suffix}` },
    zones,
  ),
});
