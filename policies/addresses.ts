/** Addresses and ranges of addresses, as clouds write them. */
import type { Value } from "./values";

/**
 * Whether one address or range stands for every address there is, of IPv4 or IPv6; DigitalOcean's
 * load balancers write `cidr:` or `ip:` in front of it, and an address may stand in brackets.
 */
export const isEverywhere = ({ text = "" }: Value): boolean =>
  /^(cidr:|ip:)?(0\.0\.0\.0|\[?(::|0:0:0:0:0:0:0:0)\]?)(\/0)?$/.test(text.trim());
