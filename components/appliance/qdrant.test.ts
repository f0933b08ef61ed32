import { describe, expect, it } from "vitest";
import { gib } from "../../systems/units";
import { inputsOf, isSecret, named, register, UNKNOWN, valueOf } from "../kit/testing";
import { Qdrant } from "./qdrant";
import type { QdrantArguments } from "./qdrant-arguments";
import { CLOUD, container, environment, pod, qdrantArguments, thing } from "./testing";

const args = qdrantArguments;

const create = (changes: Partial<QdrantArguments> = {}, preview = false) =>
  register((options) => new Qdrant("store", { ...args, ...changes }, options), {
    preview,
    cloud: CLOUD,
  });

const selector = {
  "app.kubernetes.io/name": "qdrant",
  "app.kubernetes.io/instance": "seeds",
};

describe("Qdrant", () => {
  it("creates exactly these objects", async () => {
    const { resources } = await create();
    expect(resources.map(({ name }) => name)).toEqual([
      "store-account",
      "store-budget",
      "store-key",
      "store-keys",
      "store-monitor",
      "store-network",
      "store-peers",
      "store-pods",
      "store-read-only-key",
      "store-service",
      "store-snapshots-0",
      "store-snapshots-account",
      "store-snapshots-job",
      "store-snapshots-network",
      "store-storage-0",
    ]);
  });

  it("runs the runbook's version on the given nodes", async () => {
    const { resources } = await create();
    expect(container(resources)).toMatchObject({
      image: "docker.io/qdrant/qdrant:v1.7.0",
      workingDir: "/qdrant",
      command: ["/bin/bash", "-c", 'ulimit -n "$(ulimit -Hn)"\nexec ./entrypoint.sh'],
      resources: {
        requests: { cpu: "500m", memory: "2Gi" },
        limits: { cpu: "2", memory: "4Gi" },
      },
    });
    expect(pod(resources)["nodeSelector"]).toEqual({ pool: "works" });
    expect(pod(await create({ nodes: {} }).then((made) => made.resources))).not.toHaveProperty(
      "nodeSelector",
    );
  });

  it("is configured by environment variables, with the keys from a Secret", async () => {
    const { resources } = await create();
    expect(environment(resources)).toEqual({
      QDRANT__TELEMETRY_DISABLED: "true",
      QDRANT__STORAGE__STORAGE_PATH: "/qdrant/storage",
      QDRANT__STORAGE__SNAPSHOTS_PATH: "/qdrant/snapshots",
      QDRANT__SERVICE__GRPC_PORT: "6334",
      QDRANT__SERVICE__ENABLE_CORS: "false",
      QDRANT__SERVICE__ENABLE_STATIC_CONTENT: "false",
      QDRANT_INIT_FILE_PATH: "/qdrant/init/.qdrant-initialized",
      QDRANT__SERVICE__API_KEY: "from elsewhere",
      QDRANT__SERVICE__READ_ONLY_API_KEY: "from elsewhere",
    });
    expect(container(resources)["env"]).toContainEqual({
      name: "QDRANT__SERVICE__API_KEY",
      valueFrom: { secretKeyRef: { name: "seeds-api-keys", key: "api-key" } },
    });
  });

  it("keeps its keys secret and out of its pods' specifications", async () => {
    const { result, resources } = await create();
    expect(inputsOf(resources, "store-keys")["stringData"]).toEqual({
      $secret: { "api-key": "generated-password", "read-only-api-key": "generated-password" },
    });
    expect(inputsOf(resources, "store-key")).toEqual({
      length: 64,
      special: false,
      keepers: { rotation: "1" },
    });
    expect(await isSecret(result.apiKey)).toBe(true);
    expect(await isSecret(result.readOnlyApiKey)).toBe(true);
    const shown = resources.filter(({ name }) => name !== "store-keys");
    expect(JSON.stringify(shown.map(({ inputs }) => inputs))).not.toContain("generated-password");
  });

  it("restarts when the keys change", async () => {
    const { resources } = await create();
    const spec = inputsOf(resources, "store-pods")["spec"] as {
      template: { metadata: { annotations: Record<string, string> } };
    };
    expect(spec.template.metadata.annotations["checksum/credentials"]).toMatch(/^[\da-f]{16}$/);
  });

  it("keeps its data on volumes that outlive it and can grow", async () => {
    const { resources } = await create();
    const claim = (storage: string) => ({
      accessModes: ["ReadWriteOnce"],
      storageClassName: "slow",
      resources: { requests: { storage } },
    });
    expect(inputsOf(resources, "store-storage-0")).toMatchObject({
      metadata: { name: "storage-seeds-0", namespace: "fields" },
      spec: claim("37Gi"),
    });
    expect(inputsOf(resources, "store-snapshots-0")).toMatchObject({
      metadata: { name: "snapshots-seeds-0", namespace: "fields" },
      spec: claim("37Gi"),
    });
    expect(inputsOf(resources, "store-pods")["spec"]).toMatchObject({
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
      volumeClaimTemplates: [
        { metadata: { name: "storage" }, spec: claim("1Gi") },
        { metadata: { name: "snapshots" }, spec: claim("1Gi") },
      ],
    });
  });

  it("does not replace its pods when its volumes grow", async () => {
    const small = await create();
    const large = await create({ storage: gib(370) });
    expect(inputsOf(large.resources, "store-pods")).toEqual(
      inputsOf(small.resources, "store-pods"),
    );
  });

  it.each([true, false])("protects resources with data: %s", async (protect) => {
    const { resources } = await create({ protect });
    const kept = resources.filter(({ options }) => options.protect === true);
    expect(kept.map(({ name }) => name)).toEqual(
      protect ? ["store-snapshots-0", "store-storage-0"] : [],
    );
  });

  it("runs restricted and spread, with one disruption at a time", async () => {
    const { resources } = await create();
    expect(pod(resources)).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, runAsUser: 65532, fsGroup: 65532 },
      topologySpreadConstraints: [
        { topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway" },
        { topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway" },
      ],
    });
    expect(container(resources)["securityContext"]).toMatchObject({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    expect(inputsOf(resources, "store-budget")["spec"]).toEqual({
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: "AlwaysAllow",
      selector: { matchLabels: selector },
    });
  });

  it("is probed at the path that its version supports", async () => {
    const path = async (version: string) =>
      container((await create({ version })).resources)["readinessProbe"];
    expect(await path("1.7.0")).toMatchObject({ httpGet: { path: "/", scheme: "HTTP" } });
    expect(await path("1.7.3")).toMatchObject({ httpGet: { path: "/readyz" } });
    expect(await path("1.19.0")).toMatchObject({ httpGet: { path: "/readyz" } });
    const { resources } = await create();
    expect(container(resources)["startupProbe"]).toMatchObject({
      periodSeconds: 10,
      failureThreshold: 180,
    });
  });

  it("admits clients, Prometheus and its own jobs, and has no egress", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "store-network")["spec"]).toEqual({
      podSelector: { matchLabels: selector },
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        {
          from: [{ podSelector: { matchLabels: { app: "api" } } }],
          ports: [
            { protocol: "TCP", port: 6333 },
            { protocol: "TCP", port: 6334 },
          ],
        },
        {
          from: [
            { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "watch" } } },
            {
              podSelector: {
                matchLabels: {
                  "app.kubernetes.io/part-of": "farm",
                  "app.kubernetes.io/component": "seeds-snapshots",
                  "app.kubernetes.io/managed-by": "pulumi",
                  "app.kubernetes.io/instance": "seeds",
                },
              },
            },
          ],
          ports: [{ protocol: "TCP", port: 6333 }],
        },
      ],
      egress: [],
    });
  });

  it("admits nobody without clients", async () => {
    const { resources } = await create({ allowFrom: [] });
    const { ingress } = inputsOf(resources, "store-network")["spec"] as { ingress: unknown[] };
    expect(ingress).toHaveLength(1);
  });

  it("is scraped with the read-only key", async () => {
    const { resources } = await register(
      (options) => {
        const monitoring = { namespace: "watch", ready: [thing("prometheus", options)] };
        return new Qdrant("store", { ...args, monitoring }, options);
      },
      { cloud: CLOUD },
    );
    expect(inputsOf(resources, "store-monitor")).toMatchObject({
      kind: "PodMonitor",
      metadata: { namespace: "fields" },
      spec: {
        selector: { matchLabels: selector },
        podMetricsEndpoints: [
          {
            port: "http",
            path: "/metrics",
            authorization: {
              type: "Bearer",
              credentials: { name: "seeds-api-keys", key: "read-only-api-key" },
            },
          },
        ],
      },
    });
    expect(named(resources, "store-monitor").dependsOn).toEqual(["prometheus", "store-keys"]);
  });

  it("returns its address", async () => {
    const { result, resources } = await create();
    expect(await valueOf(result.host)).toBe("seeds.fields.svc.cluster.local");
    expect(await valueOf(result.url)).toBe("http://seeds.fields.svc.cluster.local:6333");
    expect([result.port, result.grpcPort, result.tls]).toEqual([6333, 6334, false]);
    expect(result.certificateAuthority).toBeUndefined();
    expect(result.reach).toEqual([
      { kind: "pods", namespace: "fields", labels: selector, ports: [6333, 6334] },
    ]);
    expect(result.ready).toHaveLength(3);
    expect(inputsOf(resources, "store-service")["spec"]).toMatchObject({
      ports: [
        { name: "http", port: 6333 },
        { name: "grpc", port: 6334 },
      ],
    });
  });

  it("is created in an order that needs no manual steps", async () => {
    const { resources } = await create();
    expect(named(resources, "store-pods").dependsOn).toEqual([
      "store-account",
      "store-keys",
      "store-network",
      "store-peers",
      "store-snapshots-0",
      "store-storage-0",
    ]);
    // Pulumi waits for a Service's pods: a Service that is created first would never become ready.
    expect(named(resources, "store-service").dependsOn).toEqual(["store-pods"]);
    expect(named(resources, "store-pods").options.customTimeouts).toEqual({
      create: "45m",
      update: "45m",
      delete: "15m",
    });
  });

  it("can be planned before its keys exist", async () => {
    const { result, resources } = await create({}, true);
    expect(await valueOf(result.apiKey)).toBe(UNKNOWN);
    expect(JSON.stringify(inputsOf(resources, "store-service"))).not.toContain(UNKNOWN);
    expect(container(resources)["image"]).toBe("docker.io/qdrant/qdrant:v1.7.0");
  });
});
