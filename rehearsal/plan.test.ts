import { describe, expect, it } from "vitest";
import type { PlannedResource, PlanObject } from "../offline/plan";
import { chartsOf, customKindsOf, poolsOf } from "./plan";

const resource = (type: string, inputs: PlanObject): PlannedResource => ({
  ...{
    urn: `urn:pulumi:prod::shop::${type}::one`,
    type,
    name: "one",
    parent: null,
    provider: null,
  },
  ...{ custom: true, protect: false, dependencies: [], inputs },
});

describe("poolsOf", () => {
  it.each([
    ["aws:eks/nodeGroup:NodeGroup", { instanceTypes: ["m7.large"], labels: { pool: "a" } }],
    [
      "digitalocean:index/kubernetesNodePool:KubernetesNodePool",
      { size: "m7.large", labels: { pool: "a" } },
    ],
    [
      "digitalocean:index/kubernetesCluster:KubernetesCluster",
      { nodePool: { size: "m7.large", labels: { pool: "a" } } },
    ],
    [
      "gcp:container/nodePool:NodePool",
      { nodeConfig: { machineType: "m7.large", labels: { pool: "a" } } },
    ],
  ])("reads labels and machines of %s", (type, inputs) => {
    expect(poolsOf([resource(type, inputs)])).toEqual([
      { pool: "a", "node.kubernetes.io/instance-type": "m7.large" },
    ]);
  });

  it("gives a cluster that somebody else made nodes without labels", () => {
    expect(poolsOf([resource("kubernetes:core/v1:Namespace", {})])).toEqual([{}]);
  });
});

it("chartsOf names each chart once, wherever it comes from", () => {
  const release = (chart: string, version: string) =>
    resource("kubernetes:helm.sh/v3:Release", { chart, version });
  expect(chartsOf([release("oci://host/charts/keda", "2.7.1"), release("keda", "2.7.1")])).toEqual([
    { chart: "keda", version: "2.7.1" },
  ]);
});

it("customKindsOf tells what is in a namespace from what is not", () => {
  const object = (type: string, metadata: PlanObject) => resource(type, { metadata });
  expect(
    customKindsOf([
      object("kubernetes:keda.sh/v1alpha1:ScaledObject", { name: "a", namespace: "b" }),
      object("kubernetes:cert-manager.io/v1:ClusterIssuer", { name: "c" }),
      object("kubernetes:apps/v1:Deployment", { name: "d", namespace: "b" }),
    ]).map(({ kind, namespaced }) => [kind, namespaced]),
  ).toEqual([
    ["ScaledObject", true],
    ["ClusterIssuer", false],
  ]);
});
