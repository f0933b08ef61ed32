import { describe, expect, it } from "vitest";
import { policyNamed } from "../catalog";
import { UNKNOWN, messages, remediated, type Fixture } from "../testing";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";
import type { Key } from "../values";

const certificate = (): Fixture => ({
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
const issuer = (kind = "Issuer"): Fixture => ({
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
    `${AT}issuerRef.name is ${name}; the namespace "shop" has no such Issuer: use the name of an existing one, or create it.`;

  testPolicy("certificate-issuer", {
    happy: () => [certificate(), issuer()],
    broken: [
      { at: [...REF, "name"], to: "other", says: none('"other"') },
      { at: REF, says: none("missing") },
      { at: REF, to: { name: "letsencrypt", kind: "Issuer", group: "cert-manager.io" }, says: [] },
      { at: REF, to: { name: "other", group: "awspca.cert-manager.io" }, says: [] },
      { at: REF, to: { name: "other", kind: "ClusterIssuer" }, says: [] },
      { of: 1, at: ["metadata", "namespace"], to: "stock", says: none() },
    ],
    unknown: [
      ["metadata", "namespace"],
      REF,
      [...REF, "name"],
      [...REF, "kind"],
      [...REF, "group"],
      [1, "metadata", "name"],
      [1, "metadata", "namespace"],
    ],
  });

  it("looks for a ClusterIssuer if the stack creates some", async () => {
    const of = (name: string): Fixture =>
      broken(certificate(), REF, { kind: "ClusterIssuer", name });
    const reported = (...fixture: readonly Fixture[]): Promise<readonly string[]> =>
      messages("certificate-issuer", fixture);
    const cluster = issuer("ClusterIssuer");
    expect(await reported(of("letsencrypt"), cluster)).toEqual([]);
    expect(await reported(of("other"), cluster)).toEqual([
      `${AT}issuerRef.name is "other"; the stack has no such ClusterIssuer: use the name of an existing one, or create it.`,
    ]);
    expect(await reported(certificate(), cluster)).toEqual([none()]);
    expect(await reported(of("letsencrypt"), issuer())).toEqual([]);
    const vague = broken(cluster, ["metadata", "name"], UNKNOWN);
    expect(await reported(of("other"), vague)).toEqual([]);
    expect(await reported(of(UNKNOWN), cluster)).toEqual([]);
    expect(await reported(certificate(), vague)).toEqual([none()]);
    const elsewhere = "urn:pulumi:prod::p::pulumi:providers:kubernetes::x";
    expect(await reported(of("other"), { ...cluster, provider: elsewhere })).toEqual([]);
    expect(await reported(certificate(), { ...issuer(), provider: elsewhere })).toEqual([none()]);
  });

  const ANNOTATIONS: readonly Key[] = ["metadata", "annotations"];
  const annotated = (type: string): Fixture => ({
    type,
    name: "edge",
    props: {
      metadata: {
        name: "edge",
        namespace: "shop",
        annotations: { "cert-manager.io/issuer": "letsencrypt" },
      },
    },
  });
  describe.each([
    ["Ingress", "kubernetes:networking.k8s.io/v1:Ingress"],
    ["Gateway", "kubernetes:gateway.networking.k8s.io/v1:Gateway"],
    ["ListenerSet", "kubernetes:gateway.networking.k8s.io/v1:ListenerSet"],
  ])("annotations of a %s", (kind, type) => {
    const at = (key: string, found: string, where: string): string =>
      `${kind} "shop/edge": metadata.annotations["cert-manager.io/${key}"] is "${found}"; ${where}: use the name of an existing one, or create it.`;
    const NAMESPACE = 'the namespace "shop" has no such Issuer';
    const STACK = "the stack has no such ClusterIssuer";
    const to = (annotations: Record<string, string>): object =>
      Object.fromEntries(
        Object.entries(annotations).map(([key, value]) => [`cert-manager.io/${key}`, value]),
      );

    testPolicy("certificate-issuer", {
      happy: () => [annotated(type), issuer(), issuer("ClusterIssuer")],
      broken: [
        { at: ANNOTATIONS, to: to({ issuer: "other" }), says: at("issuer", "other", NAMESPACE) },
        { at: ANNOTATIONS, to: to({ issuer: "" }), says: at("issuer", "", NAMESPACE) },
        { at: ANNOTATIONS, to: to({ "cluster-issuer": "letsencrypt" }), says: [] },
        {
          at: ANNOTATIONS,
          to: to({ "cluster-issuer": "other" }),
          says: at("cluster-issuer", "other", STACK),
        },
        {
          at: ANNOTATIONS,
          to: to({ issuer: "other", "issuer-kind": "ClusterIssuer" }),
          says: at("issuer", "other", STACK),
        },
        {
          at: ANNOTATIONS,
          to: to({ issuer: "other", "issuer-group": "awspca.cert-manager.io" }),
          says: [],
        },
        {
          at: ["metadata", "namespace"],
          to: "stock",
          says: at("issuer", "letsencrypt", NAMESPACE).replaceAll("shop", "stock"),
        },
        { at: ANNOTATIONS, says: [] },
      ],
      unknown: [
        ANNOTATIONS,
        [...ANNOTATIONS, "cert-manager.io/issuer"],
        [...ANNOTATIONS, "cert-manager.io/issuer-kind"],
        [...ANNOTATIONS, "cert-manager.io/issuer-group"],
      ],
    });
  });
});

describe("lifetimes", () => {
  const long = (found: string, days = 398): string =>
    `${AT}duration is ${found}; it must be ${String(days)} days (${String(days * 24)}h) or less.`;
  const early = (found: string): string =>
    `${AT}renewBefore is ${found}; it must be shorter than the certificate's duration.`;
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
    unknown: [DURATION, BEFORE, ["spec", "isCA"]],
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
  unknown: [POLICY, ["spec", "isCA"]],
});

describe("the remediation for a key that is never renewed", () => {
  const fixed = (spec: object): Promise<unknown> =>
    remediated([policyNamed("certificate-new-key")], {
      ...certificate(),
      props: { spec },
    });
  const NEVER = { rotationPolicy: "Never" };

  it("is Always, unless the certificate is a CA, or may be", async () => {
    expect(await fixed({ privateKey: NEVER })).toEqual({
      spec: { privateKey: { rotationPolicy: "Always" } },
    });
    expect(await fixed({ privateKey: NEVER, isCA: false })).toEqual({
      spec: { privateKey: { rotationPolicy: "Always" }, isCA: false },
    });
    for (const isCA of [true, UNKNOWN]) {
      expect(await fixed({ privateKey: NEVER, isCA })).toBeUndefined();
    }
    for (const rotationPolicy of ["Always", UNKNOWN, undefined]) {
      expect(await fixed({ privateKey: { rotationPolicy } })).toBeUndefined();
    }
  });
});

const SERVER: readonly Key[] = ["spec", "acme", "server"];
const server = (found: string, expected: string): string =>
  `Issuer "shop/letsencrypt": spec.acme.server is "${found}"; ${expected}.`;
const STAGING = "https://acme-staging-v02.api.letsencrypt.org/directory";
testPolicy("issuer-trusted", {
  happy: () => issuer(),
  broken: [
    {
      at: SERVER,
      to: STAGING,
      says: server(STAGING, "browsers do not trust its certificates: use the production URL"),
    },
    { at: SERVER, to: STAGING, says: [], setting: { policyContext: { environment: "staging" } } },
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
      says: 'Issuer "shop/letsencrypt": spec.acme.skipTLSVerify is true; anyone on the network path can impersonate the server: remove it.',
    },
  ],
  unknown: [SERVER, ["spec", "acme", "skipTLSVerify"]],
});
