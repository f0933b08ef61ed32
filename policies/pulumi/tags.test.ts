import { describe, expect, it } from "vitest";
import { evaluate, urnOf, UNKNOWN, messages, type Fixture, type Setting } from "../testing";
import { policyNamed } from "../catalog";

const TAGS = { system: "shop", environment: "prod" };
const awsProvider = (props: Fixture["props"]): Fixture => ({
  type: "pulumi:providers:aws",
  name: "shop",
  props,
});
const cluster = (props: Fixture["props"] = {}): Fixture => ({
  type: "aws:eks/cluster:Cluster",
  name: "c",
  props,
  provider: urnOf(awsProvider({})),
});
const reported = (fixture: readonly Fixture[], setting?: Setting): Promise<readonly string[]> =>
  messages("pulumi-resource-tags", fixture, setting);
const lacks = (what: string, of = 'Cluster "c"'): readonly string[] => [
  `${of} has no ${what} in its tags or labels, or in its provider's defaults.`,
];

describe("pulumi-resource-tags", () => {
  it("accepts a resource's own", async () => {
    expect(await reported([cluster({ tags: TAGS })])).toEqual([]);
    const google = { ...cluster({ resourceLabels: TAGS }), type: "gcp:container/cluster:Cluster" };
    expect(await reported([google])).toEqual([]);
    const sql = {
      ...cluster({ labels: { system: "shop" }, userLabels: { environment: "prod" } }),
      type: "gcp:sql/databaseInstance:DatabaseInstance",
    };
    expect(await reported([sql])).toEqual([]);
    const ocean = {
      ...cluster({ tags: ["system:shop", "environment:prod", 7] }),
      type: "digitalocean:index/databaseCluster:DatabaseCluster",
    };
    expect(await reported([ocean])).toEqual([]);
  });

  it("accepts those of the provider, as JSON or object", async () => {
    const text = JSON.stringify({ tags: TAGS });
    expect(await reported([awsProvider({ defaultTags: text }), cluster()])).toEqual([]);
    expect(await reported([awsProvider({ defaultTags: { tags: TAGS } }), cluster()])).toEqual([]);
    const gcp = {
      ...awsProvider({ defaultLabels: JSON.stringify(TAGS) }),
      type: "pulumi:providers:gcp",
    };
    const disk = { ...cluster(), type: "gcp:compute/disk:Disk", provider: urnOf(gcp) };
    expect(await reported([gcp, disk])).toEqual([]);
  });

  it("reports what is missing", async () => {
    expect(await reported([cluster()])).toEqual(lacks('"system", "environment"'));
    expect(await reported([cluster({ tags: { system: "shop" } })])).toEqual(lacks('"environment"'));
    for (const defaultTags of ["{", "7", "null", '{"tags":3}', '{"others":{}}', 5, {}]) {
      expect(await reported([awsProvider({ defaultTags }), cluster()])).toEqual(
        lacks('"system", "environment"'),
      );
    }
    const other = { ...awsProvider({ defaultTags: { tags: TAGS } }), name: "other" };
    expect(await reported([other, cluster()])).toEqual(lacks('"system", "environment"'));
  });

  it("requires other keys if configured", async () => {
    const setting: Setting = {
      configuration: { "pulumi-resource-tags": { keys: ["owner", "system"] } },
    };
    expect(await reported([cluster({ tags: TAGS })], setting)).toEqual(lacks('"owner"'));
  });

  it("counts unknown values", async () => {
    expect(await reported([cluster({ tags: UNKNOWN })])).toEqual([]);
    expect(await reported([awsProvider({ defaultTags: UNKNOWN }), cluster()])).toEqual([]);
    expect(await reported([awsProvider({ defaultTags: { tags: UNKNOWN } }), cluster()])).toEqual(
      [],
    );
  });

  it("does not apply to resources without tags, and is advisory", async () => {
    const space = { ...cluster(), type: "digitalocean:index/spacesBucket:SpacesBucket" };
    expect(await reported([space])).toEqual([]);
    const found = await evaluate([policyNamed("pulumi-resource-tags")], [cluster()]);
    expect(found.map(({ level }) => level)).toEqual(["advisory"]);
  });
});
