import { describe, expect, it } from "vitest";
import { inputsOf, named, ofKind, refusal, register } from "../kit/testing";
import { StrimziOperator, type StrimziArguments, values } from "./strimzi";

const args: StrimziArguments = {
  system: "bikes",
  production: true,
  monitoringNamespace: "watch",
  zones: ["z-1", "z-2"],
  chartMirror: undefined,
  watchNamespaces: ["rides"],
};

const create = (changes: Partial<StrimziArguments> = {}) =>
  register((options) => new StrimziOperator("strimzi", { ...args, ...changes }, options));

const spread = (topologyKey: string) => ({
  maxSkew: 1,
  topologyKey,
  whenUnsatisfiable: "ScheduleAnyway",
  labelSelector: { matchLabels: { "strimzi.io/kind": "cluster-operator" } },
});

describe("Strimzi's operator", () => {
  it("is one release in its own guarded namespace", async () => {
    const { result, resources } = await create();
    expect(resources.map(({ name }) => name)).toEqual([
      "strimzi-namespace-allow-dns",
      "strimzi-namespace-allow-platform",
      "strimzi-namespace-default-deny",
      "strimzi-namespace-limits",
      "strimzi-namespace-namespace",
      "strimzi-operator",
    ]);
    expect(named(resources, "strimzi-operator").dependsOn).toEqual([
      "strimzi-namespace-allow-dns",
      "strimzi-namespace-allow-platform",
      "strimzi-namespace-default-deny",
      "strimzi-namespace-limits",
      "strimzi-namespace-namespace",
    ]);
    expect(result.namespace).toBe("strimzi");
  });

  it("watches the given namespaces, with two replicas, restricted operands and no network policies of its own", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "strimzi-operator")).toMatchObject({
      name: "strimzi",
      chart: "strimzi-kafka-operator",
      version: "1.2.0",
      namespace: "strimzi",
      values: {
        replicas: 2,
        leaderElection: { enable: true },
        podDisruptionBudget: {
          enabled: true,
          minAvailable: 1,
          unhealthyPodEvictionPolicy: "AlwaysAllow",
        },
        watchNamespaces: ["rides"],
        generateNetworkPolicy: false,
        extraEnvs: [{ name: "STRIMZI_POD_SECURITY_PROVIDER_CLASS", value: "restricted" }],
        podSecurityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
        resources: { requests: { cpu: "200m", memory: "512Mi" }, limits: { memory: "512Mi" } },
        topologySpreadConstraints: [
          spread("topology.kubernetes.io/zone"),
          spread("kubernetes.io/hostname"),
        ],
      },
    });
  });

  it("admits only monitoring", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "strimzi-namespace-allow-platform")["spec"]).toMatchObject({
      ingress: [
        { from: [{ podSelector: {} }] },
        {
          from: [
            { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "watch" } } },
          ],
          ports: [{ protocol: "TCP", port: 8080 }],
        },
      ],
    });
    expect(ofKind(resources, "NetworkPolicy")).toHaveLength(3);
  });

  it("is one pod that a drain may evict, outside production", () => {
    expect(values({ ...args, production: false })).toMatchObject({
      replicas: 1,
      podDisruptionBudget: { enabled: false },
    });
  });

  it.each([[[]], [["rides", "strimzi"]]])("does not watch %j", async (watchNamespaces) => {
    const { result } = await register((options) =>
      refusal(() => new StrimziOperator("strimzi", { ...args, watchNamespaces }, options)),
    );
    expect(result).toBe(
      `StrimziOperator strimzi: watchNamespaces is ${JSON.stringify(watchNamespaces)}, but must be ` +
        'one or more, and not "strimzi". List the namespaces that Kafka runs in.',
    );
  });
});
