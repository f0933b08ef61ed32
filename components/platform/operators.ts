import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { NAMESPACES } from "../../lib/namespaces";
import type { DnsChallenge } from "../dns/contract";
import { CHARTS } from "../../versions";
import { installChart } from "../kit/chart";
import { Component, type ComponentOptions } from "../kit/component";
import {
  fromAnywhere,
  fromPeers,
  inNamespace,
  toAnywhere,
  toApiServer,
  toEveryPod,
  toPrivateNetworks,
} from "../kit/network-rules";
import { Namespace } from "../kit/namespace";
import { spreadPods } from "../kit/spread";

export interface OperatorArguments {
  readonly system: string;
  /** Replicated, where the operator supports it. */
  readonly production: boolean;
  readonly monitoringNamespace: string;
  readonly chartMirror: string | undefined;
  /** Of the cluster; empty if its nodes have no zone label. */
  readonly zones: readonly string[];
}

const small = { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } };

interface Piece {
  readonly suffix: string;
  readonly namespace: string;
  readonly chart: keyof typeof CHARTS;
  readonly releaseName: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** Ports that the control plane calls. */
  readonly webhooks: readonly number[];
  /** Egress besides the API server and port 443 of any address. */
  readonly egress: readonly k8s.types.input.networking.v1.NetworkPolicyEgressRule[];
  readonly dependsOn?: readonly pulumi.Resource[];
}

/**
 * What a cluster needs before workloads: resource metrics, event-driven autoscaling and
 * certificates. Each part has its own namespace and is installed by its upstream chart.
 */
export class Operators extends Component {
  /** `metrics.k8s.io`, without which no HorizontalPodAutoscaler works. */
  readonly metrics: k8s.helm.v3.Release | undefined;
  /** The API for ScaledObjects is available. */
  readonly keda: k8s.helm.v3.Release;
  /** The API for Issuers and Certificates is available, including Gateway API challenges. */
  readonly certManager: k8s.helm.v3.Release;

  constructor(
    name: string,
    args: OperatorArguments & {
      readonly hasMetricsServer: boolean;
      /** Ports of external Kafka brokers: the autoscaler measures lag there. */
      readonly brokerPorts: readonly number[];
      /** cert-manager checks for the Gateway API only at startup. */
      readonly gatewayApi: readonly pulumi.Resource[];
      /** Validates certificates by DNS records. @default over HTTP */
      readonly challenge?: DnsChallenge | undefined;
    },
    options: ComponentOptions,
  ) {
    super("platform:Operators", name, { production: args.production }, options);
    const replicas = args.production ? 2 : 1;
    this.metrics = args.hasMetricsServer ? undefined : this.installMetricsServer(args, replicas);
    this.keda = this.install(args, keda(replicas, args.brokerPorts));
    this.certManager = this.install(args, {
      ...certManager(replicas, args.zones, args.challenge),
      // Its pods read their identity once, at startup.
      dependsOn: [...args.gatewayApi, ...(args.challenge?.grant.ready ?? [])],
    });
    this.publish();
  }

  private install(args: OperatorArguments, piece: Piece): k8s.helm.v3.Release {
    const namespace = new Namespace(
      this.child(`${piece.suffix}-namespace`),
      {
        namespace: piece.namespace,
        system: args.system,
        podSecurity: "restricted",
        traffic: {
          ingress: [
            fromAnywhere(...piece.webhooks),
            fromPeers([inNamespace(args.monitoringNamespace)]),
          ],
          egress: [toApiServer(), ...piece.egress],
        },
      },
      { parent: this },
    );
    return installChart(
      this.child(piece.suffix),
      {
        version: CHARTS[piece.chart],
        releaseName: piece.releaseName,
        namespace: namespace.namespace,
        values: piece.values,
        mirror: args.chartMirror,
      },
      this.options({ dependsOn: [...namespace.ready, ...(piece.dependsOn ?? [])] }),
    );
  }

  /** In kube-system, where the API server's aggregation layer expects system services. */
  private installMetricsServer(args: OperatorArguments, replicas: number): k8s.helm.v3.Release {
    return installChart(
      this.child("metrics-server"),
      {
        version: CHARTS.metricsServer,
        releaseName: "metrics-server",
        namespace: "kube-system",
        values: {
          replicas,
          podDisruptionBudget: { enabled: replicas > 1, minAvailable: 1 },
          resources: { requests: { cpu: "100m", memory: "200Mi" }, limits: { memory: "400Mi" } },
          topologySpreadConstraints: spreadPods(
            { "app.kubernetes.io/name": "metrics-server" },
            args.zones,
          ),
        },
        mirror: args.chartMirror,
      },
      this.options(),
    );
  }
}

function keda(replicas: number, brokerPorts: readonly number[]): Piece {
  return {
    suffix: "keda",
    namespace: NAMESPACES.keda,
    chart: "keda",
    releaseName: "keda",
    // 6443: metrics adapter; 9443: admission webhooks.
    webhooks: [6443, 9443],
    // It queries what it scales on: Prometheus, and brokers in the cluster or next to it.
    egress: [
      toEveryPod(),
      toPrivateNetworks(),
      ...(brokerPorts.length === 0 ? [] : [toAnywhere(...brokerPorts)]),
    ],
    values: {
      operator: { replicaCount: replicas },
      // The adapter serves the autoscalers' metrics: without it nothing scales.
      metricsServer: { replicaCount: replicas },
      webhooks: { replicaCount: replicas },
      podDisruptionBudget: {
        // One at a time, even with a single replica: a node must always be drainable.
        operator: { maxUnavailable: 1 },
        metricServer: { maxUnavailable: 1 },
        webhooks: { maxUnavailable: 1 },
      },
      resources: { operator: small, metricServer: small, webhooks: small },
      prometheus: { operator: { enabled: true }, metricServer: { enabled: true } },
    },
  };
}

function certManager(
  replicas: number,
  zones: readonly string[],
  challenge: DnsChallenge | undefined,
): Piece {
  const part = (component: string) => ({
    replicaCount: replicas,
    podDisruptionBudget: { enabled: replicas > 1, minAvailable: 1 },
    resources: small,
    topologySpreadConstraints: spreadPods({ "app.kubernetes.io/component": component }, zones),
  });
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
              issuerAmbientCredentials: true,
              // Through the cluster's DNS: network policies let it reach no other name server.
              acmeDNS01Config: { recursiveNameserversOnly: true },
            }),
      },
      prometheus: { enabled: true },
    },
  };
}
