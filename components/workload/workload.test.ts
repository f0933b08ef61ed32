import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { inputsOf, named, ofKind, refusal, register, type Registered } from "../kit/testing";
import type { WorkloadArguments } from "./contract";
import { workload } from "./testing";
import { checkWorkload, Workload } from "./workload";

const create = (name: string, changes: Partial<WorkloadArguments> = {}) =>
  register((options) => new Workload("run", { ...workload(name, options), ...changes }, options));

const labels = {
  "app.kubernetes.io/part-of": "todo-chatbot",
  "app.kubernetes.io/component": "websocket",
  "app.kubernetes.io/managed-by": "pulumi",
  "app.kubernetes.io/name": "todo-chatbot-websocket",
};
const matchLabels = {
  "app.kubernetes.io/component": "websocket",
  "app.kubernetes.io/part-of": "todo-chatbot",
};

interface Spec {
  readonly template: {
    readonly metadata?: { readonly labels: unknown; readonly annotations: unknown };
    readonly spec: unknown;
  };
}

/** All of it is secret here, because it contains a digest of secrets. */
const specOf = (resources: readonly Registered[]): Spec =>
  (inputsOf(resources, "run-deployment")["spec"] as { readonly $secret: Spec }).$secret;

describe("the objects of a workload", () => {
  it("are exactly these", async () => {
    const { resources } = await create("websocket");
    expect(
      resources
        .filter(({ name }) => name.startsWith("run-"))
        .map(({ name, type }) => [name, type.split(":").at(-1)]),
    ).toEqual([
      ["run-account", "ServiceAccount"],
      ["run-budget", "PodDisruptionBudget"],
      ["run-deployment", "Deployment"],
      ["run-monitor", "PodMonitor"],
      ["run-network", "NetworkPolicy"],
      ["run-scaler", "ScaledObject"],
      ["run-service", "Service"],
    ]);
  });

  it("are scraped four times a minute, under the service's name", async () => {
    const { resources } = await create("websocket");
    expect(inputsOf(resources, "run-monitor")["spec"]).toMatchObject({
      podMetricsEndpoints: [
        {
          port: "http",
          path: "/metrics",
          interval: "15s",
          scrapeTimeout: "10s",
          relabelings: [{ targetLabel: "service", replacement: "websocket" }],
        },
      ],
      jobLabel: "app.kubernetes.io/name",
    });
  });

  it("TC-01: are named after the system and the service, and labelled with the component", async () => {
    const { result, resources } = await create("websocket");
    for (const { inputs } of resources.filter((r) => r.name.startsWith("run-"))) {
      expect(inputs["metadata"]).toEqual({
        name: "todo-chatbot-websocket",
        namespace: "app",
        labels,
      });
    }
    expect([result.workloadName, result.serviceName, result.port]).toEqual([
      "todo-chatbot-websocket",
      "todo-chatbot-websocket",
      8001,
    ]);
  });
});

describe("the Deployment", () => {
  const probe = (rest: object) => ({ httpGet: { path: "/health", port: 8001 }, ...rest });

  it("is exactly this for the websocket service", async () => {
    const { resources } = await create("websocket");
    const spec = specOf(resources);
    expect({ ...spec, template: { ...spec.template, metadata: undefined } }).toEqual({
      selector: { matchLabels },
      revisionHistoryLimit: 10,
      minReadySeconds: 10,
      progressDeadlineSeconds: 600,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" } },
      template: {
        metadata: undefined,
        spec: {
          serviceAccountName: "todo-chatbot-websocket",
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 65532,
            runAsGroup: 65532,
            fsGroup: 65532,
            fsGroupChangePolicy: "OnRootMismatch",
            seccompProfile: { type: "RuntimeDefault" },
          },
          nodeSelector: { "example.org/pool": "riders" },
          terminationGracePeriodSeconds: 75,
          topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map(
            (topologyKey) => ({
              maxSkew: 1,
              topologyKey,
              whenUnsatisfiable: "ScheduleAnyway",
              labelSelector: { matchLabels },
              matchLabelKeys: ["pod-template-hash"],
            }),
          ),
          containers: [
            {
              name: "websocket",
              image: "r.example.org/websocket:9.8.7",
              imagePullPolicy: "IfNotPresent",
              ports: [{ name: "http", containerPort: 8001, protocol: "TCP" }],
              env: expect.any(Array) as unknown,
              resources: {
                requests: { cpu: "100m", memory: "256Mi", "ephemeral-storage": "64Mi" },
                limits: { memory: "512Mi", "ephemeral-storage": "512Mi" },
              },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                runAsNonRoot: true,
                capabilities: { drop: ["ALL"] },
                seccompProfile: { type: "RuntimeDefault" },
              },
              startupProbe: probe({ periodSeconds: 3, failureThreshold: 40, timeoutSeconds: 2 }),
              readinessProbe: probe({ periodSeconds: 5, failureThreshold: 2, timeoutSeconds: 2 }),
              livenessProbe: probe({ periodSeconds: 20, failureThreshold: 4, timeoutSeconds: 5 }),
              lifecycle: { preStop: { sleep: { seconds: 10 } } },
              volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
            },
          ],
          volumes: [{ name: "tmp", emptyDir: { sizeLimit: "256Mi" } }],
        },
      },
    });
  });

  it("carries a digest of the secrets that it reads, which restarts it when they change", async () => {
    const { resources } = await create("websocket");
    const spec = specOf(resources);
    expect(spec.template.metadata?.labels).toEqual(labels);
    expect(spec.template.metadata?.annotations).toMatchObject({
      "checksum/todo-chatbot-secrets": createHash("sha256").update("a-digest").digest("hex"),
      "dapr.io/app-id": "websocket-service",
    });
    // Of the two keys, websocket reads one: a new DATABASE_URL must not drop its connections.
    const backend = specOf((await create("backend")).resources).template.metadata?.annotations;
    expect(backend).toMatchObject({
      "checksum/todo-chatbot-secrets": createHash("sha256")
        .update("a-digest,another")
        .digest("hex"),
    });
  });

  it("carries a digest of what its sidecar signs in with", async () => {
    const { resources } = await create("websocket", {
      sidecarDigests: { events: pulumi.secret("of-a-password") },
    });
    expect(specOf(resources).template.metadata?.annotations).toMatchObject({
      "checksum/dapr-events": "of-a-password",
    });
  });

  it("has no number of replicas, because the autoscaler sets it", async () => {
    const { resources } = await create("websocket");
    expect(specOf(resources)).not.toHaveProperty("replicas");
  });

  it("waits for its account, its network policy and its secrets", async () => {
    const { resources } = await create("websocket");
    expect(named(resources, "run-deployment").dependsOn).toEqual([
      "a-secret",
      "run-account",
      "run-network",
    ]);
  });
});

describe("the Deployment's surrounding objects", () => {
  it("include a Service on the runbook's port", async () => {
    const { resources } = await create("websocket");
    expect(inputsOf(resources, "run-service")["spec"]).toEqual({
      type: "ClusterIP",
      selector: matchLabels,
      ports: [
        { name: "http", port: 8001, targetPort: "http", protocol: "TCP", appProtocol: "http" },
      ],
    });
  });

  it("include a budget of one disruption at a time", async () => {
    const { resources } = await create("websocket");
    expect(inputsOf(resources, "run-budget")["spec"]).toEqual({
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: "AlwaysAllow",
      selector: { matchLabels },
    });
  });

  it("include an account without a token", async () => {
    const { resources } = await create("websocket");
    expect(inputsOf(resources, "run-account")).toMatchObject({
      automountServiceAccountToken: false,
      imagePullSecrets: [],
    });
  });

  it("include credentials that may only consume, for lag", async () => {
    const { resources } = await create("notification");
    expect(inputsOf(resources, "run-lag-credentials")).toMatchObject({
      metadata: { name: "todo-chatbot-notification-lag", namespace: "app" },
      stringData: {
        $secret: {
          sasl: "scram_sha256",
          username: "watcher",
          password: "password of watcher",
          ca: "BUS-CA",
        },
      },
    });
    expect(inputsOf(resources, "run-lag-authentication")["spec"]).toEqual({
      secretTargetRef: ["sasl", "username", "password", "ca"].map((key) => ({
        parameter: key,
        name: "todo-chatbot-notification-lag",
        key,
      })),
    });
    expect(named(resources, "run-scaler").dependsOn).toEqual([
      "run-deployment",
      "run-lag-authentication",
    ]);
  });

  it("include Kubernetes' own autoscaler if only CPU is measured", async () => {
    const { resources } = await create("backend");
    expect(ofKind(resources, "ScaledObject")).toEqual([]);
    expect(inputsOf(resources, "run-autoscaler")).toMatchObject({
      metadata: { name: "todo-chatbot-backend-hpa" },
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "todo-chatbot-backend" },
        minReplicas: 3,
        maxReplicas: 7,
      },
    });
  });
});

describe("invalid workloads", () => {
  it.each<[Partial<WorkloadArguments>, string]>([
    [
      { secrets: {} },
      'secrets is none, but must be a map with "todo-chatbot-secrets", which websocket reads. ' +
        "Declare the secret in the system.",
    ],
    [
      { replicas: { min: 4, max: 2 } },
      "replicas is 4 to 2, but must be 1 or more, the minimum not above the maximum. Set runstack:scaling.",
    ],
    [
      { replicas: { min: 0, max: 2 } },
      "replicas is 0 to 2, but must be 1 or more, the minimum not above the maximum. Set runstack:scaling.",
    ],
  ])("refuses %j", async (changes, expected) => {
    const { result } = await register((options) =>
      refusal(() => {
        checkWorkload("run", { ...workload("websocket", options), ...changes });
      }),
    );
    expect(result).toBe(`Workload run: ${expected}`);
  });
});
