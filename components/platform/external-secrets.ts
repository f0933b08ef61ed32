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

const NAMESPACE = NAMESPACES.externalSecrets;

/** The account under which the controller asks the cloud, unless a store names another one. */
export const EXTERNAL_SECRETS: Account = { namespace: NAMESPACE, serviceAccount: NAMESPACE };

/**
 * External Secrets: it makes Kubernetes Secrets of what a cloud's secret manager keeps. It serves
 * stores and secrets of a namespace only; nothing of the cluster as a whole, and it writes nothing
 * back.
 */
export class ExternalSecrets extends Component {
  /** SecretStores and ExternalSecrets are served, and checked when they are written. */
  readonly release: k8s.helm.v3.Release;

  constructor(
    name: string,
    args: OperatorArguments & {
      /**
       * What the controller's own account was granted in the cloud; its pods look for it once, when
       * they start.
       */
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
        values: values(args.production ? 2 : 1, args.grant),
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
          // The webhook is called by the control plane; metrics are read by the monitoring.
          ingress: [fromAnywhere(10250), fromPeers([inNamespace(args.monitoringNamespace)], 8080)],
          // It talks to the API server, to the cloud, and to whoever hands out its credentials.
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

/** Its container settings are those of the "restricted" standard already. */
function values(replicas: number, grant: Grant): Readonly<Record<string, unknown>> {
  return {
    ...part("", replicas),
    // Without it two replicas write at once, each over what the other wrote.
    leaderElect: true,
    concurrent: 4,
    serviceAccount: {
      name: EXTERNAL_SECRETS.serviceAccount,
      annotations: { ...grant.annotations },
    },
    // It may act for no account but those that a role of the account's own namespace names.
    rbac: { serviceAccountTokenCreate: false },
    installCRDs: true,
    crds: {
      createClusterExternalSecret: false,
      createClusterSecretStore: false,
      createClusterGenerator: false,
      createClusterPushSecret: false,
      createPushSecret: false,
      // Kept when the release goes: with the kind, every Secret that it made would vanish.
      annotations: { "helm.sh/resource-policy": "keep" },
    },
    processClusterExternalSecret: false,
    processClusterStore: false,
    processClusterGenerator: false,
    processClusterPushSecret: false,
    processPushSecret: false,
    webhook: { ...part("-webhook", replicas), port: 10250 },
    certController: part("-cert-controller", replicas),
    livenessProbe: { enabled: true },
    readinessProbe: { enabled: true },
  };
}

/** What its three Deployments have in common. */
const part = (suffix: string, replicas: number) => ({
  replicaCount: replicas,
  // One at a time, also with a single replica: a node must always be drainable.
  podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
  resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
  topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map(
    (topologyKey) => ({
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels: { "app.kubernetes.io/name": `external-secrets${suffix}` } },
    }),
  ),
});
