import { describe, expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { messages, type Fixture } from "../testing";
import { database, firewall, fixture } from "./testing";

const IS = 'DatabaseCluster "orders": ';
const PRIVATE = "digitalocean-database-private";
const ONE = "add exactly one whose clusterId is its ID.";
const NONE = `DatabaseCluster "orders" has no DatabaseFirewall, so it accepts every source; ${ONE}`;

testPolicy(PRIVATE, {
  happy: () => [database(), firewall()],
  broken: [
    {
      at: ["privateNetworkUuid"],
      says: `${IS}privateNetworkUuid is missing; set it to the ID of the stack's Vpc.`,
    },
    {
      of: 1,
      at: ["rules"],
      to: [],
      says: 'DatabaseFirewall "guard": rules is []; without a rule every source is accepted: add one for the cluster.',
    },
    {
      of: 1,
      at: ["rules", 1, "value"],
      to: "0.0.0.0/0",
      says: 'DatabaseFirewall "guard": rules[1].value is "0.0.0.0/0"; it must not be every address.',
    },
    { of: 1, at: ["rules", 0, "value"], to: "0.0.0.0/0", says: [] },
  ],
  unknown: [
    [1, "rules"],
    [1, "rules", 1, "value"],
  ],
});

describe("digitalocean-database-private", () => {
  const reported = (...all: readonly Fixture[]): Promise<readonly string[]> =>
    messages(PRIVATE, all);

  it("refuses no firewall, two, and another database's", async () => {
    expect(await reported(database())).toEqual([NONE]);
    const other = fixture("DatabaseFirewall", { ...firewall().props, clusterId: "d9" }, "guard");
    expect(await reported(database(), other)).toEqual([NONE]);
    expect(await reported(database(), firewall(), firewall("again"))).toEqual([
      `DatabaseCluster "orders" has 2 DatabaseFirewalls, which overwrite each other's rules; ${ONE}`,
    ]);
  });

  it("does not count a firewall that only depends on it", async () => {
    const props = { ...firewall().props, clusterId: "d9" };
    const dependencies = firewall().propertyDependencies?.clusterId ?? [];
    const waiting = { ...fixture("DatabaseFirewall", props, "guard"), dependencies };
    expect(await reported(database(), waiting)).toEqual([NONE]);
  });

  it("distinguishes a replica's firewall from a missing one", async () => {
    const replica = fixture("DatabaseReplica", { privateNetworkUuid: "n1" }, "copy");
    const its = fixture("DatabaseFirewall", { ...firewall().props }, "guard", {
      clusterId: replica,
    });
    expect(await reported(database(), replica, its)).toEqual([NONE]);
  });

  it("applies to replicas too", async () => {
    expect(await reported(fixture("DatabaseReplica", {}, "copy"))).toEqual([
      'DatabaseReplica "copy": privateNetworkUuid is missing; set it to the ID of the stack\'s Vpc.',
      `DatabaseReplica "copy" has no DatabaseFirewall, so it accepts every source; ${ONE}`,
    ]);
  });
});

testPolicy("digitalocean-database-available", {
  happy: database,
  broken: [
    {
      at: ["nodeCount"],
      to: 1,
      says: `${IS}nodeCount is 1; pg needs at least 2 nodes to tolerate the loss of one.`,
    },
    {
      at: ["nodeCount"],
      says: `${IS}nodeCount is missing; pg needs at least 2 nodes to tolerate the loss of one.`,
    },
    {
      at: ["engine"],
      to: "kafka",
      says: `${IS}nodeCount is 2; kafka needs at least 3 nodes to tolerate the loss of one.`,
    },
  ],
  unknown: [["engine"], ["nodeCount"]],
});

testPolicy("digitalocean-database-maintenance-window", {
  happy: database,
  broken: [
    {
      at: ["maintenanceWindows"],
      says: `${IS}maintenanceWindows is missing; set the runbook's window, as { day, hour } in UTC.`,
    },
  ],
  unknown: [],
});

const VERSION = "digitalocean-database-version-supported";
testPolicy(VERSION, {
  happy: database,
  broken: [
    {
      at: ["version"],
      says: `${IS}version is missing; the provider rejects a database without it: set the major version.`,
    },
    {
      at: ["version"],
      to: "14",
      says: `${IS}version is "14"; it gets no more fixes: use "15" or a newer one.`,
    },
    { at: ["version"], to: "15", says: [] },
    {
      at: ["version"],
      to: "16",
      says: `${IS}version is "16"; it gets no more fixes: use "17" or a newer one.`,
      setting: { configuration: { [VERSION]: { pg: 17 } } },
    },
    {
      at: ["engine"],
      to: "redis",
      says: `${IS}engine is "redis"; it can no longer be created: use "valkey".`,
    },
    { at: ["engine"], to: "advanced_pg", says: [] },
  ],
  unknown: [["engine"], ["version"]],
});

testPolicy("digitalocean-database-storage-grows", {
  happy: database,
  broken: [
    {
      at: ["storageAutoscale"],
      says: `${IS}storageAutoscale.enabled is missing; a full disk makes the database read-only: it must be true.`,
    },
    {
      at: ["storageAutoscale", "enabled"],
      to: false,
      says: `${IS}storageAutoscale.enabled is false; a full disk makes the database read-only: it must be true.`,
    },
  ],
  unknown: [["storageAutoscale"]],
});

it("applies only to databases that can outgrow a disk", async () => {
  const bare = (engine: string): Fixture => fixture("DatabaseCluster", { engine });
  const reported = (engine: string): Promise<readonly string[]> =>
    messages("digitalocean-database-storage-grows", [bare(engine)]);
  expect(await reported("valkey")).toEqual([]);
  expect(await reported("mysql")).toHaveLength(1);
});

testPolicy("digitalocean-database-tls", {
  happy: () => [
    fixture("DatabaseValkeyConfig", { ssl: true }),
    fixture("DatabaseRedisConfig", {}),
    fixture("DatabaseOnlineMigration", {}),
    fixture("DatabaseLogsinkRsyslog", { tls: true }),
  ],
  broken: [
    {
      at: ["ssl"],
      to: false,
      says: 'DatabaseValkeyConfig "orders": ssl is false; it must be true or missing.',
    },
    {
      of: 1,
      at: ["ssl"],
      to: false,
      says: 'DatabaseRedisConfig "orders": ssl is false; it must be true or missing.',
    },
    {
      of: 2,
      at: ["disableSsl"],
      to: true,
      says: 'DatabaseOnlineMigration "orders": disableSsl is true; it must be false or missing.',
    },
    {
      of: 3,
      at: ["tls"],
      says: 'DatabaseLogsinkRsyslog "orders": tls is missing; it must be true.',
    },
  ],
  unknown: [["ssl"]],
});

testPolicy("digitalocean-database-guards-on", {
  happy: () => [
    fixture("DatabaseMysqlConfig", {}),
    fixture("DatabaseOpensearchConfig", {}),
    fixture("DatabaseKafkaConfig", { autoCreateTopicsEnable: false }),
  ],
  broken: [
    {
      at: ["sqlRequirePrimaryKey"],
      to: false,
      says: 'DatabaseMysqlConfig "orders": sqlRequirePrimaryKey is false; it must be true or missing.',
    },
    {
      of: 1,
      at: ["actionDestructiveRequiresName"],
      to: false,
      says: 'DatabaseOpensearchConfig "orders": actionDestructiveRequiresName is false; it must be true or missing.',
    },
    {
      of: 2,
      at: ["autoCreateTopicsEnable"],
      to: true,
      says: 'DatabaseKafkaConfig "orders": autoCreateTopicsEnable is true; it must be false or missing.',
    },
  ],
  unknown: [["sqlRequirePrimaryKey"]],
});
