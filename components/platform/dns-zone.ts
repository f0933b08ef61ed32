import type * as pulumi from "@pulumi/pulumi";
import type { Grant } from "../identity/contract";
import { ComponentError } from "../kit/component";
import type { AwsDns } from "../clouds/aws/dns";
import type { DigitalOceanDns } from "../clouds/digitalocean/dns";
import type { GoogleDns } from "../clouds/gcp/dns";

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

/** Who keeps the zone; the words of one cloud stay inside its own member. */
export type DnsProvider = AwsDns | DigitalOceanDns | GoogleDns;

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
export const EXTERNAL_DNS = { namespace: "external-dns", serviceAccount: "external-dns" } as const;

/**
 * Before the names of the records that say who owns a record. Without it the one of the domain itself
 * would lie outside of the zone (external-dns, "The TXT registry"). It must never change: what
 * was marked before would be nobody's.
 */
export const TXT_PREFIX = "external-dns-%{record_type}.";

/** As Google's own examples name a zone: the domain with hyphens for dots. */
export const googleZoneName = ({ zone }: Pick<ZoneArguments, "zone">): string =>
  zone.replaceAll(".", "-");

export const googleAccountId = ({ owner }: Pick<ZoneArguments, "owner">): string => `${owner}-dns`;

/** Lower case, two labels at least: a top-level domain is nobody's zone. */
const DOMAIN =
  /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const ROUTE53_ID = /^Z[A-Z0-9]{1,31}$/;
const CLOUD_DNS_NAME = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const GOOGLE_ACCOUNT = /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/;

type Checked = Pick<ZoneArguments, "zone" | "mode" | "owner"> & { readonly provider: DnsProvider };

/** Pure. */
export function checkDns(name: string, args: Checked): void {
  const wrong = [...checkNames(args), ...checkProvider(args)][0];
  if (wrong === undefined) return;
  const { key, value, allowed, next } = wrong;
  throw new ComponentError(`Dns ${name}`, key, `"${value}"`, allowed, next);
}

interface Wrong {
  readonly key: string;
  readonly value: string;
  readonly allowed: string;
  readonly next: string;
}

function checkNames({ zone, owner }: Checked): readonly Wrong[] {
  return [
    ...(DOMAIN.test(zone)
      ? []
      : [
          {
            key: "zone",
            value: zone,
            allowed: "a domain name in lower case without a dot at its end, such as example.org",
            next: "Set runstack:dnsZone.",
          },
        ]),
    ...(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(owner)
      ? []
      : [
          {
            key: "owner",
            value: owner,
            allowed: "1 to 63 lower-case letters, digits and hyphens",
            next: "It stands in a TXT record beside each of ours.",
          },
        ]),
  ];
}

function checkProvider(args: Checked): readonly Wrong[] {
  switch (args.provider.cloud) {
    case "digitalocean":
      return [];
    case "aws":
      return checkAws(args, args.provider);
    case "gcp":
      return checkGoogle(args, args.provider);
  }
}

function checkAws({ mode }: Checked, { zoneId }: AwsDns): readonly Wrong[] {
  if (zoneId === undefined) return [];
  if (mode === "create") {
    return [
      {
        key: "zoneId",
        value: zoneId,
        allowed: "left out where the zone is made here",
        next: "Remove runstack:dnsZoneId, or set runstack:dns to adopt.",
      },
    ];
  }
  if (ROUTE53_ID.test(zoneId)) return [];
  return [
    {
      key: "zoneId",
      value: zoneId,
      allowed: "Route 53's id of the zone, a Z and up to 31 capital letters and digits",
      next: "Copy it from the zone's details, without /hostedzone/ before it.",
    },
  ];
}

function checkGoogle(args: Checked, provider: GoogleDns): readonly Wrong[] {
  const zoneId = provider.zoneId ?? googleZoneName(args);
  const accountId = provider.accountId ?? googleAccountId(args);
  return [
    ...(CLOUD_DNS_NAME.test(zoneId)
      ? []
      : [
          {
            key: "zoneId",
            value: zoneId,
            allowed: "1 to 63 lower-case letters, digits and hyphens, beginning with a letter",
            next: "Set runstack:dnsZoneId to the zone's name in Cloud DNS, which is not its domain.",
          },
        ]),
    ...(GOOGLE_ACCOUNT.test(accountId)
      ? []
      : [
          {
            key: "accountId",
            value: accountId,
            allowed: "6 to 30 lower-case letters, digits and hyphens, beginning with a letter",
            next: "Give one that is short enough.",
          },
        ]),
  ];
}
