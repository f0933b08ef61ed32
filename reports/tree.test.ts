import { describe, expect, it } from "vitest";
import { HOSTILE, resource, RESOURCES, stackResource } from "./fixtures/plan";
import { renderTree, shortType } from "./tree";
import { columns } from "./width";

describe("renderTree", () => {
  it("draws parents and children, protection, facts and hidden dependencies, without providers", () => {
    expect(renderTree(RESOURCES)).toEqual([
      "pulumi:pulumi:Stack                            runstack-prod",
      "└─ runstack:index:Environment                  todo-chatbot",
      "   ├─ digitalocean:index:Vpc                   todo-chatbot     10.10.0.0/20, nyc3",
      "   ├─ digitalocean:index:KubernetesCluster   ! todo-chatbot     version 1.36.0-do.0, HA",
      "   ├─ runstack:data:Kafka                      …-pubsub",
      "   │  ├─ digitalocean:index:DatabaseCluster  ! todo-chatbot-pubsub kafka 3.8, 3 nodes",
      "   │  └─ digitalocean:index:DatabaseKafkaTopic   todo-chatbot-task-events 6 partitions, RF 3",
      "   ├─ kubernetes:core/v1:Namespace             todo-chatbot     restricted",
      "   ├─ kubernetes:core/v1:Secret                …-secrets        2 keys, needs 1",
      "   ├─ kubernetes:helm.sh/v3:Release            dapr             dapr 1.18.3, in dapr-system",
      "   ├─ kubernetes:apps/v1:Deployment            …-backend        3 replicas, backend:1.4.2, needs 4",
      "   ├─ kubernetes:dapr.io/v1alpha1:Component    …-pubsub-component pubsub, pubsub.kafka, needs 2",
      "   ├─ kubernetes:monitoring.coreos.com/v1:PrometheusRule   …-alerts 1 rule",
      "   └─ kubernetes:core/v1:ConfigMap             …-dashboard      1 key",
    ]);
  });

  it("counts only dependencies that the nesting does not show", () => {
    const parent = resource({ type: "a:b:Box", name: "box", custom: false });
    const child = resource({
      type: "a:b:Thing",
      name: "thing",
      parent: parent.urn,
      dependencies: [parent.urn, stackResource.urn, "urn:elsewhere"],
    });
    expect(renderTree([stackResource, parent, child]).at(-1)).toBe(
      "   └─ a:b:Thing       thing         needs 1",
    );
  });

  it("keeps every line within the width, whatever the names, and one line a resource", () => {
    const deep = Array.from({ length: 40 }, (_, depth) =>
      resource({
        urn: `urn:${depth}`,
        type: `pkg:${"module".repeat(12)}:${"Type".repeat(9)}`,
        name: `${HOSTILE}日本語${"x".repeat(depth * 3)}`,
        parent: depth === 0 ? null : `urn:${depth - 1}`,
      }),
    );
    for (const width of [100, 60]) {
      const lines = renderTree([...deep, ...RESOURCES], { width });
      expect(lines).toHaveLength(54);
      expect(Math.max(...lines.map(columns))).toBe(width);
      expect(lines.join("")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
  });

  it("uses colour only when told to", () => {
    const plain = renderTree(RESOURCES);
    const coloured = renderTree(RESOURCES, { colour: true });
    expect(coloured).not.toEqual(plain);
    const codes = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, "g");
    expect(coloured.map((line) => line.replace(codes, "").trimEnd())).toEqual(plain);
  });

  it("draws a resource whose parent is not in the plan as a root", () => {
    expect(renderTree([resource({ type: "a:b:C", name: "lone", parent: "urn:gone" })])).toEqual([
      "a:b:C   lone",
    ]);
  });
});

describe("shortType", () => {
  it.each([
    ["digitalocean:index/vpc:Vpc", "digitalocean:index:Vpc"],
    ["kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:Deployment"],
    ["pulumi:pulumi:Stack", "pulumi:pulumi:Stack"],
    ["odd", "odd"],
  ])("%s is shown as %s", (type, expected) => {
    expect(shortType(type)).toBe(expected);
  });
});
