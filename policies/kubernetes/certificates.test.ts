import { describe, expect, it } from "vitest";
import { UNKNOWN, messages, type Given } from "../testing";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";
import type { Key } from "../values";

const certificate = (): Given => ({
  type: "kubernetes:cert-manager.io/v1:Certificate",
  name: "shop",
  props: {
    metadata: { name: "shop", namespace: "shop" },
    spec: {
      secretName: "shop-tls",
      duration: "2160h",
      renewBefore: "720h",
      issuerRef: { name: "letsencrypt" },
      privateKey: { algorithm: "ECDSA", rotationPolicy: "Always" },
    },
  },
});
const issuer = (kind = "Issuer"): Given => ({
  type: `kubernetes:cert-manager.io/v1:${kind}`,
  name: "letsencrypt",
  props: {
    metadata: { name: "letsencrypt", ...(kind === "Issuer" ? { namespace: "shop" } : {}) },
    spec: { acme: { server: "https://acme-v02.api.letsencrypt.org/directory" } },
  },
});
const AT = 'Certificate "shop/shop": spec.';

describe("issuers", () => {
  const REF: readonly Key[] = ["spec", "issuerRef"];
  const none = (name = '"letsencrypt"'): string =>
    `${AT}issuerRef.name is ${name}; the namespace "shop" has no such Issuer: write the name of one, or make it.`;

  testPolicy("certificate-issuer", {
    happy: () => [certificate(), issuer()],
    broken: [
      { at: [...REF, "name"], to: "other", says: none('"other"') },
      { at: REF, says: none("missing") },
      { at: REF, to: { name: "letsencrypt", kind: "Issuer", group: "cert-manager.io" }, says: [] },
      { at: REF, to: { name: "other", group: "awspca.cert-manager.io" }, says: [] },
      { at: REF, to: { name: "other", kind: "ClusterIssuer" }, says: [] },
      { of: 1, at: ["metadata", "namespace"], to: "stock", says: none() },
      { of: 1, at: ["metadata", "name"], to: UNKNOWN, says: [] },
      { of: 1, at: ["metadata", "namespace"], to: UNKNOWN, says: [] },
      { at: ["metadata", "namespace"], to: UNKNOWN, says: [] },
    ],
    undecided: [[...REF, "name"]],
  });

  it("looks for a ClusterIssuer where the stack makes some", async () => {
    const of = (name: string): Given => broken(certificate(), REF, { kind: "ClusterIssuer", name });
    const said = (...given: readonly Given[]): Promise<readonly string[]> =>
      messages("certificate-issuer", given);
    const cluster = issuer("ClusterIssuer");
    expect(await said(of("letsencrypt"), cluster)).toEqual([]);
    expect(await said(of("other"), cluster)).toEqual([
      `${AT}issuerRef.name is "other"; the stack has no such ClusterIssuer: write the name of one, or make it.`,
    ]);
    expect(await said(certificate(), cluster)).toEqual([none()]);
    expect(await said(of("letsencrypt"), issuer())).toEqual([]);
  });
});

describe("lifetimes", () => {
  const long = (found: string, days = 398): string =>
    `${AT}duration is ${found}; it must be ${String(days)} days (${String(days * 24)}h) or less.`;
  const early = (found: string): string =>
    `${AT}renewBefore is ${found}; it must be a duration shorter than that of the certificate.`;
  const BEFORE: readonly Key[] = ["spec", "renewBefore"];
  const DURATION: readonly Key[] = ["spec", "duration"];

  testPolicy("certificate-lifetime", {
    happy: certificate,
    broken: [
      { at: DURATION, to: "9552h", says: [] },
      { at: DURATION, to: "9553h", says: long('"9553h"') },
      { at: DURATION, to: "a year", says: long('"a year"') },
      { at: DURATION, says: [] },
      {
        at: DURATION,
        says: long("missing", 89),
        setting: { configuration: { "certificate-lifetime": { longestDays: 89 } } },
      },
      {
        at: DURATION,
        says: [],
        setting: { configuration: { "certificate-lifetime": { longestDays: 90 } } },
      },
      { at: ["spec"], to: { isCA: true, duration: "87600h" }, says: [] },
      { at: ["spec"], to: { isCA: false, duration: "87600h" }, says: long('"87600h"') },
      { at: BEFORE, to: "2160h", says: early('"2160h"') },
      { at: BEFORE, to: "2159h", says: [] },
      { at: BEFORE, to: "soon", says: early('"soon"') },
      { at: BEFORE, to: "0s", says: early('"0s"') },
      { at: BEFORE, says: [] },
    ],
    undecided: [DURATION, BEFORE, ["spec", "isCA"]],
  });
});

const POLICY: readonly Key[] = ["spec", "privateKey", "rotationPolicy"];
testPolicy("certificate-new-key", {
  happy: certificate,
  broken: [
    {
      at: POLICY,
      to: "Never",
      says: `${AT}privateKey.rotationPolicy is "Never"; it must be "Always".`,
    },
    { at: POLICY, says: [] },
    { at: ["spec"], to: { isCA: true, privateKey: { rotationPolicy: "Never" } }, says: [] },
  ],
  undecided: [POLICY, ["spec", "isCA"]],
});

const SERVER: readonly Key[] = ["spec", "acme", "server"];
const server = (found: string, wanted: string): string =>
  `Issuer "shop/letsencrypt": spec.acme.server is "${found}"; ${wanted}.`;
const STAGING = "https://acme-staging-v02.api.letsencrypt.org/directory";
testPolicy("issuer-trusted", {
  happy: () => issuer(),
  broken: [
    {
      at: SERVER,
      to: STAGING,
      says: server(STAGING, "no browser trusts what it issues: write the address for production"),
    },
    { at: SERVER, to: STAGING, says: [], setting: { surroundings: { environment: "staging" } } },
    {
      at: SERVER,
      to: "http://ca.example.com",
      says: server("http://ca.example.com", "it must begin with https://"),
    },
    { at: SERVER, says: [] },
    { at: ["spec"], to: { selfSigned: {} }, says: [] },
    {
      at: ["spec", "acme", "skipTLSVerify"],
      to: true,
      says: 'Issuer "shop/letsencrypt": spec.acme.skipTLSVerify is true; anyone in between may pose as the server: remove it.',
    },
  ],
  undecided: [SERVER, ["spec", "acme", "skipTLSVerify"]],
});
