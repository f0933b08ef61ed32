import * as digitalocean from "@pulumi/digitalocean";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { CHARTS } from "../../versions";
import { installChart } from "../chart";
import { Component } from "../component";
import { commonLabels } from "../labels";
import { Namespace } from "./namespace";
import { fromPeers, inNamespace } from "./network-rules";

export interface DnsArguments {
  readonly system: string;
  readonly zone: string;
  /**
   * `create`: the zone is made here, and the registrar must delegate to DigitalOcean's name servers.
   * `adopt`: the zone exists already and is only written to. (`manual` means: no such component.)
   */
  readonly mode: "create" | "adopt";
  /** Secret: a token that may only read and write domains. */
  readonly token: pulumi.Output<string>;
  /** Marks the records as this cluster's, so that two clusters never fight over one. */
  readonly owner: string;
  readonly monitoringNamespace: string;
  readonly chartMirror: string | undefined;
  readonly protect: boolean;
}

const NAMESPACE = "external-dns";
const TOKEN = { secret: "external-dns-token", key: "token" };

/**
 * Records that follow the edge: a rebuilt environment points its own names at its new load
 * balancer, with nobody copying an address at 3 a.m.
 */
export class Dns extends Component {
  readonly zone: string;
  readonly release: k8s.helm.v3.Release;

  constructor(name: string, args: DnsArguments, options: pulumi.ComponentResourceOptions) {
    const { zone, mode } = args;
    super("platform:Dns", name, { zone, mode }, options);
    const domain = mode === "create" ? [this.createZone(args)] : [];
    const namespace = this.createNamespace(args);
    const token = this.createToken(args, namespace);
    this.zone = zone;
    this.release = installChart(
      this.child("external-dns"),
      {
        version: CHARTS.externalDns,
        releaseName: "external-dns",
        namespace: namespace.namespace,
        values: values(args),
        mirror: args.chartMirror,
      },
      this.options({ dependsOn: [...namespace.ready, token, ...domain] }),
    );
    this.registerOutputs({ zone: this.zone, release: this.release });
  }

  private createZone({ zone, protect }: DnsArguments): digitalocean.Domain {
    return new digitalocean.Domain(this.child("zone"), { name: zone }, this.options({ protect }));
  }

  private createNamespace(args: DnsArguments): Namespace {
    return new Namespace(
      this.child("namespace"),
      {
        namespace: NAMESPACE,
        system: args.system,
        podSecurity: "restricted",
        traffic: {
          ingress: [fromPeers([inNamespace(args.monitoringNamespace)], 7979)],
          egress: [{}],
        },
      },
      { parent: this },
    );
  }

  private createToken(args: DnsArguments, namespace: Namespace): k8s.core.v1.Secret {
    return new k8s.core.v1.Secret(
      this.child("token"),
      {
        metadata: {
          name: TOKEN.secret,
          namespace: NAMESPACE,
          labels: commonLabels(args.system, "dns"),
        },
        type: "Opaque",
        stringData: { [TOKEN.key]: pulumi.secret(args.token) },
      },
      this.options({ dependsOn: [...namespace.ready] }),
    );
  }
}

function values(args: DnsArguments): Record<string, unknown> {
  return {
    provider: { name: "digitalocean" },
    env: [
      { name: "DO_TOKEN", valueFrom: { secretKeyRef: { name: TOKEN.secret, key: TOKEN.key } } },
    ],
    sources: ["gateway-httproute"],
    domainFilters: [args.zone],
    // Removes what it made and nothing else: the registry records who made what.
    policy: "sync",
    registry: "txt",
    txtOwnerId: args.owner,
    interval: "1m",
    triggerLoopOnEvent: true,
    logFormat: "json",
    resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "128Mi" } },
  };
}
