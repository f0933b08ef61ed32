import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { NAMESPACES } from "../../lib/namespaces";
import type { Settings } from "../../settings";
import type { CloudName } from "../../systems/model";
import type { Placement } from "../cluster/contract";
import type { Grant } from "../identity/contract";
import type { Rule } from "../kit/validation";

/** One zone in one cloud, as external-dns needs it. */
export interface DnsZone {
  /** Chart values for the cloud; known at preview, so that a plan shows them. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The pod's own cloud identity; absent if it uses a token. */
  readonly grant: Grant | undefined;
  /** The name servers to delegate to at the registrar; absent for an adopted zone. */
  readonly nameServers: pulumi.Output<string[]> | undefined;
  /** What must exist before the first record is written. */
  readonly ready: readonly pulumi.Resource[];
}

/** The cloud that hosts the zones, and how its pods get access. */
export interface DnsContext {
  readonly settings: Pick<Settings, "dns" | "dnsZoneId" | "system" | "environment" | "incarnation">;
  readonly placement: Placement;
  /** Secret: for a cloud whose pods have no identity of their own. */
  readonly token: pulumi.Output<string> | undefined;
}

/** Returns the DNS service of a cloud. */
export interface DnsProvider {
  /** @throws ComponentError if the cloud has no DNS service, or its token is missing */
  dns(name: string, context: DnsContext): DnsHost;
}

/** How certificates are validated by records in the zone: before any traffic arrives. */
export interface DnsChallenge {
  /** `dns01` of an ACME solver. */
  readonly solver: Readonly<Record<string, unknown>>;
  /** The identity of cert-manager's pods. */
  readonly grant: Grant;
  /** Their account, if the grant has annotations; otherwise the chart's own is used. */
  readonly account?: string;
  /** Where pods have no identity. In the namespace of cert-manager, so only a ClusterIssuer may use it. */
  readonly token?: {
    readonly secret: string;
    readonly key: string;
    readonly value: pulumi.Output<string>;
  };
  /** The network path to their credentials. */
  readonly egress: readonly k8s.types.input.networking.v1.NetworkPolicyEgressRule[];
}

/** One of the two regions that answer for a host. */
export type FailoverRole =
  | {
      readonly role: "primary";
      /** A name that only the primary answers, and the path whose response decides. */
      readonly host: string;
      readonly path: string;
      /** A name that answers with `PROMOTED` while the other region must keep the host, whatever the primary says. */
      readonly promotion: string;
    }
  | { readonly role: "secondary" };

/** The response of a promoted region, over HTTP. */
export const PROMOTED = "runstack: promoted";

/** The DNS service of one cloud. */
export interface DnsHost {
  readonly cloud: CloudName;
  /** The zone must exist before. */
  challenge(name: string, zone: string, options: pulumi.CustomResourceOptions): DnsChallenge;
  /** Annotations of a route whose host moves by health check; absent where the cloud has no such records. */
  failover?(
    name: string,
    role: FailoverRole,
    options: pulumi.CustomResourceOptions,
  ): Readonly<Record<string, pulumi.Input<string>>>;
  /** The network path from the pod that writes records to its credentials. */
  readonly egress: readonly k8s.types.input.networking.v1.NetworkPolicyEgressRule[];
  /** What the cloud would reject. Pure. */
  rules(args: ZoneArguments): readonly Rule[];
  /** Creates or adopts the zone; `namespaceReady` must exist before a Secret for the pod. */
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
   * The zone's domain name, in lower case and without a trailing dot. Changing it replaces the
   * zone, with every record and the name servers.
   */
  readonly zone: string;
  /**
   * `create`: creates the zone; the registrar must delegate to `nameServers`.
   * `adopt`: the zone exists already and only gets records. (With `manual` there is no such
   * component.)
   */
  readonly mode: "create" | "adopt";
  /** Marks the records as this cluster's, so that two clusters do not overwrite each other's. */
  readonly owner: string;
  /** Protects a zone that is created here: to delete it, set this to false first. */
  readonly protect: boolean;
}

/** The pods that write records, and where their token is. */
export const EXTERNAL_DNS = {
  namespace: NAMESPACES.externalDns,
  serviceAccount: "external-dns",
} as const;

/** The pods that prove names for certificates. */
export const CERT_MANAGER = {
  namespace: NAMESPACES.certManager,
  serviceAccount: "cert-manager",
} as const;

/**
 * Prefix of the TXT records that store a record's owner. Without it, the one for the domain itself
 * would be outside the zone (external-dns, "The TXT registry"). It must never change: existing
 * records would lose their owner.
 */
export const TXT_PREFIX = "external-dns-%{record_type}.";
