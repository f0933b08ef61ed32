import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { CHARTS } from "../../versions";
import { installChart } from "../kit/chart";
import { Component, type ComponentOptions } from "../kit/component";
import type { Grant } from "../identity/contract";
import { commonLabels } from "../kit/labels";
import { checkDns } from "../dns/check";
import { EXTERNAL_DNS, type DnsHost, type DnsZone, type ZoneArguments } from "../dns/contract";
import { Namespace } from "../kit/namespace";
import { fromPeers, inNamespace, toApiServer } from "../kit/network-rules";

export interface DnsArguments extends ZoneArguments {
  /** The cloud that hosts the zone. */
  readonly host: DnsHost;
  readonly monitoringNamespace: string;
  readonly chartMirror: string | undefined;
}

/**
 * DNS records for the gateway: a rebuilt environment points its names at its new load balancer
 * without manual steps. Nothing else may own a record of the same name.
 */
export class Dns extends Component {
  readonly zone: string;
  /** The name servers to delegate to at the registrar; absent for an adopted zone. */
  readonly nameServers: pulumi.Output<string[]> | undefined;
  readonly release: k8s.helm.v3.Release;
  /** What must exist before names of the zone are proved. */
  readonly zoneReady: readonly pulumi.Resource[];

  constructor(name: string, args: DnsArguments, options: ComponentOptions) {
    const { zone, mode, host } = args;
    super("platform:Dns", name, { zone, mode, cloud: host.cloud }, options);
    checkDns(name, args);

    const namespace = this.createNamespace(args);
    const found = host.zone(this.name, args, this.options(), namespace.ready);
    const account =
      found.grant === undefined ? [] : [this.createAccount(args, found.grant, namespace)];
    this.zone = zone;
    this.zoneReady = found.ready;
    this.nameServers = found.nameServers;
    this.release = installChart(
      this.child("external-dns"),
      {
        version: CHARTS.externalDns,
        releaseName: "external-dns",
        namespace: namespace.namespace,
        values: {
          ...values(args),
          ...found.values,
          ...accountValues(found),
          extraArgs: argumentsOf(found),
        },
        mirror: args.chartMirror,
      },
      this.options({
        // The pod reads its credentials once, at startup.
        dependsOn: [...namespace.ready, ...found.ready, ...(found.grant?.ready ?? []), ...account],
      }),
    );
    this.publish();
  }

  private createNamespace(args: DnsArguments): Namespace {
    return new Namespace(
      this.child("namespace"),
      {
        namespace: EXTERNAL_DNS.namespace,
        system: args.system,
        podSecurity: "restricted",
        traffic: {
          ingress: [fromPeers([inNamespace(args.monitoringNamespace)], 7979)],
          // The API server, the cloud, and the credentials service on the node.
          egress: [toApiServer(), ...args.host.egress],
        },
      },
      { parent: this },
    );
  }

  /** Not the chart's: its annotation would make all values unknown in a first preview. */
  private createAccount(
    args: DnsArguments,
    grant: Grant,
    namespace: Namespace,
  ): k8s.core.v1.ServiceAccount {
    return new k8s.core.v1.ServiceAccount(
      this.child("service-account"),
      {
        metadata: {
          name: EXTERNAL_DNS.serviceAccount,
          namespace: EXTERNAL_DNS.namespace,
          labels: commonLabels(args.system, "dns"),
          annotations: { ...grant.annotations },
        },
      },
      this.options({ dependsOn: [...namespace.ready] }),
    );
  }
}

const accountValues = ({ grant }: DnsZone): Readonly<Record<string, unknown>> =>
  grant === undefined
    ? {}
    : { serviceAccount: { create: false, name: EXTERNAL_DNS.serviceAccount } };

const argumentsOf = ({ values: { extraArgs } }: DnsZone): Readonly<Record<string, unknown>> => ({
  ...(extraArgs as Readonly<Record<string, string>> | undefined),
  // Not cert-manager's routes for challenges, which would publish a host that another environment answers for.
  "label-filter": "app.kubernetes.io/managed-by=pulumi",
});

function values(args: DnsArguments): Record<string, unknown> {
  return {
    sources: ["gateway-httproute"],
    domainFilters: [args.zone],
    // Deletes only its own records: the registry stores who created a record.
    policy: "sync",
    registry: "txt",
    txtOwnerId: args.owner,
    interval: "1m",
    triggerLoopOnEvent: true,
    logFormat: "json",
    resources: { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "128Mi" } },
  };
}
