/** Addresses and ranges of addresses, as clouds write them. */
import type { Value } from "./values";

const EVERY = /^(cidr:|ip:)?(0\.0\.0\.0|\[?(::|0:0:0:0:0:0:0:0)\]?)(\/0)?$/;
/** Where every address is refused, people write its two halves. */
const HALF = /^(cidr:)?(0\.0\.0\.0|128\.0\.0\.0|::|8000::)\/1$/;

/**
 * Whether one address or range stands for every address there is, or for half of them, of IPv4 or
 * IPv6; DigitalOcean's load balancers write `cidr:` or `ip:` in front of it, and an address may stand
 * in brackets.
 */
export const isEverywhere = ({ string = "" }: Value): boolean =>
  EVERY.test(string.trim()) || HALF.test(string.trim());
