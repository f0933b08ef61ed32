import { enforce, quoted, type Rule } from "../kit/validation";
import type { DnsHost, ZoneArguments } from "./contract";

/** Lower case, at least two labels: a top-level domain is not a valid zone. */
const DOMAIN =
  /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** What every cloud would reject. */
const nameRules = ({ zone, owner }: ZoneArguments): readonly Rule[] => [
  {
    holds: DOMAIN.test(zone),
    key: "zone",
    value: quoted(zone),
    allowed: "a domain name in lower case without a dot at its end, such as example.org",
    next: "Set runstack:dnsZone.",
  },
  {
    holds: LABEL.test(owner),
    key: "owner",
    value: quoted(owner),
    allowed: "1 to 63 lower-case letters, digits and hyphens",
    next: "It is written to a TXT record beside each record of the stack.",
  },
];

/** Pure. */
export function checkDns(name: string, args: ZoneArguments & { readonly host: DnsHost }): void {
  enforce(`Dns ${name}`, [...nameRules(args), ...args.host.rules(args)]);
}
