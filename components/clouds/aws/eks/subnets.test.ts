import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cidr, overlap, within } from "../../../../lib/cidr";
import { subnets } from "./subnets";

/** Networks that a cluster can have. */
const networks = fc
  .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 16, max: 20 }))
  .map(([octet, prefix]) => `10.${octet}.0.0/${prefix}`);

describe("the subnets of a network", () => {
  it("are a large private and a small public one in each zone", () => {
    expect(subnets("10.50.0.0/16", ["x", "y", "z"])).toEqual([
      { zone: "x", private: "10.50.0.0/18", public: "10.50.192.0/20" },
      { zone: "y", private: "10.50.64.0/18", public: "10.50.208.0/20" },
      { zone: "z", private: "10.50.128.0/18", public: "10.50.224.0/20" },
    ]);
    expect(subnets("172.20.48.0/20", ["z"])).toEqual([
      { zone: "z", private: "172.20.48.0/22", public: "172.20.60.0/24" },
    ]);
  });

  it("are inside the network and never overlap", () => {
    fc.assert(
      fc.property(networks, (network) => {
        const parts = subnets(network, ["x", "y", "z"]).flatMap((zone) => [
          cidr(zone.private),
          cidr(zone.public),
        ]);
        expect(parts.filter((one) => !within(one, cidr(network)))).toEqual([]);
        const pairs = parts.flatMap((one, i) =>
          parts.slice(i + 1).map((two) => [one, two] as const),
        );
        expect(pairs.filter(([one, two]) => overlap(one, two))).toEqual([]);
        expect(pairs).toHaveLength(15);
      }),
    );
  });

  it("cannot be derived from an invalid range", () => {
    expect(() => subnets("10.50.0.1/16", ["x"])).toThrow(
      "10.50.0.1/16 is not a range of IPv4 addresses",
    );
  });
});
