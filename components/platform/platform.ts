import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../settings";
import type { Service } from "../../systems/model";
import { cores, gib, type Cpu, type Size } from "../../systems/units";
import type { Cluster } from "../cluster/contract";
import { Component, ComponentError } from "../component";
import { NODE_NAMESPACE } from "../observability/conventions";
import { Dapr } from "./dapr";
import { daprServices } from "./dapr-objects";
import { Dns } from "./dns";
import { Gateway } from "./gateway";
import { Namespace } from "./namespace";
import { fromAnywhere, fromPeers, inNamespace } from "./network-rules";
import { Operators } from "./operators";

export interface PlatformArguments {
  readonly settings: Settings;
  readonly cluster: Pick<Cluster, "hasMetricsServer" | "loadBalancerAnnotations" | "storageClass">;
  /** Secret; needed unless records are kept by hand. */
  readonly dnsToken: pulumi.Output<string> | undefined;
}

/** What a cluster needs before workloads, and the namespaces that they live in. */
export class Platform extends Component {
  readonly application: Namespace;
  readonly monitoring: Namespace;
  /** For the one exporter that needs the nodes themselves. */
  readonly nodes: Namespace;
  readonly operators: Operators;
  readonly gateway: Gateway;
  /** Absent where no service uses Dapr. */
  readonly dapr: Dapr | undefined;

  constructor(name: string, args: PlatformArguments, options: pulumi.ComponentResourceOptions) {
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
    this.createDns(args, shared);
    this.registerOutputs({
      application: this.application,
      monitoring: this.monitoring,
      nodes: this.nodes,
      operators: this.operators,
      gateway: this.gateway,
      dapr: this.dapr,
    });
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

  /** Baseline, not restricted: not every chart of the stack says all that the latter asks for. */
  private createMonitoringNamespace(settings: Settings): Namespace {
    const { system } = settings;
    return new Namespace(
      this.child("monitoring"),
      {
        namespace: system.namespaces.monitoring ?? "monitoring",
        system: system.id,
        podSecurity: "baseline",
        traffic: {
          ingress: [
            // The operator's admission webhook.
            fromAnywhere(10250),
            // Traces from the sidecars, and measurements for the autoscaler.
            fromPeers([inNamespace(namespaceOf(settings))], 4317),
            fromPeers([inNamespace("keda")], 9090),
          ],
          egress: [{}],
        },
      },
      { parent: this },
    );
  }

  /**
   * Privileged, because measuring a node's disks and processors takes its network and its files; a
   * namespace of its own keeps that privilege away from everything that holds a secret.
   */
  private createNodeNamespace({ system }: Settings): Namespace {
    return new Namespace(
      this.child("nodes"),
      {
        namespace: NODE_NAMESPACE,
        system: system.id,
        podSecurity: "privileged",
        // Pods in the host's network are outside of network policies; the chart's account is not.
        traffic: { ingress: [], egress: [{}] },
      },
      { parent: this },
    );
  }

  private createDns(
    { settings, dnsToken }: PlatformArguments,
    shared: {
      readonly system: string;
      readonly monitoringNamespace: string;
      readonly chartMirror: string | undefined;
    },
  ): void {
    const { mode, zone } = settings.dns;
    if (mode === "manual") return;
    if (dnsToken === undefined) {
      throw new ComponentError(
        `Platform ${this.name}`,
        "dnsToken",
        "missing",
        "given as secret configuration",
        "Set runstack:secrets.DNS_TOKEN, or runstack:dns to manual.",
      );
    }
    new Dns(
      this.child("dns"),
      {
        ...shared,
        mode,
        zone,
        provider: { cloud: "digitalocean", token: dnsToken },
        owner: `${settings.system.id}-${settings.environment}`,
        protect: settings.protect,
      },
      { parent: this, dependsOn: [this.gateway.release] },
    );
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

const SIDECAR = { cpu: 50, memory: 64 * 1024 ** 2 };

/**
 * Twice what all services at their largest ask for: room for a rollout of everything at once and for
 * jobs, and a bound on what a runaway autoscaler can take.
 */
export function quota({ system, scaling }: Pick<Settings, "system" | "scaling">): {
  cpu: Cpu;
  memory: Size;
  pods: number;
} {
  const sum = (of: (service: Service) => number) =>
    system.services.reduce(
      (total, service) => total + of(service) * (scaling[service.name]?.max ?? 1),
      0,
    );
  const millicores = sum(
    ({ resources, dapr }) =>
      resources.requests.cpu.millicores + (dapr === undefined ? 0 : SIDECAR.cpu),
  );
  const bytes = sum(
    ({ resources, dapr }) =>
      resources.requests.memory.bytes + (dapr === undefined ? 0 : SIDECAR.memory),
  );
  return {
    cpu: cores(Math.ceil((2 * millicores) / 1000)),
    memory: gib(Math.ceil((2 * bytes) / 1024 ** 3)),
    pods: 2 * sum(() => 1) + 10,
  };
}
