import type * as k8s from "@pulumi/kubernetes";
import { describe, expect, it } from "vitest";
import { UNKNOWN, messages, type Fixture } from "../testing";
import { testPolicy } from "../testing/cases";
import { LABELS, broken, deployment } from "../testing/fixtures";
import type { Key } from "../values";

const service = (spec: k8s.types.input.core.v1.ServiceSpec): Fixture => ({
  type: "kubernetes:core/v1:Service",
  name: "orders",
  props: { metadata: { name: "orders", namespace: "shop", annotations: {} }, spec },
});
const plain = (): Fixture =>
  service({ selector: LABELS, ports: [{ port: 80, targetPort: "http" }], type: "ClusterIP" });
const AT = 'Service "shop/orders": spec.';

testPolicy("service-no-node-port", {
  happy: plain,
  broken: [
    {
      at: ["spec", "type"],
      to: "NodePort",
      says: `${AT}type is "NodePort"; it must be "ClusterIP", behind an HTTPRoute or Ingress.`,
    },
    { at: ["spec", "type"], to: "LoadBalancer", says: [] },
    { at: ["spec", "type"], says: [] },
  ],
  unknown: [["spec", "type"]],
});

describe("load balancers", () => {
  const open = (found: string): string =>
    `${AT}loadBalancerSourceRanges is ${found}; the load balancer is open to every address: list the allowed ranges, or add the cloud's annotation for an internal one.`;
  const RANGES: readonly Key[] = ["spec", "loadBalancerSourceRanges"];
  const annotated = (annotations: object): Fixture =>
    broken(service({ type: "LoadBalancer" }), ["metadata", "annotations"], annotations);

  testPolicy("service-load-balancer-narrow", {
    happy: () => service({ type: "LoadBalancer", loadBalancerSourceRanges: ["203.0.113.0/24"] }),
    broken: [
      { at: RANGES, says: open("missing") },
      { at: RANGES, to: [], says: open("[]") },
      { at: RANGES, to: ["0.0.0.0/0"], says: open('["0.0.0.0/0"]') },
      { at: RANGES, to: ["10.0.0.0/8", "::/0"], says: open('["10.0.0.0/8","::/0"]') },
      {
        at: RANGES,
        says: [],
        setting: { configuration: { "service-load-balancer-narrow": { public: true } } },
      },
      { at: ["spec"], to: { type: "ClusterIP" }, says: [] },
    ],
    unknown: [["spec", "type"], RANGES, [...RANGES, 0]],
  });

  it.each([
    "lbipam.cilium.io/ips",
    "io.cilium/lb-ipam-ips",
    "metallb.io/loadBalancerIPs",
    "metallb.universe.tf/loadBalancerIPs",
    "kube-vip.io/loadbalancerIPs",
  ])("knows private addresses of %s", async (key) => {
    const reported = (value: unknown): Promise<readonly string[]> =>
      messages("service-load-balancer-narrow", [annotated({ [key]: value })]);
    expect(await reported("192.168.1.7")).toEqual([]);
    expect(await reported("10.4.0.9, fd00::7")).toEqual([]);
    expect(await reported(UNKNOWN)).toEqual([]);
    expect(await reported("203.0.113.9")).toEqual([open("missing")]);
    expect(await reported("10.4.0.9,203.0.113.9")).toEqual([open("missing")]);
    expect(await reported("gateway")).toEqual([open("missing")]);
  });

  it.each([
    ["service.beta.kubernetes.io/aws-load-balancer-scheme", "internal", "internet-facing"],
    ["service.beta.kubernetes.io/aws-load-balancer-internal", "true", "false"],
    ["networking.gke.io/load-balancer-type", "Internal", "External"],
    ["cloud.google.com/load-balancer-type", "internal", "external"],
    ["service.beta.kubernetes.io/azure-load-balancer-internal", "true", "false"],
    ["service.beta.kubernetes.io/do-loadbalancer-network", "INTERNAL", "EXTERNAL"],
  ])("knows %s", async (key, internal, external) => {
    const reported = (value: string): Promise<readonly string[]> =>
      messages("service-load-balancer-narrow", [annotated({ [key]: value })]);
    expect(await reported(internal)).toEqual([]);
    expect(await reported(`x${internal}`)).toEqual([open("missing")]);
    expect(await reported(`${internal}x`)).toEqual([open("missing")]);
    expect(await reported(external)).toEqual([open("missing")]);
    expect(await reported(UNKNOWN)).toEqual([]);
  });
});

testPolicy("service-no-external-ips", {
  happy: plain,
  broken: [
    {
      at: ["spec", "externalIPs"],
      to: ["198.51.100.7"],
      says: `${AT}externalIPs is ["198.51.100.7"]; remove it.`,
    },
    { at: ["spec", "externalIPs"], to: [], says: [] },
    {
      at: ["spec", "externalIPs"],
      to: "198.51.100.7",
      says: `${AT}externalIPs is "198.51.100.7"; remove it.`,
    },
  ],
  unknown: [["spec", "externalIPs"]],
});

describe("target ports", () => {
  const CONTAINER: readonly Key[] = ["spec", "template", "spec", "containers", 0];
  const PORTS: readonly Key[] = [...CONTAINER, "ports"];
  const TARGET: readonly Key[] = ["spec", "ports", 0, "targetPort"];
  const pods = (
    ports: unknown = [{ name: "http", containerPort: 8110 }, { containerPort: 9110 }],
  ): Fixture => broken(deployment(), PORTS, ports);
  const invalid = (found: string): string =>
    `${AT}ports[0].targetPort is ${found}; use the name of a container's port, or a number from 1 to 65535.`;
  const only = (found: string, names: string): string =>
    `${AT}ports[0].targetPort is ${found}; the pods it selects name ${names}: use one of its names, or the number.`;

  testPolicy("service-target-port", {
    happy: () => [plain(), pods()],
    broken: [
      { at: TARGET, to: "web", says: only('"web"', 'only "http"') },
      { at: TARGET, says: [] },
      ...[1, 65_535, "8110"].map((to) => ({ at: TARGET, to, says: [] })),
      ...[
        0,
        65_536,
        1.5,
        "",
        "a_b",
        "-web",
        "web-",
        "a--b",
        "abcdefghijklmnop",
        "Web",
        "123456",
        true,
      ].map((to) => ({ at: TARGET, to, says: invalid(JSON.stringify(to)) })),
      { of: 1, at: PORTS, says: only('"http"', "no port") },
      {
        of: 1,
        at: PORTS,
        to: [{ name: "web" }, { name: "metrics" }],
        says: only('"http"', 'only "web", "metrics"'),
      },
      { of: 1, at: ["metadata", "namespace"], to: "stock", says: [] },
      { at: ["spec", "selector"], to: { app: "cart" }, says: [] },
      { at: ["spec", "selector"], says: [] },
      { at: ["spec", "ports"], says: [] },
    ],
    unknown: [
      ["spec"],
      ["spec", "ports"],
      ["spec", "selector"],
      TARGET,
      [1, "spec", "template", "spec"],
      [1, ...CONTAINER],
      [1, ...PORTS],
      [1, ...PORTS, 0, "name"],
    ],
  });

  it("accepts fifteen letters, a port of an init container, and one of several workloads", async () => {
    const name = "abcdefghijklmno";
    const init = broken(
      deployment(),
      ["spec", "template", "spec", "initContainers", 0, "ports"],
      [{ name }],
    );
    const fixture = broken(plain(), TARGET, name);
    expect(await messages("service-target-port", [fixture, pods(), init])).toEqual([]);
  });

  testPolicy("service-target-port", {
    happy: () => [plain(), pods(), { ...pods([{ name: "web" }]), name: "second" }],
    broken: [
      { of: 1, at: PORTS, says: only('"http"', 'only "web"') },
      { of: 1, at: ["metadata", "namespace"], to: "stock", says: only('"http"', 'only "web"') },
    ],
    unknown: [
      ["metadata", "namespace"],
      ["spec", "selector", "app.kubernetes.io/name"],
      [1, "metadata", "namespace"],
      [1, "spec", "template", "metadata", "labels"],
      [1, "spec", "template", "spec", "containers"],
    ],
  });

  it("counts an unknown namespace of the Service", async () => {
    const fixture = broken(broken(plain(), TARGET, "web"), ["metadata", "namespace"], UNKNOWN);
    expect(await messages("service-target-port", [fixture, pods()])).toEqual([]);
  });
});

const alias = (): Fixture => ({
  type: "kubernetes:core/v1:Service",
  name: "mail",
  props: {
    metadata: { name: "mail", namespace: "shop" },
    spec: { type: "ExternalName", externalName: "smtp.example.com" },
  },
});
testPolicy("service-external-name", {
  happy: alias,
  broken: [
    ...[
      "localhost",
      "api.localhost",
      "localhost.",
      "LOCALHOST.localdomain",
      "127.0.0.53",
      "0.0.0.0",
      "169.254.169.254",
      "metadata.google.internal",
    ].map((to) => ({
      at: ["spec", "externalName"],
      to,
      says: `Service "shop/mail": spec.externalName is "${to}"; whoever follows it calls itself, or its node: name a host outside of the cluster, or use a Service with a selector.`,
    })),
    ...["localhost.example.com", "127.example.com", "mylocalhost", "1.127.0.1"].map((to) => ({
      at: ["spec", "externalName"],
      to,
      says: [],
    })),
    { at: ["spec", "externalName"], says: [] },
  ],
  unknown: [
    ["spec", "type"],
    ["spec", "externalName"],
  ],
});

it("leaves a Service alone that is no alias", async () => {
  const own = broken(broken(alias(), ["spec", "externalName"], "localhost"), ["spec", "type"]);
  expect(await messages("service-external-name", [own])).toEqual([]);
});
