import * as pulumi from "@pulumi/pulumi";
import { NAMESPACES } from "../../lib/namespaces";
import { CHARTS } from "../../versions";
import type { Settings } from "../../settings";
import { recordOwner } from "../../settings/names";
import type { Cluster } from "../cluster/contract";
import { Component, type ComponentOptions } from "../kit/component";
import { NODE_NAMESPACE } from "../kit/conventions";
import { Dapr, type DaprArguments } from "./dapr";
import { Definitions, definitionsJob, type ChartWithDefinitions } from "./definitions";
import { DataOperators } from "./data-operators";
import { daprServices } from "../kit/dapr";
import { Dns } from "./dns";
import type { Challenge } from "./certificates";
import type { DnsChallenge, DnsHost, DnsProvider } from "../dns/contract";
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
    | "hasMetricsServer"
    | "loadBalancerAnnotations"
    | "loadBalancerTargets"
    | "storageClass"
    | "placement"
    | "zones"
  >;
  /** Secret; required on DigitalOcean unless `dns` is manual. */
  readonly dnsToken: pulumi.Output<string> | undefined;
}

/** What a cluster needs before workloads, and their namespaces. */
export class Platform extends Component {
  readonly application: Namespace;
  readonly monitoring: Namespace;
  /** Charts with custom resource definitions wait for these. */
  readonly definitionsReady: readonly pulumi.Resource[];
  /** For the node exporter only. */
  readonly nodes: Namespace;
  readonly operators: Operators;
  readonly dataOperators: DataOperators;
  readonly gateway: Gateway;
  /** The cloud's DNS; absent if nobody writes records. */
  readonly dns: DnsHost | undefined;
  /** Validates certificates by DNS records; absent if nobody writes records: they are validated over HTTP. */
  readonly challenge: Challenge | undefined;
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
      zones: args.cluster.zones,
    };
    const below = { parent: this };
    this.definitionsReady = this.createDefinitions(settings);
    const upgraded = { parent: this, dependsOn: [...this.definitionsReady] };
    this.gateway = new Gateway(
      this.child("gateway"),
      {
        ...shared,
        loadBalancerAnnotations: args.cluster.loadBalancerAnnotations,
        loadBalancerTargets: args.cluster.loadBalancerTargets,
      },
      upgraded,
    );
    this.dns = this.dnsHost(args);
    const names = this.createDns(settings, shared);
    this.recordWriters = names === undefined ? [] : [names.release];
    const challenge = this.createChallenge(settings, names);
    this.challenge = challenge && {
      solver: challenge.solver,
      // Only a ClusterIssuer reads the token in cert-manager's namespace.
      clusterWide: challenge.token !== undefined,
    };
    this.operators = new Operators(
      this.child("operators"),
      {
        ...shared,
        hasMetricsServer: args.cluster.hasMetricsServer,
        brokerPorts: portsOf(...settings.kafkaBrokers),
        gatewayApi: [this.gateway.release],
        challenge,
      },
      below,
    );
    this.dapr = this.createDapr(args, shared, upgraded);
    this.dataOperators = new DataOperators(
      this.child("data-operators"),
      {
        ...shared,
        settings,
        application: this.application,
        certManager: this.operators.certManager,
      },
      upgraded,
    );
    this.publish();
  }

  /**
   * Not on an existing cluster, whose definitions may be those of other releases, nor with a mirror,
   * which has charts only.
   */
  private createDefinitions({ system, cloud, chartMirror }: Settings): readonly pulumi.Resource[] {
    const charts = chartsWithDefinitions(system, cloud);
    const why =
      cloud === "existing"
        ? "other releases may own them"
        : chartMirror === undefined
          ? undefined
          : "runstack:chartMirror has charts only";
    if (why === undefined) {
      return new Definitions(this.child("definitions"), { charts }, { parent: this }).ready;
    }
    void pulumi.log.warn(
      `Custom resource definitions are not upgraded with the charts ${charts.map((chart) => CHARTS[chart].chart).join(", ")}, ` +
        `because ${why}. Before an up that raises one of these charts, apply what ` +
        "`helm show crds CHART --version VERSION` prints, with kubectl apply --server-side.",
      this,
    );
    return [];
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

  private dnsHost({ settings, cloud, cluster, dnsToken }: PlatformArguments): DnsHost | undefined {
    if (settings.dns === "manual") return undefined;
    return cloud.dns(this.name, { settings, placement: cluster.placement, token: dnsToken });
  }

  private createDapr(
    { settings, cluster }: PlatformArguments,
    shared: Omit<DaprArguments, "applicationNamespace" | "storageClass" | "definitions">,
    options: ComponentOptions,
  ): Dapr | undefined {
    if (daprServices(settings.system).length === 0) return undefined;
    const { storageClass } = cluster;
    const { namespace } = this.application;
    return new Dapr(
      this.child("dapr"),
      {
        ...shared,
        applicationNamespace: namespace,
        storageClass,
        definitions: this.definitionsReady.length === 0 ? undefined : definitionsJob("dapr"),
      },
      options,
    );
  }

  private createChallenge({ dnsZone }: Settings, names: Dns | undefined): DnsChallenge | undefined {
    if (names === undefined) return undefined;
    const after = this.options({ dependsOn: [...names.zoneReady] });
    return this.dns?.challenge(this.child("certificate-identity"), dnsZone, after);
  }

  private createDns(
    settings: Settings,
    shared: {
      readonly system: string;
      readonly monitoringNamespace: string;
      readonly chartMirror: string | undefined;
    },
  ): Dns | undefined {
    const { dns: mode, dnsZone: zone } = settings;
    if (mode === "manual" || this.dns === undefined) return undefined;
    return new Dns(
      this.child("dns"),
      {
        ...shared,
        mode,
        zone,
        host: this.dns,
        owner: recordOwner(settings),
        protect: settings.protect,
      },
      { parent: this, dependsOn: [this.gateway.release] },
    );
  }
}

/** Of the charts that are installed for this system, those whose definitions Helm never upgrades. */
function chartsWithDefinitions(
  system: Settings["system"],
  cloud: Settings["cloud"],
): readonly ChartWithDefinitions[] {
  return [
    "envoyGateway",
    "kubePrometheusStack",
    ...(daprServices(system).length === 0 ? [] : (["dapr"] as const)),
    ...(system.eventBuses.some(({ runs }) => runs === "operator") ? (["strimzi"] as const) : []),
    // Its controller is part of the cluster, so its definitions are upgraded just after it.
    ...(cloud === "aws" ? (["awsLoadBalancerController"] as const) : []),
  ];
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
