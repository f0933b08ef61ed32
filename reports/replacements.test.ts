import { describe, expect, it } from "vitest";
import { forcingKeys, isKnown, isPrecious, replaces } from "./replacements";

describe("a replacement", () => {
  const CLUSTER = "digitalocean:index/kubernetesCluster:KubernetesCluster";

  it.each([
    ["1.35.4-do.0", "1.36.1-do.0", false],
    ["1.36.1-do.0", "1.35.4-do.0", true],
    ["1.35.10-do.0", "1.35.9-do.0", true],
    ["1.35.9-do.0", "1.35.10-do.0", false],
  ])("follows from a lower version only: %s to %s", (before, after, expected) => {
    expect(replaces(CLUSTER, "version", before, after)).toBe(expected);
  });

  it("follows from another value, not from the first, where a restored resource has none", () => {
    const RDS = "aws:rds/instance:Instance";
    expect(replaces(RDS, "dbName", "rides", "bikes")).toBe(true);
    expect(replaces(RDS, "dbName", "rides", undefined)).toBe(true);
    expect(replaces(RDS, "dbName", undefined, "rides")).toBe(false);
  });

  it("follows from everything below a path", () => {
    expect(replaces(CLUSTER, "nodePool.size", "a", "b")).toBe(true);
    expect(replaces(CLUSTER, "nodePool.nodeCount", 3, 5)).toBe(false);
    expect(replaces("gcp:container/cluster:Cluster", "ipAllocationPolicy.x", "a", "b")).toBe(true);
  });

  it.each([
    ["apps/v1:Deployment", "spec.selector", true],
    ["apps/v1:Deployment", "spec.template", false],
    ["batch/v1:Job", "spec.template", true],
    ["core/v1:ConfigMap", "data.settings", false],
    ["core/v1:Service", "metadata.name", true],
    ["example.org/v1:Anything", "metadata.namespace", true],
    ["helm.sh/v3:Release", "values.replicas", false],
    ["helm.sh/v3:Release", "namespace", true],
  ])("of a Kubernetes object follows the rules of its kind: %s %s", (kind, path, expected) => {
    expect(replaces(`kubernetes:${kind}`, path, "a", "b")).toBe(expected);
  });

  it("is not ruled out for an unknown type", () => {
    expect(isKnown("digitalocean:index/kubernetesCluster:KubernetesCluster")).toBe(true);
    expect(isKnown("kubernetes:example.org/v1:Anything")).toBe(true);
    expect(isKnown("aws:kms/alias:Alias")).toBe(true);
    expect(isKnown("aws:iam/role:Role")).toBe(false);
    expect(isPrecious("aws:s3/bucket:Bucket")).toBe(true);
    expect(isPrecious("aws:kms/alias:Alias")).toBe(false);
  });

  it("always follows from the inputs that force it", () => {
    expect(forcingKeys("aws:rds/parameterGroup:ParameterGroup")).toEqual([
      "family",
      "name",
      "description",
    ]);
    expect(forcingKeys("aws:msk/cluster:Cluster")).not.toContain("lower:kafkaVersion");
    expect(forcingKeys("aws:iam/role:Role")).toEqual([]);
  });
});
