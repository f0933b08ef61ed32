import { describe, expect, it } from "vitest";
import { days, hours } from "../../systems/units";
import { broken } from "../testing/fixtures";
import { UNKNOWN, messages, type Fixture } from "../testing";
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
  const reported = (fixture: readonly Fixture[], as = dumps): Promise<readonly string[]> =>
    messages("runbook-backups", fixture, as);
  const none = (what: string): readonly string[] => [
    `The backup ${what} is not made by anything in the stack; the runbook "Shop Runbook" requires it (Disaster / Backups).`,
  ];

  it("accepts a CronJob by the name of the backup, its job or what it covers, or by what it runs", async () => {
    expect(await reported([DUMPED])).toEqual([]);
    expect(await reported([cronJob("anything", "pg_dumpall >x")])).toEqual([]);
    for (const name of ["nightly", "ledger-backup", "ledger-snapshots"]) {
      const as = shopWith({
        databases: [],
        backups: [backup({ job: "nightly", method: "manifests" })],
      });
      expect(await reported([cronJob(name, "true")], as)).toEqual([]);
    }
  });

  it("reports a backup that nothing makes", async () => {
    expect(await reported([])).toEqual(none('"ledger-dump" (dump of ledger)'));
    expect(await reported([cronJob("other", "true")])).toEqual(
      none('"ledger-dump" (dump of ledger)'),
    );
    const as = shopWith({
      databases: [],
      backups: [backup({ name: "all", of: "configuration", method: "manifests" })],
    });
    expect(await reported([DUMPED], as)).toEqual(none('"all" (manifests of configuration)'));
  });

  it("requires it to run as often as the runbook says", async () => {
    const at = (path: string, to: unknown): Promise<readonly string[]> =>
      reported([broken(DUMPED, ["spec", path], to)]);
    const expected = 'the runbook makes "ledger-dump" every 1d.';
    expect(await at("suspend", true)).toEqual([
      `CronJob "shop/ledger-dump": spec.suspend is true; ${expected}`,
    ]);
    expect(await at("schedule", "0 2 * * 0")).toEqual([
      `CronJob "shop/ledger-dump": spec.schedule is "0 2 * * 0"; which may leave 7d; ${expected}`,
    ]);
    expect(await at("schedule", "0 2 30 2 *")).toEqual([
      `CronJob "shop/ledger-dump": spec.schedule is "0 2 30 2 *"; which never runs; ${expected}`,
    ]);
    expect(await at("schedule", UNKNOWN)).toEqual([]);
    expect(await at("suspend", false)).toEqual([]);
  });

  it("reads a cache's snapshot interval", async () => {
    const elasticache = (snapshotRetentionLimit: unknown): Fixture => ({
      type: "aws:elasticache/replicationGroup:ReplicationGroup",
      name: "cart",
      props: { snapshotRetentionLimit },
    });
    const expected = 'the runbook makes "cache-hourly" every 6h.';
    expect(await reported([elasticache(3)], snapshots)).toEqual([
      `ReplicationGroup "cart" takes a snapshot every 1d; ${expected}`,
    ]);
    expect(await reported([elasticache(0)], snapshots)).toEqual([
      `ReplicationGroup "cart" takes no snapshots; ${expected}`,
    ]);
    expect(await reported([elasticache(undefined)], snapshots)).toEqual([
      `ReplicationGroup "cart" takes no snapshots; ${expected}`,
    ]);
    const memory = (rdbSnapshotPeriod: unknown): Fixture => ({
      type: "gcp:redis/instance:Instance",
      name: "cart",
      props: { persistenceConfig: { rdbSnapshotPeriod } },
    });
    expect(await reported([memory("ONE_HOUR")], snapshots)).toEqual([]);
    expect(await reported([memory("SIX_HOURS")], snapshots)).toEqual([]);
    expect(await reported([memory("TWELVE_HOURS")], snapshots)).toEqual([
      `Instance "cart" takes a snapshot every 12h; ${expected}`,
    ]);
    expect(await reported([memory("TWENTY_FOUR_HOURS")], snapshots)).toEqual([
      `Instance "cart" takes a snapshot every 1d; ${expected}`,
    ]);
    expect(await reported([memory(undefined)], snapshots)).toEqual([
      `Instance "cart" takes no snapshots; ${expected}`,
    ]);
    expect(await reported([], snapshots)).toEqual(none('"cache-hourly" (snapshot of cart-cache)'));
  });

  it("does not count another cache's snapshots, and counts unknown names", async () => {
    const as = shopWith({ databases: [], caches: [], backups: [backup({ method: "snapshot" })] });
    const cart = {
      type: "aws:elasticache/cluster:Cluster",
      name: "c",
      props: { snapshotRetentionLimit: 3 },
    };
    expect(await reported([cart], as)).toEqual(none('"ledger-dump" (snapshot of ledger)'));
    expect(await reported([broken(cronJob("x", "true"), ["metadata", "name"], UNKNOWN)])).toEqual(
      [],
    );
  });

  it("leaves continuous backups to other policies", async () => {
    const as = shopWith({
      databases: [],
      backups: [
        backup({ method: "wal" }),
        backup({ method: "provider" }),
        backup({ method: "replication" }),
      ],
    });
    expect(await reported([], as)).toEqual([]);
  });
});

describe("runbook-backup-retention of objects", () => {
  const reported = (fixture: readonly Fixture[], as = dumps): Promise<readonly string[]> =>
    messages("runbook-backup-retention", fixture, as);
  const keeps = 'the runbook keeps "ledger-dump" for 21d.';

  it("compares the bucket's rules with the runbook's days", async () => {
    expect(
      await reported([
        DUMPED,
        s3({ filter: { prefix: "ledger-dump/" }, expiration: { days: 21 } }),
      ]),
    ).toEqual([]);
    expect(
      await reported([
        DUMPED,
        s3({ filter: { prefix: "ledger-dump/" }, expiration: { days: 20 } }),
      ]),
    ).toEqual([`BucketLifecycleConfiguration "old": rules[0].expiration.days is 20; ${keeps}`]);
    expect(
      await reported([DUMPED, s3({ prefix: "ledger", expiration: { days: 20 } })]),
    ).toHaveLength(1);
    expect(await reported([DUMPED, s3({ filter: {}, expiration: { days: 20 } })])).toHaveLength(1);
    expect(
      await reported([DUMPED, google({ age: 20, matchesPrefixes: ["ledger-dump/"] })]),
    ).toEqual([`Bucket "old": lifecycleRules[0].condition.age is 20; ${keeps}`]);
    expect(
      await reported([DUMPED, space({ prefix: "ledger-dump/", expiration: { days: 20 } })]),
    ).toEqual([`SpacesBucket "old": lifecycleRules[0].expiration.days is 20; ${keeps}`]);
  });

  it("ignores rules that delete something else, or nothing", async () => {
    const gone = { expiration: { days: 2 } };
    for (const fixture of [
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
      expect(await reported([DUMPED, fixture])).toEqual([]);
    }
    expect(await reported([s3({ filter: {}, ...gone })])).toEqual([]);
  });

  it("requires previous versions of a bucket that is its own backup", async () => {
    const as = shopWith({
      databases: [],
      backups: [backup({ name: "state", of: "shop-state", method: "replication" })],
    });
    const rule = (noncurrentDays: unknown): Fixture =>
      s3({ noncurrentVersionExpiration: { noncurrentDays } }, "shop-state");
    expect(await reported([rule(21)], as)).toEqual([]);
    expect(await reported([rule(7)], as)).toEqual([
      'BucketLifecycleConfiguration "old": rules[0].noncurrentVersionExpiration.noncurrentDays is 7; the runbook keeps "state" for 21d.',
    ]);
    expect(await reported([rule(UNKNOWN)], as)).toEqual([]);
    expect(await reported([rule(undefined)], as)).toEqual([]);
    expect(
      await reported([s3({ noncurrentVersionExpiration: { noncurrentDays: 7 } }, "x")], as),
    ).toEqual([]);
  });
});

describe("runbook-restore-path", () => {
  const reported = (fixture: readonly Fixture[], as = dumps): Promise<readonly string[]> =>
    messages("runbook-restore-path", fixture, as);

  it("requires a CronJob that restores the dump", async () => {
    expect(await reported([DUMPED])).toEqual([
      'CronJob "shop/ledger-dump" makes "ledger-dump", and nothing in the stack restores it; add a suspended CronJob with pg_restore or psql that an operator starts.',
    ]);
    expect(
      await reported([DUMPED, cronJob("back", "pg_restore --clean", { suspend: true })]),
    ).toEqual([]);
    expect(await reported([DUMPED, cronJob("back", "gunzip | psql", { suspend: true })])).toEqual(
      [],
    );
    expect(await reported([DUMPED, cronJob("ledger-dump-restore", "./restore")])).toEqual([]);
    expect(await reported([DUMPED, cronJob("check", "pg_dump x | psql y")])).toHaveLength(1);
    expect(await reported([])).toEqual([]);
  });
});
