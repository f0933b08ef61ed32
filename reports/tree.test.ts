import { describe, expect, it } from "vitest";
import { HOSTILE, resource, RESOURCES } from "./fixtures/plan";
import { renderTree, shortType } from "./tree";
import { columns } from "./width";

describe("renderTree", () => {
  it("draws parents, children, protection and facts, without providers, and explains the symbols", () => {
    expect(renderTree(RESOURCES)).toEqual([
      "pulumi:pulumi:Stack                            runstack-prod",
      "└─ runstack:index:Environment                  todo-chatbot",
      "   ├─ digitalocean:index:Vpc                   todo-chatbot             10.10.0.0/20, nyc3",
      "   ├─ digitalocean:index:KubernetesCluster   ! todo-chatbot version 1.36.0-do.0, HA",
      "   ├─ runstack:data:Kafka                      …-pubsub",
      "   │  ├─ digitalocean:index:DatabaseCluster  ! todo-chatbot-pubsub kafka 3.8, 3 nodes",
      "   │  └─ digitalocean:index:DatabaseKafkaTopic   todo-chatbot-task-events 6 partitions, RF 3",
      "   ├─ core/v1:Namespace                        todo-chatbot             restricted",
      "   ├─ core/v1:Secret                           …-secrets                2 keys",
      "   ├─ helm.sh/v3:Release                       dapr                     dapr 1.18.3, in dapr-system",
      "   ├─ apps/v1:Deployment                       …-backend                3 replicas, backend:1.4.2",
      "   ├─ dapr.io/v1alpha1:Component               …-pubsub-component       pubsub.kafka",
      "   ├─ monitoring.coreos.com/v1:PrometheusRule   …-alerts                1 rule",
      "   └─ core/v1:ConfigMap                        …-dashboard              1 key",
      "(! protected; … the parent's name, or text cut to fit)",
    ]);
  });

  it("gives space to the first fact, then to the name, then to further facts", () => {
    const topic = (name: string): string | undefined =>
      renderTree(
        [
          resource({
            type: "digitalocean:index/databaseKafkaTopic:DatabaseKafkaTopic",
            name,
            parent: null,
            inputs: {
              partitionCount: 6,
              replicationFactor: 3,
              configs: [{ minInsyncReplicas: 2 }],
            },
          }),
        ],
        { width: 80 },
      )[0];
    expect(topic("t")).toBe(
      "digitalocean:index:DatabaseKafkaTopic   t 6 partitions, RF 3, min ISR 2",
    );
    expect(topic("a-rather-long-name")).toBe(
      "digitalocean:index:DatabaseKafkaTopic   a-rather-long-name 6 partitions, RF 3",
    );
    expect(topic("a-name-that-is-longer-than-its-room")).toBe(
      "digitalocean:index:DatabaseKafkaTopic   a-name-that-i…than-its-room 6 partitions",
    );
  });

  it("explains only symbols that it uses", () => {
    const plain = resource({ type: "a:b:C", name: "c", parent: null });
    const inside = resource({ type: "a:b:C", name: "c-d", parent: plain.urn, protect: true });
    expect(renderTree([plain])).toEqual(["a:b:C   c"]);
    expect(renderTree([plain, { ...inside, name: "x" }]).at(-1)).toBe("(! protected)");
    expect(renderTree([plain, { ...inside, protect: false }]).at(-1)).toBe(
      "(… the parent's name, or text cut to fit)",
    );
  });

  it("keeps every line within the width with any names, one line per resource", () => {
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
      expect(lines).toHaveLength(55);
      expect(Math.max(...lines.map(columns))).toBe(width);
      expect(lines.join("")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
  });

  it("uses colour only on demand", () => {
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
    ["kubernetes:apps/v1:Deployment", "apps/v1:Deployment"],
    ["pulumi:pulumi:Stack", "pulumi:pulumi:Stack"],
    ["odd", "odd"],
  ])("%s is shown as %s", (type, expected) => {
    expect(shortType(type)).toBe(expected);
  });
});
