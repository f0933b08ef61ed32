import { describe, expect, it } from "vitest";
import { UNKNOWN, messages, type Fixture } from "../testing";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";
import type { Key } from "../values";

const gateway = (): Fixture => ({
  type: "kubernetes:gateway.networking.k8s.io/v1:Gateway",
  name: "edge",
  props: {
    metadata: { name: "edge", namespace: "shop" },
    spec: {
      gatewayClassName: "envoy",
      listeners: [
        {
          name: "https",
          protocol: "HTTPS",
          port: 443,
          hostname: "shop.example.com",
          allowedRoutes: { namespaces: { from: "Same" } },
          tls: { mode: "Terminate", certificateRefs: [{ name: "shop-tls" }] },
        },
        { name: "http", protocol: "HTTP", port: 80 },
        { name: "tcp", protocol: "TCP", port: 5672 },
      ],
    },
  },
});
const LISTENER: readonly Key[] = ["spec", "listeners", 0];
const AT = 'Gateway "shop/edge", listener "https": spec.listeners[0]';

const FROM = [...LISTENER, "allowedRoutes", "namespaces", "from"];
testPolicy("gateway-allowed-routes", {
  happy: gateway,
  broken: [
    {
      at: FROM,
      to: "All",
      says: `${AT}.allowedRoutes.namespaces.from is "All"; it must be "Same" or "Selector".`,
    },
    { at: FROM, to: "Selector", says: [] },
    { at: [...LISTENER, "allowedRoutes"], says: [] },
    {
      at: LISTENER,
      to: { allowedRoutes: { namespaces: { from: "All" } } },
      says: `${AT.replace("https", "unnamed")}.allowedRoutes.namespaces.from is "All"; it must be "Same" or "Selector".`,
    },
  ],
  unknown: [FROM, ["spec", "listeners"], LISTENER],
});

const REFS = [...LISTENER, "tls", "certificateRefs"];
const certificate = (found: string): string =>
  `${AT}.tls.certificateRefs is ${found}; reference the Secret with the certificate.`;
testPolicy("gateway-certificate", {
  happy: gateway,
  broken: [
    { at: REFS, says: certificate("missing") },
    { at: REFS, to: [], says: certificate("[]") },
    { at: [...LISTENER, "tls"], says: certificate("missing") },
    { at: [...LISTENER, "tls"], to: { mode: "Passthrough" }, says: [] },
    {
      at: [...LISTENER, "tls"],
      to: { options: { "networking.gke.io/pre-shared-certs": "c" } },
      says: [],
    },
    { at: LISTENER, to: { name: "https", protocol: "TLS" }, says: certificate("missing") },
    { at: LISTENER, to: { name: "https", protocol: "HTTP" }, says: [] },
    { at: LISTENER, to: { name: "https" }, says: [] },
  ],
  unknown: [
    [...LISTENER, "protocol"],
    [...LISTENER, "tls", "mode"],
    [...LISTENER, "tls", "options"],
  ],
});

const HOST = [...LISTENER, "hostname"];
const everyName = `${AT}.hostname is missing; it answers for every hostname: set one.`;
testPolicy("gateway-hostname", {
  happy: gateway,
  broken: [
    { at: HOST, says: everyName },
    { at: LISTENER, to: { name: "https", protocol: "TLS" }, says: everyName },
    { at: LISTENER, to: { name: "https", protocol: "UDP" }, says: [] },
  ],
  unknown: [[...LISTENER, "protocol"]],
});

describe("plain HTTP", () => {
  const route = (sectionName: unknown, filters: unknown, type = "HTTPRoute"): Fixture => ({
    type: `kubernetes:gateway.networking.k8s.io/v1:${type}`,
    name: "orders",
    props: {
      metadata: { name: "orders", namespace: "shop" },
      spec: { parentRefs: [{ name: "edge", sectionName }], rules: [{ filters }] },
    },
  });
  const redirect = [
    { type: "RequestHeaderModifier" },
    { type: "RequestRedirect", requestRedirect: { scheme: "https" } },
  ];
  const SECTION: readonly Key[] = ["spec", "parentRefs", 0, "sectionName"];
  const RULES: readonly Key[] = ["spec", "rules"];
  const says = (found: string, who = "HTTPRoute"): string =>
    `${who} "shop/orders": spec.parentRefs[0].sectionName is ${found}; it attaches to the plain HTTP listener "http", which may only redirect to HTTPS: use the HTTPS listener.`;

  testPolicy("gateway-http-redirects", {
    happy: () => [route("http", redirect), gateway()],
    broken: [
      { at: [...RULES, 0, "filters"], says: says('"http"') },
      {
        at: [...RULES, 0, "filters", 1, "requestRedirect", "scheme"],
        to: "http",
        says: says('"http"'),
      },
      { at: [...RULES, 0, "filters", 1, "requestRedirect", "scheme"], says: says('"http"') },
      { at: [...RULES, 1], to: { backendRefs: [{ name: "orders" }] }, says: says('"http"') },
      { at: RULES, says: [] },
      { of: 1, at: ["spec", "listeners", 1, "protocol"], to: "HTTPS", says: [] },
    ],
    unknown: [
      ["metadata", "namespace"],
      ["spec", "parentRefs"],
      ["spec", "parentRefs", 0],
      ["spec", "parentRefs", 0, "kind"],
      ["spec", "parentRefs", 0, "name"],
      ["spec", "parentRefs", 0, "namespace"],
      ["spec", "parentRefs", 0, "port"],
      SECTION,
      RULES,
      [...RULES, 0],
      [...RULES, 0, "filters"],
      [...RULES, 0, "filters", 1, "requestRedirect", "scheme"],
      [1, "metadata", "name"],
      [1, "metadata", "namespace"],
      [1, "spec", "listeners"],
      [1, "spec", "listeners", 1, "name"],
      [1, "spec", "listeners", 1, "protocol"],
    ],
  });

  const reported = (...fixture: readonly Fixture[]): Promise<readonly string[]> =>
    messages("gateway-http-redirects", [...fixture, gateway()]);

  it("knows what a route without a section attaches to", async () => {
    expect(await reported(route(undefined, []))).toEqual([says("missing")]);
    expect(await reported(route(undefined, redirect))).toEqual([]);
    expect(await reported(route("https", []))).toEqual([]);
    expect(await reported(route("http", [], "GRPCRoute"))).toEqual([says('"http"', "GRPCRoute")]);
  });

  it("knows what a route with a port attaches to", async () => {
    const at = (port: number): Fixture =>
      broken(route(undefined, []), ["spec", "parentRefs", 0, "port"], port);
    expect(await reported(at(80))).toEqual([says("missing")]);
    expect(await reported(at(443))).toEqual([]);
  });

  it("distinguishes Gateways by namespace and name", async () => {
    const other = (parent: object): Fixture =>
      broken(route("http", []), ["spec", "parentRefs", 0], { ...parent, sectionName: "http" });
    expect(await reported(other({ name: "inner" }))).toEqual([]);
    expect(await reported(other({ name: "edge", namespace: "stock" }))).toEqual([]);
    expect(await reported(other({ name: "edge", namespace: "shop" }))).toEqual([says('"http"')]);
    expect(await reported(other({ name: "edge", kind: "Gateway" }))).toEqual([says('"http"')]);
    expect(await reported(other({ name: "edge", kind: "Service" }))).toEqual([]);
    const nowhere = broken(gateway(), ["metadata", "namespace"], UNKNOWN);
    expect(await messages("gateway-http-redirects", [route("http", []), nowhere])).toEqual([]);
  });
});

const MINIMUM: readonly Key[] = ["spec", "tls", "minVersion"];
const minimum = (found: string): string =>
  `ClientTrafficPolicy "shop/edge": spec.tls.minVersion is ${found}; it must be "1.2" or "1.3".`;
testPolicy("gateway-tls-minimum", {
  happy: () => ({
    type: "kubernetes:gateway.envoyproxy.io/v1alpha1:ClientTrafficPolicy",
    name: "edge",
    props: { metadata: { name: "edge", namespace: "shop" }, spec: { tls: { minVersion: "1.2" } } },
  }),
  broken: [
    { at: MINIMUM, to: "1.0", says: minimum('"1.0"') },
    { at: MINIMUM, to: "Auto", says: [] },
    { at: MINIMUM, to: 1.3, says: minimum("1.3") },
    { at: MINIMUM, to: "1.3", says: [] },
    { at: MINIMUM, says: [] },
  ],
  unknown: [MINIMUM],
});
