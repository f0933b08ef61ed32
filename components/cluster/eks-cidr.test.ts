import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { format, NOWHERE, overlap, parse, PRIVATE, subnets, within } from "./eks-cidr";

const read = (text: string) => {
  const range = parse(text);
  if (range === undefined) throw new Error(`${text} is no range`);
  return range;
};

/** Any range that is written with its first address. */
const ranges = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 8, max: 28 }))
  .map(([address, prefix]) => ({ first: address - (address % 2 ** (32 - prefix)), prefix }));

describe("a range of addresses", () => {
  it("is written as it was read", () => {
    fc.assert(
      fc.property(ranges, (range) => {
        expect(parse(format(range))).toEqual(range);
      }),
    );
  });

  it.each([
    "10.50.0.1/16",
    "10.50.0.0",
    "10.50.0/16",
    "10.256.0.0/16",
    "10.50.0.0/33",
    "fd00::/8",
    "",
  ])("is not %j", (text) => {
    expect(parse(text)).toBeUndefined();
  });

  it.each([
    ["10.0.0.0/8", "10.255.255.0/24", true],
    ["10.255.255.0/24", "10.0.0.0/8", true],
    ["10.0.0.0/9", "10.128.0.0/9", false],
    ["192.168.4.0/23", "192.168.6.0/24", false],
    ["192.168.4.0/22", "192.168.6.0/24", true],
    ["0.0.0.0/0", "255.255.255.255/32", true],
  ])("%s shares addresses with %s: %s", (one, other, shares) => {
    expect(overlap(read(one), read(other))).toBe(shares);
  });

  it("lies within another only if the whole of it does", () => {
    expect(within(read("10.3.0.0/16"), read("10.0.0.0/8"))).toBe(true);
    expect(within(read("10.0.0.0/8"), read("10.3.0.0/16"))).toBe(false);
    expect(within(read("11.0.0.0/16"), read("10.0.0.0/8"))).toBe(false);
  });

  it("is known as private, and as one that nobody comes from", () => {
    expect(PRIVATE.map(format)).toEqual(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]);
    expect(NOWHERE.map(format)).toContain("203.0.113.0/24");
    expect(NOWHERE).toHaveLength(6);
  });
});

describe("the subnets of a network", () => {
  it("are a large private and a small public one a zone", () => {
    expect(subnets("10.50.0.0/16", ["x", "y", "z"])).toEqual([
      { zone: "x", private: "10.50.0.0/18", public: "10.50.192.0/20" },
      { zone: "y", private: "10.50.64.0/18", public: "10.50.208.0/20" },
      { zone: "z", private: "10.50.128.0/18", public: "10.50.224.0/20" },
    ]);
    expect(subnets("172.20.48.0/20", ["z"])).toEqual([
      { zone: "z", private: "172.20.48.0/22", public: "172.20.60.0/24" },
    ]);
  });

  it("lie in the network and never overlap", () => {
    fc.assert(
      fc.property(ranges, (range) => {
        const parts = subnets(format(range), ["x", "y", "z"]).flatMap((zone) => [
          read(zone.private),
          read(zone.public),
        ]);
        expect(parts.every((one) => within(one, range))).toBe(true);
        const pairs = parts.flatMap((one, i) =>
          parts.slice(i + 1).map((two) => [one, two] as const),
        );
        expect(pairs.filter(([one, two]) => overlap(one, two))).toEqual([]);
        expect(pairs).toHaveLength(15);
      }),
    );
  });

  it("cannot be had of what is no range", () => {
    expect(() => subnets("10.50.0.1/16", ["x"])).toThrow("10.50.0.1/16 is no range");
  });
});
