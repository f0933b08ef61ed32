import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPrivate, overlap, parseCidr, type Cidr } from "./cidr";

const dotted = (address: number): string =>
  [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".");

/** Any network in canonical form. */
const network = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 32 }))
  .map(([address, prefix]) => {
    const size = 2 ** (32 - prefix);
    return { text: `${dotted(address - (address % size))}/${prefix}`, prefix };
  });

function cidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if (parsed === undefined) throw new Error(`${text} is not a network`);
  return parsed;
}

describe("a network", () => {
  it("is read as its first and last address", () => {
    expect(cidr("10.20.16.0/20")).toEqual({
      text: "10.20.16.0/20",
      first: 169_086_976,
      last: 169_091_071,
      prefix: 20,
    });
  });

  it("holds two to the power of its free bits, and begins where it says", () => {
    fc.assert(
      fc.property(network, ({ text, prefix }) => {
        const { first, last } = cidr(text);
        expect(last - first + 1).toBe(2 ** (32 - prefix));
        expect(`${dotted(first)}/${prefix}`).toBe(text);
      }),
    );
  });

  it("is refused when an address inside it is meant", () => {
    fc.assert(
      fc.property(network, fc.nat(), ({ text, prefix }, seed) => {
        fc.pre(prefix < 32);
        const { first, last } = cidr(text);
        const inside = first + 1 + (seed % (last - first));
        expect(parseCidr(`${dotted(inside)}/${prefix}`)).toBeUndefined();
      }),
    );
  });

  it.each(["10.0.0.0", "10.0.0.0/33", "256.0.0.0/8", "10.0.0/8", "fd00::/8", "10.0.0.0/8 ", ""])(
    "is not %j",
    (text) => {
      expect(parseCidr(text)).toBeUndefined();
    },
  );
});

describe("two networks", () => {
  it("overlap exactly when one holds the other's first address", () => {
    fc.assert(
      fc.property(network, network, (one, other) => {
        const [a, b] = [cidr(one.text), cidr(other.text)];
        const holds = (outer: Cidr, inner: Cidr) =>
          inner.first >= outer.first && inner.first <= outer.last;
        expect(overlap(a, b)).toBe(holds(a, b) || holds(b, a));
        expect(overlap(b, a)).toBe(overlap(a, b));
      }),
    );
  });

  it.each([
    ["10.0.0.0/24", "10.0.1.0/24", false],
    ["10.0.0.0/23", "10.0.1.0/24", true],
    ["10.0.1.0/24", "10.0.0.0/23", true],
  ])("%s and %s: %s", (one, other, expected) => {
    expect(overlap(cidr(one), cidr(other))).toBe(expected);
  });
});

describe("a private network", () => {
  it.each([
    ["10.0.0.0/8", true],
    ["10.255.255.255/32", true],
    ["8.0.0.0/6", false],
    ["172.16.0.0/12", true],
    ["172.32.0.0/16", false],
    ["192.168.0.0/16", true],
    ["192.168.0.0/15", false],
    ["100.64.0.0/10", false],
  ])("%s: %s", (text, expected) => {
    expect(isPrivate(cidr(text))).toBe(expected);
  });
});
