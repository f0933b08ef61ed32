import { unless, type Check } from "../problem";
import { DOMAIN, email, matching, oneOf } from "./formats";
import { on, optional, required, withDefault } from "./key";

const zoneHoldsDomain: Check = ({ dnsZone: zone, domain }) =>
  unless(
    zone === undefined || domain === zone || domain.endsWith(`.${zone}`),
    "dnsZone",
    zone,
    `the domain ${domain} or a parent of it`,
  );

/** Names on the internet and their certificates. */
export const edge = {
  domain: required({
    schema: matching(DOMAIN, "a domain name in lower case, such as todo.example.com"),
    doc: "The system's host name",
    example: "todo.example.com",
  }),
  dns: withDefault({
    schema: oneOf(["create", "adopt", "manual"]),
    fallback: "adopt",
    doc: "Whether to create the DNS zone, to write records to an existing one (adopt), or to write none (manual)",
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
    doc: "The DNS zone's id on aws, to which rights are then limited; its name in Cloud DNS on gcp",
    otherwise:
      "on aws, rights are limited by the domain; on gcp, the name that Pulumi would give the zone",
    example: "Z0123456789ABCDEFGHIJ",
    only: on("aws", "gcp"),
  }),
  email: required({
    schema: email,
    doc: "Whom Let's Encrypt tells when a certificate could not be renewed",
    example: "operations@example.com",
  }),
};
