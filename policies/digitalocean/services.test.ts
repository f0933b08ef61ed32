import type {
  CertificateArgs,
  ContainerRegistryDockerCredentialsArgs,
  MonitorAlertArgs,
  UptimeAlertArgs,
} from "@pulumi/digitalocean";
import { describe, expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { UNKNOWN, messages, type Fixture } from "../testing";
import { cluster, database, fixture, pool } from "./testing";

describe("digitalocean-domain-authorities", () => {
  const domain = (name: unknown = "shop.example.com"): Fixture =>
    fixture("Domain", { name }, "shop");
  const record = (type: string, domainName: unknown, from = {}): Fixture =>
    fixture("DnsRecord", { type, domain: domainName, value: "x" }, "record", from);
  const reported = (...all: readonly Fixture[]): Promise<readonly string[]> =>
    messages("digitalocean-domain-authorities", all);
  const none = [
    'Domain "shop" lets every certificate authority issue certificates for its names; add a DnsRecord of type "CAA" with tag "issue" and the certificate authority.',
  ];

  it("finds the record by name, or by the origin of its domain", async () => {
    expect(await reported(domain(), record("CAA", "shop.example.com"))).toEqual([]);
    expect(await reported(domain(), record("CAA", UNKNOWN, { domain: domain() }))).toEqual([]);
  });

  it("refuses none, another type and another domain", async () => {
    expect(await reported(domain())).toEqual(none);
    expect(await reported(domain(), record("A", "shop.example.com"))).toEqual(none);
    expect(await reported(domain(), record("CAA", "other.example.com"))).toEqual(none);
  });
});

const TTL = "digitalocean-record-ttl";
const ttlSays = (shown: string, least = 30): string =>
  `DnsRecord "orders": ttl is ${shown}; it must be from ${String(least)} to 86400 seconds.`;
testPolicy(TTL, {
  happy: () => fixture("DnsRecord", { ttl: 300 }),
  broken: [
    { at: ["ttl"], says: [] },
    { at: ["ttl"], to: 29, says: ttlSays("29") },
    { at: ["ttl"], to: 30, says: [] },
    { at: ["ttl"], to: 86400, says: [] },
    { at: ["ttl"], to: 86401, says: ttlSays("86401") },
    { at: ["ttl"], to: "long", says: ttlSays('"long"') },
    {
      at: ["ttl"],
      to: 300,
      says: ttlSays("300", 600),
      setting: { configuration: { [TTL]: { least: 600 } } },
    },
  ],
  unknown: [["ttl"]],
});

testPolicy("digitalocean-certificate-renewed", {
  happy: () =>
    fixture("Certificate", {
      type: "lets_encrypt",
      domains: ["shop.example.com"],
    } satisfies CertificateArgs),
  broken: [
    {
      at: ["type"],
      says: 'Certificate "orders": type is missing; a custom certificate is not renewed: use "lets_encrypt".',
    },
  ],
  unknown: [["type"]],
});

const CREDENTIALS = "digitalocean-registry-credentials";
const LOGIN = 'ContainerRegistryDockerCredentials "orders": ';
const ENDS = "it is valid for fifty years by default: set it to 7776000 or less.";
testPolicy(CREDENTIALS, {
  happy: () =>
    fixture("ContainerRegistryDockerCredentials", {
      registryName: "shop",
      expirySeconds: 7776000,
    } satisfies ContainerRegistryDockerCredentialsArgs),
  broken: [
    {
      at: ["write"],
      to: true,
      says: `${LOGIN}write is true; anyone who can pull with it can also push: it must be false.`,
    },
    { at: ["expirySeconds"], says: `${LOGIN}expirySeconds is missing; ${ENDS}` },
    { at: ["expirySeconds"], to: 7776001, says: `${LOGIN}expirySeconds is 7776001; ${ENDS}` },
    {
      at: ["expirySeconds"],
      to: 7776001,
      says: [],
      setting: { configuration: { [CREDENTIALS]: { days: 91 } } },
    },
  ],
  unknown: [["write"], ["expirySeconds"]],
});

testPolicy("digitalocean-registry-tier", {
  happy: () => fixture("ContainerRegistry", { subscriptionTierSlug: "basic" }),
  broken: [
    {
      at: ["subscriptionTierSlug"],
      to: "starter",
      says: 'ContainerRegistry "orders": subscriptionTierSlug is "starter"; it holds one repository: use basic or professional.',
    },
  ],
  unknown: [["subscriptionTierSlug"]],
});

const alert = (): Fixture =>
  fixture("MonitorAlert", {
    type: "v1/dbaas/alerts/cpu_alerts",
    compare: "GreaterThan",
    value: 91,
    window: "5m",
    description: "busy",
    alerts: { emails: ["ops@example.com"] },
  } satisfies MonitorAlertArgs);
const check = (): Fixture =>
  fixture("UptimeCheck", { target: "https://shop.example.com" }, "front");
const down = (): Fixture =>
  fixture(
    "UptimeAlert",
    {
      checkId: UNKNOWN,
      type: "down",
      notifications: [{ slacks: [{ channel: "ops", url: "https://chat.example.com" }] }],
    } satisfies UptimeAlertArgs,
    "down",
    { checkId: check() },
  );

testPolicy("digitalocean-alert-told", {
  happy: () => [alert(), down()],
  broken: [
    {
      at: ["enabled"],
      to: false,
      says: 'MonitorAlert "orders": enabled is false; the check is off: it must be true.',
    },
    {
      at: ["alerts"],
      to: {},
      says: 'MonitorAlert "orders": alerts is {}; nobody is notified: set emails or slacks.',
    },
    {
      at: ["alerts", "emails"],
      to: [],
      says: 'MonitorAlert "orders": alerts is {"emails":[]}; nobody is notified: set emails or slacks.',
    },
    {
      of: 1,
      at: ["notifications"],
      to: [],
      says: 'UptimeAlert "down": notifications is []; nobody is notified: set emails or slacks.',
    },
  ],
  unknown: [["enabled"], ["alerts"], [1, "notifications", 0], [1, "notifications"]],
});

describe("digitalocean-uptime-alert", () => {
  it("requires an alert for every check", async () => {
    const name = "digitalocean-uptime-alert";
    expect(await messages(name, [check(), down()])).toEqual([]);
    expect(await messages(name, [check()])).toEqual([
      'UptimeCheck "front" notifies nobody; add an UptimeAlert whose checkId is its ID.',
    ]);
  });
});

testPolicy("digitalocean-tagged", {
  happy: () => [cluster(), pool(), database()],
  broken: [
    {
      at: ["tags"],
      to: [],
      says: 'KubernetesCluster "orders": tags is []; add the system and the environment.',
    },
    {
      of: 2,
      at: ["tags"],
      says: 'DatabaseCluster "orders": tags is missing; add the system and the environment.',
    },
  ],
  unknown: [],
});
