import type * as k8s from "@pulumi/kubernetes";
import { describe, expect, it } from "vitest";
import { UNKNOWN, messages, type Fixture } from "../testing";
import { testPolicy } from "../testing/cases";
import type { Key } from "../values";
import { LABELS, broken, container, deployment } from "../testing/fixtures";

type Rule = k8s.types.input.networking.v1.NetworkPolicyIngressRule;

const POD = ["spec", "jobTemplate", "spec", "template", "spec"];
const CALL: readonly Key[] = [...POD, "containers", 0];
const CLIENT = { app: "shop-front" };
const client = (url: string, more: object = {}): Fixture => ({
  type: "kubernetes:batch/v1:CronJob",
  name: "client",
  props: {
    metadata: { name: "client", namespace: "front" },
    spec: {
      jobTemplate: {
        spec: {
          template: {
            metadata: { labels: CLIENT },
            spec: { containers: [{ name: "call", env: [{ name: "API", value: url }] }], ...more },
          },
        },
      },
    },
  },
});
const server = (): Fixture =>
  broken(
    deployment(),
    ["spec", "template", "spec", "containers"],
    [{ ...container("api"), ports: [{ name: "http", containerPort: 8080 }] }],
  );
const service = (port: object = { port: 80, targetPort: "http" }): Fixture => ({
  type: "kubernetes:core/v1:Service",
  name: "orders",
  props: {
    metadata: { name: "orders", namespace: "shop" },
    spec: { selector: LABELS, ports: [port] },
  },
});
const policy = (namespace: string, spec: object): Fixture => ({
  type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
  name: `policy-${namespace}`,
  props: { metadata: { name: "p", namespace }, spec },
});
const inNamespace = (name: string): object => ({
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
});
const asks = (
  to: object = { ...inNamespace("shop"), podSelector: { matchLabels: LABELS } },
): Fixture =>
  policy("front", {
    podSelector: { matchLabels: CLIENT },
    policyTypes: ["Egress"],
    egress: [{ to: [to], ports: [{ port: 8080 }] }],
  });
const answers = (rule: Rule = {}): Fixture =>
  policy("shop", {
    podSelector: {},
    policyTypes: ["Ingress"],
    ingress: [
      {
        from: [{ ...inNamespace("front"), podSelector: { matchLabels: CLIENT } }],
        ports: [{ port: "http", protocol: "TCP" }],
        ...rule,
      },
    ],
  });

const URL = "http://orders.shop.svc:80/x";
const closed = (side: string, url = URL): string =>
  `CronJob "front/client", container "call": spec.jobTemplate.spec.template.spec.containers[0].env[0].value is "${url}"; no NetworkPolicy for ${side} lets the connection to Service "shop/orders" through: add a rule with that port, or correct the labels that it selects.`;
const OUT = closed("egress of its pods");
const IN = closed("ingress of the Service's pods");

testPolicy("network-policy-reach", {
  happy: () => [client(URL), server(), service(), asks(), answers()],
  broken: [
    {
      at: ["spec", "jobTemplate", "spec", "template", "metadata", "labels"],
      to: { app: "shop-back" },
      says: IN,
    },
    { of: 1, at: ["spec", "template", "metadata", "labels", "app.kubernetes.io/name"], says: [] },
    { of: 3, at: ["spec", "podSelector"], to: { matchLabels: { app: "other" } }, says: [] },
    { of: 3, at: ["spec", "egress"], to: [], says: OUT },
    { of: 3, at: ["spec", "egress"], to: [{}], says: [] },
    { of: 3, at: ["spec", "egress", 0, "ports", 0, "port"], to: 80, says: OUT },
    { of: 3, at: ["spec", "egress", 0, "ports", 0], to: { port: 8000, endPort: 8090 }, says: [] },
    { of: 3, at: ["spec", "egress", 0, "ports", 0], to: { port: 8000, endPort: 8010 }, says: OUT },
    { of: 3, at: ["spec", "egress", 0, "ports", 0, "protocol"], to: "UDP", says: OUT },
    { of: 3, at: ["spec", "egress", 0, "ports"], says: [] },
    { of: 3, at: ["spec", "egress", 0, "to", 0], to: inNamespace("shop"), says: [] },
    { of: 3, at: ["spec", "egress", 0, "to", 0], to: inNamespace("stock"), says: OUT },
    // In its own namespace.
    { of: 3, at: ["spec", "egress", 0, "to", 0], to: { podSelector: {} }, says: OUT },
    { of: 3, at: ["spec", "egress", 0, "to", 0], to: { namespaceSelector: {} }, says: [] },
    // The address may be that of a pod.
    {
      of: 3,
      at: ["spec", "egress", 0, "to", 0],
      to: { ipBlock: { cidr: "10.0.0.0/8" } },
      says: [],
    },
    { of: 3, at: ["spec", "policyTypes"], to: ["Ingress"], says: [] },
    { of: 3, at: ["metadata", "namespace"], to: "stock", says: [] },
    {
      of: 4,
      at: ["spec", "ingress", 0, "from", 0, "podSelector"],
      to: { matchLabels: { app: "a" } },
      says: IN,
    },
    { of: 4, at: ["spec", "ingress", 0, "ports", 0, "port"], to: "metrics", says: IN },
    { of: 4, at: ["spec", "ingress", 0, "ports", 0, "port"], to: 8080, says: [] },
    { of: 4, at: ["spec", "ingress"], says: IN },
  ],
  unknown: [
    ["spec", "jobTemplate", "spec", "template", "metadata", "labels"],
    [3, "spec", "egress"],
    [3, "spec", "egress", 0, "ports"],
    [3, "spec", "egress", 0, "to", 0],
    [4, "spec", "podSelector"],
    [4, "metadata", "namespace"],
  ],
});

describe("network-policy-reach", () => {
  const said = (...resources: readonly Fixture[]): Promise<readonly string[]> =>
    messages("network-policy-reach", resources);
  const none = policy("front", { podSelector: {}, policyTypes: ["Egress"] });

  it("knows the Service by every name that it has", async () => {
    for (const url of [
      "http://orders.shop.svc.cluster.local:80/",
      "orders.shop.svc:80",
      "orders-0.orders.shop.svc.cluster.local:80",
    ])
      expect(await said(client(url), server(), service(), none)).toEqual([
        closed("egress of its pods", url),
      ]);
    expect(await said(client("http://orders:80"), server(), service(), none)).toEqual([]);
  });

  it("does not judge what it cannot see", async () => {
    const far = client("http://api.example.com:80");
    expect(await said(far, server(), service(), none)).toEqual([]);
    const alias = service();
    const named = broken(alias, ["spec"], { type: "ExternalName", externalName: "example.com" });
    expect(await said(client(URL), server(), named, none)).toEqual([]);
    expect(await said(client(URL), service(), none)).toEqual([]);
    expect(
      await said(client(URL), server(), service({ port: 80, targetPort: "web" }), none),
    ).toEqual([]);
    const udp = service({ port: 80, targetPort: 8080, protocol: "UDP" });
    expect(await said(client(URL), server(), udp, none)).toEqual([]);
    expect(await said(client(URL, { hostNetwork: true }), server(), service(), none)).toEqual([]);
  });

  it("does not take the pod's own address, or that of its callers, for a call", async () => {
    const told = (at: Key, to: unknown): Fixture => broken(client(URL), [...CALL, at], to);
    const named = (name: string): Fixture => told("env", [{ name, value: URL }]);
    for (const name of ["CORS_ORIGINS", "APP_ALLOWED_HOSTS", "ADVERTISED_URL", "PUBLIC_URL"])
      expect(await said(named(name), server(), service(), none)).toEqual([]);
    expect(await said(named("OIDC_ISSUER"), server(), service(), none)).toEqual([]);
    expect(await said(named("PUBLICATIONS_URL"), server(), service(), none)).toHaveLength(1);
    const words = async (...args: readonly string[]): Promise<number> =>
      (await said(broken(told("args", args), [...CALL, "env"]), server(), service(), none)).length;
    expect(await words("--api", URL)).toBe(1);
    expect(await words(`--public-url=${URL}`)).toBe(0);
    expect(await words("--public-url", URL)).toBe(0);
    expect(await words("--public-url=/", URL)).toBe(1);
    const own = broken(service({ port: 80, targetPort: 8080 }), ["spec", "selector"], CLIENT);
    const itself = broken(own, ["metadata", "namespace"], "front");
    const url = URL.replace("shop", "front");
    expect(await said(client(url), itself, none)).toEqual([]);
  });

  it("leaves a connection open that something else may allow", async () => {
    const chart: Fixture = {
      type: "kubernetes:helm.sh/v3:Release",
      name: "chart",
      props: { chart: "any", namespace: "front" },
    };
    const all = [client(URL), server(), service(), none, chart];
    expect(await messages(["network-policy-reach", "undecided"], all)).toEqual([
      '1 reference is not judged, because Release "chart" (helm.sh/v3) may create what is missing: network-policy-reach (1).',
    ]);
    const cilium: Fixture = {
      type: "kubernetes:cilium.io/v2:CiliumNetworkPolicy",
      name: "c",
      props: { metadata: { name: "c", namespace: "front" }, spec: {} },
    };
    expect(await said(client(URL), server(), service(), none, cilium)).toEqual([]);
  });

  it("asks the labels of a namespace, where the input has it", async () => {
    const namespace = (labels: unknown): Fixture => ({
      type: "kubernetes:core/v1:Namespace",
      name: "shop",
      props: { metadata: { name: "shop", labels } },
    });
    const to = asks({ namespaceSelector: { matchLabels: { team: "orders" } } });
    const all = [client(URL), server(), service(), to];
    expect(await said(...all)).toEqual([]);
    expect(await said(...all, namespace({ team: "orders" }))).toEqual([]);
    expect(await said(...all, namespace({ team: "carts" }))).toEqual([OUT]);
    expect(await said(...all, namespace(UNKNOWN))).toEqual([]);
  });
});
