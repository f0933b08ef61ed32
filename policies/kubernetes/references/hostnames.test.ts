import { describe, expect, it } from "vitest";
import { UNKNOWN, messages, type Fixture } from "../../testing";
import { covers } from "./hostnames";

it.each<[string, string, "any" | "one", boolean]>([
  ["a.example.com", "a.example.com", "one", true],
  ["*.example.com", "a.example.com", "one", true],
  ["*.example.com", "a.b.example.com", "one", false],
  ["*.example.com", "a.b.example.com", "any", true],
  ["*.example.com", "example.com", "any", false],
  ["example.com", "a.example.com", "any", false],
])("%s covers %s (%s): %s", (pattern, host, depth, expected) => {
  expect(covers(pattern, host, depth)).toBe(expected);
});

const object = (type: string, name: string, spec: object): Fixture => ({
  type: `kubernetes:${type}`,
  name: `${type}-${name}`,
  props: { metadata: { name, namespace: "shop" }, spec },
});
const gateway = (hostname: unknown): Fixture =>
  object("gateway.networking.k8s.io/v1:Gateway", "g", {
    listeners: [{ name: "https", hostname, tls: { certificateRefs: [{ name: "tls" }] } }],
  });

describe("route-hostname", () => {
  const route = (host: unknown, parent = "g"): Fixture =>
    object("gateway.networking.k8s.io/v1:HTTPRoute", "r", {
      parentRefs: [{ name: parent }],
      hostnames: [host],
    });
  const said = (...resources: readonly Fixture[]): Promise<readonly string[]> =>
    messages("route-hostname", resources);

  it("wants a listener for each host", async () => {
    expect(await said(gateway("a.example.com"), route("a.example.com"))).toEqual([]);
    expect(await said(gateway("*.example.com"), route("a.example.com"))).toEqual([]);
    expect(await said(gateway("a.example.com"), route("b.example.com"))).toEqual([
      'HTTPRoute "shop/r": spec.hostnames[0] is "b.example.com"; Gateway "shop/g" has listeners only for "a.example.com": use one of these hosts, or add a listener.',
    ]);
  });

  it("says nothing where a listener serves every host, or is not known", async () => {
    expect(await said(gateway(undefined), route("b.example.com"))).toEqual([]);
    expect(await said(gateway(UNKNOWN), route("b.example.com"))).toEqual([]);
    expect(await said(gateway("a.example.com"), route("b.example.com", "other"))).toEqual([]);
    expect(await said(gateway("a.example.com"), route(UNKNOWN))).toEqual([]);
  });
});

it("compares a route with the listeners that it attaches to", async () => {
  const both = object("gateway.networking.k8s.io/v1:Gateway", "g", {
    listeners: [
      { name: "http", port: 80 },
      { name: "https", port: 443, hostname: "a.example.com" },
    ],
  });
  const route = (parent: object): Fixture =>
    object("gateway.networking.k8s.io/v1:HTTPRoute", "r", {
      parentRefs: [{ name: "g", ...parent }],
      hostnames: ["b.example.com"],
    });
  const said = (parent: object): Promise<readonly string[]> =>
    messages("route-hostname", [both, route(parent)]);
  expect(await said({})).toEqual([]);
  expect(await said({ sectionName: "http" })).toEqual([]);
  expect(await said({ sectionName: "https" })).toHaveLength(1);
  expect(await said({ port: 443 })).toHaveLength(1);
  expect(await said({ sectionName: "gone" })).toEqual([]);
});

describe("listener-certificate", () => {
  const certificate = (dnsNames: unknown, secretName = "tls"): Fixture =>
    object("cert-manager.io/v1:Certificate", "c", { secretName, dnsNames });
  const said = (...resources: readonly Fixture[]): Promise<readonly string[]> =>
    messages("listener-certificate", resources);

  it("wants the listener's host among the certificate's", async () => {
    expect(await said(gateway("a.example.com"), certificate(["*.example.com"]))).toEqual([]);
    expect(await said(gateway("a.example.com"), certificate(["b.example.com"]))).toEqual([
      'Gateway "shop/g": spec.listeners[0].hostname is "a.example.com"; Certificate "shop/c" is only for "b.example.com": add the host to its dnsNames.',
    ]);
    expect(await said(gateway("a.example.com"), certificate(undefined))).toHaveLength(1);
  });

  it("says nothing of certificates that it does not know", async () => {
    expect(await said(gateway("a.example.com"), certificate(UNKNOWN))).toEqual([]);
    expect(await said(gateway("a.example.com"), certificate([], "other"))).toEqual([]);
    expect(await said(gateway(UNKNOWN), certificate(["b.example.com"]))).toEqual([]);
  });
});
