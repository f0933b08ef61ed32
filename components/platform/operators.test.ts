import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { CHARTS } from "../../versions";
import { inputsOf, named, register } from "../kit/testing";
import { digitalOceanDns } from "../clouds/digitalocean/dns";
import type { DnsChallenge } from "../dns/contract";
import { Dapr } from "./dapr";
import { Gateway } from "./gateway";
import { toApiServer, toEveryPod, toPeers } from "../kit/network-rules";
import { Operators } from "./operators";
import { spreadPods } from "../kit/spread";

const shared = {
  system: "farm",
  monitoringNamespace: "watch",
  zones: ["z-1", "z-2"],
  chartMirror: undefined,
};

const create = (production = true, hasMetricsServer = false, challenge?: DnsChallenge) =>
  register((options) => {
    const gateway = new Gateway(
      "door",
      { ...shared, production, loadBalancerAnnotations: {}, loadBalancerTargets: undefined },
      options,
    );
    return new Operators(
      "tools",
      {
        ...shared,
        production,
        hasMetricsServer,
        brokerPorts: [19092],
        gatewayApi: [gateway.release],
        challenge,
      },
      options,
    );
  });

describe("operators", () => {
  it("include metrics-server only if the cloud has no metrics", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "tools-metrics-server")).toMatchObject({
      chart: "metrics-server",
      version: CHARTS.metricsServer.version,
      namespace: "kube-system",
    });
    const managed = await create(true, true);
    expect(managed.result.metrics).toBeUndefined();
    expect(managed.resources.map(({ name }) => name)).not.toContain("tools-metrics-server");
  });

  it.each([
    [true, 2],
    [false, 1],
  ])("run replicated in production: %s", async (production, replicas) => {
    const { resources } = await create(production);
    const budget = { enabled: production, minAvailable: 1 };
    expect(inputsOf(resources, "tools-keda")["values"]).toMatchObject({
      operator: { replicaCount: replicas },
      metricsServer: { replicaCount: replicas },
      webhooks: { replicaCount: replicas },
    });
    expect(inputsOf(resources, "tools-cert-manager")["values"]).toMatchObject({
      replicaCount: replicas,
      podDisruptionBudget: budget,
      webhook: { replicaCount: replicas, podDisruptionBudget: budget },
      cainjector: { replicaCount: replicas, podDisruptionBudget: budget },
    });
    expect(inputsOf(resources, "tools-metrics-server")["values"]).toMatchObject({
      replicas,
      podDisruptionBudget: budget,
    });
  });

  it("are installed atomically, in restricted namespaces, once their guards exist", async () => {
    const { resources } = await create();
    for (const piece of ["keda", "cert-manager"]) {
      expect(inputsOf(resources, `tools-${piece}`)).toMatchObject({
        name: piece,
        namespace: piece,
        atomic: true,
        waitForJobs: true,
        createNamespace: false,
      });
      expect(named(resources, `tools-${piece}`).dependsOn).toContain(
        `tools-${piece}-namespace-default-deny`,
      );
      expect(inputsOf(resources, `tools-${piece}-namespace-namespace`)).toMatchObject({
        metadata: { labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
      });
    }
  });

  it("start cert-manager after the Gateway API, because it checks only once", async () => {
    const { resources } = await create();
    expect(named(resources, "tools-cert-manager").dependsOn).toContain("door-envoy");
    expect(inputsOf(resources, "tools-cert-manager")["values"]).toMatchObject({
      crds: { enabled: true, keep: true },
      config: {
        apiVersion: "controller.config.cert-manager.io/v1alpha1",
        kind: "ControllerConfiguration",
        enableGatewayAPI: true,
      },
    });
  });

  it("are replaced one at a time, spread over zones and nodes, limited and monitored", async () => {
    const { resources } = await create();
    const bounded = { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } };
    const spread = (component: string) => ({
      resources: bounded,
      topologySpreadConstraints: spreadPods({ "app.kubernetes.io/component": component }, ["z-1"]),
    });
    expect(inputsOf(resources, "tools-keda")["values"]).toMatchObject({
      podDisruptionBudget: {
        operator: { maxUnavailable: 1 },
        metricServer: { maxUnavailable: 1 },
        webhooks: { maxUnavailable: 1 },
      },
      resources: { operator: bounded, metricServer: bounded, webhooks: bounded },
      prometheus: { operator: { enabled: true }, metricServer: { enabled: true } },
    });
    expect(inputsOf(resources, "tools-cert-manager")["values"]).toMatchObject({
      ...spread("controller"),
      webhook: spread("webhook"),
      cainjector: spread("cainjector"),
      prometheus: { enabled: true },
    });
    expect(inputsOf(resources, "tools-metrics-server")["values"]).toMatchObject({
      resources: { requests: { cpu: "100m", memory: "200Mi" }, limits: { memory: "400Mi" } },
    });
  });
});

describe("Dapr's control plane", () => {
  const dapr = (production: boolean) =>
    register(
      (options) =>
        new Dapr(
          "sides",
          {
            ...shared,
            production,
            applicationNamespace: "app",
            storageClass: "fast",
            definitions: undefined,
          },
          options,
        ),
    );

  it.each([true, false])(
    "TC-07: uses mutual TLS, and is replicated in production: %s",
    async (ha) => {
      const { resources } = await dapr(ha);
      expect(inputsOf(resources, "sides-control-plane")["values"]).toMatchObject({
        global: {
          logAsJson: true,
          ha: { enabled: ha, replicaCount: 3, topologyKey: "kubernetes.io/hostname" },
          mtls: { enabled: true, workloadCertTTL: "24h", allowedClockSkew: "15m" },
          prometheus: { enabled: true, port: 9090 },
          seccompProfile: "RuntimeDefault",
        },
        dapr_scheduler: { cluster: { storageClassName: "fast", storageSize: "16Gi" } },
        dapr_sidecar_injector: {
          sidecarDropALLCapabilities: true,
          sidecarReadOnlyRootFilesystem: true,
          sidecarRunAsNonRoot: true,
          webhookFailurePolicy: "Fail",
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "app" } },
        },
      });
    },
  );

  it("TC-07: exposes its dashboard only by port-forward", async () => {
    const { resources } = await dapr(true);
    expect(inputsOf(resources, "sides-dashboard")["values"]).toMatchObject({
      serviceType: "ClusterIP",
      ingress: { enabled: false },
    });
    const { ingress } = inputsOf(resources, "sides-namespace-allow-platform")["spec"] as {
      readonly ingress: readonly { readonly ports?: readonly { readonly port: number }[] }[];
    };
    expect(ingress.map(({ ports }) => ports?.map(({ port }) => port))).toEqual([
      undefined,
      [4000, 19443],
      [6500, 50001, 50005, 50006],
      [9090],
    ]);
    expect(ingress[0]).toEqual({ from: [{ podSelector: {} }] });
  });

  it("prove names with an account whose annotation is not in the chart's values", async () => {
    const { resources } = await create(true, false, {
      solver: {},
      grant: { annotations: { identity: pulumi.output("an-account") }, ready: [] },
      account: "prover",
      egress: [],
    });
    expect(inputsOf(resources, "tools-cert-manager-account")["metadata"]).toMatchObject({
      name: "prover",
      namespace: "cert-manager",
      annotations: { identity: "an-account" },
    });
    const { values } = inputsOf(resources, "tools-cert-manager");
    expect(values).toMatchObject({ serviceAccount: { create: false, name: "prover" } });
    expect(named(resources, "tools-cert-manager").dependsOn).toContain(
      "tools-cert-manager-account",
    );
  });

  it("prove names with a token where pods have no identity", async () => {
    const token = pulumi.secret("the-token");
    const { resources } = await create(
      true,
      false,
      digitalOceanDns(token).challenge("proof", "example.org", {}),
    );
    expect(inputsOf(resources, "tools-cert-manager-token")).toMatchObject({
      metadata: { name: "digitalocean-dns", namespace: "cert-manager" },
      stringData: { $secret: { "access-token": "the-token" } },
    });
    expect(inputsOf(resources, "tools-cert-manager")["values"]).not.toHaveProperty(
      "serviceAccount",
    );
  });

  it("may reach their metric sources, and the challenges that they publish", async () => {
    const { resources } = await create();
    const out = (piece: string): unknown => {
      const { spec } = inputsOf(resources, `tools-${piece}-namespace-allow-platform`) as {
        spec: { egress: unknown };
      };
      return spec.egress;
    };
    const own = toPeers([{ podSelector: {} }]);
    expect(out("keda")).toEqual([
      own,
      toApiServer(),
      toEveryPod(),
      {
        to: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"].map((cidr) => ({
          ipBlock: { cidr },
        })),
        ports: [{ protocol: "TCP", port: 1024, endPort: 65535 }],
      },
      { ports: [{ protocol: "TCP", port: 19092 }] },
    ]);
    expect(out("cert-manager")).toEqual([
      own,
      { ports: [443, 6443].map((port) => ({ protocol: "TCP", port })) },
      { ports: [{ protocol: "TCP", port: 80 }] },
      { to: [{ namespaceSelector: {} }], ports: [{ protocol: "TCP", port: 10080 }] },
    ]);
  });
});
