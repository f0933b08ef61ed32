import { expect, it } from "vitest";
import { nodesOf } from "./nodes";

const labelsOf = (shape: Parameters<typeof nodesOf>[0]) =>
  nodesOf(shape, "v1.2.3").map((node) => {
    const { metadata } = node as {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
    };
    const { labels } = metadata;
    return [labels["topology.kubernetes.io/zone"], labels["pool"]];
  });

it("gives every pool a node in every zone before it starts again", () => {
  const pools = [{ pool: "a" }, { pool: "b" }];
  expect(labelsOf({ nodes: 5, zones: ["1", "2"], pools, objects: [] })).toEqual([
    ["1", "a"],
    ["2", "a"],
    ["1", "b"],
    ["2", "b"],
    ["1", "a"],
  ]);
});

it("labels neither zone nor region where the cloud does not", () => {
  const [node] = nodesOf({ nodes: 1, zones: [], objects: [] }, "v1.2.3");
  expect(JSON.stringify(node)).not.toContain("topology");
  expect(JSON.stringify(node)).toContain('"kubeletVersion":"v1.2.3"');
});
