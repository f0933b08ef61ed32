import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cidr, isPrivate, overlap, parseCidr, part, within, type Cidr } from "./cidr";

const dotted = (address: number): string =>
  [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".");

/** Any network in canonical form. */
const network = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 32 }))
  .map(([address, prefix]) => {
    const size = 2 ** (32 - prefix);
    return { text: `${dotted(address - (address % size))}/${prefix}`, prefix };
  });

describe("a network", () => {
  it("is read as its first and last address", () => {
    expect(cidr("10.20.16.0/20")).toEqual({
      text: "10.20.16.0/20",
      first: 169_086_976,
      last: 169_091_071,
      prefix: 20,
    });
  });

  it("contains two to the power of its free bits, and starts at its address", () => {
    fc.assert(
      fc.property(network, ({ text, prefix }) => {
        const { first, last } = cidr(text);
        expect(last - first + 1).toBe(2 ** (32 - prefix));
        expect(`${dotted(first)}/${prefix}`).toBe(text);
      }),
    );
  });

  it("is refused if it is written with an address inside it", () => {
    fc.assert(
      fc.property(network, fc.nat(), ({ text, prefix }, seed) => {
        fc.pre(prefix < 32);
        const { first, last } = cidr(text);
        const inside = first + 1 + (seed % (last - first));
        expect(parseCidr(`${dotted(inside)}/${prefix}`)).toBeUndefined();
      }),
    );
  });

  it.each([
    "10.0.0.0",
    "10.0.0.0/33",
    "256.0.0.0/8",
    "10.0.0/8",
    "fd00::/8",
    "10.0.0.0/8 ",
    "010.0.0.0/8",
    "",
  ])("is not %j", (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });
});

describe("two networks", () => {
  it("overlap exactly if one contains the other's first address", () => {
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

describe("a network in a network", () => {
  it.each([
    ["10.3.0.0/16", "10.0.0.0/8", true],
    ["10.0.0.0/8", "10.3.0.0/16", false],
    ["11.0.0.0/16", "10.0.0.0/8", false],
    ["255.255.255.255/32", "0.0.0.0/0", true],
  ])("%s lies within %s: %s", (inner, outer, expected) => {
    expect(within(cidr(inner), cidr(outer))).toBe(expected);
  });

  it("is one of its equal parts", () => {
    fc.assert(
      fc.property(network, fc.integer({ min: 0, max: 3 }), ({ text, prefix }, bits) => {
        fc.pre(prefix + bits <= 32);
        const whole = cidr(text);
        const parts = Array.from({ length: 2 ** bits }, (_, index) =>
          cidr(part(whole, bits, index)),
        );
        expect(parts.map(({ first }) => first)).toEqual([
          whole.first,
          ...parts.slice(0, -1).map(({ last }) => last + 1),
        ]);
        expect([parts.at(-1)?.last, parts[0]?.prefix]).toEqual([whole.last, prefix + bits]);
      }),
    );
  });
});

it("refuses text that is not a range", () => {
  expect(() => cidr("10.50.0.1/16")).toThrow(
    new TypeError("10.50.0.1/16 is not a range of IPv4 addresses"),
  );
});
