import { describe, expect, it } from "vitest";
import { inputsOf, isSecret, ofKind, register, valueOf } from "../kit/testing";
import { InClusterRedis } from "./in-cluster";
import type { InClusterRedisArguments } from "./in-cluster-names";
import { inCluster as args } from "./testing";

const cloud = {
  "kubernetes:apps/v1:StatefulSet": {},
};

const create = (changes: Partial<InClusterRedisArguments> = {}, preview = false) =>
  register((options) => new InClusterRedis("store", { ...args, ...changes }, options), {
    cloud,
    preview,
  });

interface Pod {
  readonly containers: readonly {
    readonly name: string;
    readonly securityContext: object;
    readonly resources: object;
    readonly env: readonly { readonly name: string; readonly value?: string }[];
    readonly command?: readonly string[];
  }[];
}

/** The mocked engine marks a whole property as secret if it contains a secret. */
const specOf = (inputs: Readonly<Record<string, unknown>>): unknown => {
  const spec = inputs["spec"] as { readonly $secret?: unknown } | undefined;
  return spec?.$secret ?? spec;
};

const podOf = (inputs: Readonly<Record<string, unknown>>): Pod =>
  (specOf(inputs) as { readonly template: { readonly spec: Pod } }).template.spec;

const MEMBERS = {
  "app.kubernetes.io/name": "bikes-cache",
  "app.kubernetes.io/instance": "bikes-cache-members",
};

describe("Valkey in the cluster", () => {
  it("creates exactly one pod and its surrounding resources", async () => {
    const { resources } = await create();
    expect(resources.map(({ name, parent }) => [name, parent])).toEqual(
      [
        "store-account",
        "store-budget",
        "store-config",
        "store-credentials",
        "store-internal",
        "store-members",
        "store-members-network",
        "store-members-service",
        "store-metrics",
        "store-monitor",
        "store-password",
        "store-service",
        "store-tls-ca",
        "store-tls-certificate",
        "store-tls-issuer",
        "store-tls-self-signed",
      ].map((name) => [name, "store"]),
    );
  });

  it("keeps its volume when it is deleted", async () => {
    const [set] = ofKind((await create()).resources, "StatefulSet");
    expect(specOf(set?.inputs ?? {})).toMatchObject({
      serviceName: "bikes-cache-members",
      podManagementPolicy: "Parallel",
      updateStrategy: { type: "RollingUpdate" },
      replicas: 1,
      minReadySeconds: 0,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
      selector: { matchLabels: MEMBERS },
      volumeClaimTemplates: [
        {
          metadata: { name: "data" },
          spec: {
            accessModes: ["ReadWriteOnce"],
            storageClassName: "fast",
            resources: { requests: { storage: "7Gi" } },
          },
        },
      ],
    });
  });

  it.each([true, false])("is protected: %s", async (protect) => {
    const { resources } = await create({ protect });
    const kinds = resources.filter((r) => r.options.protect === true).map(({ type }) => type);
    expect(kinds).toEqual(protect ? ["kubernetes:apps/v1:StatefulSet"] : []);
  });

  it("returns its address and keeps secrets secret", async () => {
    const { result } = await create();
    expect(await valueOf(result.url)).toBe(
      "rediss://default:generated-password@bikes-cache.rides.svc.cluster.local:6379",
    );
    expect(await isSecret(result.url)).toBe(true);
    expect(await isSecret(result.password)).toBe(true);
    expect([await valueOf(result.username), await valueOf(result.port)]).toEqual(["default", 6379]);
    expect([result.tls, result.engine, result.mode]).toEqual([true, "valkey", "standalone"]);
    expect(result.certificateAuthority).toBeUndefined();
    expect(result.certificateAuthoritySecret).toEqual({ name: "bikes-cache-tls", key: "ca.crt" });
  });

  it("points clients to its pod, and reports no failover", async () => {
    const { result, resources } = await create();
    expect(result.reach).toEqual([
      { kind: "pods", namespace: "rides", labels: MEMBERS, ports: [6379] },
    ]);
    expect(specOf(inputsOf(resources, "store-service"))).toEqual({
      type: "ClusterIP",
      selector: MEMBERS,
      ports: [{ name: "redis", port: 6379, targetPort: "redis", protocol: "TCP" }],
    });
    expect(result.capabilities).toEqual({ failover: false, backups: false });
  });

  it("is known before it exists, except for its passwords", async () => {
    const { result } = await create({}, true);
    expect(await valueOf(result.host)).toBe("bikes-cache.rides.svc.cluster.local");
    expect(await isSecret(result.url)).toBe(true);
  });

  it("starts no pod before everything else exists", async () => {
    const [set] = ofKind((await create()).resources, "StatefulSet");
    expect(set?.dependsOn).toEqual([
      "store-account",
      "store-budget",
      "store-config",
      "store-credentials",
      "store-members-network",
      "store-members-service",
      "store-tls-certificate",
    ]);
  });

  it("makes all children wait for its dependencies", async () => {
    const { resources } = await register(
      (options) => {
        const first = new InClusterRedis("first", { ...args, serviceName: "first" }, options);
        return new InClusterRedis("second", args, { ...options, dependsOn: [...first.ready] });
      },
      { cloud },
    );
    const second = resources.filter(({ name }) => name.startsWith("second-"));
    expect(second).toHaveLength(16);
    expect(second.filter(({ dependsOn }) => !dependsOn.includes("first-members"))).toEqual([]);
  });
});

describe("its pod", () => {
  it("holds the server and the exporter, both restricted", async () => {
    const pods = ofKind((await create()).resources, "StatefulSet");
    const containers = pods.flatMap(({ inputs }) => podOf(inputs).containers);
    expect(containers.map(({ name }) => name)).toEqual(["valkey", "exporter"]);
    for (const container of containers) {
      expect(container.securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        runAsNonRoot: true,
        capabilities: { drop: ["ALL"] },
      });
      expect(container.resources).toHaveProperty("limits.memory");
      expect(container).toHaveProperty("livenessProbe");
      expect(container).toHaveProperty("readinessProbe");
    }
    for (const { inputs } of pods) {
      expect(podOf(inputs)).toMatchObject({
        automountServiceAccountToken: false,
        serviceAccountName: "bikes-cache",
        nodeSelector: { pool: "data" },
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      });
    }
  });

  it("has no password in a public text", async () => {
    const { resources } = await create();
    const readable = resources.filter(
      ({ type }) => !type.endsWith(":Secret") && !type.endsWith(":RandomPassword"),
    );
    expect(JSON.stringify(readable.map(({ inputs }) => inputs))).not.toContain(
      "generated-password",
    );
    const { $secret } = inputsOf(resources, "store-credentials")["stringData"] as {
      readonly $secret: Readonly<Record<string, string>>;
    };
    expect(Object.keys($secret).sort()).toEqual(["internal", "metrics", "users.acl"]);
    expect($secret["users.acl"]).not.toContain("generated-password");
  });

  it("a new client password restarts it, and its own never changes", async () => {
    const { resources } = await create({ rotation: "autumn" });
    const keepers = (name: string) => inputsOf(resources, name)["keepers"];
    expect(keepers("store-password")).toEqual({ rotation: "autumn" });
    expect([keepers("store-internal"), keepers("store-metrics")]).toEqual([
      { rotation: "1" },
      { rotation: "1" },
    ]);
    const [set] = ofKind(resources, "StatefulSet");
    expect(specOf(set?.inputs ?? {})).toMatchObject({
      template: {
        metadata: {
          annotations: { "checksum/credentials": expect.stringMatching(/^\w{64}$/) as string },
        },
      },
    });
  });

  it("a changed configuration restarts it", async () => {
    const checksum = async (changes: Partial<InClusterRedisArguments>) => {
      const [set] = ofKind((await create(changes)).resources, "StatefulSet");
      return JSON.stringify(set?.inputs).match(/"checksum\/config":"(\w+)"/)?.[1];
    };
    const before = await checksum({});
    expect(before).toMatch(/^\w{64}$/);
    expect(await checksum({ use: ["cache"] })).not.toBe(before);
    expect(await checksum({})).toBe(before);
  });
});
