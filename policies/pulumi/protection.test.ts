import { describe, expect, it } from "vitest";
import { messages, type Fixture, type Setting } from "../testing";

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
