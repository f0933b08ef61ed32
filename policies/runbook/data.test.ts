import { describe, expect, it } from "vitest";
import { broken } from "../testing/fixtures";
import { shop } from "../testing/system";
import { UNKNOWN, evaluate, messages, type Fixture } from "../testing";
import { policyNamed } from "../catalog";
import { clause, database, rds, shopWith } from "../testing/runbook";

const fixture = (type: string, props: Fixture["props"]): Fixture => ({
  type,
  name: "ledger",
  props,
});

describe("runbook-standby of a database", () => {
  const as = shopWith({ caches: [], databases: [database({ highlyAvailable: true })] });
  const reported = (one: Fixture, setting = as): Promise<readonly string[]> =>
    messages("runbook-standby", [one], setting);
  const why = 'the runbook "Shop Runbook" keeps a standby of "ledger" (Data / Orders).';
  const of = (type: string, right: object, wrong: object, says: string) =>
    [type, right, wrong, says] as const;

  it.each([
    of(
      "aws:rds/instance:Instance",
      { engine: "postgres", multiAz: true },
      { engine: "postgres", multiAz: false },
      'Instance "ledger": multiAz is false; it must be true: ',
    ),
    of(
      "aws:rds/instance:Instance",
      { engine: "postgres", multiAz: true },
      { engine: "postgres" },
      'Instance "ledger": multiAz is missing; it must be true: ',
    ),
    of(
      "gcp:sql/databaseInstance:DatabaseInstance",
      { databaseVersion: "POSTGRES_17", settings: { availabilityType: "REGIONAL" } },
      { databaseVersion: "POSTGRES_17", settings: { availabilityType: "ZONAL" } },
      'DatabaseInstance "ledger": settings.availabilityType is "ZONAL"; it must be "REGIONAL": ',
    ),
    of(
      "digitalocean:index/databaseCluster:DatabaseCluster",
      { engine: "pg", nodeCount: 2 },
      { engine: "pg", nodeCount: 1 },
      'DatabaseCluster "ledger": nodeCount is 1; it must be 2 or more: ',
    ),
    of(
      "kubernetes:postgresql.cnpg.io/v1:Cluster",
      { spec: { instances: 2 } },
      { spec: {} },
      'Cluster "ledger": spec.instances is missing; it must be 2 or more: ',
    ),
  ])("requires it of %s", async (type, right, wrong, says) => {
    expect(await reported(fixture(type, right as Fixture["props"]))).toEqual([]);
    expect(await reported(fixture(type, wrong as Fixture["props"]))).toEqual([says + why]);
  });

  it("does not apply without one in the runbook, to a replica, to Aurora, or to an unknown", async () => {
    const bare = rds({ multiAz: false });
    expect(await reported(bare, shopWith({ caches: [], databases: [database()] }))).toEqual([]);
    expect(await reported(rds({ multiAz: false, replicateSourceDb: "x" }))).toEqual([]);
    expect(await reported(rds({ multiAz: UNKNOWN }))).toEqual([]);
    expect(
      await reported(fixture("aws:rds/cluster:Cluster", { engine: "aurora-postgresql" })),
    ).toEqual([]);
  });
});

describe("runbook-standby of a cache", () => {
  const cache = (topology: "single" | "replicated" | "cluster") =>
    shopWith({
      databases: [],
      caches: [
        {
          ...clause("Data"),
          name: "cart",
          engine: "redis",
          runs: "managed",
          topology,
          use: ["cache"],
        },
      ],
    });
  const reported = (one: Fixture, as = cache("replicated")): Promise<readonly string[]> =>
    messages("runbook-standby", [one], as);
  const why = 'the runbook "Shop Runbook" keeps a replica of "cart" (Data).';

  it.each([
    [
      "aws:elasticache/replicationGroup:ReplicationGroup",
      { automaticFailoverEnabled: true },
      { automaticFailoverEnabled: false },
      'ReplicationGroup "ledger": automaticFailoverEnabled is false; it must be true: ',
    ],
    [
      "gcp:redis/instance:Instance",
      { tier: "STANDARD_HA" },
      { tier: "BASIC" },
      'Instance "ledger": tier is "BASIC"; it must be "STANDARD_HA": ',
    ],
    [
      "digitalocean:index/databaseCluster:DatabaseCluster",
      { engine: "valkey", nodeCount: 2 },
      { engine: "redis", nodeCount: 1 },
      'DatabaseCluster "ledger": nodeCount is 1; it must be 2 or more: ',
    ],
  ])("requires it of %s", async (type, right, wrong, says) => {
    expect(await reported(fixture(type, right))).toEqual([]);
    expect(await reported(fixture(type, wrong))).toEqual([says + why]);
    expect(await reported(fixture(type, wrong), cache("cluster"))).toHaveLength(1);
    expect(await reported(fixture(type, wrong), cache("single"))).toEqual([]);
  });

  it("does not treat another engine as a cache", async () => {
    const kafka = fixture("digitalocean:index/databaseCluster:DatabaseCluster", {
      engine: "kafka",
      nodeCount: 1,
    });
    expect(await reported(kafka)).toEqual([]);
  });
});

describe("runbook-read-replicas", () => {
  const as = shopWith({ databases: [database({ readReplicas: 2 })] });
  const reported = (list: readonly Fixture[], setting = as): Promise<readonly string[]> =>
    messages("runbook-read-replicas", list, setting);
  const replica = (name: string): Fixture => ({ ...rds({ replicateSourceDb: "ledger" }), name });

  it("counts them", async () => {
    expect(await reported([rds(), replica("a"), replica("b")])).toEqual([]);
    expect(await reported([rds(), replica("a")])).toEqual([
      'Instance "ledger": replicateSourceDb is missing; it has 1 read replicas, the runbook "Shop Runbook" requires 2 of "ledger" (Data / Orders).',
    ]);
    const sql = fixture("gcp:sql/databaseInstance:DatabaseInstance", {
      databaseVersion: "POSTGRES_16",
    });
    expect(await reported([sql])).toHaveLength(1);
    expect(await reported([])).toEqual([]);
    expect(
      await reported([fixture("kubernetes:postgresql.cnpg.io/v1:Cluster", { spec: {} })]),
    ).toEqual([]);
    expect(await reported([rds()], shopWith({ databases: [database()] }))).toEqual([]);
  });
});

describe("runbook-database-version", () => {
  const as = shopWith({ databases: [database({ version: "16" })] });
  const reported = (one: Fixture, setting = as): Promise<readonly string[]> =>
    messages("runbook-database-version", [one], setting);

  it("compares the major version, and is advisory", async () => {
    expect(await reported(rds({ engineVersion: "16.4" }))).toEqual([]);
    expect(await reported(rds({ engineVersion: "17" }))).toEqual([
      'Instance "ledger": engineVersion is "17"; the runbook "Shop Runbook" runs "ledger" on version 16.',
    ]);
    expect(await reported(rds({ engineVersion: UNKNOWN }))).toEqual([]);
    expect(await reported(broken(rds(), ["engine"]))).toEqual([]);
    expect(
      await reported(
        fixture("gcp:sql/databaseInstance:DatabaseInstance", { databaseVersion: "POSTGRES_15" }),
      ),
    ).toHaveLength(1);
    expect(
      await reported(
        fixture("digitalocean:index/databaseCluster:DatabaseCluster", {
          engine: "pg",
          version: "15",
        }),
      ),
    ).toHaveLength(1);
    expect(
      await reported(fixture("aws:rds/cluster:Cluster", { engineVersion: "15.3" })),
    ).toHaveLength(1);
    expect(
      await reported(fixture("kubernetes:postgresql.cnpg.io/v1:Cluster", { spec: {} })),
    ).toEqual([]);
    expect(
      await reported(rds({ engineVersion: "17" }), shopWith({ databases: [database()] })),
    ).toEqual([]);
    const found = await evaluate(
      [policyNamed("runbook-database-version")],
      [rds({ engineVersion: "17" })],
      as,
    );
    expect(found.map(({ level }) => level)).toEqual(["advisory"]);
    expect(shop.databases).toHaveLength(1);
  });
});
