import { describe, expect, it } from "vitest";
import { days, minutes } from "../../systems/units";
import { broken } from "../testing/fixtures";
import { shop } from "../testing/system";
import { UNKNOWN, messages, type Fixture, type Setting } from "../testing";
import { clause, inDr, inStaging, shopWith } from "../testing/runbook";

const route = { path: "/ws", service: "orders", timeout: minutes(40) };
const host = { ...clause("Edge / Hosts"), host: "api.{domain}", routes: [route] };
const edgeOf = (hosts: readonly object[]): Setting =>
  shopWith({
    edge: {
      ...shop.edge,
      hosts: hosts as never,
      rateLimit: { ...clause("Edge / Limits"), perClientPerSecond: 15 },
      hsts: { ...clause("Edge"), maxAge: days(200) },
    },
  });
const setting = edgeOf([host]);

const gateway = (listener: object = {}): Fixture => ({
  type: "kubernetes:gateway.networking.k8s.io/v1:Gateway",
  name: "edge",
  props: {
    metadata: { name: "edge", namespace: "shop" },
    spec: {
      listeners: [
        { protocol: "HTTP" },
        { hostname: "api.shop.example", tls: { certificateRefs: [{ name: "c" }] }, ...listener },
      ],
    },
  },
});

describe("runbook-hosts-encrypted", () => {
  const reported = (fixture: readonly Fixture[], as = setting): Promise<readonly string[]> =>
    messages("runbook-hosts-encrypted", fixture, as);
  const missing = (name: string): string =>
    `The host ${name} has no Gateway listener and no Ingress with a certificate; the runbook "Shop Runbook" requires it (Edge / Hosts).`;
  const ingress = (hosts: unknown): Fixture => ({
    type: "kubernetes:networking.k8s.io/v1:Ingress",
    name: "edge",
    props: { spec: { tls: [{ hosts }] } },
  });

  it("accepts a listener or an Ingress with a certificate, and TLS passthrough", async () => {
    expect(await reported([gateway()])).toEqual([]);
    expect(await reported([gateway({ tls: { mode: "Passthrough" } })])).toEqual([]);
    expect(await reported([ingress(["a.b", "api.other.example"])])).toEqual([]);
  });

  it("reports a host that is missing or in plain text", async () => {
    expect(await reported([])).toEqual([missing("api.{domain}")]);
    expect(await reported([gateway({ tls: {} })])).toEqual([missing("api.{domain}")]);
    expect(await reported([gateway({ hostname: "web.shop.example" })])).toEqual([
      missing("api.{domain}"),
    ]);
    expect(await reported([gateway({ hostname: "apixshop.example" })])).toEqual([
      missing("api.{domain}"),
    ]);
    expect(await reported([gateway({ hostname: "*.shop.example" })])).toHaveLength(1);
    expect(await reported([ingress(["www.shop.example"])])).toHaveLength(1);
  });

  it("requires the environment's hosts, without preview hosts", async () => {
    const as = edgeOf([
      { ...host, host: "staging.{domain}", environment: "staging" },
      { ...host, host: "green.{domain}", preview: true },
    ]);
    expect(await reported([], as)).toEqual([]);
    expect(await reported([], inStaging(as))).toEqual([missing("staging.{domain}")]);
    expect(await reported([], inDr(edgeOf([host])))).toEqual([missing("api.{domain}")]);
  });

  it("counts an unknown host", async () => {
    expect(await reported([gateway({ hostname: UNKNOWN })])).toEqual([]);
    expect(await reported([ingress([UNKNOWN])])).toEqual([]);
  });
});

const httpRoute = (): Fixture => ({
  type: "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
  name: "route",
  props: {
    metadata: { name: "route", namespace: "shop" },
    spec: {
      hostnames: ["api.shop.example"],
      rules: [
        { filters: [{ type: "RequestRedirect" }], matches: [{ path: { value: "/ws" } }] },
        {
          backendRefs: [{ name: "orders" }],
          matches: [{ path: { value: "/x" } }, { path: { value: "/ws" } }],
          timeouts: { request: "40m" },
          filters: [
            { type: "x" },
            {
              responseHeaderModifier: {
                add: [],
                set: [{ name: "Strict-Transport-Security", value: "max-age=17280000; preload" }],
              },
            },
          ],
        },
      ],
    },
  },
});
const RULE = ["spec", "rules", 1] as const;
const at = 'HTTPRoute "shop/route": spec.rules[1]';

describe("runbook-route-timeouts", () => {
  const reported = (fixture: readonly Fixture[], as = setting): Promise<readonly string[]> =>
    messages("runbook-route-timeouts", fixture, as);
  const timeout = (to?: unknown): Promise<readonly string[]> =>
    reported([broken(httpRoute(), [...RULE, "timeouts", "request"], to)]);
  const expected = "the runbook allows 40m for /ws of orders.";
  const nowhere = [
    'The path /ws of api.{domain} is not routed to a service (HTTPRoute); the runbook "Shop Runbook" requires it (Edge / Hosts): orders.',
  ];

  it("requires at least the runbook's timeout", async () => {
    expect(await reported([httpRoute()])).toEqual([]);
    expect(await timeout("1h")).toEqual([]);
    expect(await timeout("0s")).toEqual([]);
    expect(await timeout("39m")).toEqual([`${at}.timeouts.request is "39m"; ${expected}`]);
    expect(await timeout()).toEqual([`${at}.timeouts.request is missing; ${expected}`]);
    expect(await timeout("long")).toEqual([`${at}.timeouts.request is "long"; ${expected}`]);
    expect(await timeout(UNKNOWN)).toEqual([]);
  });

  it("requires a backend for every path", async () => {
    expect(await reported([broken(httpRoute(), [...RULE, "matches"], [{}])])).toEqual(nowhere);
    expect(await reported([broken(httpRoute(), [...RULE, "backendRefs"])])).toEqual(nowhere);
    expect(await reported([broken(httpRoute(), ["spec", "hostnames"], ["x.y"])])).toEqual(nowhere);
    expect(await reported([broken(httpRoute(), ["spec", "hostnames"])])).toEqual([]);
    expect(await reported([broken(httpRoute(), ["spec", "hostnames"], [])])).toEqual([]);
    expect(await reported([])).toEqual([]);
    const root = edgeOf([{ ...host, routes: [{ ...route, path: "/" }] }]);
    expect(await reported([broken(httpRoute(), [...RULE, "matches"])], root)).toEqual([]);
    expect(await reported([broken(httpRoute(), [...RULE, "matches"], [{}])], root)).toEqual([]);
  });
});

describe("runbook-hsts", () => {
  const reported = (to: unknown, path: readonly (string | number)[] = ["value"]) =>
    messages(
      "runbook-hsts",
      [
        broken(
          httpRoute(),
          [...RULE, "filters", 1, "responseHeaderModifier", "set", 0, ...path],
          to,
        ),
      ],
      setting,
    );
  const expected =
    'the runbook "Shop Runbook" requires Strict-Transport-Security with max-age=17280000 or more.';
  const value = `${at}.filters[1].responseHeaderModifier.set[0].value is`;

  it("requires the runbook's max-age", async () => {
    expect(await messages("runbook-hsts", [httpRoute()], setting)).toEqual([]);
    expect(await reported("Max-Age=17280000")).toEqual([]);
    expect(await reported("strict-transport-security", ["name"])).toEqual([]);
    expect(await reported("max-age=17279999")).toEqual([
      `${value} "max-age=17279999"; ${expected}`,
    ]);
    expect(await reported("preload")).toEqual([`${value} "preload"; ${expected}`]);
    expect(await reported(UNKNOWN)).toEqual([]);
    const filters = broken(httpRoute(), [...RULE, "filters"]);
    expect(await messages("runbook-hsts", [filters], setting)).toEqual([
      `${at}.filters is missing; ${expected}`,
    ]);
  });
});

describe("runbook-rate-limit", () => {
  const traffic = (rateLimit: unknown): Fixture => ({
    type: "kubernetes:gateway.envoyproxy.io/v1alpha1:BackendTrafficPolicy",
    name: "limits",
    props: { spec: { rateLimit } },
  });
  const rate = (requests: unknown, unit: string, kind = "local"): Fixture =>
    traffic({ [kind]: { rules: [{ limit: { requests, unit } }] } });
  const reported = (...fixture: readonly Fixture[]): Promise<readonly string[]> =>
    messages("runbook-rate-limit", fixture, setting);
  const text = (found: string): readonly string[] => [
    `The BackendTrafficPolicies of the stack allow a client ${found}; the runbook "Shop Runbook" allows 15 requests per second (Edge / Limits).`,
  ];

  it.each([
    [15, "Second"],
    [900, "Minute"],
    [54_000, "Hour"],
    [1_296_000, "Day"],
  ])("accepts %d a %s, and no more", async (requests, unit) => {
    expect(await reported(gateway(), rate(requests, unit))).toEqual([]);
    expect(await reported(gateway(), rate(requests, unit, "global"))).toEqual([]);
    expect(await reported(gateway(), rate(requests * 2, unit))).toEqual(
      text("30 requests per second"),
    );
  });

  it("requires one if there is a Gateway", async () => {
    expect(await reported(gateway())).toEqual(text("no limit"));
    expect(await reported(gateway(), traffic({}))).toEqual(text("no limit"));
    expect(await reported(gateway(), rate(UNKNOWN, "Second"))).toEqual([]);
    expect(await reported(gateway(), rate(30, "Fortnight"))).toEqual(
      text("30 requests per second"),
    );
    expect(await reported()).toEqual([]);
    expect(await reported(gateway(), traffic(UNKNOWN))).toEqual([]);
  });
});
