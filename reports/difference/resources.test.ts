import { describe, expect, it } from "vitest";
import type { PlannedResource, PlanObject } from "../../offline/plan";
import { resource } from "../fixtures/plan";
import { followingOf } from "./following";
import { compareResources } from "./resources";

const POOL = "digitalocean:index/kubernetesNodePool:KubernetesNodePool";
const ROLE = "aws:iam/role:Role";

const pool = (inputs: PlanObject, rest: Partial<PlannedResource> = {}): PlannedResource =>
  resource({ type: POOL, name: "pool", inputs, ...rest });

const between = (before: readonly PlannedResource[], after: readonly PlannedResource[]) =>
  compareResources(before, after).changes.map(({ kind, inputs, options, refused, mayReplace }) => ({
    kind,
    paths: inputs.map(({ path, forces }) => (forces ? `${path}!` : path)),
    options: options.map(({ path }) => path),
    ...(refused ? { refused } : {}),
    ...(mayReplace ? { mayReplace } : {}),
  }));

describe("from one plan to another", () => {
  it("nothing changes if the inputs are the same, including unknowns", () => {
    const inputs = { size: "s-4vcpu-8gb", clusterId: { $unknown: true }, labels: {} };
    expect(between([pool(inputs)], [pool({ ...inputs })])).toEqual([]);
  });

  it("an input changes in place", () => {
    expect(
      between([pool({ maxNodes: 6, taints: [1] })], [pool({ maxNodes: 7, taints: [2] })]),
    ).toEqual([{ kind: "update", paths: ["maxNodes", "taints"], options: [] }]);
  });

  it("an input that the cloud cannot change replaces the resource", () => {
    expect(between([pool({ size: "small", maxNodes: 6 })], [pool({ size: "large" })])).toEqual([
      { kind: "replace", paths: ["maxNodes", "size!"], options: [] },
    ]);
  });

  it("an input that the resource ignores does not change", () => {
    const options = { ignoreChanges: ["size", "taints"] };
    const before = pool({ size: "small", taints: { a: 1 }, maxNodes: 6 }, { options });
    const after = pool({ size: "large", taints: { a: 2 }, maxNodes: 7 }, { options });
    expect(between([before], [after])).toEqual([
      { kind: "update", paths: ["maxNodes"], options: [] },
    ]);
  });

  it("an input inside an added or removed object replaces it too", () => {
    const cluster = (inputs: PlanObject) =>
      resource({ type: "aws:eks/cluster:Cluster", name: "c", inputs });
    const network = { kubernetesNetworkConfig: { serviceIpv4Cidr: "10.1.0.0/16" } };
    expect(between([cluster({})], [cluster(network)])).toEqual([
      { kind: "replace", paths: ["kubernetesNetworkConfig!"], options: [] },
    ]);
  });

  it("an unknown type may be replaced by any input, but not by its options", () => {
    const role = (inputs: PlanObject, protect = false) =>
      resource({ type: ROLE, name: "r", inputs, protect });
    expect(between([role({ path: "/a" })], [role({ path: "/b" })])).toEqual([
      { kind: "update", paths: ["path"], options: [], mayReplace: true },
    ]);
    expect(between([role({}, true)], [role({}, false)])).toEqual([
      { kind: "update", paths: [], options: ["protect"] },
    ]);
  });

  it("components and read resources are never replaced", () => {
    const component = (n: number) =>
      resource({ type: "runstack:x:Y", name: "y", custom: false, inputs: { n } });
    const read = (n: number) => resource({ type: ROLE, name: "r", external: true, inputs: { n } });
    expect(between([component(1), read(1)], [component(2), read(2)])).toEqual([
      { kind: "update", paths: ["n"], options: [] },
      { kind: "update", paths: ["n"], options: [] },
    ]);
  });

  it("protection refuses a replacement and a deletion until it is lifted", () => {
    const of = (size: string, protect: boolean) => pool({ size }, { protect });
    expect(between([of("a", true)], [of("b", true)])[0]?.refused).toBe(true);
    expect(between([of("a", true)], [of("b", false)])[0]).toEqual({
      kind: "replace",
      paths: ["size!"],
      options: ["protect"],
    });
    expect(between([pool({}, { protect: true })], [])).toEqual([
      { kind: "delete", paths: [], options: [], refused: true },
    ]);
  });

  it("a new resource is created, and deletions come last", () => {
    expect(between([pool({ size: "old" })], [resource({ type: ROLE, name: "r" })])).toEqual([
      { kind: "create", paths: [], options: [] },
      { kind: "delete", paths: [], options: [] },
    ]);
  });

  it("lists changed dependencies separately", () => {
    const other = resource({ type: ROLE, name: "r" });
    const { changes, reordered } = compareResources(
      [other, pool({}, { dependencies: ["gone"] })],
      [other, pool({}, { dependencies: [other.urn] })],
    );
    expect(changes).toEqual([]);
    expect(reordered).toEqual([{ urn: pool({}).urn, added: [other.urn], removed: ["gone"] }]);
  });
});

describe("a rename", () => {
  const before = resource({ type: ROLE, name: "sys-web-role", inputs: { path: "/", for: "web" } });
  const after = resource({ type: ROLE, name: "sys-api-role", inputs: { path: "/", for: "api" } });
  const child = (parent: PlannedResource, name: string) =>
    resource({
      urn: `urn:pulumi:prod::runstack::${ROLE}$${POOL}::${name}`,
      type: POOL,
      name,
      parent: parent.urn,
      inputs: { size: "a" },
    });

  it("has the same type and inputs under another name, and is not a creation", () => {
    const named = (name: string) => resource({ type: ROLE, name, inputs: { path: "/x" } });
    const { changes, renamed } = compareResources([named("a")], [named("b")]);
    expect(changes).toMatchObject([
      { kind: "rename", resource: { name: "b" }, before: { name: "a" }, inputs: [] },
    ]);
    expect([...renamed]).toEqual([[named("a").urn, named("b").urn]]);
  });

  it("allows inputs that follow the name's word, and no other changes", () => {
    const [change] = compareResources([before], [after]).changes;
    expect(change).toMatchObject({ kind: "rename", word: ["web", "api"] });
    expect(change?.inputs.map(({ path }) => path)).toEqual(["for"]);
    const other = { ...after, inputs: { path: "/other", for: "api" } };
    expect(compareResources([before], [other]).changes.map(({ kind }) => kind)).toEqual([
      "create",
      "delete",
    ]);
  });

  it("is not detected if a defining input follows the name", () => {
    const nodes = (size: string, name: string) =>
      resource({
        type: "aws:eks/nodeGroup:NodeGroup",
        name: `nodes-${size}`,
        inputs: { instanceTypes: [`m6i.${size}`], nodeGroupName: name },
      });
    const kinds = (before: PlannedResource, after: PlannedResource) =>
      compareResources([before], [after]).changes.map(({ kind }) => kind);
    expect(kinds(nodes("large", "n"), nodes("xlarge", "n"))).toEqual(["create", "delete"]);
    const named = (size: string) => ({ ...nodes(size, size), inputs: { nodeGroupName: size } });
    expect(kinds(named("large"), named("xlarge"))).toEqual(["rename"]);
  });

  it("with an alias is still refused if an input forces a replacement", () => {
    const of = (name: string) =>
      resource({
        type: "kubernetes:core/v1:Service",
        name,
        protect: true,
        inputs: { metadata: { name } },
      });
    const now = { ...of("new"), options: { aliases: [of("old").urn] } };
    expect(compareResources([of("old")], [now]).changes).toMatchObject([
      { kind: "rename", aliased: true, refused: true },
    ]);
  });

  it("is not guessed if it is ambiguous", () => {
    const named = (name: string) => resource({ type: ROLE, name, inputs: {} });
    expect(
      compareResources([named("a")], [named("b"), named("c")]).changes.map(({ kind }) => kind),
    ).toEqual(["create", "create", "delete"]);
    expect(
      compareResources([named("a"), named("b")], [named("c")]).changes.map(({ kind }) => kind),
    ).toEqual(["create", "delete", "delete"]);
  });

  it("of a parent moves its children, by name even if all inputs are the same", () => {
    const old = [child(before, "x"), child(before, "y")];
    const now = old.map((one) => ({
      ...one,
      urn: one.urn.replace(`${ROLE}$`, "other$"),
      parent: after.urn,
    }));
    const { changes } = compareResources([before, ...old], [after, ...now]);
    expect(changes.map(({ kind, resource: { name } }) => `${kind} ${name}`)).toEqual([
      "rename sys-api-role",
      "rename x",
      "rename y",
    ]);
  });

  it("of a protected resource is refused, unless it has an alias", () => {
    const held = { ...before, protect: true };
    type Aliases = NonNullable<PlannedResource["options"]>["aliases"];
    const refused = (aliases: NonNullable<Aliases>) =>
      compareResources([held], [{ ...after, options: { aliases } }]).changes.map((one) => [
        one.refused,
        one.aliased,
      ]);
    expect(refused([])).toEqual([[true, false]]);
    for (const alias of [before.urn, { name: "sys-web-role" }]) {
      expect(refused([alias])).toEqual([[false, true]]);
    }
    for (const alias of ["other", { name: "other" }, { type: POOL, name: "sys-web-role" }]) {
      expect(refused([alias])).toEqual([[true, false]]);
    }
  });

  it("of a parent with an alias keeps its children too", () => {
    const moved = { ...child(after, "x"), urn: "urn:pulumi:prod::runstack::other::x" };
    const kept = { ...after, options: { aliases: [before.urn] } };
    const { changes } = compareResources([before, child(before, "x")], [kept, moved]);
    expect(changes.map(({ aliased }) => aliased)).toEqual([true, true]);
  });

  it("does not change resources that refer to it", () => {
    const named = (parent: PlannedResource) =>
      pool({}, { parent: parent.urn, dependencies: [parent.urn] });
    const { changes, reordered } = compareResources([before, named(before)], [after, named(after)]);
    expect(changes.map(({ kind }) => kind)).toEqual(["rename"]);
    expect(reordered).toEqual([]);
  });
});

describe("a resource that refers to a replaced one", () => {
  const VPC = "digitalocean:index/vpc:Vpc";
  const CLUSTER = "digitalocean:index/kubernetesCluster:KubernetesCluster";
  const vpc = (region: string) => resource({ type: VPC, name: "v", inputs: { region } });
  const cluster = (vpcUuid: PlanObject["x"]) =>
    resource({
      type: CLUSTER,
      name: "c",
      dependencies: [vpc("").urn],
      inputs: { vpcUuid: vpcUuid ?? null },
    });
  const nodes = pool({ clusterId: { $unknown: true } }, { dependencies: [cluster("").urn] });

  const following = (after: readonly PlannedResource[], before = after) => {
    const { changes } = compareResources([vpc("nyc3"), ...before], [vpc("ams3"), ...after]);
    return followingOf([vpc("ams3"), ...after], changes).map(
      ({ resource: { name }, key, of }) => `${name}.${key} of ${of.name}`,
    );
  };

  it("may be replaced with it, and so may resources that refer to it in turn", () => {
    expect(following([cluster({ $unknown: true }), nodes])).toEqual([
      "c.vpcUuid of v",
      "pool.clusterId of c",
    ]);
  });

  it("is not, if the input is known or nothing is replaced", () => {
    expect(following([cluster("known"), nodes])).toEqual([]);
    const all = [vpc("nyc3"), cluster({ $unknown: true })];
    expect(followingOf(all, compareResources(all, all).changes)).toEqual([]);
  });
});
