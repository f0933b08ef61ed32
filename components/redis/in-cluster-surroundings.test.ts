import { describe, expect, it } from "vitest";
import { inputsOf, named, ofKind, register } from "../kit/testing";
import { InClusterRedis } from "./in-cluster";
import type { InClusterRedisArguments } from "./in-cluster-names";
import { inCluster as args } from "./testing";

const create = (changes: Partial<InClusterRedisArguments> = {}) =>
  register((options) => new InClusterRedis("store", { ...args, ...changes }, options), {
    cloud: { "kubernetes:apps/v1:StatefulSet": {} },
  });

const single = { topology: "single" } as const;

/** The mocked engine makes a whole secret of what holds one. */
const specOf = (inputs: Readonly<Record<string, unknown>>): unknown => {
  const spec = inputs["spec"] as { readonly $secret?: unknown } | undefined;
  return spec?.$secret ?? spec;
};

const MEMBERS = {
  "app.kubernetes.io/name": "bikes-cache",
  "app.kubernetes.io/instance": "bikes-cache-members",
};
const PROXY = {
  "app.kubernetes.io/name": "bikes-cache-proxy",
  "app.kubernetes.io/instance": "bikes-cache-proxy",
};

describe("around the pods of Valkey", () => {
  it("surprise: members are named before they are ready, or none would become so", async () => {
    const { resources } = await create();
    expect(specOf(inputsOf(resources, "store-members-service"))).toEqual({
      clusterIP: "None",
      publishNotReadyAddresses: true,
      selector: MEMBERS,
      ports: [
        { name: "redis", port: 6379, targetPort: "redis", protocol: "TCP" },
        { name: "sentinel", port: 26379, targetPort: "sentinel", protocol: "TCP" },
      ],
    });
  });

  it("the certificate has every name, and an authority that keeps its key", async () => {
    const { resources } = await create();
    expect(specOf(inputsOf(resources, "store-tls-certificate"))).toEqual({
      secretName: "bikes-cache-tls",
      duration: "2160h",
      renewBefore: "720h",
      privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
      usages: ["digital signature", "server auth", "client auth"],
      dnsNames: [
        "bikes-cache",
        "bikes-cache.rides",
        "bikes-cache.rides.svc",
        "bikes-cache.rides.svc.cluster.local",
        "*.bikes-cache-members.rides.svc.cluster.local",
        "localhost",
      ],
      issuerRef: { name: "bikes-cache-ca", kind: "Issuer", group: "cert-manager.io" },
    });
    expect(specOf(inputsOf(resources, "store-tls-ca"))).toMatchObject({
      isCA: true,
      commonName: "bikes-cache.rides",
      secretName: "bikes-cache-ca",
      privateKey: { rotationPolicy: "Never" },
      issuerRef: { name: "bikes-cache-self-signed" },
    });
    expect(specOf(inputsOf(resources, "store-tls-issuer"))).toEqual({
      ca: { secretName: "bikes-cache-ca" },
    });
    expect(named(resources, "store-tls-certificate").dependsOn).toEqual(["store-tls-issuer"]);
  });

  const policies = async (changes: Partial<InClusterRedisArguments>) =>
    ofKind((await create(changes)).resources, "NetworkPolicy").map(({ inputs }) => specOf(inputs));
  const monitoring = {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "watch" } },
  };
  const tcp = (...ports: number[]) => ports.map((port) => ({ protocol: "TCP", port }));

  it("clients reach the only member, who reaches nobody", async () => {
    expect(await policies(single)).toEqual([
      {
        podSelector: { matchLabels: MEMBERS },
        policyTypes: ["Ingress", "Egress"],
        ingress: [
          { from: args.allowFrom, ports: tcp(6379) },
          { from: [monitoring], ports: tcp(9121) },
        ],
        egress: [],
      },
    ]);
  });

  it("clients reach the proxies, and these the members", async () => {
    const members = { podSelector: { matchLabels: MEMBERS } };
    const proxy = { podSelector: { matchLabels: PROXY } };
    expect(await policies({})).toEqual([
      {
        podSelector: { matchLabels: MEMBERS },
        policyTypes: ["Ingress", "Egress"],
        ingress: [
          { from: [members, proxy], ports: tcp(6379, 26379) },
          { from: [monitoring], ports: tcp(9121) },
        ],
        egress: [{ to: [members], ports: tcp(6379, 26379) }],
      },
      {
        podSelector: { matchLabels: PROXY },
        policyTypes: ["Ingress", "Egress"],
        ingress: [
          { from: args.allowFrom, ports: tcp(6379) },
          { from: [monitoring], ports: tcp(8404) },
        ],
        egress: [{ to: [members], ports: tcp(6379, 26379) }],
      },
    ]);
  });

  it("surprise: a rule without peers would let everybody in", async () => {
    expect(await policies({ ...single, allowFrom: [] })).toMatchObject([
      { ingress: [{ from: [monitoring], ports: tcp(9121) }] },
    ]);
  });

  it("one of them may be away at a time", async () => {
    const { resources } = await create();
    expect(ofKind(resources, "PodDisruptionBudget").map(({ inputs }) => specOf(inputs))).toEqual(
      [MEMBERS, PROXY].map((matchLabels) => ({
        maxUnavailable: 1,
        unhealthyPodEvictionPolicy: "AlwaysAllow",
        selector: { matchLabels },
      })),
    );
  });

  it("all of them are measured", async () => {
    const { resources } = await create();
    expect(ofKind(resources, "PodMonitor").map(({ inputs }) => specOf(inputs))).toEqual(
      [MEMBERS, PROXY].map((matchLabels) => ({
        selector: { matchLabels },
        podMetricsEndpoints: [{ port: "metrics", path: "/metrics", interval: "30s" }],
        jobLabel: "app.kubernetes.io/name",
      })),
    );
  });
});
