import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { NAMESPACES } from "../../lib/namespaces";
import { CHARTS } from "../../versions";
import type { DnsChallenge } from "../dns/contract";
import { installChart } from "../kit/chart";
import { certManager, createIdentity } from "./cert-manager";
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
import { small, type OperatorChart } from "./operator-chart";
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

interface CertificateOperator extends OperatorArguments {
  /** cert-manager checks for the Gateway API only at startup. */
  readonly gatewayApi: readonly pulumi.Resource[];
  /** Validates certificates by DNS records. @default over HTTP */
  readonly challenge?: DnsChallenge | undefined;
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
    args: CertificateOperator & {
      readonly hasMetricsServer: boolean;
      /** Ports of external Kafka brokers: the autoscaler measures lag there. */
      readonly brokerPorts: readonly number[];
    },
    options: ComponentOptions,
  ) {
    super("platform:Operators", name, { production: args.production }, options);
    const replicas = args.production ? 2 : 1;
    this.metrics = args.hasMetricsServer ? undefined : this.installMetricsServer(args, replicas);
    this.keda = this.install(args, keda(replicas, args.brokerPorts));
    this.certManager = this.installCertManager(args, replicas);
    this.publish();
  }

  private installCertManager(args: CertificateOperator, replicas: number): k8s.helm.v3.Release {
    const chart = certManager(replicas, args.zones, args.challenge);
    const namespace = this.createNamespace(args, chart);
    return this.install(
      args,
      {
        ...chart,
        dependsOn: [
          ...args.gatewayApi,
          // Its pods read their identity once, at startup.
          ...(args.challenge?.grant.ready ?? []),
          ...(args.challenge === undefined
            ? []
            : createIdentity(this.part(), args.system, args.challenge, namespace.ready)),
        ],
      },
      namespace,
    );
  }

  private createNamespace(args: OperatorArguments, chart: OperatorChart): Namespace {
    return new Namespace(
      this.child(`${chart.suffix}-namespace`),
      {
        namespace: chart.namespace,
        system: args.system,
        podSecurity: "restricted",
        traffic: {
          ingress: [
            fromAnywhere(...chart.webhooks),
            fromPeers([inNamespace(args.monitoringNamespace)]),
          ],
          egress: [toApiServer(), ...chart.egress],
        },
      },
      { parent: this },
    );
  }

  private install(
    args: OperatorArguments,
    chart: OperatorChart,
    namespace = this.createNamespace(args, chart),
  ): k8s.helm.v3.Release {
    return installChart(
      this.child(chart.suffix),
      {
        version: CHARTS[chart.chart],
        releaseName: chart.releaseName,
        namespace: namespace.namespace,
        values: chart.values,
        mirror: args.chartMirror,
      },
      this.options({ dependsOn: [...namespace.ready, ...(chart.dependsOn ?? [])] }),
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

function keda(replicas: number, brokerPorts: readonly number[]): OperatorChart {
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
