import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inputsOf, named, ofKind, register, UNKNOWN, valueOf } from "../kit/testing";
import { Ollama } from "./ollama";
import type { OllamaArguments } from "./ollama-arguments";
import { FETCH_SCRIPT } from "./ollama-pod";
import { CLOUD, ollamaArguments } from "./testing";

const args = ollamaArguments;

const create = (changes: Partial<OllamaArguments> = {}, preview = false) =>
  register((options) => new Ollama("model", { ...args, ...changes }, options), {
    preview,
    cloud: CLOUD,
  });

type Resources = Awaited<ReturnType<typeof create>>["resources"];

interface Template {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: Readonly<Record<string, unknown>> & {
    readonly containers: readonly Readonly<Record<string, unknown>>[];
  };
}

const template = (resources: Resources, name: string): Template =>
  (inputsOf(resources, name)["spec"] as { template: Template }).template;

const container = (resources: Resources, name: string) => {
  const [only] = template(resources, name).spec.containers;
  if (only === undefined) throw new Error("there is no container");
  return only;
};

const selector = {
  "app.kubernetes.io/name": "ollama",
  "app.kubernetes.io/instance": "advisor",
};

describe("Ollama", () => {
  it("creates exactly these objects", async () => {
    const { resources } = await create();
    expect(resources.map(({ name }) => name)).toEqual([
      "model-account",
      "model-budget",
      "model-fetch",
      "model-fetch-network",
      "model-network",
      "model-server",
      "model-service",
      "model-volume",
    ]);
    expect(ofKind(resources, "PodMonitor")).toEqual([]);
  });

  it("runs one server, which stops before the next one starts", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "model-server")["spec"]).toMatchObject({
      replicas: 1,
      strategy: { type: "Recreate" },
      selector: { matchLabels: selector },
    });
    expect(container(resources, "model-server")).toMatchObject({
      image: "docker.io/ollama/ollama:0.32.15",
      args: ["serve"],
      env: [
        { name: "HOME", value: "/data" },
        { name: "OLLAMA_HOST", value: "0.0.0.0:11434" },
        { name: "OLLAMA_MODELS", value: "/data/models" },
        { name: "OLLAMA_NOPRUNE", value: "1" },
      ],
      readinessProbe: { httpGet: { path: "/", port: "http" } },
    });
  });

  it("runs restricted, although its image defaults to root", async () => {
    const { resources } = await create();
    for (const name of ["model-server", "model-fetch"]) {
      expect(template(resources, name).spec).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, runAsUser: 65532, fsGroup: 65532 },
        nodeSelector: { pool: "works" },
      });
      expect(container(resources, name)).toMatchObject({
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        volumeMounts: [
          { name: "home", mountPath: "/data" },
          { name: "tmp", mountPath: "/tmp" },
        ],
      });
    }
  });

  it.each([true, false])("stores its models on a volume; protected: %s", async (protect) => {
    const { resources } = await create({ protect });
    expect(inputsOf(resources, "model-volume")).toMatchObject({
      metadata: { name: "advisor", namespace: "fields" },
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: "slow",
        resources: { requests: { storage: "23Gi" } },
      },
    });
    const kept = resources.filter(({ options }) => options.protect === true);
    expect(kept.map(({ name }) => name)).toEqual(protect ? ["model-volume"] : []);
  });

  it("admits its clients and has no egress", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "model-network")["spec"]).toEqual({
      podSelector: { matchLabels: selector },
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        {
          from: [{ podSelector: { matchLabels: { app: "api" } } }],
          ports: [{ protocol: "TCP", port: 11434 }],
        },
      ],
      egress: [],
    });
    const closed = await create({ allowFrom: [] });
    expect(inputsOf(closed.resources, "model-network")["spec"]).toMatchObject({ ingress: [] });
  });

  it("returns its address", async () => {
    const { result } = await create();
    expect(await valueOf(result.host)).toBe("advisor.fields.svc.cluster.local");
    expect(await valueOf(result.url)).toBe("http://advisor.fields.svc.cluster.local:11434");
    expect([result.tls, result.apiKey, result.certificateAuthority]).toEqual([
      false,
      undefined,
      undefined,
    ]);
    expect(result.reach).toEqual([
      { kind: "pods", namespace: "fields", labels: selector, ports: [11434] },
    ]);
    expect(result.ready).toHaveLength(3);
  });

  it("is fully known in a plan, without unknown values", async () => {
    const { resources } = await create({}, true);
    expect(JSON.stringify(resources.map(({ inputs }) => inputs))).not.toContain(UNKNOWN);
  });
});

describe("models", () => {
  it("are pulled before the server starts, by the only pod with internet access", async () => {
    const { resources } = await create();
    expect(named(resources, "model-server").dependsOn).toEqual([
      "model-account",
      "model-fetch",
      "model-network",
      "model-volume",
    ]);
    const labels = {
      "app.kubernetes.io/name": "ollama-fetch",
      "app.kubernetes.io/instance": "advisor",
    };
    expect(inputsOf(resources, "model-fetch-network")["spec"]).toMatchObject({
      podSelector: { matchLabels: labels },
      ingress: [],
      egress: [
        { to: [{ ipBlock: { cidr: "0.0.0.0/0" } }], ports: [{ protocol: "TCP", port: 443 }] },
      ],
    });
    expect(template(resources, "model-fetch").metadata.labels).toMatchObject(labels);
    expect(template(resources, "model-server").metadata.labels).not.toMatchObject(labels);
    const server = inputsOf(resources, "model-server")["metadata"];
    expect(server).toMatchObject({ labels: { "app.kubernetes.io/name": "ollama" } });
    expect(container(resources, "model-fetch")["env"]).toContainEqual({
      name: "MODELS",
      value: "llama3.2:3b hf.co/org/seeds:Q4_K_M",
    });
  });

  it("are pulled on the node with the volume", async () => {
    const { resources } = await create();
    const rule = [
      {
        topologyKey: "kubernetes.io/hostname",
        labelSelector: { matchLabels: { "runstack.dev/volume": "advisor" } },
      },
    ];
    for (const name of ["model-server", "model-fetch"]) {
      const { metadata, spec } = template(resources, name);
      // A pod that matches its own affinity rule may be the first one.
      expect(metadata.labels["runstack.dev/volume"]).toBe("advisor");
      expect(spec["affinity"]).toEqual({
        podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: rule },
      });
    }
  });

  it("are pulled by a new job when they change, without a change of the server", async () => {
    const before = await create();
    const after = await create({ models: ["llama3.2:1b"] });
    const jobName = ({ resources }: { readonly resources: Resources }) =>
      (inputsOf(resources, "model-fetch")["metadata"] as { name: string }).name;
    expect(jobName(before)).toMatch(/^advisor-fetch-[\da-f]{10}$/);
    expect(jobName(after)).not.toBe(jobName(before));
    expect(inputsOf(after.resources, "model-server")).toEqual(
      inputsOf(before.resources, "model-server"),
    );
    expect(named(after.resources, "model-fetch").options.customTimeouts).toEqual({
      create: "3660s",
    });
  });

  it("need no job if there are none", async () => {
    const { resources } = await create({ models: [] });
    expect(ofKind(resources, "Job")).toEqual([]);
    expect(ofKind(resources, "NetworkPolicy")).toHaveLength(1);
  });

  it("are pulled by a server that stops when it is done", () => {
    const bin = mkdtempSync(join(tmpdir(), "bin-"));
    const file = join(bin, "ollama");
    writeFileSync(
      file,
      // Like the real one, it answers once it is serving.
      '#!/bin/sh\necho "$*" >>"$BIN/asked"\ncase $1 in serve) exec sleep 60 ;; list) grep -q serve "$BIN/asked" ;; esac\n',
    );
    chmodSync(file, 0o755);
    const { status } = spawnSync("/bin/sh", ["-c", FETCH_SCRIPT], {
      env: { PATH: `${bin}:${process.env["PATH"] ?? ""}`, BIN: bin, MODELS: "a:1 b:2" },
      timeout: 20_000,
    });
    expect(status).toBe(0);
    const asked = readFileSync(join(bin, "asked"), "utf8").trim().split("\n");
    expect([...new Set(asked)].sort()).toEqual(["list", "pull a:1", "pull b:2", "serve"]);
    rmSync(bin, { recursive: true });
  });

  it("are pulled by a valid shell script without Kubernetes variables", () => {
    expect(execFileSync("/bin/sh", ["-n", "-c", FETCH_SCRIPT], { encoding: "utf8" })).toBe("");
    expect(FETCH_SCRIPT).not.toContain("$$");
  });
});
