import type * as compute from "@pulumi/gcp/compute";
import { describe, expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { messages, type Fixture } from "../testing";
import { fixture } from "./testing";

const NAME = "gcp-firewall-not-open";

const firewall = (): Fixture =>
  fixture("gcp:compute/firewall:Firewall", {
    network: "shop",
    sourceRanges: ["10.31.0.0/16"],
    sourceTags: undefined,
    allows: [{ protocol: "icmp" }, { protocol: "TCP", ports: ["443", "9000-9001"] }],
  } satisfies compute.FirewallArgs);

const open = (): Fixture => ({
  ...firewall(),
  props: {
    network: "shop",
    sourceRanges: ["10.31.0.0/16", "0.0.0.0/0"],
    allows: [{ protocol: "tcp", ports: ["443", "8443"] }],
  },
});

const says = (path: string, shown: string, from = "0.0.0.0/0"): string =>
  `Firewall "orders": ${path} is ${shown}; it is open to ${from}: list the sources, or remove the port.`;

testPolicy(NAME, {
  happy: firewall,
  broken: [
    { at: ["sourceRanges"], says: says("allows[1].ports[1]", '"9000-9001"', "every source") },
    {
      at: ["sourceRanges"],
      to: [],
      says: says("allows[1].ports[1]", '"9000-9001"', "every source"),
    },
    {
      at: ["sourceRanges", 0],
      to: "::/0",
      says: says("allows[1].ports[1]", '"9000-9001"', "::/0"),
    },
  ],
  unknown: [["sourceRanges"], ["sourceTags"], ["sourceServiceAccounts"], ["allows"]],
});

testPolicy(NAME, {
  happy: open,
  broken: [
    { at: ["allows", 0, "ports", 1], to: "22", says: says("allows[0].ports[1]", '"22"') },
    { at: ["allows", 0, "ports", 1], to: "23", says: says("allows[0].ports[1]", '"23"') },
    { at: ["allows", 0, "ports", 1], to: "24-79", says: [] },
    { at: ["allows", 0, "ports", 1], to: "24-80", says: says("allows[0].ports[1]", '"24-80"') },
    {
      at: ["allows", 0, "ports", 1],
      to: "2376-2378",
      says: says("allows[0].ports[1]", '"2376-2378"'),
    },
    { at: ["allows", 0, "ports", 1], to: "1-65535", says: says("allows[0].ports[1]", '"1-65535"') },
    { at: ["allows", 0, "ports"], says: says("allows[0].ports", "missing") },
    { at: ["allows", 0], to: { protocol: "all" }, says: says("allows[0].ports", "missing") },
    { at: ["allows", 0], to: { protocol: "17" }, says: says("allows[0].ports", "missing") },
    { at: ["allows", 0], to: { protocol: "esp" }, says: [] },
    {
      at: ["allows", 0, "ports", 1],
      to: "8443",
      says: says("allows[0].ports[1]", '"8443"'),
      setting: { configuration: { [NAME]: { ports: ["8000-8999"] } } },
    },
  ],
  unknown: [
    ["allows", 0, "ports"],
    ["allows", 0, "ports", 1],
    ["allows", 0, "protocol"],
  ],
});

const rule = (): Fixture =>
  fixture("gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule", {
    firewallPolicy: "shop",
    priority: 710,
    action: "allow",
    direction: "INGRESS",
    match: {
      srcIpRanges: ["10.31.0.0/16"],
      layer4Configs: [{ ipProtocol: "tcp", ports: ["5432"] }],
    },
  } satisfies compute.NetworkFirewallPolicyRuleArgs);

const ruleSays = (from: string): string =>
  `NetworkFirewallPolicyRule "orders": match.layer4Configs[0].ports[0] is "5432"; it is open to ${from}: list the sources, or remove the port.`;

testPolicy(NAME, {
  happy: rule,
  broken: [
    { at: ["match", "srcIpRanges"], says: ruleSays("every source") },
    { at: ["match", "srcIpRanges", 0], to: "0.0.0.0/0", says: ruleSays("0.0.0.0/0") },
  ],
  unknown: [["match"], ["match", "srcRegionCodes"]],
});

describe("gcp-firewall-not-open", () => {
  const closed = { allows: [{ protocol: "tcp" }], sourceRanges: ["0.0.0.0/0"] };
  const reported = (type: string, props: object): Promise<readonly string[]> =>
    messages(NAME, [fixture(type, props)]);

  it.each([{ disabled: true }, { direction: "EGRESS" }])("accepts %j", async (off) => {
    expect(await reported("gcp:compute/firewall:Firewall", { ...closed, ...off })).toEqual([]);
  });

  it.each([{ sourceTags: ["web"] }, { sourceServiceAccounts: ["web@shop"] }])(
    "treats %j as a source",
    async (source) => {
      const props = { allows: [{ protocol: "tcp" }], ...source };
      expect(await reported("gcp:compute/firewall:Firewall", props)).toEqual([]);
    },
  );

  it.each([{ disabled: true }, { direction: "EGRESS" }, { action: "deny" }])(
    "accepts a policy's rule with %j",
    async (off) => {
      const type = "gcp:compute/firewallPolicyRule:FirewallPolicyRule";
      const props = {
        action: "allow",
        direction: "INGRESS",
        match: { layer4Configs: [{ ipProtocol: "all" }] },
      };
      expect(await reported(type, props)).toHaveLength(1);
      expect(await reported(type, { ...props, ...off })).toEqual([]);
    },
  );
});
