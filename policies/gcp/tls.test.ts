import type * as compute from "@pulumi/gcp/compute";
import type * as dns from "@pulumi/gcp/dns";
import { expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { messages, type Fixture } from "../testing";
import { fixture } from "./testing";

const policy = (): Fixture =>
  fixture("gcp:compute/sSLPolicy:SSLPolicy", {
    minTlsVersion: "TLS_1_2",
    profile: "CUSTOM",
    customFeatures: ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256"],
  } satisfies compute.SSLPolicyArgs);
const IS = 'SSLPolicy "orders": ';
const FROM = 'it must be "TLS_1_2" or "TLS_1_3".';
const PROFILES = 'it must be "MODERN", "RESTRICTED", "FIPS_202205" or "CUSTOM".';

testPolicy("gcp-tls-modern", {
  happy: () => [policy(), fixture("gcp:compute/regionSslPolicy:RegionSslPolicy", policy().props)],
  broken: [
    { at: ["minTlsVersion"], says: `${IS}minTlsVersion is missing; ${FROM}` },
    { at: ["minTlsVersion"], to: "TLS_1_1", says: `${IS}minTlsVersion is "TLS_1_1"; ${FROM}` },
    { at: ["profile"], says: `${IS}profile is missing; ${PROFILES}` },
    {
      of: 1,
      at: ["profile"],
      to: "COMPATIBLE",
      says: `RegionSslPolicy "orders": profile is "COMPATIBLE"; ${PROFILES}`,
    },
    ...[
      "TLS_RSA_WITH_AES_128_GCM_SHA256",
      "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
      "TLS_X_WITH_3DES_EDE_SHA",
    ].map((to) => ({
      at: ["customFeatures", 1],
      to,
      says: `${IS}customFeatures[1] is "${to}"; it is weak: leave it out.`,
    })),
  ],
  unknown: [["minTlsVersion"], ["profile"], ["customFeatures", 1]],
});

testPolicy("gcp-tls-policy-attached", {
  happy: () => [
    fixture("gcp:compute/targetHttpsProxy:TargetHttpsProxy", { sslPolicy: "modern" }),
    fixture("gcp:compute/targetSSLProxy:TargetSSLProxy", { sslPolicy: "modern" }),
    fixture("gcp:compute/regionTargetHttpsProxy:RegionTargetHttpsProxy", { sslPolicy: "modern" }),
  ],
  broken: ["TargetHttpsProxy", "TargetSSLProxy", "RegionTargetHttpsProxy"].map((kind, of) => ({
    of,
    at: ["sslPolicy"],
    says: `${kind} "orders": sslPolicy is missing; without it TLS 1.0 is accepted: set it to the ID of an SSLPolicy.`,
  })),
  unknown: [],
});

const SPEC = ["dnssecConfig", "defaultKeySpecs", 0, "algorithm"] as const;
testPolicy("gcp-dnssec", {
  happy: () =>
    fixture("gcp:dns/managedZone:ManagedZone", {
      dnsName: "shop.example.com.",
      dnssecConfig: { state: "on", defaultKeySpecs: [{ algorithm: "ecdsap256sha256" }] },
    } satisfies dns.ManagedZoneArgs),
  broken: [
    {
      at: ["dnssecConfig"],
      says: 'ManagedZone "orders": dnssecConfig.state is missing; it must be "on".',
    },
    {
      at: ["dnssecConfig", "state"],
      to: "off",
      says: 'ManagedZone "orders": dnssecConfig.state is "off"; it must be "on".',
    },
    {
      at: SPEC,
      to: "rsasha1",
      says: 'ManagedZone "orders": dnssecConfig.defaultKeySpecs[0].algorithm is "rsasha1"; it is insecure: use "ecdsap256sha256".',
    },
  ],
  unknown: [["dnssecConfig"], SPEC],
});

it("gcp-dnssec does not apply to private zones", async () => {
  const zone = (visibility: string): Fixture =>
    fixture("gcp:dns/managedZone:ManagedZone", { visibility });
  expect(await messages("gcp-dnssec", [zone("private")])).toEqual([]);
  expect(await messages("gcp-dnssec", [zone("public")])).toHaveLength(1);
});
