import * as dns from "@pulumi/gcp/dns";
import * as projects from "@pulumi/gcp/projects";
import * as pulumi from "@pulumi/pulumi";
import type { GooglePlacement } from "../../cluster/contract";
import { workloadIdentity } from "./identity";
import {
  EXTERNAL_DNS,
  googleAccountId,
  googleZoneName,
  TXT_PREFIX,
  type DnsZone,
  type ZoneArguments,
} from "../../platform/dns-zone";

export interface GoogleDns {
  readonly cloud: "gcp";
  readonly placement: Pick<GooglePlacement, "project" | "workloadPool" | "identityReady">;
  /**
   * The zone's name in Cloud DNS, which is not its domain. Changing it replaces a zone made here.
   * @default the domain with hyphens for dots, as in Google's own examples
   */
  readonly zoneId?: string | undefined;
  /**
   * Of the Google account that writes: 6 to 30 characters, unique in the project. Changing it replaces
   * the account.
   * @default the owner with `-dns` behind it
   */
  readonly accountId?: string | undefined;
}

/**
 * A public, signed zone in Cloud DNS, written to by Workload Identity. The signature is of use once
 * the registrar has the zone's DS record. Destroying a zone fails while it holds records besides its
 * own NS and SOA.
 *
 * Rights as in external-dns' docs/tutorials/gke.md: to find the zone, external-dns lists those of
 * the project; to write, it is administrator of this one alone.
 */
export function googleZone(
  name: string,
  args: ZoneArguments,
  provider: GoogleDns,
  options: pulumi.CustomResourceOptions,
): DnsZone {
  const { placement } = provider;
  const { project } = placement;
  const zoneId = provider.zoneId ?? googleZoneName(args);
  const api = new projects.Service(
    `${name}-api`,
    // Others of the project may use it too.
    { project, service: "dns.googleapis.com", disableOnDestroy: false },
    options,
  );
  const after = pulumi.mergeOptions(options, { dependsOn: [api] });
  const created =
    args.mode === "create" ? createZone(name, args, project, zoneId, after) : undefined;
  const grant = workloadIdentity(
    `${name}-identity`,
    { placement, account: EXTERNAL_DNS, accountId: provider.accountId ?? googleAccountId(args) },
    options,
  );
  const { member } = grant.account;
  const reader = new projects.IAMMember(
    `${name}-reader`,
    { project, role: "roles/dns.reader", member },
    options,
  );
  const writer = new dns.DnsManagedZoneIamMember(
    `${name}-writer`,
    { project, managedZone: created?.name ?? zoneId, role: "roles/dns.admin", member },
    after,
  );
  return {
    values: {
      provider: { name: "google" },
      txtPrefix: TXT_PREFIX,
      extraArgs: {
        "google-project": project,
        "google-zone-visibility": "public",
        "zone-id-filter": zoneId,
      },
    },
    grant,
    nameServers: created?.nameServers,
    ready: created === undefined ? [reader, writer] : [reader, writer, created],
  };
}

function createZone(
  name: string,
  { zone, owner, protect }: ZoneArguments,
  project: string,
  zoneId: string,
  options: pulumi.CustomResourceOptions,
): dns.ManagedZone {
  return new dns.ManagedZone(
    `${name}-zone`,
    {
      project,
      name: zoneId,
      dnsName: `${zone}.`,
      description: `Written to by ${owner}`,
      visibility: "public",
      dnssecConfig: { state: "on" },
      forceDestroy: false,
      deletionPolicy: protect ? "PREVENT" : "DELETE",
    },
    { ...options, protect },
  );
}
