import type * as pulumi from "@pulumi/pulumi";
import { NAMESPACES } from "../../lib/namespaces";
import type { Settings } from "../../settings";
import type { Cluster } from "../cluster/contract";
import { Component, type ComponentOptions } from "../kit/component";
import { NODE_NAMESPACE } from "../kit/conventions";
import { Dapr } from "./dapr";
import { DataOperators } from "./data-operators";
import { daprServices } from "../kit/dapr";
import { Dns } from "./dns";
import type { DnsProvider } from "../dns/contract";
import { Gateway } from "./gateway";
import { Namespace } from "../kit/namespace";
import {
  fromAnywhere,
  fromPeers,
  inNamespace,
  toAnywhere,
  toApiServer,
  toEveryPod,
} from "../kit/network-rules";
import { Operators } from "./operators";
import { quota } from "./quota";

export interface PlatformArguments {
  readonly settings: Settings;
  readonly cloud: DnsProvider;
  readonly cluster: Pick<
    Cluster,
    "hasMetricsServer" | "loadBalancerAnnotations" | "storageClass" | "placement"
  >;
  /** Secret; required on DigitalOcean unless `dns` is manual. */
  readonly dnsToken: pulumi.Output<string> | undefined;
}

/** What a cluster needs before workloads, and their namespaces. */
export class Platform extends Component {
  readonly application: Namespace;
  readonly monitoring: Namespace;
  /** For the node exporter only. */
  readonly nodes: Namespace;
  readonly operators: Operators;
  readonly dataOperators: DataOperators;
  readonly gateway: Gateway;
  /** Absent if no service uses Dapr. */
  readonly dapr: Dapr | undefined;
  /** What turns routes into DNS records and removes these with them; empty if records are made by hand. */
  readonly recordWriters: readonly pulumi.Resource[];

  constructor(name: string, args: PlatformArguments, options: ComponentOptions) {
    const { settings } = args;
    super("platform:Platform", name, { system: settings.system.id }, options);
    this.application = this.createApplicationNamespace(settings);
    this.monitoring = this.createMonitoringNamespace(settings);
    this.nodes = this.createNodeNamespace(settings);
    const shared = {
      system: settings.system.id,
      production: settings.production,
      monitoringNamespace: this.monitoring.namespace,
      chartMirror: settings.chartMirror,
    };
    const below = { parent: this };
    this.gateway = new Gateway(
      this.child("gateway"),
      { ...shared, loadBalancerAnnotations: args.cluster.loadBalancerAnnotations },
      below,
    );
    this.operators = new Operators(
      this.child("operators"),
      {
        ...shared,
        hasMetricsServer: args.cluster.hasMetricsServer,
        brokerPorts: portsOf(...settings.kafkaBrokers),
        gatewayApi: [this.gateway.release],
      },
      below,
    );
    this.dapr =
      daprServices(settings.system).length === 0
        ? undefined
        : new Dapr(
            this.child("dapr"),
            {
              ...shared,
              applicationNamespace: this.application.namespace,
              storageClass: args.cluster.storageClass,
            },
            below,
          );
    this.dataOperators = new DataOperators(
      this.child("data-operators"),
      {
        ...shared,
        settings,
        application: this.application,
        certManager: this.operators.certManager,
      },
      below,
    );
    this.recordWriters = this.createDns(args, shared);
    this.publish();
  }

  private createApplicationNamespace(settings: Settings): Namespace {
    return new Namespace(
      this.child("application"),
      {
        namespace: namespaceOf(settings),
        system: settings.system.id,
        podSecurity: "restricted",
        quota: quota(settings),
      },
      { parent: this },
    );
  }

  /** Baseline, not restricted: some of the charts do not set everything that restricted requires. */
  private createMonitoringNamespace(settings: Settings): Namespace {
    const { system } = settings;
    return new Namespace(
      this.child("monitoring"),
      {
        namespace: system.namespaces.monitoring ?? NAMESPACES.monitoring,
        system: system.id,
        podSecurity: "baseline",
        traffic: {
          ingress: [
            // The operator's admission webhook.
            fromAnywhere(10250),
            // Traces from the sidecars, and metrics queries from the autoscaler.
            fromPeers([inNamespace(namespaceOf(settings))], 4317),
            fromPeers([inNamespace(NAMESPACES.keda)], 9090),
          ],
          egress: [
            toApiServer(),
            // Metrics of pods, nodes and kubelets.
            toEveryPod(),
            toAnywhere(9100, 10250),
            // Alerts by e-mail; other channels use port 443.
            ...portsOf(settings.mail?.smarthost).map((port) => toAnywhere(port)),
          ],
        },
      },
      { parent: this },
    );
  }

  /**
   * Privileged, because measuring a node's disks and processors requires its network and its files;
   * a separate namespace keeps that privilege away from everything with a secret. The policy pack
   * excepts it by this component's type and a name that ends in "nodes" (policies/exceptions.ts).
   */
  private createNodeNamespace({ system }: Settings): Namespace {
    return new Namespace(
      this.child("nodes"),
      {
        namespace: NODE_NAMESPACE,
        system: system.id,
        podSecurity: "privileged",
        // Network policies do not apply to pods in the host network; the chart has its own account.
        traffic: { ingress: [], egress: [] },
      },
      { parent: this },
    );
  }

  private createDns(
    args: PlatformArguments,
    shared: {
      readonly system: string;
      readonly monitoringNamespace: string;
      readonly chartMirror: string | undefined;
    },
  ): readonly pulumi.Resource[] {
    const { settings } = args;
    const { dns: mode, dnsZone: zone } = settings;
    if (mode === "manual") return [];
    const dns = new Dns(
      this.child("dns"),
      {
        ...shared,
        mode,
        zone,
        host: args.cloud.dns(this.name, {
          settings,
          placement: args.cluster.placement,
          token: args.dnsToken,
        }),
        owner: `${settings.system.id}-${settings.environment}`,
        protect: settings.protect,
      },
      { parent: this, dependsOn: [this.gateway.release] },
    );
    return [dns.release];
  }
}

/** The namespace of the system's workloads in this environment. */
export function namespaceOf({
  system,
  environment,
}: Pick<Settings, "system" | "environment">): string {
  return environment === "staging" && system.namespaces.staging !== undefined
    ? system.namespaces.staging
    : system.namespaces.prod;
}

/** The ports of `HOST:PORT`, each one once. */
const portsOf = (...addresses: readonly (string | undefined)[]): readonly number[] => [
  ...new Set(
    addresses.flatMap((address) =>
      address === undefined ? [] : [Number(address.slice(address.lastIndexOf(":") + 1))],
    ),
  ),
];
