import { describe, expect, it } from "vitest";
import { inputsOf, named, ofKind, register, UNKNOWN } from "../kit/testing";
import type { QdrantArguments } from "./qdrant-arguments";
import { KEEP_SCRIPT, RECOVER_SCRIPT, SNAPSHOT_SCRIPT, STORE_SCRIPT } from "./qdrant-scripts";
import { QdrantSnapshots } from "./qdrant-snapshots";
import { CLOUD, FakeStore, qdrantArguments } from "./testing";

const args: QdrantArguments = { ...qdrantArguments, allowFrom: [] };

const create = (changes: Partial<QdrantArguments> = {}) =>
  register((options) => new QdrantSnapshots("shots", { ...args, ...changes }, options), {
    cloud: CLOUD,
  });

const withStore = (keyed: boolean, changes: Partial<QdrantArguments> = {}, preview = false) =>
  register(
    (options) => {
      const snapshots = { ...changes.snapshots, store: new FakeStore(keyed, options) };
      return new QdrantSnapshots("shots", { ...args, ...changes, snapshots }, options);
    },
    { cloud: CLOUD, preview },
  );

type Resources = Awaited<ReturnType<typeof create>>["resources"];

interface Job {
  readonly schedule: string;
  readonly suspend: boolean;
  readonly jobTemplate: {
    readonly spec: {
      readonly backoffLimit: number;
      readonly activeDeadlineSeconds: number;
      readonly template: { readonly spec: Pod };
    };
  };
}

interface Container {
  readonly name: string;
  readonly command: readonly string[];
  readonly env: readonly unknown[];
}

interface Pod {
  readonly serviceAccountName: string;
  readonly initContainers: readonly Container[];
  readonly containers: readonly Container[];
  readonly volumes: readonly unknown[];
}

const job = (resources: Resources, name: string) => inputsOf(resources, name)["spec"] as Job;
const podOf = (resources: Resources, name: string) =>
  job(resources, name).jobTemplate.spec.template.spec;
const scriptsOf = ({ initContainers, containers }: Pod) =>
  [...initContainers, ...containers].map(({ command }) => command[2]);

describe("snapshots without a store", () => {
  it("are made every night and stay on the volume", async () => {
    const { result, resources } = await create();
    expect(resources.map(({ name }) => name)).toEqual([
      "shots-account",
      "shots-job",
      "shots-network",
    ]);
    expect(job(resources, "shots-job")).toMatchObject({
      schedule: "30 2 * * *",
      suspend: false,
      timeZone: "Etc/UTC",
      concurrencyPolicy: "Forbid",
      jobTemplate: { spec: { backoffLimit: 2, activeDeadlineSeconds: 7200 } },
    });
    expect(scriptsOf(podOf(resources, "shots-job"))).toEqual([KEEP_SCRIPT]);
    expect(podOf(resources, "shots-job").containers[0]?.env).toContainEqual({
      name: "KEEP",
      value: "2",
    });
    expect(result.cronJobName).toBe("seeds-snapshots");
    expect(result.restoreJobName).toBeUndefined();
  });

  it("reach Qdrant and nothing else", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "shots-network")["spec"]).toMatchObject({
      policyTypes: ["Ingress", "Egress"],
      ingress: [],
      egress: [
        {
          to: [
            {
              podSelector: {
                matchLabels: {
                  "app.kubernetes.io/name": "qdrant",
                  "app.kubernetes.io/instance": "seeds",
                },
              },
            },
          ],
          ports: [{ protocol: "TCP", port: 6333 }],
        },
      ],
    });
  });
});

describe("snapshots with a store", () => {
  it("are copied there through a volume that is large enough", async () => {
    const { result, resources } = await withStore(true, { replicas: 3 });
    const pod = podOf(resources, "shots-job");
    expect(scriptsOf(pod)).toEqual([SNAPSHOT_SCRIPT, STORE_SCRIPT]);
    expect(pod.containers[0]?.env).toContainEqual({
      name: "DESTINATION",
      value: "the-bucket/seeds",
    });
    expect(pod.volumes).toMatchObject([
      {
        ephemeral: {
          volumeClaimTemplate: {
            spec: { storageClassName: "slow", resources: { requests: { storage: "111Gi" } } },
          },
        },
      },
    ]);
    expect(result.restoreJobName).toBe("seeds-restore");
  });

  it("are requested from each peer by name, with the key and the CA from Secrets", async () => {
    const { resources } = await withStore(true, { replicas: 3, tls: { certManager: [] } });
    const domain = "seeds-peers.fields.svc.cluster.local:6333";
    expect(podOf(resources, "shots-job").initContainers[0]?.env).toEqual([
      { name: "PEERS", value: [0, 1, 2].map((n) => `https://seeds-${n}.${domain}`).join(" ") },
      {
        name: "API_KEY",
        valueFrom: { secretKeyRef: { name: "seeds-api-keys", key: "api-key" } },
      },
      {
        name: "CERTIFICATE_AUTHORITY",
        valueFrom: { secretKeyRef: { name: "seeds-tls", key: "ca.crt" } },
      },
      { name: "SCRATCH", value: "/scratch" },
      { name: "HOME", value: "/scratch" },
    ]);
  });

  it("are restored by a job that only runs when started by hand, and once", async () => {
    const { resources } = await withStore(true, { snapshots: { prefix: "a/b" } });
    expect(job(resources, "shots-restore")).toMatchObject({
      suspend: true,
      jobTemplate: { spec: { backoffLimit: 0 } },
    });
    const pod = podOf(resources, "shots-restore");
    expect(scriptsOf(pod)[1]).toBe(RECOVER_SCRIPT);
    expect(pod.initContainers[0]?.env).toContainEqual({ name: "SOURCE", value: "the-bucket/a/b" });
    expect(pod.initContainers[0]?.env).toContainEqual({
      name: "RESTORE_SNAPSHOT",
      valueFrom: {
        configMapKeyRef: { name: "seeds-restore", key: "snapshot", optional: true },
      },
    });
  });

  it("use the store's key, which is secret", async () => {
    const { resources } = await withStore(true);
    expect(inputsOf(resources, "shots-store")).toMatchObject({
      metadata: { name: "seeds-snapshots-store" },
      stringData: { $secret: { accessKey: "access-7", secretKey: "secret-7" } },
    });
    const { dependsOn } = named(resources, "shots-job");
    expect(dependsOn).toEqual(["bucket", "shots-account", "shots-network", "shots-store"]);
    expect(JSON.stringify(inputsOf(resources, "shots-job"))).not.toContain("secret-7");
  });

  it("use the pods' own identity if the store has no key", async () => {
    const { resources } = await withStore(false);
    expect(ofKind(resources, "Secret")).toEqual([]);
    expect(inputsOf(resources, "shots-account")["metadata"]).toMatchObject({
      name: "seeds-snapshots",
      annotations: { role: "fields/seeds-snapshots" },
    });
    expect(named(resources, "shots-job").dependsOn).toContain("shots-grant");
    expect(podOf(resources, "shots-job").serviceAccountName).toBe("seeds-snapshots");
    expect(podOf(resources, "shots-restore").serviceAccountName).toBe("seeds-snapshots");
  });

  it("reach the store", async () => {
    const { resources } = await withStore(true);
    const { egress } = inputsOf(resources, "shots-network")["spec"] as { egress: unknown[] };
    expect(egress).toHaveLength(2);
    expect(egress[1]).toMatchObject({ ports: [{ protocol: "TCP", port: 443 }] });
  });

  it("can be planned before the bucket exists", async () => {
    const { resources } = await withStore(true, {}, true);
    expect(job(resources, "shots-job").schedule).toBe("30 2 * * *");
    expect(JSON.stringify(inputsOf(resources, "shots-network"))).not.toContain(UNKNOWN);
  });
});
