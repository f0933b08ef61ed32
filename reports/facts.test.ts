import { describe, expect, it } from "vitest";
import type { PlanObject } from "../offline/plan";
import { factsOf } from "./facts";
import { resource } from "./fixtures/plan";

const facts = (type: string, inputs: PlanObject): readonly string[] =>
  factsOf(resource({ type, name: "x", inputs }));
const DO = "digitalocean:index/";
const U = { $unknown: true };

describe("factsOf", () => {
  it.each<[string, PlanObject, readonly string[]]>([
    [`${DO}vpc:Vpc`, { ipRange: "10.1.0.0/20", region: "ams3" }, ["10.1.0.0/20", "ams3"]],
    [
      `${DO}kubernetesCluster:KubernetesCluster`,
      {
        version: "1.36.0-do.0",
        ha: true,
        region: "ams3",
        nodePool: { size: "s-2vcpu-4gb", minNodes: 3, maxNodes: 7 },
      },
      ["version 1.36.0-do.0", "HA", "3–7 × s-2vcpu-4gb", "ams3"],
    ],
    [`${DO}kubernetesNodePool:KubernetesNodePool`, { size: "s", nodeCount: 4 }, ["4 × s"]],
    [`${DO}kubernetesNodePool:KubernetesNodePool`, { nodeCount: U }, ["? nodes"]],
    [
      `${DO}databaseCluster:DatabaseCluster`,
      { engine: "valkey", version: "8", nodeCount: 1, size: "db-s-1vcpu-1gb" },
      ["valkey 8", "1 node", "db-s-1vcpu-1gb"],
    ],
    [
      `${DO}databaseKafkaTopic:DatabaseKafkaTopic`,
      { partitionCount: 6, replicationFactor: 3, configs: [{ minInsyncReplicas: 2 }] },
      ["6 partitions", "RF 3", "min ISR 2"],
    ],
    [`${DO}databaseFirewall:DatabaseFirewall`, { rules: [{}, {}] }, ["2 rules"]],
    [`${DO}dnsRecord:DnsRecord`, { type: "A", name: "chat" }, ["A chat"]],
    [
      "kubernetes:apps/v1:StatefulSet",
      {
        spec: {
          replicas: 5,
          template: {
            spec: { containers: [{ image: `a.example:5000/b/c@sha256:${"0f".repeat(32)}` }] },
          },
        },
      },
      ["5 replicas", "c@sha256:0f0f0f0"],
    ],
    [
      "kubernetes:helm.sh/v3:Release",
      { chart: "oci://r.example/charts/dapr", version: "1.18.3", namespace: U },
      ["dapr 1.18.3", "in ?"],
    ],
    [
      "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
      { spec: { minReplicas: 2, maxReplicas: 9 } },
      ["2–9 replicas"],
    ],
    [
      "kubernetes:keda.sh/v1alpha1:ScaledObject",
      { spec: { minReplicaCount: 2, maxReplicaCount: 6, triggers: [{}] } },
      ["2–6 replicas", "1 trigger"],
    ],
    [
      "kubernetes:policy/v1:PodDisruptionBudget",
      { spec: { minAvailable: "50%" } },
      ["min available 50%"],
    ],
    [
      "kubernetes:core/v1:Service",
      { spec: { type: "LoadBalancer", ports: [{ port: 80 }, { port: 443 }] } },
      [":80 :443", "LoadBalancer"],
    ],
    [
      "kubernetes:core/v1:Service",
      { spec: { type: "ClusterIP", ports: [{ port: 8000 }] } },
      [":8000"],
    ],
    [
      "kubernetes:core/v1:Namespace",
      { metadata: { labels: { "pod-security.kubernetes.io/enforce": "restricted" } } },
      ["restricted"],
    ],
    ["kubernetes:batch/v1:CronJob", { spec: { schedule: "0 2 * * *" } }, ["0 2 * * *"]],
    [
      "kubernetes:core/v1:PersistentVolumeClaim",
      { spec: { resources: { requests: { storage: "16Gi" } } } },
      ["16Gi"],
    ],
    ["kubernetes:core/v1:Secret", { data: { a: U }, stringData: { a: "", b: "" } }, ["2 keys"]],
    ["kubernetes:core/v1:Secret", { data: { $secret: true } }, []],
    [
      "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
      { spec: { hostnames: ["a.example", "b.example"] } },
      ["a.example b.example"],
    ],
    [
      "kubernetes:cert-manager.io/v1:Certificate",
      { spec: { dnsNames: ["a.example"] } },
      ["a.example"],
    ],
    [
      "kubernetes:dapr.io/v2alpha1:Subscription",
      { spec: { topic: "reminders" }, scopes: ["notification"] },
      ["topic reminders", "to notification"],
    ],
    [
      "kubernetes:monitoring.coreos.com/v1:PrometheusRule",
      { spec: { groups: [{ rules: [{}, {}] }, { rules: [{}] }] } },
      ["3 rules"],
    ],
    ["kubernetes:rbac.authorization.k8s.io/v1:Role", { rules: [{}] }, ["1 rule"]],
    ["kubernetes:core/v1:constructor", { a: 1 }, []],
    ["constructor", {}, []],
  ])("of a %s", (type, inputs, expected) => {
    expect(facts(type, inputs)).toEqual(expected);
  });

  it("ends with the name for kubectl, if the program's name does not contain its words", () => {
    const inputs = { metadata: { name: "web" }, spec: { schedule: "@daily" } };
    expect(facts("kubernetes:batch/v1:CronJob", inputs)).toEqual(["@daily", "web"]);
    expect(facts("kubernetes:batch/v1:CronJob", { metadata: { name: "x" } })).toEqual([]);
    const named = (name: string, called: string): readonly string[] =>
      factsOf(
        resource({ type: "kubernetes:batch/v1:Job", name, inputs: { metadata: { name: called } } }),
      );
    expect(named("todo-application-backend-deployment", "todo-backend")).toEqual([]);
    expect(named("todo-application-backend-deployment", "backend-todo")).toEqual(["backend-todo"]);
    expect(named("todo-application-backend-deployment", "todo-back")).toEqual(["todo-back"]);
  });

  it("has no facts for inputs that are missing or unknown as a whole", () => {
    for (const type of [
      `${DO}vpc:Vpc`,
      "kubernetes:apps/v1:Deployment",
      "kubernetes:core/v1:ConfigMap",
    ]) {
      expect(facts(type, {})).toEqual([]);
      expect(facts(type, { spec: U, data: U })).toEqual([]);
    }
  });
});
