import { describe, expect, it } from "vitest";
import { judge, urnOf, UNKNOWN, messages, type Given, type Setting } from "../testing";
import { policyNamed } from "../catalog";

const TAGS = { system: "shop", environment: "prod" };
const awsProvider = (props: Given["props"]): Given => ({
  type: "pulumi:providers:aws",
  name: "shop",
  props,
});
const cluster = (props: Given["props"] = {}): Given => ({
  type: "aws:eks/cluster:Cluster",
  name: "c",
  props,
  provider: urnOf(awsProvider({})),
});
const said = (given: readonly Given[], setting?: Setting): Promise<readonly string[]> =>
  messages("pulumi-resource-tags", given, setting);
const lacks = (what: string, of = 'Cluster "c"'): readonly string[] => [
  `${of} has no ${what} among its tags or labels, nor among its provider's defaults.`,
];

describe("pulumi-resource-tags", () => {
  it("accepts a resource's own", async () => {
    expect(await said([cluster({ tags: TAGS })])).toEqual([]);
    const google = { ...cluster({ resourceLabels: TAGS }), type: "gcp:container/cluster:Cluster" };
    expect(await said([google])).toEqual([]);
    const sql = {
      ...cluster({ labels: { system: "shop" }, userLabels: { environment: "prod" } }),
      type: "gcp:sql/databaseInstance:DatabaseInstance",
    };
    expect(await said([sql])).toEqual([]);
    const ocean = {
      ...cluster({ tags: ["system:shop", "environment:prod", 7] }),
      type: "digitalocean:index/databaseCluster:DatabaseCluster",
    };
    expect(await said([ocean])).toEqual([]);
  });

  it("accepts those of the provider, as text or object", async () => {
    const text = JSON.stringify({ tags: TAGS });
    expect(await said([awsProvider({ defaultTags: text }), cluster()])).toEqual([]);
    expect(await said([awsProvider({ defaultTags: { tags: TAGS } }), cluster()])).toEqual([]);
    const gcp = {
      ...awsProvider({ defaultLabels: JSON.stringify(TAGS) }),
      type: "pulumi:providers:gcp",
    };
    const disk = { ...cluster(), type: "gcp:compute/disk:Disk", provider: urnOf(gcp) };
    expect(await said([gcp, disk])).toEqual([]);
  });

  it("names what is missing", async () => {
    expect(await said([cluster()])).toEqual(lacks('"system", "environment"'));
    expect(await said([cluster({ tags: { system: "shop" } })])).toEqual(lacks('"environment"'));
    for (const defaultTags of ["{", "7", "null", '{"tags":3}', '{"others":{}}', 5, {}]) {
      expect(await said([awsProvider({ defaultTags }), cluster()])).toEqual(
        lacks('"system", "environment"'),
      );
    }
    const other = { ...awsProvider({ defaultTags: { tags: TAGS } }), name: "other" };
    expect(await said([other, cluster()])).toEqual(lacks('"system", "environment"'));
  });

  it("asks for other keys by configuration", async () => {
    const setting: Setting = {
      configuration: { "pulumi-resource-tags": { keys: "owner, system,," } },
    };
    expect(await said([cluster({ tags: TAGS })], setting)).toEqual(lacks('"owner"'));
  });

  it("leaves open what is not known yet", async () => {
    expect(await said([cluster({ tags: UNKNOWN })])).toEqual([]);
    expect(await said([awsProvider({ defaultTags: UNKNOWN }), cluster()])).toEqual([]);
    expect(await said([awsProvider({ defaultTags: { tags: UNKNOWN } }), cluster()])).toEqual([]);
  });

  it("asks nothing of what cannot be tagged, and blocks nothing", async () => {
    const space = { ...cluster(), type: "digitalocean:index/spacesBucket:SpacesBucket" };
    expect(await said([space])).toEqual([]);
    const found = await judge([policyNamed("pulumi-resource-tags")], [cluster()]);
    expect(found.map(({ level }) => level)).toEqual(["advisory"]);
  });
});
