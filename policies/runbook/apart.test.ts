import { describe, expect, it } from "vitest";
import { broken } from "../testing/fixtures";
import { UNKNOWN, messages, type Fixture } from "../testing";
import { DUMPED, backup, database, google, inDr, rds, shopWith, space } from "../testing/runbook";

describe("runbook-backup-apart", () => {
  const apart = (rest: object) =>
    shopWith({ databases: [database()], backups: [backup({ copied: true, ...rest })] });
  const reported = (fixture: readonly Fixture[], as = apart({})): Promise<readonly string[]> =>
    messages("runbook-backup-apart", fixture, as);
  const provider: Fixture = {
    type: "pulumi:providers:aws",
    name: "p",
    props: { region: "eu-west-3" },
  };
  const bucket = (region: unknown): Fixture => ({
    type: "aws:s3/bucket:Bucket",
    name: "archive",
    props: { bucket: "shop-archive", region },
  });
  const leaves = 'the runbook keeps "ledger-dump" in a second region.';

  it("requires the dump's bucket in another region", async () => {
    expect(await reported([provider, DUMPED, bucket("eu-north-1")])).toEqual([]);
    expect(await reported([provider, DUMPED, bucket("eu-west-3")])).toEqual([
      `Bucket "archive": region is "eu-west-3"; ${leaves}`,
    ]);
    expect(await reported([provider, DUMPED, bucket(undefined)])).toEqual([
      `Bucket "archive": region is missing; ${leaves}`,
    ]);
    expect(await reported([provider, DUMPED, bucket(UNKNOWN)])).toEqual([]);
    const gcp = { ...provider, type: "pulumi:providers:gcp", props: { region: "europe-west9" } };
    const there = { ...google({}), props: { name: "shop-archive", location: "EUROPE-WEST9" } };
    expect(await reported([gcp, DUMPED, there])).toEqual([
      `Bucket "old": location is "EUROPE-WEST9"; ${leaves}`,
    ]);
    const doks = {
      type: "digitalocean:index/kubernetesCluster:KubernetesCluster",
      name: "c",
      props: { region: "ams3" },
    };
    expect(await reported([doks, DUMPED, space({})])).toEqual([
      `SpacesBucket "old": region is "ams3"; ${leaves}`,
    ]);
  });

  it("applies only to what the runbook keeps elsewhere, and not in the recovery region", async () => {
    const same = [provider, DUMPED, bucket("eu-west-3")];
    expect(await reported(same, apart({ copied: false }))).toEqual([]);
    expect(
      await reported(same, apart({ copied: false, destination: "recoveryRegion" })),
    ).toHaveLength(1);
    expect(await reported(same, inDr(apart({})))).toEqual([]);
    expect(
      await reported([provider, DUMPED, { ...bucket("eu-west-3"), props: { bucket: "x" } }]),
    ).toEqual([]);
    const suspended = broken(DUMPED, ["spec", "suspend"], true);
    expect(await reported([provider, suspended, bucket("eu-west-3")])).toEqual([]);
  });

  it("requires copies of RDS backups, and an operator's archive elsewhere", async () => {
    const as = apart({ method: "wal" });
    const copy = (region: unknown): Fixture => ({
      type: "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
      name: "copy",
      props: { region },
    });
    const text = `Instance "ledger" has no InstanceAutomatedBackupsReplication to another region; ${leaves}`;
    expect(await reported([provider, rds()], as)).toEqual([text]);
    expect(await reported([provider, rds(), copy("eu-north-1")], as)).toEqual([]);
    expect(await reported([provider, rds(), copy("eu-west-3")], as)).toEqual([text]);
    const store: Fixture = {
      type: "kubernetes:barmancloud.cnpg.io/v1:ObjectStore",
      name: "s",
      props: { spec: { configuration: { destinationPath: "s3://shop-archive/ledger" } } },
    };
    expect(await reported([provider, store, bucket("eu-west-3")], as)).toHaveLength(1);
    expect(await reported([provider, store, bucket("eu-north-1")], as)).toEqual([]);
    expect(await reported([provider, bucket("eu-west-3")], as)).toEqual([]);
  });

  it("requires a bucket's replication", async () => {
    const as = apart({ name: "state", of: "shop-archive", method: "replication" });
    const replication = (to: unknown): Fixture => ({
      type: "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
      name: "r",
      props: { bucket: to },
    });
    const text =
      'Bucket "archive" is not replicated to another region (BucketReplicationConfig); the runbook "Shop Runbook" requires it (Disaster / Backups).';
    expect(await reported([bucket("eu-west-3")], as)).toEqual([text]);
    expect(await reported([bucket("eu-west-3"), replication("other")], as)).toEqual([text]);
    expect(await reported([bucket("eu-west-3"), replication("shop-archive")], as)).toEqual([]);
    expect(await reported([bucket("eu-west-3"), replication(UNKNOWN)], as)).toEqual([]);
    expect(await reported([google({})], as)).toEqual([]);
    expect(await reported([], as)).toEqual([]);
  });
});
