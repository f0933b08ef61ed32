import { describe, expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";
import { UNKNOWN, messages, type Fixture } from "../testing";
import { bounds } from "./ranges";
import { cluster, fixture } from "./testing";

const vpc = (ipRange: unknown = "10.69.0.0/16", name = "shop"): Fixture =>
  fixture("Vpc", { region: "fra1", ipRange }, name);
const EXPECTED =
  "set a private range from /16 to /24, so that it is known before the network is created.";

describe("bounds", () => {
  it.each([
    ["0.0.0.0/0", [0, 4294967295]],
    ["10.0.0.7/32", [167772167, 167772167]],
    ["10.0.0.7/24", [167772160, 167772415]],
    ["255.255.255.255/32", [4294967295, 4294967295]],
    ["10.0.0.0/33", undefined],
    ["10.0.0.256/24", undefined],
    ["10.0.0.0", undefined],
    ["fd00::/8", undefined],
  ])("%s", (cidr, expected) => {
    expect(bounds(cidr)).toEqual(expected);
  });
});

testPolicy("digitalocean-vpc-range", {
  happy: () => vpc(),
  broken: [
    { at: ["ipRange"], says: `Vpc "shop": ipRange is missing; ${EXPECTED}` },
    ...["10.0.0.0/15", "10.0.0.0/25", "172.32.0.0/16", "172.15.0.0/16", "11.0.0.0/16"].map(
      (to) => ({
        at: ["ipRange"],
        to,
        says: `Vpc "shop": ipRange is "${to}"; ${EXPECTED}`,
      }),
    ),
    ...["10.0.0.0/24", "172.16.0.0/16", "172.31.0.0/20", "192.168.4.0/22"].map((to) => ({
      at: ["ipRange"],
      to,
      says: [],
    })),
  ],
  unknown: [["ipRange"]],
});

const APART = "digitalocean-ranges-apart";
const meets = (path: string, own: string, other: string): string =>
  `KubernetesCluster "orders": ${path} is "${own}"; it overlaps ${other}: use another range.`;

testPolicy(APART, {
  happy: () => [cluster(), vpc(), vpc("10.71.16.0/24", "next")],
  broken: [
    {
      at: ["clusterSubnet"],
      to: "10.69.255.0/24",
      says: meets("clusterSubnet", "10.69.255.0/24", 'ipRange "10.69.0.0/16" of Vpc "shop"'),
    },
    {
      at: ["serviceSubnet"],
      to: "10.70.9.0/24",
      says: meets(
        "serviceSubnet",
        "10.70.9.0/24",
        'clusterSubnet "10.70.0.0/16" of KubernetesCluster "orders"',
      ),
    },
    { at: ["serviceSubnet"], to: "any", says: [] },
    {
      of: 1,
      at: ["ipRange"],
      to: "10.71.15.255/32",
      says: 'Vpc "shop": ipRange is "10.71.15.255/32"; it overlaps serviceSubnet "10.71.0.0/20" of KubernetesCluster "orders": use another range.',
    },
  ],
  unknown: [["clusterSubnet"], [1, "ipRange"]],
});

describe("digitalocean-ranges-apart", () => {
  it("compares with the range that ends last", async () => {
    const inner = vpc("10.69.1.0/24", "inner");
    const last = vpc("10.69.3.0/24", "last");
    const outer = 'it overlaps ipRange "10.69.0.0/16" of Vpc "shop": use another range.';
    expect(await messages(APART, [vpc(), last, inner])).toEqual([
      `Vpc "inner": ipRange is "10.69.1.0/24"; ${outer}`,
      `Vpc "last": ipRange is "10.69.3.0/24"; ${outer}`,
    ]);
  });

  it("reports the first of two ranges with the same end", async () => {
    const half = vpc("10.69.128.0/17", "half");
    const last = vpc("10.69.255.0/24", "last");
    const outer = 'it overlaps ipRange "10.69.0.0/16" of Vpc "shop": use another range.';
    expect(await messages(APART, [vpc(), half, last])).toEqual([
      `Vpc "half": ipRange is "10.69.128.0/17"; ${outer}`,
      `Vpc "last": ipRange is "10.69.255.0/24"; ${outer}`,
    ]);
  });

  it("ignores an unknown range", async () => {
    expect(await messages(APART, [vpc(), broken(vpc(), ["ipRange"], UNKNOWN)])).toEqual([]);
  });
});
