import { cidr, part } from "../../../../lib/cidr";

export interface ZoneRanges {
  readonly zone: string;
  readonly private: string;
  readonly public: string;
}

/**
 * A private and a public range for each of up to three zones. Pods get addresses of the private
 * ones, so each of these is a quarter of the network; the public ones, for load balancers and NAT
 * gateways, are sixteenths. The last sixteenth is reserved for later use.
 */
export function subnets(network: string, zones: readonly string[]): readonly ZoneRanges[] {
  const whole = cidr(network);
  return zones.map((zone, index) => ({
    zone,
    private: part(whole, 2, index),
    public: part(whole, 4, 12 + index),
  }));
}
