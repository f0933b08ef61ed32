/** IPv4 ranges, as far as a network on AWS needs them. Pure. */

export interface Range4 {
  /** The first address, as a number. */
  readonly first: number;
  /** How many leading bits are fixed: 16 of a /16. */
  readonly prefix: number;
}

const size = (prefix: number): number => 2 ** (32 - prefix);

/** A range in CIDR notation; undefined where it is none, or where its address is not its first. */
export function parse(text: string): Range4 | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (match === null) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.slice(1).map(Number);
  if (Math.max(a, b, c, d) > 255 || prefix > 32) return undefined;
  const first = ((a * 256 + b) * 256 + c) * 256 + d;
  return first % size(prefix) === 0 ? { first, prefix } : undefined;
}

export function format({ first, prefix }: Range4): string {
  const octets = [24, 16, 8, 0].map((bits) => Math.floor(first / 2 ** bits) % 256);
  return `${octets.join(".")}/${String(prefix)}`;
}

export const overlap = (one: Range4, other: Range4): boolean =>
  one.first < other.first + size(other.prefix) && other.first < one.first + size(one.prefix);

export const within = (inner: Range4, outer: Range4): boolean =>
  inner.prefix >= outer.prefix && overlap(inner, outer);

/** The `index`th of the equal parts into which a range falls when `bits` more bits are fixed. */
function part({ first, prefix }: Range4, bits: number, index: number): Range4 {
  return { first: first + index * size(prefix + bits), prefix: prefix + bits };
}

export interface ZoneRanges {
  readonly zone: string;
  readonly private: string;
  readonly public: string;
}

/**
 * A private and a public range for each of up to three zones. Pods take addresses of the private
 * ones, so each of these is a quarter of the network; the public ones, which hold load balancers and
 * NAT gateways, are sixteenths. The last sixteenth stays free for what is not thought of yet.
 */
export function subnets(network: string, zones: readonly string[]): readonly ZoneRanges[] {
  const whole = known(network);
  return zones.map((zone, index) => ({
    zone,
    private: format(part(whole, 2, index)),
    public: format(part(whole, 4, 12 + index)),
  }));
}

/** Only for ranges that were checked before. */
function known(text: string): Range4 {
  const range = parse(text);
  if (range === undefined) throw new TypeError(`${text} is no range`);
  return range;
}

/** RFC 1918. */
export const PRIVATE: readonly Range4[] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map(
  known,
);

/** RFC 5737 and 6598, loopback and link-local: nobody comes from there. */
export const NOWHERE: readonly Range4[] = [
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "192.0.2.0/24",
  "198.51.100.0/24",
  "203.0.113.0/24",
].map(known);
