import * as dns from "@pulumi/gcp/dns";
import * as projects from "@pulumi/gcp/projects";
import * as pulumi from "@pulumi/pulumi";
import type { GooglePlacement } from "../../cluster/contract";
import { workloadIdentity } from "./identity";
import {
  CERT_MANAGER,
  EXTERNAL_DNS,
  TXT_PREFIX,
  type DnsChallenge,
  type DnsHost,
  type DnsZone,
  type ZoneArguments,
} from "../../dns/contract";
import { METADATA_SERVER, toCredentials } from "../../identity/credentials";
import { quoted, type Rule } from "../../kit/validation";

export interface GoogleDns {
  readonly placement: Pick<GooglePlacement, "project" | "workloadPool" | "identityReady">;
  /**
   * The zone's name in Cloud DNS, which is not its domain. Changing it replaces a zone that is
   * created here.
   * @default the domain with hyphens for dots, as in Google's own examples
   */
  readonly zoneId?: string | undefined;
  /** Id of the Google service account that writes records: unique in the project. */
  readonly accountId: string;
  /** Id of the one that proves names for certificates. */
  readonly challengeAccountId: string;
}

/**
 * A public, signed zone in Cloud DNS, written to with Workload Identity. The signature takes effect
 * once the registrar has the zone's DS record. Destroying a zone fails while it has records other
 * than its own NS and SOA.
 *
 * Permissions as in external-dns' docs/tutorials/gke.md: to find the zone, external-dns may list
 * the project's zones; it is administrator of this zone only.
 */
export const cloudDns = (provider: GoogleDns): DnsHost => ({
  cloud: "gcp",
  egress: [toCredentials(METADATA_SERVER)],
  rules: (args) => nameRules(args, provider),
  zone: (name, args, options) => openZone(name, args, provider, options),
  challenge: (name, zone, options) =>
    challenge(name, zoneName({ zone }, provider), provider, options),
});

/** Google's own examples name a zone like this: the domain with hyphens for dots. */
const zoneName = (
  { zone }: Pick<ZoneArguments, "zone">,
  { zoneId }: Pick<GoogleDns, "zoneId">,
): string => zoneId ?? zone.replaceAll(".", "-");

function nameRules(args: ZoneArguments, provider: GoogleDns): readonly Rule[] {
  const zoneId = zoneName(args, provider);
  const { accountId } = provider;
  return [
    {
      holds: /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(zoneId),
      key: "zoneId",
      value: quoted(zoneId),
      allowed: "1 to 63 lower-case letters, digits and hyphens, beginning with a letter",
      next: "Set runstack:dnsZoneId to the zone's name in Cloud DNS, which is not its domain.",
    },
    {
      holds: /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(accountId),
      key: "accountId",
      value: quoted(accountId),
      allowed: "6 to 30 lower-case letters, digits and hyphens, beginning with a letter",
      next: "The Google service account that writes records is named after the system: shorten the system's id.",
    },
  ];
}

function openZone(
  name: string,
  args: ZoneArguments,
  provider: GoogleDns,
  options: pulumi.CustomResourceOptions,
): DnsZone {
  const { placement, accountId } = provider;
  const { project } = placement;
  const zoneId = zoneName(args, provider);
  const after = pulumi.mergeOptions(options, { dependsOn: [enableApi(name, project, options)] });
  const created =
    args.mode === "create" ? createZone(name, args, project, zoneId, after) : undefined;
  const grant = workloadIdentity(
    `${name}-identity`,
    { placement, account: EXTERNAL_DNS, accountId },
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
    values: values(project, zoneId),
    grant,
    nameServers: created?.nameServers,
    ready: [reader, writer, ...(created === undefined ? [] : [created])],
  };
}

const enableApi = (name: string, project: string, options: pulumi.CustomResourceOptions) =>
  new projects.Service(
    `${name}-api`,
    // Other users of the project may need it too.
    { project, service: "dns.googleapis.com", disableOnDestroy: false },
    options,
  );

/**
 * cert-manager as administrator of this zone only: Cloud DNS has no narrower role for one zone. With the zone's name
 * it need not list the project's zones (cert-manager, "Google CloudDNS").
 */
function challenge(
  name: string,
  zone: string,
  { placement, challengeAccountId: accountId }: GoogleDns,
  options: pulumi.CustomResourceOptions,
): DnsChallenge {
  const { project } = placement;
  const account = { ...CERT_MANAGER, serviceAccount: "cert-manager-dns" };
  const grant = workloadIdentity(name, { placement, account, accountId }, options);
  const writer = new dns.DnsManagedZoneIamMember(
    `${name}-writer`,
    { project, managedZone: zone, role: "roles/dns.admin", member: grant.account.member },
    options,
  );
  return {
    solver: { cloudDNS: { project, hostedZoneName: zone } },
    grant: { ...grant, ready: [...grant.ready, writer] },
    account: account.serviceAccount,
    egress: [toCredentials(METADATA_SERVER)],
  };
}

const values = (project: string, zoneId: string): Readonly<Record<string, unknown>> => ({
  provider: { name: "google" },
  txtPrefix: TXT_PREFIX,
  extraArgs: {
    "google-project": project,
    "google-zone-visibility": "public",
    "zone-id-filter": zoneId,
  },
});

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
