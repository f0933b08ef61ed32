import { describe, expect, it } from "vitest";
import { policyNamed } from "../catalog";
import { UNKNOWN, evaluate, urnOf, type Fixture } from "../testing";
import { unknownValues } from "../unknown-values";

const cluster = (name = "town", props: object = { name }): Fixture => ({
  type: "aws:eks/cluster:Cluster",
  name,
  props: { ...props },
});

const group = (
  name: string,
  subnetIds: unknown,
  clusterName: unknown = "town",
  from: Fixture["propertyDependencies"] = {},
): Fixture => ({
  type: "aws:eks/nodeGroup:NodeGroup",
  name,
  props: { clusterName, subnetIds },
  propertyDependencies: from,
});

const subnet = (name: string): Fixture => ({ type: "aws:ec2/subnet:Subnet", name, props: {} });
const network: Fixture = { type: "awsx:ec2:Vpc", name: "net", props: {} };
const from = (...origins: readonly Fixture[]): NonNullable<Fixture["propertyDependencies"]> => ({
  subnetIds: origins.map(urnOf),
});

const reported = async (...fixture: readonly Fixture[]): Promise<readonly string[]> => {
  const found = await evaluate([policyNamed("aws-eks-nodes-spread"), unknownValues], fixture);
  return found.map(({ policy, message }) => (policy === "undecided" ? "open" : message));
};
const refused = (name: string, found: string): readonly string[] => [
  `NodeGroup "${name}": subnetIds is ${found}; list subnets in two or more zones, here or in other node groups of its cluster.`,
];

describe("aws-eks-nodes-spread", () => {
  it("accepts a group with two subnets, known or not", async () => {
    expect(await reported(cluster(), group("a", ["s-1", "s-2"]))).toEqual([]);
    expect(await reported(cluster(), group("a", ["s-1", UNKNOWN]))).toEqual([]);
    expect(await reported(cluster(), group("a", [UNKNOWN, UNKNOWN]))).toEqual([]);
    const mixed = from(network, subnet("x"));
    expect(
      await reported(network, subnet("x"), group("a", [UNKNOWN, UNKNOWN], "town", mixed)),
    ).toEqual([]);
  });

  it("refuses groups in one subnet", async () => {
    expect(await reported(cluster(), group("a", ["s-1"]))).toEqual(refused("a", '["s-1"]'));
    expect(await reported(cluster(), group("a", ["s-1", "s-1"]))).toEqual(
      refused("a", '["s-1","s-1"]'),
    );
    expect(await reported(cluster(), group("a", undefined))).toEqual(refused("a", "missing"));
    expect(await reported(cluster(), group("a", [UNKNOWN]))).toEqual(refused("a", '["unknown"]'));
    expect(await reported(cluster(), group("a", ["s-1"]), group("b", ["s-1"]))).toEqual(
      refused("a", '["s-1"]'),
    );
  });

  it("accepts a group for each zone", async () => {
    expect(await reported(cluster(), group("a", ["s-1"]), group("b", ["s-2"]))).toEqual([]);
    expect(await reported(group("a", ["s-1"]), group("b", ["s-2"]))).toEqual([]);
  });

  it("distinguishes clusters, inside and outside the stack", async () => {
    const other = group("b", ["s-2"], "village");
    const both = [...refused("a", '["s-1"]'), ...refused("b", '["s-2"]')];
    expect(await reported(cluster(), cluster("village"), group("a", ["s-1"]), other)).toEqual(both);
    expect(await reported(group("a", ["s-1"]), other)).toEqual(both);
    expect(await reported(cluster(), group("a", ["s-1"]), other)).toEqual(both);
    expect(await reported(cluster())).toEqual([]);
  });

  it("finds the groups of a cluster by the origin of the name", async () => {
    const late = cluster("late", {});
    const own = { clusterName: [urnOf(late)] };
    const first = group("a", ["s-1"], UNKNOWN, own);
    expect(await reported(late, first)).toEqual(refused("a", '["s-1"]'));
    expect(await reported(late, first, group("b", ["s-2"], UNKNOWN, own))).toEqual([]);
  });

  it("distinguishes subnets that do not exist yet by their resources", async () => {
    const [x, y] = [subnet("x"), subnet("y")];
    const one = group("a", [UNKNOWN], "town", from(x));
    expect(await reported(x, y, one, group("b", [UNKNOWN], "town", from(y)))).toEqual([]);
    expect(await reported(x, one, group("b", [UNKNOWN], "town", from(x)))).toEqual(
      refused("a", '["unknown"]'),
    );
    expect(await reported(x, one, group("b", ["s-2"]))).toEqual([]);
    const component = group("a", [UNKNOWN], "town", from(network));
    expect(
      await reported(network, component, group("b", [UNKNOWN], "town", from(network))),
    ).toEqual(["open"]);
  });

  it("counts an unknown that may be another subnet", async () => {
    expect(await reported(cluster(), group("a", UNKNOWN))).toEqual(["open"]);
    expect(await reported(cluster(), group("a", ["s-1"]), group("b", UNKNOWN))).toEqual(["open"]);
    expect(await reported(cluster(), group("a", ["s-1"]), group("b", [UNKNOWN]))).toEqual(["open"]);
  });

  it("counts an unknown that may be another group", async () => {
    expect(await reported(cluster(), group("a", ["s-1"]), group("b", ["s-2"], UNKNOWN))).toEqual([
      "open",
    ]);
    expect(await reported(group("a", ["s-1"]), group("b", ["s-2"], UNKNOWN))).toEqual(["open"]);
    expect(await reported(cluster("x", { name: UNKNOWN }), group("a", ["s-1"]))).toEqual(["open"]);
    const enough = group("b", ["s-2", "s-3"], UNKNOWN);
    expect(await reported(enough)).toEqual([]);
  });
});
