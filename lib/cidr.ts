/** Ranges of IPv4 addresses; `ipaddr.js` reads and writes the addresses. */
import ipaddr from "ipaddr.js";

export interface Cidr {
  readonly text: string;
  /** The first and the last address, as numbers. */
  readonly first: number;
  readonly last: number;
  /** How many leading bits are fixed: 16 of a /16. */
  readonly prefix: number;
}

const { IPv4 } = ipaddr;
const size = (prefix: number): number => 2 ** (32 - prefix);

/**
 * Undefined unless `text` is a range that starts at its network address: `10.0.0.0/20`, not `10.0.0.1/20`.
 */
export function parseCidr(text: string): Cidr | undefined {
  if (!IPv4.isValidCIDRFourPartDecimal(text)) return undefined;
  const [address, prefix] = IPv4.parseCIDR(text);
  const first = address.octets.reduce((sum, octet) => sum * 256 + octet, 0);
  return first % size(prefix) === 0
    ? { text, first, last: first + size(prefix) - 1, prefix }
    : undefined;
}

/** For ranges that are constants or were validated before. */
export function cidr(text: string): Cidr {
  const range = parseCidr(text);
  if (range === undefined) throw new TypeError(`${text} is not a range of IPv4 addresses`);
  return range;
}

export const overlap = (a: Cidr, b: Cidr): boolean => a.first <= b.last && b.first <= a.last;

export const within = (inner: Cidr, outer: Cidr): boolean =>
  inner.first >= outer.first && inner.last <= outer.last;

/** RFC 1918. */
export const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"] as const;
const PRIVATE_RANGES = PRIVATE.map(cidr);

/** Whether the whole range is private. */
export const isPrivate = (range: Cidr): boolean =>
  PRIVATE_RANGES.some((outer) => within(range, outer));

/** The `index`th of the equal parts of a range that is split by `bits` more bits. */
export function part({ first, prefix }: Cidr, bits: number, index: number): string {
  const start = first + index * size(prefix + bits);
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256);
  return `${new IPv4(octets).toString()}/${prefix + bits}`;
}
