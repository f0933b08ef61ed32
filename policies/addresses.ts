/** Addresses and ranges of addresses, as clouds write them. */
import type { Value } from "./values";

const EVERY = /^(cidr:|ip:)?(0\.0\.0\.0|\[?(::|0:0:0:0:0:0:0:0)\]?)(\/0)?$/;
/** If every address is refused, people write its two halves instead. */
const HALF = /^(cidr:)?(0\.0\.0\.0|128\.0\.0\.0|::|8000::)\/1$/;

/**
 * Whether an address or range covers every IPv4 or IPv6 address, or half of them. DigitalOcean's
 * load balancers prefix it with `cidr:` or `ip:`, and an address may be in brackets.
 */
export const isEverywhere = ({ string = "" }: Value): boolean =>
  EVERY.test(string.trim()) || HALF.test(string.trim());
