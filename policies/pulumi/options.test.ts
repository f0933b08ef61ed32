import { describe, expect, it } from "vitest";
import { evaluate, messages, type Fixture } from "../testing";
import { policyNamed } from "../catalog";

const thing = (rest: Partial<Fixture> = {}): Fixture => ({
  type: "aws:rds/instance:Instance",
  name: "orders",
  props: {},
  ...rest,
});

describe("pulumi-ignore-changes", () => {
  const reported = (...ignoreChanges: readonly string[]): Promise<readonly string[]> =>
    messages("pulumi-ignore-changes", [thing({ ignoreChanges })]);

  it('refuses "*", and accepts listed properties', async () => {
    const text =
      'Instance "orders": the option ignoreChanges contains "*"; list only the properties that something else changes.';
    expect(await reported("*")).toEqual([text]);
    expect(await reported("tags", "*")).toEqual([text]);
    expect(await reported("tags", "spec.*")).toEqual([]);
    expect(await reported()).toEqual([]);
  });
});

describe("pulumi-create-timeout", () => {
  const reported = (type: string, createTimeout?: number): Promise<readonly string[]> =>
    messages("pulumi-create-timeout", [
      thing({ type, ...(createTimeout === undefined ? {} : { createTimeout }) }),
    ]);

  it.each([
    ["aws:eks/cluster:Cluster", 1800],
    ["aws:elasticache/replicationGroup:ReplicationGroup", 3600],
    ["aws:msk/cluster:Cluster", 7200],
    ["aws:rds/cluster:Cluster", 7200],
    ["aws:rds/instance:Instance", 2400],
    ["digitalocean:index/databaseCluster:DatabaseCluster", 1800],
    ["digitalocean:index/kubernetesCluster:KubernetesCluster", 1800],
    ["gcp:container/cluster:Cluster", 2400],
    ["gcp:redis/instance:Instance", 1200],
    ["gcp:sql/databaseInstance:DatabaseInstance", 5400],
  ])("of %s is at least the provider's %d s", async (type, own) => {
    const kind = type.slice(type.lastIndexOf(":") + 1);
    expect(await reported(type, own - 1)).toEqual([
      `${kind} "orders": the option customTimeouts.create is ${own - 1} s; the provider's default is ${own} s, because it may take that long.`,
    ]);
    expect(await reported(type, own)).toEqual([]);
    expect(await reported(type, 0)).toEqual([]);
    expect(await reported(type)).toEqual([]);
  });

  it("does not apply to other kinds, and is advisory", async () => {
    expect(await reported("aws:s3/bucket:Bucket", 1)).toEqual([]);
    const found = await evaluate(
      [policyNamed("pulumi-create-timeout")],
      [thing({ createTimeout: 1 })],
    );
    expect(found.map(({ level }) => level)).toEqual(["advisory"]);
  });
});

describe("pulumi-names-stable", () => {
  const reported = (name: string): Promise<readonly string[]> =>
    messages("pulumi-names-stable", [thing({ name })]);
  const text = (name: string, what: string): readonly string[] => [
    `Instance "${name}": its Pulumi name contains ${what}; every run creates it again and deletes the previous one: give it a stable name.`,
  ];

  it.each([
    ["db-3f2504e0-4f89-41d3-9a0c-0305e82c3301", "an identifier"],
    ["job-2026-03-01T10:15", "a time"],
    ["job-2026-03-01T1015", "a time"],
    ["job-1772360100", "a time"],
    ["1772360100123-job", "a time"],
  ])("refuses %s", async (name, what) => {
    expect(await reported(name)).toEqual(text(name, what));
  });

  it.each([
    "orders",
    "postgres-15-read-2",
    "account-123456789012",
    "release-2026-03-01",
    "key-17723601001",
    "key-x1772360100",
    "key-1572360100",
    "job-2bf4bcaa",
  ])("accepts %s", async (name) => {
    expect(await reported(name)).toEqual([]);
  });
});
