import { describe, expect, it } from "vitest";
import { messages, UNKNOWN, type Fixture, type Setting } from "../testing";
import { shop } from "../testing/system";

const database = (rest: Partial<Fixture> = {}): Fixture => ({
  type: "digitalocean:index/databaseCluster:DatabaseCluster",
  name: "orders-db",
  props: {},
  ...rest,
});

describe("stateful-protected", () => {
  const reported = (fixture: Fixture, setting?: Setting): Promise<readonly string[]> =>
    messages("stateful-protected", [fixture], setting);

  it("accepts a protected resource", async () => {
    expect(await reported(database({ protect: true }))).toEqual([]);
  });

  it.each([
    [{ protect: false }, "prod"],
    [{}, "prod"],
    [{ protect: false }, "dr"],
  ] as const)("refuses %j in %s, and says how to unprotect", async (options, environment) => {
    expect(await reported(database(options), { policyContext: { environment } })).toEqual([
      'DatabaseCluster "orders-db": the option protect is false; production needs it to be true; for an intended deletion, exempt resource "*::orders-db" from stateful-protected until that day.',
    ]);
  });

  it("knows the objects of operators, in every version", async () => {
    const type = "kubernetes:kafka.strimzi.io/v1beta2:Kafka";
    const props = { metadata: { name: "events", namespace: "shop" } };
    expect(await reported({ type, name: "shop-events", props })).toEqual([
      'Kafka "shop/events": the option protect is false; production needs it to be true; for an intended deletion, exempt resource "*::shop-events" from stateful-protected until that day.',
    ]);
  });

  it.each([
    ["kubernetes:core/v1:PersistentVolumeClaim", "PersistentVolumeClaim"],
    ["aws:msk/serverlessCluster:ServerlessCluster", "ServerlessCluster"],
    ["aws:rds/globalCluster:GlobalCluster", "GlobalCluster"],
  ])("knows %s", async (type, kind) => {
    const fixture: Fixture = { type, name: "store", props: {} };
    expect(await reported(fixture)).toEqual([
      `${kind} "store": the option protect is false; production needs it to be true; for an intended deletion, exempt resource "*::store" from stateful-protected until that day.`,
    ]);
    expect(await reported({ ...fixture, protect: true })).toEqual([]);
  });

  it("does not apply to resources without data", async () => {
    expect(await reported({ type: "digitalocean:index/vpc:Vpc", name: "v", props: {} })).toEqual(
      [],
    );
  });
});

const restored: Setting = { policyContext: { system: shop, restored: { orders: 3 } } };
const rds = (identifier: unknown): Fixture => ({
  type: "aws:rds/instance:Instance",
  name: "orders",
  props: { identifier },
});
const operated = (name: unknown, incarnation: unknown): Fixture => ({
  type: "kubernetes:postgresql.cnpg.io/v1:Cluster",
  name: "orders",
  props: { metadata: { name, namespace: "shop", labels: { incarnation } } },
  deleteBeforeReplace: true,
});

describe("a database that a restore replaces", () => {
  const both = async (fixture: Fixture, setting: Setting = restored) =>
    (
      await Promise.all(
        ["stateful-protected", "pulumi-replace-keeps-data"].map((policy) =>
          messages(policy, [fixture], setting),
        ),
      )
    ).flat().length;

  it("may be unprotected, and deleted first", async () => {
    expect(await both(rds("shop-prod-orders-3"))).toBe(0);
    expect(await both(rds("shop-prod-orders-3-read-2"))).toBe(0);
    expect(await both(operated("orders", "3"))).toBe(0);
  });

  it("may be unprotected while it is unknown which one it is", async () => {
    expect(await both(rds(UNKNOWN))).toBe(0);
    expect(await both(operated("orders", UNKNOWN))).toBe(0);
    expect(await both(operated(UNKNOWN, "3"))).toBe(0);
  });

  it("is no other database, no other incarnation, and nothing else that holds data", async () => {
    expect(await both(rds("shop-prod-orders-2"))).toBe(1);
    expect(await both(rds("shop-prod-orders"))).toBe(1);
    expect(await both(rds("shop-prod-customers-3"))).toBe(1);
    expect(await both(rds("shop-prod-reorders-3"))).toBe(1);
    expect(await both(rds("shop-prod-customer-orders-3"))).toBe(1);
    expect(await both(rds("shop-dr-orders-3"))).toBe(1);
    expect(await both(operated("customer-orders", "3"))).toBe(2);
    expect(await both(operated("orders-3-read", "3"))).toBe(2);
    expect(await both(rds(undefined))).toBe(1);
    expect(await both(operated("orders", undefined))).toBe(2);
    expect(await both(operated("customers", "3"))).toBe(2);
    expect(await both({ ...rds("shop-prod-orders-3"), type: "aws:rds/cluster:Cluster" })).toBe(1);
  });

  it("is none without a restore", async () => {
    expect(await both(rds("shop-prod-orders-3"), {})).toBe(1);
    expect(await both(operated("orders", "3"), {})).toBe(2);
  });

  it("is no instance of a system that is unknown", async () => {
    const unknown: Setting = { policyContext: { restored: { orders: 3 } } };
    expect(await both(rds("shop-prod-orders-3"), unknown)).toBe(1);
  });
});

describe("pulumi-replace-keeps-data", () => {
  const reported = (fixture: Fixture): Promise<readonly string[]> =>
    messages("pulumi-replace-keeps-data", [fixture]);

  it("refuses deleteBeforeReplace, only if it is set", async () => {
    expect(await reported(database({ deleteBeforeReplace: true }))).toEqual([
      'DatabaseCluster "orders-db": the option deleteBeforeReplace is true; leave it out, or protect the resource, so that the replacement exists before the data is deleted.',
    ]);
    expect(await reported(database({ deleteBeforeReplace: true, protect: true }))).toEqual([]);
    expect(await reported(database({ deleteBeforeReplace: false }))).toEqual([]);
    expect(await reported(database())).toEqual([]);
  });

  it("does not apply to resources without data", async () => {
    const vpc = { type: "digitalocean:index/vpc:Vpc", name: "v", props: {} };
    expect(await reported({ ...vpc, deleteBeforeReplace: true })).toEqual([]);
  });
});
