import { describe, expect, it } from "vitest";
import { inputsOf, named, ofKind, register } from "../kit/testing";
import { InClusterRedis } from "./in-cluster";
import type { InClusterRedisArguments } from "./in-cluster-names";
import { inCluster as args } from "./testing";

const create = (changes: Partial<InClusterRedisArguments> = {}) =>
  register((options) => new InClusterRedis("store", { ...args, ...changes }, options), {
    cloud: { "kubernetes:apps/v1:StatefulSet": {} },
  });

/** The mocked engine marks a whole property as secret if it contains a secret. */
const specOf = (inputs: Readonly<Record<string, unknown>>): unknown => {
  const spec = inputs["spec"] as { readonly $secret?: unknown } | undefined;
  return spec?.$secret ?? spec;
};

const MEMBERS = {
  "app.kubernetes.io/name": "bikes-cache",
  "app.kubernetes.io/instance": "bikes-cache-members",
};

describe("Valkey's surrounding resources", () => {
  it("has a DNS name before it is ready", async () => {
    const { resources } = await create();
    expect(specOf(inputsOf(resources, "store-members-service"))).toEqual({
      clusterIP: "None",
      publishNotReadyAddresses: true,
      selector: MEMBERS,
      ports: [{ name: "redis", port: 6379, targetPort: "redis", protocol: "TCP" }],
    });
  });

  it("the certificate has every name, and a CA that keeps its key", async () => {
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

  const policies = async (changes: Partial<InClusterRedisArguments> = {}) =>
    ofKind((await create(changes)).resources, "NetworkPolicy").map(({ inputs }) => specOf(inputs));
  const monitoring = {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "watch" } },
  };
  const tcp = (...ports: number[]) => ports.map((port) => ({ protocol: "TCP", port }));

  it("clients reach the only pod, which has no egress", async () => {
    expect(await policies()).toEqual([
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

  it("a rule without peers would allow everyone", async () => {
    expect(await policies({ allowFrom: [] })).toMatchObject([
      { ingress: [{ from: [monitoring], ports: tcp(9121) }] },
    ]);
  });

  it("may be evicted", async () => {
    const { resources } = await create();
    expect(ofKind(resources, "PodDisruptionBudget").map(({ inputs }) => specOf(inputs))).toEqual([
      {
        maxUnavailable: 1,
        unhealthyPodEvictionPolicy: "AlwaysAllow",
        selector: { matchLabels: MEMBERS },
      },
    ]);
  });

  it("is monitored", async () => {
    const { resources } = await create();
    expect(ofKind(resources, "PodMonitor").map(({ inputs }) => specOf(inputs))).toEqual([
      {
        selector: { matchLabels: MEMBERS },
        podMetricsEndpoints: [{ port: "metrics", path: "/metrics", interval: "30s" }],
        jobLabel: "app.kubernetes.io/name",
      },
    ]);
  });
});
