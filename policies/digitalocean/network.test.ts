import type { FirewallArgs, LoadBalancerArgs } from "@pulumi/digitalocean";
import { expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { messages, type Fixture } from "../testing";
import { fixture } from "./testing";

const OPEN = "digitalocean-firewall-not-open";

const firewall = (): Fixture =>
  fixture("Firewall", {
    inboundRules: [
      { protocol: "tcp", portRange: "22", sourceAddresses: ["198.51.100.7/32"] },
      { protocol: "tcp", portRange: "443", sourceAddresses: ["0.0.0.0/0", "::/0"] },
      { protocol: "icmp", sourceAddresses: ["0.0.0.0/0"] },
      { protocol: "tcp", portRange: "25", action: "deny", sourceAddresses: ["0.0.0.0/0"] },
      { protocol: "tcp", portRange: "5432", sourceTags: ["web"] },
    ],
  } satisfies FirewallArgs);

const says = (index: number, shown: string, from: string): string =>
  `Firewall "orders": inboundRules[${String(index)}].portRange is ${shown}; it is open to ${from}: list the sources.`;

testPolicy(OPEN, {
  happy: firewall,
  broken: [
    {
      at: ["inboundRules", 0, "sourceAddresses", 0],
      to: "0.0.0.0/0",
      says: says(0, '"22"', "0.0.0.0/0"),
    },
    { at: ["inboundRules", 0, "sourceAddresses", 0], to: "::/0", says: says(0, '"22"', "::/0") },
    { at: ["inboundRules", 1, "portRange"], to: "80", says: [] },
    {
      at: ["inboundRules", 1, "portRange"],
      to: "1-65535",
      says: says(1, '"1-65535"', "0.0.0.0/0"),
    },
    { at: ["inboundRules", 1, "portRange"], says: says(1, "missing", "0.0.0.0/0") },
    { at: ["inboundRules", 3, "action"], says: says(3, '"25"', "0.0.0.0/0") },
    {
      at: ["inboundRules", 1, "portRange"],
      to: "443",
      says: says(1, '"443"', "0.0.0.0/0"),
      setting: { configuration: { [OPEN]: { ports: ["80"] } } },
    },
  ],
  unknown: [
    ["inboundRules", 0, "sourceAddresses"],
    ["inboundRules", 1, "portRange"],
  ],
});

const balancer = (): Fixture =>
  fixture("LoadBalancer", {
    vpcUuid: "5f2b",
    sizeUnit: 2,
    redirectHttpToHttps: true,
    tlsCipherPolicy: "STRONG",
    forwardingRules: [
      { entryPort: 80, entryProtocol: "http", targetPort: 8110, targetProtocol: "http" },
      {
        entryPort: 443,
        entryProtocol: "https",
        targetPort: 8110,
        targetProtocol: "http",
        certificateName: "shop",
      },
    ],
  } satisfies LoadBalancerArgs);
const IS = 'LoadBalancer "orders": ';

testPolicy("digitalocean-balancer-tls", {
  happy: balancer,
  broken: [
    {
      at: ["redirectHttpToHttps"],
      says: `${IS}redirectHttpToHttps is missing; HTTP requests are not redirected: it must be true.`,
    },
    {
      at: ["forwardingRules", 1, "certificateName"],
      says: `${IS}forwardingRules[1].certificateName is missing; set it to the Certificate's name.`,
    },
    {
      at: ["forwardingRules", 1, "certificateId"],
      to: "c7",
      says: `${IS}forwardingRules[1].certificateId is "c7"; it changes at renewal: use certificateName.`,
    },
    {
      at: ["forwardingRules", 1],
      to: { entryProtocol: "https", tlsPassthrough: true },
      says: [],
    },
    {
      at: ["forwardingRules", 1],
      to: { entryProtocol: "tcp", tlsPassthrough: true },
      says: [],
    },
    {
      at: ["forwardingRules", 1],
      to: { entryProtocol: "tcp" },
      says: `${IS}forwardingRules[0].entryProtocol is "http"; add a rule for https and port 443 too.`,
    },
  ],
  unknown: [["redirectHttpToHttps"], ["forwardingRules", 1, "certificateId"]],
});

it("does not apply to a load balancer without HTTP", async () => {
  const tcp = fixture("LoadBalancer", { forwardingRules: [{ entryProtocol: "tcp" }] });
  expect(await messages("digitalocean-balancer-tls", [tcp])).toEqual([]);
});

testPolicy("digitalocean-balancer-placed", {
  happy: balancer,
  broken: [
    { at: ["vpcUuid"], says: `${IS}vpcUuid is missing; set it to the ID of the stack's Vpc.` },
    {
      at: ["sizeUnit"],
      says: `${IS}sizeUnit is missing; a single node has no standby: set it to 2 or more.`,
    },
    {
      at: ["sizeUnit"],
      to: 1,
      says: `${IS}sizeUnit is 1; a single node has no standby: set it to 2 or more.`,
    },
  ],
  unknown: [["sizeUnit"]],
});

it("knows that a global load balancer is in no VPC", async () => {
  const global = fixture("LoadBalancer", { type: "GLOBAL" });
  expect(await messages("digitalocean-balancer-placed", [global])).toEqual([]);
});

testPolicy("digitalocean-balancer-ciphers", {
  happy: balancer,
  broken: [
    {
      at: ["tlsCipherPolicy"],
      says: `${IS}tlsCipherPolicy is missing; it must be "STRONG".`,
    },
  ],
  unknown: [["tlsCipherPolicy"]],
});
