import type * as pulumi from "@pulumi/pulumi";
import type { DnsChallenge } from "../../dns/contract";
import { CERT_MANAGER } from "../../dns/contract";
import { POD_IDENTITY_AGENT, toCredentials } from "../../identity/credentials";
import type { AwsDns } from "./dns";
import { podIdentity, type Statement } from "./identity";

/**
 * cert-manager's permission to prove names of the zone by TXT records, with Pod Identity. The zone may not exist yet:
 * the names limit the role, and the zone's id too if the stack sets it.
 */
export function route53Challenge(
  name: string,
  zone: string,
  { placement, zoneId }: AwsDns,
  zoneArn: string,
  options: pulumi.CustomResourceOptions,
): DnsChallenge {
  const grant = podIdentity(
    name,
    { placement, account: CERT_MANAGER, statements: challengeStatements(zone, zoneArn, zoneId) },
    options,
  );
  return {
    solver: {
      route53: {
        region: placement.region,
        ...(zoneId === undefined ? {} : { hostedZoneID: zoneId }),
      },
    },
    grant,
    egress: [toCredentials(POD_IDENTITY_AGENT)],
  };
}

/** cert-manager's own policy (documentation, "Route53"), restricted to the names of challenges. */
export function challengeStatements(
  zone: string,
  zoneArn: string,
  zoneId: string | undefined,
): readonly Statement[] {
  const partition = zoneArn.split(":", 2).join(":");
  return [
    { actions: ["route53:GetChange"], resources: [`${partition}:route53:::change/*`] },
    {
      actions: ["route53:ChangeResourceRecordSets"],
      resources: [zoneArn],
      condition: {
        "ForAllValues:StringLike": {
          "route53:ChangeResourceRecordSetsNormalizedRecordNames": [
            `_acme-challenge.${zone}`,
            `_acme-challenge.*.${zone}`,
          ],
          "route53:ChangeResourceRecordSetsRecordTypes": ["TXT"],
        },
      },
    },
    { actions: ["route53:ListResourceRecordSets"], resources: [zoneArn] },
    ...(zoneId === undefined
      ? [{ actions: ["route53:ListHostedZonesByName"], resources: ["*"] }]
      : []),
  ];
}
