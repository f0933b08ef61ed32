import { describe, expect, it } from "vitest";
import { days, hours, minutes } from "../../systems/units";
import { broken } from "../testing/fixtures";
import { shop } from "../testing/system";
import { UNKNOWN, messages, type Fixture, type Setting } from "../testing";
import { backup, cronJob, database, inDr, objective, rds, shopWith } from "../testing/runbook";

const setting = shopWith({ databases: [database()], recovery: [objective()], backups: [] });
const reported = (fixture: readonly Fixture[], as: Setting = setting): Promise<readonly string[]> =>
  messages("runbook-recovery-point", fixture, as);
const ALLOWS = 'the runbook "Shop Runbook" allows the loss of 20m for ledger (Disaster / Targets)';
const nothing = (title: string, advice: string): string =>
  `${title}: nothing in the stack restores it; ${ALLOWS}: ${advice}, or dump it every 20m.`;
const dump = (schedule: string): Fixture => cronJob("dump", "pg_dump shop", { schedule });

const cnpg = (spec: object = {}): Fixture => ({
  type: "kubernetes:postgresql.cnpg.io/v1:Cluster",
  name: "ledger",
  props: {
    metadata: { name: "ledger", namespace: "shop" },
    spec: {
      instances: 3,
      plugins: [
        { name: "other" },
        { name: "barman", isWALArchiver: true, parameters: { barmanObjectName: "store" } },
      ],
      postgresql: { parameters: {} },
      ...spec,
    },
  },
});
const base = (cluster = "ledger", namespace = "shop"): Fixture => ({
  type: "kubernetes:postgresql.cnpg.io/v1:ScheduledBackup",
  name: "base",
  props: { metadata: { name: "base", namespace }, spec: { cluster: { name: cluster } } },
});
const sql = (backupConfiguration: object): Fixture => ({
  type: "gcp:sql/databaseInstance:DatabaseInstance",
  name: "ledger",
  props: { databaseVersion: "POSTGRES_15", settings: { backupConfiguration } },
});
const ocean = (engine: unknown): Fixture => ({
  type: "digitalocean:index/databaseCluster:DatabaseCluster",
  name: "ledger",
  props: { engine },
});
describe("runbook-recovery-point of a database", () => {
  it("accepts every service's point-in-time recovery", async () => {
    expect(await reported([rds()])).toEqual([]);
    expect(await reported([rds({ backupRetentionPeriod: 1 })])).toEqual([]);
    const aurora = {
      type: "aws:rds/cluster:Cluster",
      name: "c",
      props: { engine: "aurora-postgresql" },
    };
    expect(await reported([aurora])).toEqual([]);
    expect(await reported([sql({ enabled: true, pointInTimeRecoveryEnabled: true })])).toEqual([]);
    expect(await reported([ocean("pg")])).toEqual([]);
    expect(await reported([cnpg(), base()])).toEqual([]);
    const old = cnpg({ plugins: [], backup: { barmanObjectStore: {} } });
    expect(await reported([old, base()])).toEqual([]);
  });

  it("reports what is missing", async () => {
    const retention = "set backupRetentionPeriod";
    expect(await reported([rds({ backupRetentionPeriod: 0 })])).toEqual([
      nothing('Instance "ledger"', retention),
    ]);
    expect(await reported([broken(rds(), ["backupRetentionPeriod"])])).toEqual([
      nothing('Instance "ledger"', retention),
    ]);
    expect(await reported([sql({ enabled: false, pointInTimeRecoveryEnabled: true })])).toEqual([
      nothing(
        'DatabaseInstance "ledger"',
        "set settings.backupConfiguration.enabled and pointInTimeRecoveryEnabled to true",
      ),
    ]);
    expect(await reported([sql({ enabled: true })])).toEqual([
      `DatabaseInstance "ledger": the latest restorable state may be 1d old (the daily Cloud SQL backup); ${ALLOWS}: set settings.backupConfiguration.enabled and pointInTimeRecoveryEnabled to true, or dump it every 20m.`,
    ]);
  });

  it("requires an operator's archive, its base backup and its timeout", async () => {
    const advice = "archive the WAL to an object store and add a ScheduledBackup";
    const none = nothing('Cluster "shop/ledger"', advice);
    expect(await reported([cnpg()])).toEqual([none]);
    expect(await reported([cnpg(), base("other")])).toEqual([none]);
    expect(await reported([cnpg(), base("ledger", "bank")])).toEqual([none]);
    expect(await reported([cnpg({ plugins: [] }), base()])).toEqual([none]);
    const off = [{ name: "barman", isWALArchiver: true, enabled: false }];
    expect(await reported([cnpg({ plugins: off }), base()])).toEqual([none]);
    const slow = cnpg({ postgresql: { parameters: { archive_timeout: "21min" } } });
    expect(await reported([slow, base()])).toEqual([
      `Cluster "shop/ledger": the latest restorable state may be 21m old (the CloudNativePG WAL archive); ${ALLOWS}: ${advice}, or dump it every 20m.`,
    ]);
  });

  it("accepts a dump that runs often enough, and reports one that does not", async () => {
    const bare = rds({ backupRetentionPeriod: 0 });
    expect(await reported([bare, dump("*/20 * * * *")])).toEqual([]);
    expect(await reported([bare, dump("0 2 * * *")])).toEqual([
      `Instance "ledger": the latest restorable state may be 1d old (the dump made by CronJob "shop/dump"); ${ALLOWS}: set backupRetentionPeriod, or dump it every 20m.`,
    ]);
    const suspended = cronJob("dump", "pg_dump shop", { schedule: "* * * * *", suspend: true });
    const other = cronJob("clean", "rm -rf /tmp", { schedule: "* * * * *" });
    expect(await reported([bare, suspended, other])).toEqual([
      nothing('Instance "ledger"', "set backupRetentionPeriod"),
    ]);
  });

  it("uses the strictest objective of the database and of the services that store data in it", async () => {
    const [orders] = shop.services;
    if (orders === undefined) throw new Error("The fixture has no service.");
    const strict = objective({ of: "orders", rpo: minutes(4) });
    const services = [{ ...orders, uses: ["ledger"] }];
    const as = shopWith({ databases: [database()], recovery: [objective(), strict], services });
    expect(await reported([rds()], as)).toEqual([
      'Instance "ledger": the latest restorable state may be 5m old (RDS point-in-time recovery); the runbook "Shop Runbook" allows the loss of 4m for orders (Disaster / Targets): set backupRetentionPeriod, or dump it every 4m.',
    ]);
    const unused = shopWith({ databases: [database()], recovery: [objective(), strict] });
    expect(await reported([rds()], unused)).toEqual([]);
    expect(
      await reported(
        [rds()],
        shopWith({ databases: [database()], recovery: [objective({ rpo: minutes(5) })] }),
      ),
    ).toEqual([]);
  });

  it("evaluates no replica, no other engine and no second database", async () => {
    const replica = rds({ replicateSourceDb: "primary", backupRetentionPeriod: 0 });
    expect(await reported([replica])).toEqual([]);
    expect(await reported([cnpg({ replica: { enabled: true } })])).toEqual([]);
    const two = shopWith({
      databases: [database(), database({ name: "b" })],
      recovery: [objective()],
    });
    expect(await reported([rds({ backupRetentionPeriod: 0 })], two)).toEqual([]);
    const without = shopWith({ databases: [database()], recovery: [] });
    expect(await reported([rds({ backupRetentionPeriod: 0 })], without)).toEqual([]);
    expect(await reported([rds({ engine: "mysql", backupRetentionPeriod: 0 }), rds()])).toEqual([]);
  });

  it("evaluates a primary Aurora cluster of Postgres, or of an unknown engine", async () => {
    const aurora = (props: object): Fixture => ({
      type: "aws:rds/cluster:Cluster",
      name: "c",
      props: { backupRetentionPeriod: 0, ...props },
    });
    const lost = async (props: object): Promise<number> => (await reported([aurora(props)])).length;
    expect(await lost({ engine: "aurora-postgresql" })).toBe(1);
    expect(await lost({ engine: UNKNOWN })).toBe(1);
    const ours = { type: "aws:rds/instance:Instance", name: "i", props: { engine: "postgres" } };
    const good: Fixture = { ...ours, props: { ...ours.props, backupRetentionPeriod: 3 } };
    expect(await reported([aurora({ engine: "aurora-mysql" }), good])).toEqual([]);
    const replica = { engine: "aurora-postgresql", replicationSourceIdentifier: "arn:aws:rds:x" };
    expect(await reported([aurora(replica), good])).toEqual([]);
  });

  it("trusts the runbook about a provider outside the stack", async () => {
    const outside = database({ runs: "external" });
    const history = backup({ name: "history", method: "provider", every: minutes(2) });
    const as = shopWith({ databases: [outside], recovery: [objective()], backups: [history] });
    expect(await reported([], as)).toEqual([]);
    const advice = "have its provider keep a history and add that to the system's backups";
    const title = 'Database "ledger", which runs outside the stack';
    expect(await reported([])).toEqual([nothing(title, advice)]);
    const type = "digitalocean:index/databaseCluster:DatabaseCluster";
    const kafka = { type, name: "k", props: { engine: "kafka" } };
    expect(await reported([kafka])).toEqual([nothing(title, advice)]);
    const open = { type, name: "o", props: { engine: UNKNOWN } };
    expect(await reported([open], as)).not.toContain(nothing(title, advice));
    const seldom = shopWith({
      databases: [outside],
      recovery: [objective()],
      backups: [{ ...history, every: hours(1) }],
    });
    expect(await reported([], seldom)).toEqual([
      `${title}: the latest restorable state may be 1h old (its provider's history); ${ALLOWS}: ${advice}, or dump it every 20m.`,
    ]);
    const inside = shopWith({
      databases: [database()],
      recovery: [objective()],
      backups: [history],
    });
    expect(await reported([], inside)).toEqual([nothing(title, advice)]);
  });

  it("counts unknown values", async () => {
    expect(await reported([rds({ backupRetentionPeriod: UNKNOWN })])).toEqual([]);
    expect(await reported([sql({ enabled: UNKNOWN })])).toEqual([]);
    expect(await reported([sql({ enabled: true, pointInTimeRecoveryEnabled: UNKNOWN })])).toEqual(
      [],
    );
    expect(await reported([cnpg({ plugins: UNKNOWN }), base()])).toEqual([]);
  });
});

describe("runbook-recovery-point of events", () => {
  const bus = shop.eventBuses.map((one) => ({ ...one, name: "events" }));
  const as = inDr(
    shopWith({
      databases: [],
      eventBuses: bus,
      recovery: [objective({ of: "events", rpo: minutes(7) })],
    }),
  );
  const kafka: Fixture = {
    type: "kubernetes:kafka.strimzi.io/v1:Kafka",
    name: "events",
    props: { metadata: { name: "events", namespace: "shop" } },
  };

  it("requires a mirror in the recovery region", async () => {
    expect(await reported([kafka], as)).toEqual([
      'Kafka "shop/events": nothing replicates the events of the other region here; the runbook "Shop Runbook" allows the loss of 7m (Disaster / Targets): mirror its topics, for example with a KafkaMirrorMaker2.',
    ]);
    const mirror = { ...kafka, type: "kubernetes:kafka.strimzi.io/v1:KafkaMirrorMaker2" };
    expect(await reported([kafka, mirror], as)).toEqual([]);
    expect(
      await reported([kafka], { policyContext: { ...as.policyContext, environment: "prod" } }),
    ).toEqual([]);
  });

  it("does not apply without a Kafka cluster, or an objective", async () => {
    expect(await reported([ocean("valkey")], as)).toEqual([]);
    expect(await reported([ocean("kafka")], as)).toHaveLength(1);
    const none = inDr(shopWith({ databases: [], eventBuses: bus, recovery: [] }));
    expect(await reported([kafka], none)).toEqual([]);
  });
});

describe("runbook-backup-retention of a database", () => {
  const kept = (fixture: readonly Fixture[], days_: number, method: "wal" | "provider" = "wal") =>
    messages(
      "runbook-backup-retention",
      fixture,
      shopWith({
        databases: [database()],
        backups: [
          backup({
            name: "log",
            method,
            every: method === "wal" ? minutes(5) : hours(24),
            retention: days(days_),
          }),
        ],
      }),
    );
  const keeps = (by: string, found: string): string =>
    `${by} keeps backups for ${found}; the runbook keeps "log" for 24d.`;

  it("compares each service's days with the runbook's", async () => {
    expect(await kept([rds({ backupRetentionPeriod: 24 })], 24)).toEqual([]);
    expect(await kept([rds()], 24)).toEqual([
      `Instance "ledger": backupRetentionPeriod is 23; ${keeps("RDS point-in-time recovery", "23d")}`,
    ]);
    expect(await kept([ocean("pg")], 7)).toEqual([]);
    expect(await kept([ocean("pg")], 24)).toEqual([
      `DatabaseCluster "ledger": ${keeps("DigitalOcean point-in-time recovery", "7d")}`,
    ]);
    const copies = (retainedBackups: unknown): Fixture =>
      sql({
        enabled: true,
        pointInTimeRecoveryEnabled: true,
        backupRetentionSettings: { retainedBackups },
        transactionLogRetentionDays: 5,
      });
    expect(await kept([copies(24)], 24, "provider")).toEqual([]);
    expect(await kept([copies(9)], 24, "provider")).toEqual([
      `DatabaseInstance "ledger": settings.backupConfiguration.backupRetentionSettings.retainedBackups is 9; ${keeps("the daily Cloud SQL backup", "9d")}`,
    ]);
    expect(await kept([copies(24)], 24)).toEqual([
      `DatabaseInstance "ledger": settings.backupConfiguration.transactionLogRetentionDays is 5; ${keeps("Cloud SQL point-in-time recovery", "5d")}`,
    ]);
    expect(await kept([sql({ enabled: true, pointInTimeRecoveryEnabled: true })], 7)).toEqual([]);
    expect(await kept([copies(UNKNOWN)], 24, "provider")).toEqual([]);
  });

  it("reads the retention of an operator's archive", async () => {
    const store = (retentionPolicy: unknown): Fixture => ({
      type: "kubernetes:barmancloud.cnpg.io/v1:ObjectStore",
      name: "store",
      props: { metadata: { name: "store", namespace: "shop" }, spec: { retentionPolicy } },
    });
    expect(await kept([cnpg(), base(), store("24d")], 24)).toEqual([]);
    expect(await kept([cnpg(), base(), store(undefined)], 24)).toEqual([]);
    expect(await kept([cnpg(), base(), store("3w")], 24)).toEqual([
      `ObjectStore "shop/store": spec.retentionPolicy is "3w"; ${keeps("the CloudNativePG WAL archive", "21d")}`,
    ]);
    const old = cnpg({ plugins: [], backup: { barmanObjectStore: {}, retentionPolicy: "2d" } });
    expect(await kept([old, base()], 24)).toEqual([
      `Cluster "shop/ledger": spec.backup.retentionPolicy is "2d"; ${keeps("the CloudNativePG WAL archive", "2d")}`,
    ]);
  });
});
