import type * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { days } from "../../systems/units";
import type { Part } from "../observability/part";
import { inputsOf, isSecret, register, valueOf } from "../testing";
import {
  archiveOf,
  ownerPassword,
  poolSize,
  serverParameters,
  spreadOver,
  storesOf,
} from "./in-cluster";
import { fromClients } from "./in-cluster-network";
import { bucket, inCluster, oddMemory } from "./in-cluster-testing";

const part = (options: pulumi.CustomResourceOptions): Part => ({
  child: (suffix) => `db-${suffix}`,
  options: (more = {}) => ({ ...options, ...more }),
});

describe("what both operators are told", () => {
  it("a quarter of the memory is shared buffers, unless somebody says otherwise", () => {
    const { limits, requests } = inCluster.resources;
    const odd = { requests: { ...requests, memory: oddMemory }, limits };
    expect(serverParameters({ resources: odd }, { "a.b": "1" })).toEqual({
      shared_buffers: "250MB",
      "a.b": "1",
    });
    expect(
      serverParameters(
        { resources: odd, parameters: { shared_buffers: "7MB", "a.b": "2" } },
        { "a.b": "1" },
      ),
    ).toEqual({ shared_buffers: "7MB", "a.b": "2" });
  });

  it("both poolers together leave a fifth of the server's connections", () => {
    expect(poolSize({})).toBe(40);
    expect(poolSize({ parameters: { max_connections: "333" } })).toBe(133);
  });

  it("an archive needs a bucket and a time to keep it", () => {
    const store = bucket("AWS", true);
    const pointInTimeRecovery = days(3);
    expect(archiveOf({ ...inCluster, store })).toBeUndefined();
    expect(archiveOf({ ...inCluster, store, pointInTimeRecovery })).toEqual({
      store,
      path: "postgres",
      archive: "rides",
    });
    expect(
      archiveOf({ ...inCluster, store, pointInTimeRecovery, path: "p/q", archive: "rides-2" }),
    ).toEqual({ store, path: "p/q", archive: "rides-2" });
  });

  it("a bucket that is both written and read counts once", () => {
    const store = bucket("AWS", true);
    const both = { ...inCluster, store, pointInTimeRecovery: days(3) };
    expect(storesOf({ ...both, restoreFrom: { store, archive: "old" } })).toEqual([store]);
    expect(
      storesOf({ ...both, restoreFrom: { store: bucket("AWS", true), archive: "old" } }),
    ).toHaveLength(2);
  });

  it("a list of clients without anybody lets nobody in", () => {
    expect(fromClients([])).toEqual([]);
    expect(fromClients([{ podSelector: {} }])).toEqual([
      { from: [{ podSelector: {} }], ports: [{ protocol: "TCP", port: 5432 }] },
    ]);
  });

  it("pods spread over zones and hosts as far as there are any", () => {
    const over = (topologyKey: string) => ({
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels: { a: "b" } },
    });
    expect(spreadOver({ a: "b" })).toEqual([
      over("topology.kubernetes.io/zone"),
      over("kubernetes.io/hostname"),
    ]);
  });
});

describe("the owner's password", () => {
  it("is generated, again when its rotation changes, and secret", async () => {
    const { resources, result } = await register((options) =>
      ownerPassword(part(options), { rotation: "may" }),
    );
    expect(inputsOf(resources, "db-password")).toEqual({
      length: 48,
      special: false,
      minLower: 1,
      minUpper: 1,
      minNumeric: 1,
      keepers: { rotation: "may" },
    });
    expect([await valueOf(result), await isSecret(result)]).toEqual(["generated-password", true]);
  });

  it("is the primary's in a recovery region, and secret there too", async () => {
    const { resources, result } = await register((options) =>
      ownerPassword(part(options), { password: "the-primary's" }),
    );
    expect(resources).toEqual([]);
    expect([await valueOf(result), await isSecret(result)]).toEqual(["the-primary's", true]);
  });
});
