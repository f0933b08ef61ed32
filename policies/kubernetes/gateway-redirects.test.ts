import { expect, it } from "vitest";
import { policyNamed } from "../catalog";
import { forManifests } from "../in-manifests";
import { UNKNOWN, messages, type Fixture } from "../testing";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";
import { gateway } from "../testing/gateway";
import { testOpen } from "../testing/open";
import type { Key } from "../values";

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
const matching = (matches: unknown): Fixture =>
  broken(route("http", []), ["spec", "rules", 0], { matches });
const SECTION: readonly Key[] = ["spec", "parentRefs", 0, "sectionName"];
const RULES: readonly Key[] = ["spec", "rules"];
const ACME = "/.well-known/acme-challenge";
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
    {
      at: [...RULES, 1],
      to: { matches: [{ path: { value: `${ACME}/x` } }, { path: { value: ACME } }] },
      says: [],
    },
    {
      at: [...RULES, 1],
      to: { matches: [{ path: { value: `${ACME}/x` } }, { path: { value: `${ACME}x` } }] },
      says: says('"http"'),
    },
    { at: [...RULES, 1], to: { matches: [] }, says: says('"http"') },
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

it("only advises in manifests, where TLS may end in front of the Gateway", async () => {
  const plain = broken(
    gateway(),
    ["spec", "listeners"],
    [{ name: "http", protocol: "HTTP", port: 8000 }],
  );
  const served = route(undefined, []);
  expect(await messages("gateway-http-redirects", [served, plain])).toEqual([says("missing")]);
  const { enforcement } = forManifests(policyNamed("gateway-http-redirects"));
  expect(enforcement.production).toBe("advisory");
});

testOpen([
  { policy: "gateway-http-redirects", what: "matches", fixture: [matching(UNKNOWN), gateway()] },
  {
    policy: "gateway-http-redirects",
    what: "the path of a match",
    fixture: [matching([{ path: { value: UNKNOWN } }]), gateway()],
  },
]);

/** A Gateway of Envoy, which opens a listener's own port. */
const envoy = (): readonly Fixture[] => [
  gateway(),
  {
    type: "kubernetes:gateway.networking.k8s.io/v1:GatewayClass",
    name: "envoy",
    props: {
      metadata: { name: "envoy" },
      spec: {
        controllerName: "gateway.envoyproxy.io/gatewayclass-controller",
        parametersRef: { name: "proxy", namespace: "edge" },
      },
    },
  },
  {
    type: "kubernetes:gateway.envoyproxy.io/v1alpha1:EnvoyProxy",
    name: "proxy",
    props: {
      metadata: { name: "proxy", namespace: "edge" },
      spec: { provider: { kubernetes: { envoyService: { type: "LoadBalancer" } } } },
    },
  },
];
const toHttps = (...hostnames: readonly unknown[]): Fixture =>
  broken(route("http", redirect), ["spec", "hostnames"], hostnames);
const SERVICE: readonly Key[] = [3, "spec", "provider", "kubernetes", "envoyService"];
const REDIRECT: readonly Key[] = [...RULES, 0, "filters", 1, "requestRedirect"];
const leads = (at: string, found: string): string =>
  `HTTPRoute "shop/orders": ${at} is ${found}; the redirect leads to HTTPS, for which Gateway "shop/edge" has listeners only for "shop.example.com": use one of these hosts, or add a listener.`;
const noPort = (found: string, port = 443): string =>
  `Gateway "shop/edge": spec.listeners[0].port is ${found}; HTTPRoute "shop/orders" redirects to port ${String(port)}, where the Gateway serves no HTTPS: listen there, or set the port of the redirect.`;

testPolicy("gateway-redirect-served", {
  happy: () => [toHttps("shop.example.com"), ...envoy()],
  broken: [
    {
      at: ["spec", "hostnames", 0],
      to: "shopx.example.com",
      says: leads("spec.hostnames[0]", '"shopx.example.com"'),
    },
    { at: ["spec", "hostnames"], says: [] },
    {
      at: [...REDIRECT, "hostname"],
      to: "www.example.org",
      says: [],
    },
    { at: [...REDIRECT, "port"], to: 8443, says: noPort("443", 8443) },
    { at: [...REDIRECT, "scheme"], to: "http", says: [] },
    { of: 1, at: ["spec", "listeners", 0, "port"], to: 10444, says: noPort("10444") },
    { of: 1, at: ["spec", "listeners", 0, "hostname"], to: "*.example.com", says: [] },
    { of: 1, at: ["spec", "listeners", 0, "hostname"], says: [] },
    { of: 1, at: ["spec", "listeners", 0, "protocol"], to: "TCP", says: [] },
  ],
  unknown: [
    ["spec", "hostnames"],
    ["spec", "hostnames", 0],
    [...REDIRECT, "hostname"],
    [...REDIRECT, "port"],
    [1, "spec", "listeners", 0, "hostname"],
    [1, "spec", "listeners", 0, "port"],
    [1, "spec", "listeners", 0, "protocol"],
  ],
});

const at80 = (found: string): string =>
  `Gateway "shop/edge": spec.listeners[1].port is ${found}; browsers look for the plain address at port 80, so that nobody gets the redirect: use 80.`;
testPolicy("gateway-redirect-port", {
  happy: () => [toHttps("shop.example.com"), ...envoy()],
  broken: [
    { of: 1, at: ["spec", "listeners", 1, "port"], to: 10081, says: at80("10081") },
    { of: 1, at: ["spec", "listeners", 1, "port"], says: [] },
    { at: [...REDIRECT, "scheme"], to: "http", says: [] },
  ],
  unknown: [
    [1, "spec", "listeners", 1, "port"],
    [1, "spec", "listeners", 1, "protocol"],
  ],
});

it("leaves ports undecided that something in front of the Gateway may map", async () => {
  const moved = (...change: readonly (readonly [number, readonly Key[], unknown?])[]) => {
    const [edge = gateway(), ...others] = envoy();
    const all = [broken(edge, ["spec", "listeners", 1, "port"], 10081), ...others];
    for (const [of, path, to] of change) all[of] = broken(all[of] ?? edge, path, to);
    return messages("gateway-redirect-port", [toHttps("shop.example.com"), ...all]);
  };
  expect(await moved()).toEqual([at80("10081")]);
  expect(await moved([0, ["spec", "gatewayClassName"], "other"])).toEqual([]);
  expect(await moved([1, ["spec", "controllerName"], "traefik.io/gateway-controller"])).toEqual([]);
  expect(await moved([1, ["spec", "controllerName"], UNKNOWN])).toEqual([]);
  expect(await moved([1, ["spec", "controllerName"], "networking.gke.io/gateway"])).toHaveLength(1);
  expect(await moved([1, ["spec", "parametersRef"]])).toHaveLength(1);
  expect(await moved([1, ["spec", "parametersRef", "name"], "gone"])).toEqual([]);
  const service = SERVICE.slice(1);
  expect(await moved([2, [...service, "type"], "ClusterIP"])).toEqual([]);
  expect(await moved([2, [...service, "type"]])).toHaveLength(1);
  expect(await moved([2, [...service, "patch"], { value: {} }])).toEqual([]);
  expect(await moved([2, service, UNKNOWN])).toEqual([]);
});
