import * as random from "@pulumi/random";
import { describe, expect, it } from "vitest";
import { CHARTS } from "../../versions";
import { inputsOf, named, ofKind, register } from "../kit/testing";
import { CLOUD_NATIVE_PG_OPERATOR } from "../postgres/cloud-native-pg-network";
import { CloudNativePgOperator } from "./cloud-native-pg";
import { toApiServer, toEveryPod, toPeers } from "../kit/network-rules";

const create = (production = true) =>
  register((options) => {
    const certManager = new random.RandomPassword("certificates", { length: 7 }, options);
    return new CloudNativePgOperator(
      "pg",
      {
        system: "farm",
        production,
        monitoringNamespace: "watch",
        zones: ["z-1", "z-2"],
        chartMirror: undefined,
        certManager,
      },
      options,
    );
  });

describe("CloudNativePG's operator", () => {
  it("creates exactly a namespace with guards, two charts and their disruption budgets", async () => {
    const { resources, result } = await create();
    expect(resources.map(({ name }) => name)).toEqual([
      "certificates",
      "pg-cloudnative-pg",
      "pg-cloudnative-pg-budget",
      "pg-namespace-allow-dns",
      "pg-namespace-allow-platform",
      "pg-namespace-default-deny",
      "pg-namespace-limits",
      "pg-namespace-namespace",
      "pg-plugin-barman-cloud",
      "pg-plugin-barman-cloud-budget",
    ]);
    expect(result.namespace).toBe("cnpg-system");
    expect(result.ready).toEqual([result.release, result.plugin]);
  });

  it.each([
    [true, 2],
    [false, 1],
  ])("runs replicated in production: %s", async (production, replicas) => {
    const { resources } = await create(production);
    const spread = (topologyKey: string) => ({
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels: CLOUD_NATIVE_PG_OPERATOR },
    });
    expect(inputsOf(resources, "pg-cloudnative-pg")).toMatchObject({
      chart: "cloudnative-pg",
      version: CHARTS.cloudNativePg.version,
      namespace: "cnpg-system",
      values: {
        replicaCount: replicas,
        crds: { create: true },
        config: { clusterWide: true },
        resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
        topologySpreadConstraints: [
          spread("topology.kubernetes.io/zone"),
          spread("kubernetes.io/hostname"),
        ],
      },
    });
  });

  it("runs a single plugin replica, because only the leader answers", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "pg-plugin-barman-cloud")).toMatchObject({
      chart: "plugin-barman-cloud",
      version: CHARTS.barmanCloud.version,
      namespace: "cnpg-system",
      values: { replicaCount: 1 },
    });
  });

  it("configures the plugin's certificates in the chart's values", async () => {
    const { resources } = await create();
    const { values } = inputsOf(resources, "pg-plugin-barman-cloud");
    expect((values as { certificate: unknown }).certificate).toEqual({
      createClientCertificate: true,
      createServerCertificate: true,
    });
  });

  it("installs the plugin once cert-manager and the operator are ready", async () => {
    const { resources } = await create();
    expect(named(resources, "pg-plugin-barman-cloud").dependsOn).toEqual([
      "certificates",
      "pg-cloudnative-pg",
      "pg-namespace-allow-dns",
      "pg-namespace-allow-platform",
      "pg-namespace-default-deny",
      "pg-namespace-limits",
      "pg-namespace-namespace",
    ]);
  });

  it("is restricted, and admits only the API server and metrics scrapes", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "pg-namespace-namespace")).toMatchObject({
      metadata: { labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    });
    expect(inputsOf(resources, "pg-namespace-allow-platform")).toMatchObject({
      spec: {
        ingress: [
          { from: [{ podSelector: {} }] },
          { ports: [{ protocol: "TCP", port: 9443 }] },
          {
            from: [
              { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "watch" } } },
            ],
          },
        ],
        egress: [toPeers([{ podSelector: {} }]), toApiServer(), toEveryPod(5432, 8000)],
      },
    });
  });

  it("never blocks a node's drain", async () => {
    const { resources } = await create(false);
    expect(ofKind(resources, "PodDisruptionBudget").map(({ inputs }) => inputs["spec"])).toEqual(
      ["cloudnative-pg", "plugin-barman-cloud"].map((chart) => ({
        maxUnavailable: 1,
        unhealthyPodEvictionPolicy: "AlwaysAllow",
        selector: { matchLabels: { "app.kubernetes.io/name": chart } },
      })),
    );
  });
});
