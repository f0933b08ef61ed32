import { describe, expect, it } from "vitest";
import { days, hours } from "../../systems/units";
import { broken } from "../testing/fixtures";
import { UNKNOWN, messages, type Given } from "../testing";
import {
  DUMPED,
  backup,
  clause,
  cronJob,
  database,
  google,
  s3,
  shopWith,
  space,
} from "../testing/runbook";

const dumps = shopWith({ databases: [database()], backups: [backup()] });
const cache = {
  ...clause("Data"),
  name: "cart-cache",
  engine: "redis" as const,
  runs: "managed" as const,
};
const snapshots = shopWith({
  databases: [],
  caches: [{ ...cache, topology: "single", use: ["cache"] }],
  backups: [
    backup({
      name: "cache-hourly",
      of: "cart-cache",
      method: "snapshot",
      every: hours(6),
      retention: days(2),
    }),
  ],
});

describe("runbook-backups", () => {
  const said = (given: readonly Given[], as = dumps): Promise<readonly string[]> =>
    messages("runbook-backups", given, as);
  const none = (what: string): readonly string[] => [
    `The backup ${what} is made by nothing in the stack; the runbook "Shop Runbook" demands it (Disaster / Backups).`,
  ];

  it("accepts a CronJob by the backup's name, its job's, that of what it covers, or by what it runs", async () => {
    expect(await said([DUMPED])).toEqual([]);
    expect(await said([cronJob("anything", "pg_dumpall >x")])).toEqual([]);
    for (const name of ["nightly", "ledger-backup", "ledger-snapshots"]) {
      const as = shopWith({
        databases: [],
        backups: [backup({ job: "nightly", method: "manifests" })],
      });
      expect(await said([cronJob(name, "true")], as)).toEqual([]);
    }
  });

  it("names what nobody makes", async () => {
    expect(await said([])).toEqual(none('"ledger-dump" (dump of ledger)'));
    expect(await said([cronJob("other", "true")])).toEqual(none('"ledger-dump" (dump of ledger)'));
    const as = shopWith({
      databases: [],
      backups: [backup({ name: "all", of: "configuration", method: "manifests" })],
    });
    expect(await said([DUMPED], as)).toEqual(none('"all" (manifests of configuration)'));
  });

  it("wants it to run, and as often as the runbook says", async () => {
    const at = (path: string, to: unknown): Promise<readonly string[]> =>
      said([broken(DUMPED, ["spec", path], to)]);
    const wanted = 'the runbook makes "ledger-dump" every 1d.';
    expect(await at("suspend", true)).toEqual([
      `CronJob "shop/ledger-dump": spec.suspend is true; ${wanted}`,
    ]);
    expect(await at("schedule", "0 2 * * 0")).toEqual([
      `CronJob "shop/ledger-dump": spec.schedule is "0 2 * * 0"; which may leave 7d; ${wanted}`,
    ]);
    expect(await at("schedule", "0 2 30 2 *")).toEqual([
      `CronJob "shop/ledger-dump": spec.schedule is "0 2 30 2 *"; which never comes; ${wanted}`,
    ]);
    expect(await at("schedule", UNKNOWN)).toEqual([]);
    expect(await at("suspend", false)).toEqual([]);
  });

  it("reads how often a cache makes snapshots", async () => {
    const elasticache = (snapshotRetentionLimit: unknown): Given => ({
      type: "aws:elasticache/replicationGroup:ReplicationGroup",
      name: "cart",
      props: { snapshotRetentionLimit },
    });
    const wanted = 'the runbook makes "cache-hourly" every 6h.';
    expect(await said([elasticache(3)], snapshots)).toEqual([
      `ReplicationGroup "cart" makes a snapshot every 1d; ${wanted}`,
    ]);
    expect(await said([elasticache(0)], snapshots)).toEqual([
      `ReplicationGroup "cart" makes no snapshots; ${wanted}`,
    ]);
    expect(await said([elasticache(undefined)], snapshots)).toEqual([
      `ReplicationGroup "cart" makes no snapshots; ${wanted}`,
    ]);
    const memory = (rdbSnapshotPeriod: unknown): Given => ({
      type: "gcp:redis/instance:Instance",
      name: "cart",
      props: { persistenceConfig: { rdbSnapshotPeriod } },
    });
    expect(await said([memory("ONE_HOUR")], snapshots)).toEqual([]);
    expect(await said([memory("SIX_HOURS")], snapshots)).toEqual([]);
    expect(await said([memory("TWELVE_HOURS")], snapshots)).toEqual([
      `Instance "cart" makes a snapshot every 12h; ${wanted}`,
    ]);
    expect(await said([memory("TWENTY_FOUR_HOURS")], snapshots)).toEqual([
      `Instance "cart" makes a snapshot every 1d; ${wanted}`,
    ]);
    expect(await said([memory(undefined)], snapshots)).toEqual([
      `Instance "cart" makes no snapshots; ${wanted}`,
    ]);
    expect(await said([], snapshots)).toEqual(none('"cache-hourly" (snapshot of cart-cache)'));
  });

  it("does not take a cache's snapshots for another's, and leaves hidden names open", async () => {
    const as = shopWith({ databases: [], caches: [], backups: [backup({ method: "snapshot" })] });
    const cart = {
      type: "aws:elasticache/cluster:Cluster",
      name: "c",
      props: { snapshotRetentionLimit: 3 },
    };
    expect(await said([cart], as)).toEqual(none('"ledger-dump" (snapshot of ledger)'));
    expect(await said([broken(cronJob("x", "true"), ["metadata", "name"], UNKNOWN)])).toEqual([]);
  });

  it("leaves what runs without pause to the other policies", async () => {
    const as = shopWith({
      databases: [],
      backups: [
        backup({ method: "wal" }),
        backup({ method: "provider" }),
        backup({ method: "replication" }),
      ],
    });
    expect(await said([], as)).toEqual([]);
  });
});

describe("runbook-backup-retention of objects", () => {
  const said = (given: readonly Given[], as = dumps): Promise<readonly string[]> =>
    messages("runbook-backup-retention", given, as);
  const keeps = 'the runbook keeps "ledger-dump" for 21d.';

  it("compares the bucket's rules with the runbook's days", async () => {
    expect(
      await said([DUMPED, s3({ filter: { prefix: "ledger-dump/" }, expiration: { days: 21 } })]),
    ).toEqual([]);
    expect(
      await said([DUMPED, s3({ filter: { prefix: "ledger-dump/" }, expiration: { days: 20 } })]),
    ).toEqual([`BucketLifecycleConfiguration "old": rules[0].expiration.days is 20; ${keeps}`]);
    expect(await said([DUMPED, s3({ prefix: "ledger", expiration: { days: 20 } })])).toHaveLength(
      1,
    );
    expect(await said([DUMPED, s3({ filter: {}, expiration: { days: 20 } })])).toHaveLength(1);
    expect(await said([DUMPED, google({ age: 20, matchesPrefixes: ["ledger-dump/"] })])).toEqual([
      `Bucket "old": lifecycleRules[0].condition.age is 20; ${keeps}`,
    ]);
    expect(
      await said([DUMPED, space({ prefix: "ledger-dump/", expiration: { days: 20 } })]),
    ).toEqual([`SpacesBucket "old": lifecycleRules[0].expiration.days is 20; ${keeps}`]);
  });

  it("passes by what deletes something else, or nothing", async () => {
    const gone = { expiration: { days: 2 } };
    for (const given of [
      s3({ filter: { prefix: "logs/" }, ...gone }),
      s3({ filter: {}, ...gone, status: "Disabled" }),
      s3({ filter: {}, ...gone }, "other"),
      s3({ filter: {}, ...gone }, UNKNOWN),
      s3({ filter: {}, expiration: { days: UNKNOWN } }),
      s3({ filter: {}, expiration: { expiredObjectDeleteMarker: true } }),
      google({ age: 2, matchesPrefixes: ["logs/"] }),
      google({ age: 2 }, "AbortIncompleteMultipartUpload"),
      google({ daysSinceNoncurrentTime: 2 }),
      space({ enabled: false, prefix: "", ...gone }),
      space({ prefix: "logs/", ...gone }),
    ]) {
      expect(await said([DUMPED, given])).toEqual([]);
    }
    expect(await said([s3({ filter: {}, ...gone })])).toEqual([]);
  });

  it("keeps former versions of a bucket that is its own backup", async () => {
    const as = shopWith({
      databases: [],
      backups: [backup({ name: "state", of: "shop-state", method: "replication" })],
    });
    const rule = (noncurrentDays: unknown): Given =>
      s3({ noncurrentVersionExpiration: { noncurrentDays } }, "shop-state");
    expect(await said([rule(21)], as)).toEqual([]);
    expect(await said([rule(7)], as)).toEqual([
      'BucketLifecycleConfiguration "old": rules[0].noncurrentVersionExpiration.noncurrentDays is 7; the runbook keeps "state" for 21d.',
    ]);
    expect(await said([rule(UNKNOWN)], as)).toEqual([]);
    expect(await said([rule(undefined)], as)).toEqual([]);
    expect(
      await said([s3({ noncurrentVersionExpiration: { noncurrentDays: 7 } }, "x")], as),
    ).toEqual([]);
  });
});

describe("runbook-restore-path", () => {
  const said = (given: readonly Given[], as = dumps): Promise<readonly string[]> =>
    messages("runbook-restore-path", given, as);

  it("wants a CronJob that reads the dump back", async () => {
    expect(await said([DUMPED])).toEqual([
      'CronJob "shop/ledger-dump" makes "ledger-dump", and nothing in the stack restores it; write a suspended CronJob with pg_restore or psql that an operator starts.',
    ]);
    expect(await said([DUMPED, cronJob("back", "pg_restore --clean", { suspend: true })])).toEqual(
      [],
    );
    expect(await said([DUMPED, cronJob("back", "gunzip | psql", { suspend: true })])).toEqual([]);
    expect(await said([DUMPED, cronJob("ledger-dump-restore", "./restore")])).toEqual([]);
    expect(await said([DUMPED, cronJob("check", "pg_dump x | psql y")])).toHaveLength(1);
    expect(await said([])).toEqual([]);
  });
});
