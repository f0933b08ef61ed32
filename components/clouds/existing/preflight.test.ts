import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { Gateway } from "../../platform/gateway";
import { inputsOf, named, register, valueOf } from "../../kit/testing";
import { GATEWAY_CLASS, type ExistingArguments } from "./arguments";
import { preflightEnvironment } from "./preflight";
import { PREFLIGHT_SCRIPT } from "./script";
import { args, create } from "./testing";

interface Rule {
  readonly resources?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

const jobName = async (changes: Partial<ExistingArguments> = {}) => {
  const { metadata } = inputsOf((await create(changes)).resources, "town-preflight-job");
  return (metadata as { readonly name: string }).name;
};

const labels = {
  "app.kubernetes.io/part-of": "runstack",
  "app.kubernetes.io/component": "preflight",
  "app.kubernetes.io/managed-by": "pulumi",
};
const namespaced = (name: string) => ({ name, namespace: "runstack-preflight", labels });

describe("the preflight of an existing cluster", () => {
  it("runs once, restricted, and checks the cluster's description", async () => {
    const { resources } = await create();
    const job = named(resources, "town-preflight-job");
    expect(job.inputs).toMatchObject({
      metadata: {
        ...namespaced(await jobName()),
        annotations: { "pulumi.com/replaceUnready": "true" },
      },
      spec: { backoffLimit: 0, activeDeadlineSeconds: 300 },
    });
    const { template } = job.inputs["spec"] as { readonly template: unknown };
    expect(template).toEqual({
      metadata: { labels },
      spec: {
        restartPolicy: "Never",
        serviceAccountName: "runstack-preflight",
        automountServiceAccountToken: true,
        enableServiceLinks: false,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 65532,
          runAsGroup: 65532,
          fsGroup: 65532,
          fsGroupChangePolicy: "OnRootMismatch",
          seccompProfile: { type: "RuntimeDefault" },
        },
        containers: [
          {
            name: "preflight",
            image: "docker.io/curlimages/curl:8.16.0",
            imagePullPolicy: "IfNotPresent",
            command: ["/bin/sh", "-c", PREFLIGHT_SCRIPT],
            env: [
              { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
              { name: "API", value: "https://kubernetes.default.svc" },
              { name: "CA_FILE", value: "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt" },
              { name: "TOKEN_FILE", value: "/var/run/secrets/kubernetes.io/serviceaccount/token" },
              { name: "VERSIONS", value: "1.33 1.34" },
              { name: "STORAGE_CLASS", value: "fast" },
              { name: "GATEWAY_CLASS", value: "runstack" },
              { name: "GATEWAY_CONTROLLER", value: GATEWAY_CLASS.controller },
              { name: "METRICS", value: "yes" },
              { name: "NODE_LABELS", value: "example.com/pool=riders,disk=ssd" },
              { name: "NODE_SELECTOR", value: "example.com%2Fpool%3Driders%2Cdisk%3Dssd" },
              { name: "HELM_OWNED", value: "bells.example.com=bells" },
              { name: "POD_CIDR", value: "10.52.0.0/16" },
              { name: "SERVICE_CIDR", value: "10.51.0.0/19" },
              { name: "DEADLINE", value: "120" },
              { name: "PAUSE", value: "3" },
            ],
            resources: {
              requests: { cpu: "10m", memory: "16Mi" },
              limits: { memory: "64Mi" },
            },
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              runAsNonRoot: true,
              capabilities: { drop: ["ALL"] },
              seccompProfile: { type: "RuntimeDefault" },
            },
            terminationMessagePolicy: "FallbackToLogsOnError",
          },
        ],
      },
    });
    expect(JSON.stringify(job.inputs)).not.toContain("ttlSecondsAfterFinished");
    expect(job.options.customTimeouts).toEqual({ create: "360s" });
  });

  it("may read what it checks by name, and no secret", async () => {
    const { resources } = await create();
    const get = (group: string, resource: string, name: string) => ({
      apiGroups: [group],
      resources: [resource],
      resourceNames: [name],
      verbs: ["get"],
    });
    expect(inputsOf(resources, "town-preflight-role")).toMatchObject({
      metadata: { name: "runstack-preflight", labels },
      rules: [
        { nonResourceURLs: ["/version", "/apis/metrics.k8s.io/v1beta1"], verbs: ["get"] },
        get("storage.k8s.io", "storageclasses", "fast"),
        get("gateway.networking.k8s.io", "gatewayclasses", "runstack"),
        get("apiextensions.k8s.io", "customresourcedefinitions", "bells.example.com"),
        { apiGroups: [""], resources: ["nodes"], verbs: ["list"] },
      ],
    });
    expect(inputsOf(resources, "town-preflight-binding")).toMatchObject({
      metadata: { name: "runstack-preflight", labels },
      roleRef: {
        apiGroup: "rbac.authorization.k8s.io",
        kind: "ClusterRole",
        name: "runstack-preflight",
      },
      subjects: [
        { kind: "ServiceAccount", name: "runstack-preflight", namespace: "runstack-preflight" },
      ],
    });
    expect(inputsOf(resources, "town-preflight-account")).toMatchObject({
      metadata: namespaced("runstack-preflight"),
      automountServiceAccountToken: false,
    });
  });

  it("may read less if it checks less", async () => {
    const less = { workloadNodes: {}, helmOwned: [], hasMetricsServer: false };
    const { resources } = await create(less);
    const rules = inputsOf(resources, "town-preflight-role")["rules"] as Rule[];
    expect(rules.map(({ resources: kinds, nonResourceURLs }) => kinds ?? nonResourceURLs)).toEqual([
      ["/version"],
      ["apiservices"],
      ["storageclasses"],
      ["gatewayclasses"],
    ]);
  });

  it("looks for the gateway class that the platform creates", async () => {
    const { resources } = await register(
      (options) =>
        new Gateway(
          "bridge",
          {
            system: "bikes",
            production: true,
            monitoringNamespace: "tower",
            zones: [],
            chartMirror: undefined,
            loadBalancerAnnotations: {},
            loadBalancerTargets: undefined,
          },
          options,
        ),
    );
    const created = inputsOf(resources, "bridge-class") as {
      readonly metadata: { readonly name: string };
      readonly spec: { readonly controllerName: string };
    };
    expect(GATEWAY_CLASS).toEqual({
      name: created.metadata.name,
      controller: created.spec.controllerName,
    });
    const { helmOwned, ...least } = args;
    expect(helmOwned).toHaveLength(1);
    expect(preflightEnvironment(least)).toMatchObject({
      GATEWAY_CLASS: "runstack",
      GATEWAY_CONTROLLER: "gateway.envoyproxy.io/gatewayclass-controller",
      HELM_OWNED: "",
    });
  });

  it("may reach only the API server", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "town-preflight-api-server")).toMatchObject({
      metadata: namespaced("api-server"),
      spec: {
        podSelector: { matchLabels: labels },
        policyTypes: ["Egress"],
        egress: [
          {
            ports: [
              { protocol: "TCP", port: 443 },
              { protocol: "TCP", port: 6443 },
            ],
          },
        ],
      },
    });
  });

  it("starts once its namespace, permissions and network policy exist", async () => {
    const { resources } = await create();
    expect(named(resources, "town-preflight-job").dependsOn).toEqual([
      "town-preflight-account",
      "town-preflight-api-server",
      "town-preflight-binding",
      "town-preflight-namespace-allow-dns",
      "town-preflight-namespace-default-deny",
      "town-preflight-namespace-limits",
      "town-preflight-namespace-namespace",
      "town-preflight-role",
    ]);
    expect(inputsOf(resources, "town-preflight-namespace-namespace")["metadata"]).toMatchObject({
      name: "runstack-preflight",
      labels: { "pod-security.kubernetes.io/enforce": "restricted" },
    });
  });

  it("has a new name exactly when its checks change", async () => {
    const first = await jobName();
    expect(first).toMatch(/^preflight-[0-9a-f]{10}$/);
    expect(await jobName({ region: "attic", kubeconfig: pulumi.output("x") })).toBe(first);
    const others: readonly Partial<ExistingArguments>[] = [
      { versions: ["1.35"] },
      { storageClass: "slow" },
      { podCidr: "10.60.0.0/16" },
      { hasMetricsServer: false },
      { workloadNodes: {} },
      { helmOwned: [] },
    ];
    const names = [first];
    for (const changes of others) names.push(await jobName(changes));
    expect(new Set(names).size).toBe(others.length + 1);
  });

  it("is the same in a first preview", async () => {
    const { resources, result } = await create({}, true);
    expect(inputsOf(resources, "town-preflight-job")["metadata"]).toMatchObject({
      name: await jobName(),
    });
    expect(await valueOf(result.clusterName)).toBe("town-hall");
  });
});
