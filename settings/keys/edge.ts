import { unless, type Check } from "../problem";
import { DOMAIN, email, matching, oneOf } from "./formats";
import type { Site } from "../site";
import { on, optional, required, withDefault } from "./key";

const zoneHoldsDomain: Check = ({ dnsZone: zone, domain }) =>
  unless(
    zone === undefined || domain === zone || domain.endsWith(`.${zone}`),
    "dnsZone",
    zone,
    `the domain ${domain} or a parent of it`,
  );

const canBeAutomatic = ({ cloud, system, writesRecords }: Site): boolean =>
  cloud === "aws" && system.failover !== undefined && writesRecords;

const failoverOf = (
  given: "automatic" | "active" | "standby" | undefined,
  site: Site,
): "automatic" | "active" | "standby" => {
  if (given !== undefined) return given;
  if (site.environment !== "staging" && canBeAutomatic(site)) return "automatic";
  return site.environment === "dr" ? "standby" : "active";
};

const automaticPossible: Check = ({ failover }, site) =>
  unless(
    failover !== "automatic" || canBeAutomatic(site),
    "failover",
    failover,
    '"active" or "standby": only Route 53 moves a host by itself, and only for a runbook with a failover',
  );

/** Route 53 refuses a record of its own beside one half of a failover. */
const halfOfFailover: Check = ({ failover }, site) =>
  unless(
    failover !== "active" || site.environment !== "prod" || !canBeAutomatic(site),
    "failover",
    failover,
    '"automatic" or "standby" in prod: its record is one half of a failover. To move the host back here, remove the key in dr',
  );

/** Public host names and their certificates. */
export const edge = {
  domain: required({
    schema: matching(DOMAIN, "a domain name in lower case, such as todo.example.com"),
    doc: "The system's host name",
    example: "todo.example.com",
  }),
  dns: withDefault({
    schema: oneOf(["create", "adopt", "manual"]),
    fallback: "adopt",
    doc: "Whether to create the DNS zone (create), to write records to an existing one (adopt), or to write no records (manual)",
    example: "create",
  }),
  dnsZone: optional({
    schema: matching(DOMAIN, "a domain name in lower case, such as example.com"),
    doc: "The DNS zone that holds the domain",
    otherwise: "the domain itself",
    example: "example.com",
    rules: [zoneHoldsDomain],
    settle: (given, { domain }) => given ?? domain,
  }),
  dnsZoneId: optional({
    schema: matching(/^[A-Za-z0-9-]{1,64}$/, "the zone's id in the cloud"),
    doc: "On aws, the DNS zone's id, which limits permissions to that zone; on gcp, the zone's name in Cloud DNS",
    otherwise:
      "on aws, permissions are limited by domain instead; on gcp, the name that Pulumi would give the zone",
    example: "Z0123456789ABCDEFGHIJ",
    only: on("aws", "gcp"),
  }),
  failover: optional({
    schema: oneOf(["automatic", "active", "standby"]),
    doc: "Who answers for the hosts that prod and dr share: the region that Route 53's health check finds (automatic), this environment (active), or the other one (standby)",
    note: "Only one of prod and dr may be active. Set it in both to move the hosts by hand: first standby, then active. Where dr can be automatic, active in dr alone moves the hosts there and, while dr answers, keeps them when prod recovers.",
    otherwise:
      "automatic on aws, if the runbook names a failover and dns is not manual; otherwise active, and standby in dr",
    example: "active",
    only: { where: "in prod and dr", applies: ({ environment }) => environment !== "staging" },
    rules: [automaticPossible, halfOfFailover],
    settle: failoverOf,
  }),
  email: required({
    schema: email,
    doc: "E-mail address that Let's Encrypt notifies about failed certificate renewals",
    example: "operations@example.com",
  }),
};
