import { describe, expect, it } from "vitest";
import { days, hours } from "../../systems/units";
import { broken } from "../testing/fixtures";
import { shop } from "../testing/system";
import { UNKNOWN, messages, type Given } from "../testing";
import {
  backup,
  clause,
  cronJob,
  database,
  inDr,
  inStaging,
  objective,
  rds,
  shopWith,
} from "./testing";

const DUMPED = cronJob("ledger-dump", "pg_dump shop");
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
    expect(await said([], inStaging(dumps))).toEqual([]);
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

const s3 = (rule: object, bucket: unknown = "shop-archive"): Given => ({
  type: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  name: "old",
  props: { bucket, rules: [{ status: "Enabled", ...rule }] },
});
const google = (condition: object, type = "Delete"): Given => ({
  type: "gcp:storage/bucket:Bucket",
  name: "old",
  props: {
    name: "shop-archive",
    location: "EU",
    lifecycleRules: [{ action: { type }, condition }],
  },
});
const space = (rule: object): Given => ({
  type: "digitalocean:index/spacesBucket:SpacesBucket",
  name: "old",
  props: { name: "shop-archive", region: "ams3", lifecycleRules: [{ enabled: true, ...rule }] },
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
    expect(await said([DUMPED], inStaging(dumps))).toEqual([]);
  });
});

describe("runbook-backup-apart", () => {
  const apart = (rest: object) =>
    shopWith({ databases: [database()], backups: [backup({ copied: true, ...rest })] });
  const said = (given: readonly Given[], as = apart({})): Promise<readonly string[]> =>
    messages("runbook-backup-apart", given, as);
  const provider: Given = {
    type: "pulumi:providers:aws",
    name: "p",
    props: { region: "eu-west-3" },
  };
  const bucket = (region: unknown): Given => ({
    type: "aws:s3/bucket:Bucket",
    name: "archive",
    props: { bucket: "shop-archive", region },
  });
  const leaves = 'the runbook keeps "ledger-dump" in a second region.';

  it("wants the dump's bucket in another region", async () => {
    expect(await said([provider, DUMPED, bucket("eu-north-1")])).toEqual([]);
    expect(await said([provider, DUMPED, bucket("eu-west-3")])).toEqual([
      `Bucket "archive": region is "eu-west-3"; ${leaves}`,
    ]);
    expect(await said([provider, DUMPED, bucket(undefined)])).toEqual([
      `Bucket "archive": region is missing; ${leaves}`,
    ]);
    expect(await said([provider, DUMPED, bucket(UNKNOWN)])).toEqual([]);
    const gcp = { ...provider, type: "pulumi:providers:gcp", props: { region: "europe-west9" } };
    const there = { ...google({}), props: { name: "shop-archive", location: "EUROPE-WEST9" } };
    expect(await said([gcp, DUMPED, there])).toEqual([
      `Bucket "old": location is "EUROPE-WEST9"; ${leaves}`,
    ]);
    const doks = {
      type: "digitalocean:index/kubernetesCluster:KubernetesCluster",
      name: "c",
      props: { region: "ams3" },
    };
    expect(await said([doks, DUMPED, space({})])).toEqual([
      `SpacesBucket "old": region is "ams3"; ${leaves}`,
    ]);
  });

  it("asks it only of what the runbook keeps elsewhere, and not in the recovery region", async () => {
    const same = [provider, DUMPED, bucket("eu-west-3")];
    expect(await said(same, apart({ copied: false }))).toEqual([]);
    expect(await said(same, apart({ copied: false, destination: "recoveryRegion" }))).toHaveLength(
      1,
    );
    expect(await said(same, inDr(apart({})))).toEqual([]);
    expect(
      await said([provider, DUMPED, { ...bucket("eu-west-3"), props: { bucket: "x" } }]),
    ).toEqual([]);
    const suspended = broken(DUMPED, ["spec", "suspend"], true);
    expect(await said([provider, suspended, bucket("eu-west-3")])).toEqual([]);
  });

  it("wants copies of RDS' backups, and an operator's archive elsewhere", async () => {
    const as = apart({ method: "wal" });
    const copy = (region: unknown): Given => ({
      type: "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
      name: "copy",
      props: { region },
    });
    const text = `Instance "ledger" has no InstanceAutomatedBackupsReplication to another region; ${leaves}`;
    expect(await said([provider, rds()], as)).toEqual([text]);
    expect(await said([provider, rds(), copy("eu-north-1")], as)).toEqual([]);
    expect(await said([provider, rds(), copy("eu-west-3")], as)).toEqual([text]);
    const store: Given = {
      type: "kubernetes:barmancloud.cnpg.io/v1:ObjectStore",
      name: "s",
      props: { spec: { configuration: { destinationPath: "s3://shop-archive/ledger" } } },
    };
    expect(await said([provider, store, bucket("eu-west-3")], as)).toHaveLength(1);
    expect(await said([provider, store, bucket("eu-north-1")], as)).toEqual([]);
    expect(await said([provider, bucket("eu-west-3")], as)).toEqual([]);
  });

  it("wants a bucket's replication", async () => {
    const as = apart({ name: "state", of: "shop-archive", method: "replication" });
    const replication = (to: unknown): Given => ({
      type: "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
      name: "r",
      props: { bucket: to },
    });
    const text =
      'Bucket "archive" is copied to no other region (BucketReplicationConfig); the runbook "Shop Runbook" demands it (Disaster / Backups).';
    expect(await said([bucket("eu-west-3")], as)).toEqual([text]);
    expect(await said([bucket("eu-west-3"), replication("other")], as)).toEqual([text]);
    expect(await said([bucket("eu-west-3"), replication("shop-archive")], as)).toEqual([]);
    expect(await said([bucket("eu-west-3"), replication(UNKNOWN)], as)).toEqual([]);
    expect(await said([google({})], as)).toEqual([]);
    expect(await said([], as)).toEqual([]);
  });
});

describe("runbook-recovery-time", () => {
  const as = shopWith({ recovery: [objective(), objective({ of: "system", rto: hours(2) })] });
  const said = (rebuildMinutes?: unknown, setting = as): Promise<readonly string[]> =>
    messages("runbook-recovery-time", [], {
      ...setting,
      configuration: { "runbook-recovery-time": { rebuildMinutes } },
    });

  it("compares the estimate with the objective, where it is given", async () => {
    expect(await said(121)).toEqual([
      'A rebuild from nothing takes 121 minutes by the estimate; the runbook "Shop Runbook" allows 2h (Disaster / Targets).',
    ]);
    expect(await said(120)).toEqual([]);
    expect(await said(0)).toEqual([]);
    expect(await said()).toEqual([]);
    expect(await said("200")).toEqual([]);
    expect(await said(500, shopWith({ recovery: [objective()] }))).toEqual([]);
    expect(await said(500, inStaging(as))).toEqual([]);
    expect(shop.recovery.length).toBeGreaterThan(0);
  });
});
