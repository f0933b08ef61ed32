import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ControlPlane } from "../contract";
import { findBinaries, MissingBinaries } from "../tools/binaries";
import type { ControlPlaneBinaries } from "../tools/programs";
import { ApiClient, type Json } from "./client";
import { startControlPlane } from "./control-plane";

function installed(): ControlPlaneBinaries | undefined {
  try {
    const names = ["etcd", "apiServer", "controllerManager", "scheduler", "kwok"] as const;
    return findBinaries(process.env, names);
  } catch (error) {
    if (error instanceof MissingBinaries) return undefined;
    throw error;
  }
}

const BINARIES = installed();
/** Milliseconds, on a machine that does much else. */
const PATIENCE = 120_000;

/** Of a group whose stages exist, with any content. */
const definition = (group: string, version: string, kind: string, plural: string): object => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${plural}.${group}` },
  spec: {
    group,
    names: { kind, plural, singular: kind.toLowerCase() },
    scope: "Namespaced",
    versions: [
      {
        ...{ name: version, served: true, storage: true, subresources: { status: {} } },
        schema: {
          openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
        },
      },
    ],
  },
});

const RESTRICTED = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
};

const podSpec = (securityContext: object, registry = "registry.example"): object => ({
  restartPolicy: "Never",
  containers: [{ name: "a", image: `${registry}/a:1`, securityContext }],
});

const inTest = (apiVersion: string, kind: string, name: string, rest: object): object => ({
  ...{ apiVersion, kind, metadata: { name, namespace: "test" } },
  ...rest,
});

/** Processes whose command line names the folder. */
const runningIn = (folder: string): readonly string[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/u.test(name))
    .map((id) => {
      try {
        return readFileSync(`/proc/${id}/cmdline`, "utf8");
      } catch {
        return "";
      }
    })
    .filter((line) => line.includes(folder));

describe.skipIf(BINARIES === undefined)("a control plane", () => {
  const folder = mkdtempSync(join(tmpdir(), "runstack-control-plane-"));
  let plane: ControlPlane;
  let client: ApiClient;

  beforeAll(async () => {
    if (BINARIES === undefined) return;
    const objects = [
      definition("external-secrets.io", "v1", "SecretStore", "secretstores"),
      definition("external-secrets.io", "v1", "ExternalSecret", "externalsecrets"),
      {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: {
          name: "test",
          labels: { "pod-security.kubernetes.io/enforce": "restricted" },
        },
      },
    ];
    const shape = { nodes: 4, zones: ["x-1", "x-2"], region: "x", objects };
    plane = await startControlPlane(folder, shape, BINARIES);
    client = new ApiClient(plane.access);
  }, PATIENCE);

  afterAll(async () => {
    if (BINARIES === undefined) return;
    client.close();
    await plane.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const create = async (object: object): Promise<number> => {
    const path = (await client.pathOf(object)) ?? "";
    return (await client.send("POST", path.slice(0, path.lastIndexOf("/")), object)).status;
  };

  /** The object, once `holds`. */
  const expectEventually = async (
    path: string,
    holds: (found: Json, status: Json) => boolean,
  ): Promise<Json> => {
    const end = Date.now() + PATIENCE / 2;
    for (;;) {
      const found = (await client.send("GET", path)).body as Json;
      if (holds(found, (found["status"] ?? {}) as Json)) return found;
      if (Date.now() > end) throw new Error(`${path}: ${JSON.stringify(found)}`);
      await pause(200);
    }
  };

  it("runs the version that its module asks for, with a node in each zone", async () => {
    expect(plane.version).toBe("v1.37.2");
    const { items } = (await client.must("GET", "/api/v1/nodes")) as unknown as {
      readonly items: readonly { readonly metadata: { readonly labels: Json } }[];
    };
    expect(items.map(({ metadata }) => metadata.labels["topology.kubernetes.io/zone"])).toEqual([
      ...["x-1", "x-2", "x-1", "x-2"],
    ]);
  });

  it("refuses a pod that its namespace forbids, and runs another", async () => {
    expect(await create(inTest("v1", "Pod", "bad", { spec: podSpec({}) }))).toBe(403);
    expect(await create(inTest("v1", "Pod", "good", { spec: podSpec(RESTRICTED) }))).toBe(201);
    const path = "/api/v1/namespaces/test/pods/good";
    await expectEventually(path, (_, { phase }) => phase === "Running");
  });

  it("never starts a pod whose image cannot be pulled", async () => {
    const spec = podSpec(RESTRICTED, "registry.invalid");
    await create(inTest("v1", "Pod", "unpulled", { spec }));
    const pulling = await expectEventually("/api/v1/namespaces/test/pods/unpulled", (_, status) =>
      JSON.stringify(status).includes("ImagePullBackOff"),
    );
    expect((pulling["status"] as Json)["phase"]).toBe("Pending");
  });

  it("makes Deployments ready, completes Jobs and gives balancers an address", async () => {
    const labels = { app: "a" };
    const template = { metadata: { labels }, spec: podSpec(RESTRICTED) as Json };
    await create(
      inTest("apps/v1", "Deployment", "a", {
        spec: {
          replicas: 2,
          selector: { matchLabels: labels },
          template: { ...template, spec: { ...template.spec, restartPolicy: "Always" } },
        },
      }),
    );
    await create(inTest("batch/v1", "Job", "a", { spec: { template } }));
    await create(
      inTest("v1", "Service", "a", {
        spec: { type: "LoadBalancer", selector: labels, ports: [{ port: 80 }] },
      }),
    );
    await expectEventually("/apis/apps/v1/namespaces/test/deployments/a", (_, status) => {
      return status["availableReplicas"] === 2;
    });
    await expectEventually("/apis/batch/v1/namespaces/test/jobs/a", (_, status) => {
      return status["succeeded"] === 1;
    });
    await expectEventually("/api/v1/namespaces/test/services/a", (_, status) =>
      JSON.stringify(status).includes('"ip":"203.0.113.'),
    );
  });

  it("writes Secrets as External Secrets does, once their store is ready", async () => {
    await create(inTest("external-secrets.io/v1", "ExternalSecret", "a", EXTERNAL_SECRET));
    await create(inTest("external-secrets.io/v1", "SecretStore", "store", { spec: {} }));
    const path = "/apis/external-secrets.io/v1/namespaces/test/externalsecrets/a";
    await expectEventually(path, (_, status) => JSON.stringify(status).includes("SecretSynced"));
    const secret = await client.must("GET", "/api/v1/namespaces/test/secrets/a");
    const value = Buffer.from("the secret remote/a, version newest").toString("base64");
    expect(secret["data"]).toEqual({ KEY: value });
    const { managedFields } = secret["metadata"] as {
      readonly managedFields: readonly { readonly manager: string; readonly operation: string }[];
    };
    expect(managedFields.map(({ manager, operation }) => [manager, operation])).toEqual([
      ["externalsecrets.external-secrets.io/a", "Update"],
    ]);
  });

  it("operates kinds that are defined later, until their namespace ends with its operators", async () => {
    const kinds = [
      ["Kafka", "kafkas"],
      ["KafkaTopic", "kafkatopics"],
    ] as const;
    for (const [kind, plural] of kinds) {
      expect(await create(definition("kafka.strimzi.io", "v1", kind, plural))).toBe(201);
    }
    const namespace = "kafka";
    await create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    const path = `/apis/kafka.strimzi.io/v1/namespaces/${namespace}`;
    await expectEventually(`${path}/kafkas`, ({ items }) => items !== undefined);
    const labels = { "strimzi.io/cluster": "a" };
    for (const [kind, name] of [
      ["Kafka", "a"],
      ["KafkaTopic", "b"],
      ["KafkaTopic", "c"],
    ] as const) {
      const spec = { kafka: { version: "1.2.3", listeners: [] } };
      const metadata = { name, namespace, labels };
      await create({ apiVersion: "kafka.strimzi.io/v1", kind, metadata, spec });
    }
    for (const topic of ["b", "c"]) {
      await expectEventually(`${path}/kafkatopics/${topic}`, (found) =>
        /"finalizers":\["strimzi.io\/topic-operator"\].*"type":"Ready"/u.test(
          JSON.stringify(found),
        ),
      );
    }
    await client.must("DELETE", `${path}/kafkatopics/b`);
    await expectEventually(`${path}/kafkatopics/b`, ({ code }) => code === 404);
    await client.must("DELETE", `/api/v1/namespaces/${namespace}`);
    await expectEventually(`/api/v1/namespaces/${namespace}`, (_, status) =>
      JSON.stringify(status).includes("strimzi.io/topic-operator in 1 resource instances"),
    );
  });

  it("keeps its objects when the server is restarted", async () => {
    await plane.restartServer();
    const found = await client.must("GET", "/api/v1/namespaces/test/pods/good");
    expect((found["status"] as Json)["phase"]).toBe("Running");
    // Nodes and operators go on, too.
    expect(await create(inTest("v1", "Pod", "later", { spec: podSpec(RESTRICTED) }))).toBe(201);
    const path = "/api/v1/namespaces/test/pods/later";
    await expectEventually(path, (_, { phase }) => phase === "Running");
  });

  it("ends with all of its processes, none of which ended before", async () => {
    expect(plane.complaints()).toEqual([]);
    expect(runningIn(folder)).toHaveLength(5);
    await plane.stop();
    expect(runningIn(folder)).toEqual([]);
    await expect(client.send("GET", "/readyz")).rejects.toThrow("ECONNREFUSED");
  });

  it("says the ends of the logs when a part does not start", async () => {
    if (BINARIES === undefined) return;
    const broken = { ...BINARIES, apiServer: process.execPath };
    const own = join(folder, "broken");
    await expect(
      startControlPlane(own, { nodes: 1, zones: [], objects: [] }, broken),
    ).rejects.toThrow(/^kube-apiserver ended\.[\s\S]*bad option: --etcd-servers/u);
    expect(runningIn(own)).toEqual([]);
  });

  it("says at once what the server will never accept of a cloud", async () => {
    if (BINARIES === undefined) return;
    const object = { apiVersion: "v1", kind: "Namespace", metadata: { name: "Wrong" } };
    await expect(
      startControlPlane(
        join(folder, "refused"),
        { nodes: 1, zones: [], objects: [object] },
        BINARIES,
      ),
    ).rejects.toThrow(
      /^The API server refuses \/api\/v1\/namespaces\/Wrong: Namespace "Wrong" is invalid/u,
    );
  });
});

const EXTERNAL_SECRET = {
  spec: {
    refreshInterval: "5m",
    secretStoreRef: { kind: "SecretStore", name: "store" },
    target: { name: "a" },
    data: [{ secretKey: "KEY", remoteRef: { key: "remote/a" } }],
  },
};
