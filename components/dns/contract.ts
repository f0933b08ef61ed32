import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { NAMESPACES } from "../../lib/namespaces";
import type { Settings } from "../../settings";
import type { CloudName } from "../../systems/model";
import type { Placement } from "../cluster/contract";
import type { Grant } from "../identity/contract";
import type { Rule } from "../kit/validation";

/** One zone in one cloud, as external-dns must be told of it. */
export interface DnsZone {
  /** Values of the chart that name the cloud; known at preview, so that a plan shows them. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Rights of the pod itself; absent where it signs in with a token. */
  readonly grant: Grant | undefined;
  /** What the registrar must delegate to; absent where the zone was made by somebody else. */
  readonly nameServers: pulumi.Output<string[]> | undefined;
  /** What exists before the first record is written. */
  readonly ready: readonly pulumi.Resource[];
}

/** Where a cloud's zones are kept, and how its pods get at them. */
export interface DnsContext {
  readonly settings: Pick<Settings, "dns" | "dnsZoneId">;
  readonly placement: Placement;
  /** Secret: for a cloud whose pods have no identity of their own. */
  readonly token: pulumi.Output<string> | undefined;
}

/** Finds who keeps the zones of a cloud. */
export interface DnsProvider {
  /** @throws ComponentError where the cloud keeps no zones, or lacks its token */
  dns(name: string, context: DnsContext): DnsHost;
}

/** Whoever keeps zones: one cloud's DNS. */
export interface DnsHost {
  readonly cloud: CloudName;
  /** The way of the pod that writes records to its credentials. */
  readonly egress: readonly k8s.types.input.networking.v1.NetworkPolicyEgressRule[];
  /** What the cloud would refuse. Pure. */
  rules(args: ZoneArguments): readonly Rule[];
  /** Makes or adopts the zone; `namespaceReady` is what exists before a Secret for the pod can be. */
  zone(
    name: string,
    args: ZoneArguments,
    options: pulumi.CustomResourceOptions,
    namespaceReady: readonly pulumi.Resource[],
  ): DnsZone;
}

export interface ZoneArguments {
  readonly system: string;
  /**
   * The zone's domain name, in lower case and without a dot at its end. Changing it replaces the
   * zone, and with it every record and the name servers.
   */
  readonly zone: string;
  /**
   * `create`: the zone is made here, and the registrar must delegate to `nameServers`.
   * `adopt`: the zone exists already and is only written to. (`manual` means: no such component.)
   */
  readonly mode: "create" | "adopt";
  /** Marks the records as this cluster's, so that two clusters never fight over one. */
  readonly owner: string;
  /** Of the zone that is made here: taking it away needs a change of this first. */
  readonly protect: boolean;
}

/** The pods that write records, and where their token is. */
export const EXTERNAL_DNS = {
  namespace: NAMESPACES.externalDns,
  serviceAccount: "external-dns",
} as const;

/**
 * Before the names of the records that say who owns a record. Without it the one of the domain itself
 * would lie outside of the zone (external-dns, "The TXT registry"). It must never change: records that
 * were marked before would have no owner.
 */
export const TXT_PREFIX = "external-dns-%{record_type}.";
