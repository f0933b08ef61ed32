import * as route53 from "@pulumi/aws/route53";
import type * as pulumi from "@pulumi/pulumi";
import type { AwsPlacement } from "../../cluster/contract";
import { route53Challenge } from "./dns-certificates";
import { route53Failover } from "./dns-failover";
import { podIdentity, type Statement } from "./identity";
import {
  EXTERNAL_DNS,
  TXT_PREFIX,
  type DnsHost,
  type DnsZone,
  type ZoneArguments,
} from "../../dns/contract";
import { POD_IDENTITY_AGENT, toCredentials } from "../../identity/credentials";
import { quoted, type Rule } from "../../kit/validation";

export interface AwsDns {
  readonly placement: Pick<AwsPlacement, "region" | "clusterName" | "identityReady">;
  /**
   * The id of an adopted zone. Without it the role may write to every public zone of the account,
   * though only names in this domain: looking up the id of a zone would need a call to AWS.
   * @default none
   */
  readonly zoneId?: string | undefined;
}

/**
 * What external-dns writes by default: the gateway's addresses, and TXT records with their owner.
 */
const RECORD_TYPES = ["A", "AAAA", "CNAME", "TXT"] as const;

/**
 * A public zone in Route 53, written to with Pod Identity. Route 53 allows several zones of one
 * name in an account: `create` next to an existing zone makes a second one, which gets no queries
 * until the registrar is changed. Destroying a zone fails while it has records other than its own
 * NS and SOA.
 */
export const route53Dns = (provider: AwsDns): DnsHost => ({
  cloud: "aws",
  egress: [toCredentials(POD_IDENTITY_AGENT)],
  rules: (args) => zoneIdRules(args, provider),
  zone: (name, args, options) => createZone(name, args, provider, options),
  challenge: (name, zone, options) =>
    route53Challenge(
      name,
      zone,
      provider,
      zoneArn(provider.placement.region, provider.zoneId ?? "*"),
      options,
    ),
  failover: route53Failover,
});

const ZONE_ID = /^Z[A-Z0-9]{1,31}$/;

const zoneIdRules = ({ mode }: ZoneArguments, { zoneId }: AwsDns): readonly Rule[] =>
  zoneId === undefined
    ? []
    : [
        {
          holds: mode !== "create",
          key: "zoneId",
          value: quoted(zoneId),
          allowed: "unset when the stack creates the zone",
          next: "Remove runstack:dnsZoneId, or set runstack:dns to adopt.",
        },
        {
          holds: ZONE_ID.test(zoneId),
          key: "zoneId",
          value: quoted(zoneId),
          allowed: "the zone's id in Route 53: a Z and up to 31 capital letters and digits",
          next: "Copy it from the zone's details, without /hostedzone/ before it.",
        },
      ];

function createZone(
  name: string,
  args: ZoneArguments,
  { placement, zoneId }: AwsDns,
  options: pulumi.CustomResourceOptions,
): DnsZone {
  const created =
    args.mode === "create"
      ? new route53.Zone(
          `${name}-zone`,
          { name: args.zone, comment: `Written to by ${args.owner}`, forceDestroy: false },
          { ...options, protect: args.protect },
        )
      : undefined;
  const grant = podIdentity(
    `${name}-identity`,
    {
      placement,
      account: EXTERNAL_DNS,
      statements: zoneStatements(
        args.zone,
        created?.arn ?? zoneArn(placement.region, zoneId ?? "*"),
      ),
    },
    options,
  );
  return {
    values: values(placement.region, zoneId),
    grant,
    nameServers: created?.nameServers,
    ready: created === undefined ? [] : [created],
  };
}

const values = (region: string, zoneId: string | undefined): Readonly<Record<string, unknown>> => ({
  provider: { name: "aws" },
  // Set here, because pods cannot ask the node's metadata service.
  env: [{ name: "AWS_DEFAULT_REGION", value: region }],
  txtPrefix: TXT_PREFIX,
  extraArgs: {
    // A private zone of the same name only answers inside a VPC.
    "aws-zone-type": "public",
    ...(zoneId === undefined ? {} : { "zone-id-filter": zoneId }),
  },
});

/**
 * external-dns' own policy (docs/tutorials/aws.md), restricted further to the names and types that
 * it writes: it allows neither delegations nor mail records.
 */
export function zoneStatements(zone: string, arn: pulumi.Input<string>): readonly Statement[] {
  return [
    {
      actions: ["route53:ChangeResourceRecordSets"],
      resources: [arn],
      condition: {
        "ForAllValues:StringLike": {
          "route53:ChangeResourceRecordSetsNormalizedRecordNames": [zone, `*.${zone}`],
          "route53:ChangeResourceRecordSetsActions": ["CREATE", "UPSERT", "DELETE"],
          "route53:ChangeResourceRecordSetsRecordTypes": RECORD_TYPES,
        },
      },
    },
    {
      actions: ["route53:ListResourceRecordSets", "route53:ListTagsForResources"],
      resources: [arn],
    },
    { actions: ["route53:ListHostedZones"], resources: ["*"] },
  ];
}

/** Route 53 is one service for each partition, in no region. */
const zoneArn = (region: string, zoneId: string): string =>
  `arn:${partition(region)}:route53:::hostedzone/${zoneId}`;

const partition = (region: string): string =>
  region.startsWith("cn-") ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
