import { describe, expect, it } from "vitest";
import * as pulumi from "@pulumi/pulumi";
import { inputsOf, isSecret, named, ofKind, UNKNOWN, valueOf } from "../../kit/testing";
import { create } from "./postgres-testing";

const rules = [
  { type: "k8s", value: "the-cluster" },
  { type: "ip_addr", value: "10.52.0.0/16" },
];

describe("managed PostgreSQL", () => {
  it("creates exactly a cluster, its replicas, a database, its owner and a pool", async () => {
    const { resources } = await create();
    expect(resources.map(({ name, parent }) => [name, parent])).toEqual([
      ["db-cluster", "db"],
      ["db-config", "db"],
      ["db-database", "db"],
      ["db-firewall", "db"],
      ["db-pool", "db"],
      ["db-read-1", "db"],
      ["db-read-1-firewall", "db"],
      ["db-read-2", "db"],
      ["db-read-2-firewall", "db"],
      ["db-user", "db"],
    ]);
  });

  it("has exactly these inputs", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "db-cluster")).toEqual({
      name: "bikes-prod-db",
      engine: "pg",
      version: "16",
      size: "db-s-2vcpu-4gb",
      nodeCount: 2,
      region: "ams3",
      privateNetworkUuid: "the-vpc",
      maintenanceWindows: [{ day: "thursday", hour: "03:30" }],
      tags: ["one"],
      storageSizeMib: "71680",
      storageAutoscale: { enabled: true, thresholdPercent: 80, incrementGib: 15 },
    });
    expect(inputsOf(resources, "db-database")).toEqual({
      clusterId: "db-cluster-id",
      name: "rides",
    });
    expect(inputsOf(resources, "db-user")).toEqual({ clusterId: "db-cluster-id", name: "keeper" });
    expect(inputsOf(resources, "db-pool")).toEqual({
      clusterId: "db-cluster-id",
      name: "application",
      mode: "transaction",
      size: 20,
      dbName: "rides",
      user: "keeper",
    });
    expect(inputsOf(resources, "db-read-2")).toEqual({
      clusterId: "db-cluster-id",
      name: "bikes-prod-db-read-2",
      region: "ams3",
      size: "db-s-2vcpu-4gb",
      privateNetworkUuid: "the-vpc",
      tags: ["one"],
    });
    expect(inputsOf(resources, "db-config")).toEqual({
      clusterId: "db-cluster-id",
      autovacuumVacuumScaleFactor: 0.15,
      pgStatStatementsTrack: "all",
    });
  });

  it("does not change a disk that has grown", async () => {
    const { resources } = await create();
    expect(named(resources, "db-cluster").options.ignoreChanges).toEqual(["storageSizeMib"]);
    const without = (await create({ storage: undefined })).resources;
    expect(named(without, "db-cluster").options.ignoreChanges).toBeUndefined();
    expect(inputsOf(without, "db-cluster")).not.toHaveProperty("storageSizeMib");
  });

  it("returns both addresses and keeps secrets secret", async () => {
    const { result } = await create();
    const { url, directUrl, host, username, password, certificateAuthority } = result;
    const known = [url, directUrl, host, username, password, certificateAuthority];
    expect(await Promise.all(known.map(valueOf))).toEqual([
      "postgresql://keeper:user-password@pool.example.com:25065/application?sslmode=require",
      "postgresql://keeper:user-password@private.db.example.com:25060/rides?sslmode=require",
      "private.db.example.com",
      "keeper",
      "user-password",
      "CERTIFICATE",
    ]);
    expect(await Promise.all([url, directUrl, password, host].map(isSecret))).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(await valueOf(result.readHost ?? url)).toBe("read.example.com");
    expect(await valueOf(result.poolerHost ?? url)).toBe("pool.example.com");
    expect([result.port, result.reach]).toEqual([
      25060,
      [{ kind: "network", cidr: "10.30.0.0/16", firstPort: 25060, lastPort: 25090 }],
    ]);
    expect(result.capabilities).toEqual({
      pointInTimeRecovery: true,
      replicas: true,
      failover: true,
      pooling: true,
    });
    expect([result.readHosts.length, result.ready.length]).toEqual([2, 10]);
  });

  it("from PostgreSQL 15 the owner needs a grant from the administrator", async () => {
    const { result } = await create();
    expect(result.setup?.statements).toEqual([
      'GRANT CREATE, USAGE ON SCHEMA public TO "keeper"',
      'CREATE EXTENSION IF NOT EXISTS "pg_stat_statements"',
    ]);
    const url = result.setup?.url ?? pulumi.output("");
    expect([await valueOf(url), await isSecret(url)]).toEqual([
      "postgresql://doadmin:cluster-password@private.db.example.com:25060/rides?sslmode=require",
      true,
    ]);
  });

  it("belongs to the administrator by default", async () => {
    const { result, resources } = await create({ owner: undefined, extensions: undefined });
    expect(ofKind(resources, "DatabaseUser")).toEqual([]);
    expect(inputsOf(resources, "db-pool")["user"]).toBe("doadmin");
    expect(await valueOf(result.directUrl)).toBe(
      "postgresql://doadmin:cluster-password@private.db.example.com:25060/rides?sslmode=require",
    );
    expect(result.setup).toBeUndefined();
  });

  it("is minimal with minimal arguments", async () => {
    const { result, resources } = await create({
      nodes: 1,
      readReplicas: 0,
      pooling: false,
      parameters: {},
      storage: undefined,
    });
    expect(resources.map(({ name }) => name)).toEqual([
      "db-cluster",
      "db-database",
      "db-firewall",
      "db-user",
    ]);
    expect(result.capabilities).toEqual({
      pointInTimeRecovery: true,
      replicas: false,
      failover: false,
      pooling: false,
    });
    expect([result.readHost, result.poolerHost]).toEqual([undefined, undefined]);
    expect(await valueOf(result.url)).toBe(await valueOf(result.directUrl));
  });

  it("has unknown outputs in a first preview, and keeps the password secret", async () => {
    const { result, resources } = await create({}, true);
    expect([await valueOf(result.url), await isSecret(result.url)]).toEqual([UNKNOWN, true]);
    expect(resources).toHaveLength(10);
  });
});

describe("PostgreSQL on DigitalOcean", () => {
  it("every resource with a name has an explicit one", async () => {
    const { resources } = await create();
    const nameless = resources.filter(({ inputs }) => inputs["name"] === undefined);
    expect(nameless.map(({ name }) => name)).toEqual([
      "db-config",
      "db-firewall",
      "db-read-1-firewall",
      "db-read-2-firewall",
    ]);
  });

  it("the network and the cluster are referenced by id", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "db-cluster")["privateNetworkUuid"]).toBe("the-vpc");
    expect(inputsOf(resources, "db-read-1")["privateNetworkUuid"]).toBe("the-vpc");
  });

  it("exactly one firewall for each server, including replicas", async () => {
    const { resources } = await create();
    expect(ofKind(resources, "DatabaseFirewall").map(({ inputs }) => inputs)).toEqual([
      { clusterId: "db-cluster-id", rules },
      { clusterId: "the-replica", rules },
      { clusterId: "the-replica", rules },
    ]);
  });

  it("has no eviction policy", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "db-cluster")).not.toHaveProperty("evictionPolicy");
  });

  it("a creation may take an hour before it counts as failed", async () => {
    const { resources } = await create();
    for (const name of ["db-cluster", "db-read-1", "db-read-2"]) {
      expect(named(resources, name).options.customTimeouts).toEqual({
        create: "60m",
        update: "60m",
        delete: "30m",
      });
    }
  });

  it("has a maintenance window from the start, and belongs to no project", async () => {
    const { resources } = await create();
    expect(inputsOf(resources, "db-cluster")["maintenanceWindows"]).toHaveLength(1);
    expect(inputsOf(resources, "db-cluster")).not.toHaveProperty("projectId");
  });

  it.each([true, false])("resources with data are protected: %s", async (protect) => {
    const { resources } = await create({ protect });
    const names = resources.filter((r) => r.options.protect === true).map(({ name }) => name);
    expect(names).toEqual(
      protect
        ? [
            "db-cluster",
            "db-database",
            "db-firewall",
            "db-read-1",
            "db-read-1-firewall",
            "db-read-2",
            "db-read-2-firewall",
          ]
        : [],
    );
  });
});
