import type * as awsRds from "@pulumi/aws/rds";
import { describe, expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";
import { UNKNOWN, messages, secret } from "../testing";
import { WHO, all, cluster, instance, member, replica } from "./rds-testing";

testPolicy("aws-rds-private", {
  happy: all,
  broken: [
    {
      at: ["publiclyAccessible"],
      to: true,
      says: `${WHO}: publiclyAccessible is true; it must be false.`,
    },
    { at: ["publiclyAccessible"], says: [] },
    {
      at: ["publiclyAccessible"],
      of: 3,
      to: true,
      says: 'ClusterInstance "shop-1": publiclyAccessible is true; it must be false.',
    },
  ],
  unknown: [["publiclyAccessible"]],
});

testPolicy("aws-rds-encrypted", {
  happy: all,
  broken: [
    {
      at: ["storageEncrypted"],
      to: false,
      says: `${WHO}: storageEncrypted is false; it must be true.`,
    },
    { at: ["storageEncrypted"], says: `${WHO}: storageEncrypted is missing; it must be true.` },
    {
      at: ["storageEncrypted"],
      of: 1,
      to: false,
      says: 'Instance "reader": storageEncrypted is false; it must be true.',
    },
    {
      at: ["storageEncrypted"],
      of: 2,
      says: 'Cluster "shop": storageEncrypted is missing; it must be true.',
    },
  ],
  unknown: [["storageEncrypted"], [2, "storageEncrypted"], [2, "engineMode"]],
});

it("aws-rds-encrypted does not apply to Aurora Serverless v1, or to a replica's cluster", async () => {
  const open = broken(cluster(), ["storageEncrypted"]);
  const serverless = broken(open, ["engineMode"], "serverless");
  expect(await messages("aws-rds-encrypted", [serverless])).toEqual([]);
  const copy = broken(open, ["replicationSourceIdentifier"], "arn:x");
  expect(await messages("aws-rds-encrypted", [copy])).toEqual([]);
});

describe("aws-rds-encrypted of a global cluster", () => {
  const IS = 'GlobalCluster "world": storageEncrypted is';
  const reported = (props: awsRds.GlobalClusterArgs): Promise<readonly string[]> =>
    messages("aws-rds-encrypted", [
      { type: "aws:rds/globalCluster:GlobalCluster", name: "world", props: { ...props } },
    ]);

  it("does not apply if it has a source cluster", async () => {
    const from = { globalClusterIdentifier: "world", sourceDbClusterIdentifier: UNKNOWN };
    expect(await reported(from)).toEqual([]);
    expect(await reported({ ...from, sourceDbClusterIdentifier: "arn:shop" })).toEqual([]);
    expect(await reported({ ...from, storageEncrypted: false })).toEqual([
      `${IS} false; it must be true.`,
    ]);
  });

  it("refuses an empty one without encryption", async () => {
    expect(await reported({ globalClusterIdentifier: "world" })).toEqual([
      `${IS} missing; it must be true.`,
    ]);
    expect(await reported({ globalClusterIdentifier: "world", storageEncrypted: true })).toEqual(
      [],
    );
  });
});

testPolicy("aws-rds-proxy-tls", {
  happy: () => ({
    type: "aws:rds/proxy:Proxy",
    name: "pool",
    props: { requireTls: true, debugLogging: false },
  }),
  broken: [
    { at: ["requireTls"], says: 'Proxy "pool": requireTls is missing; it must be true.' },
    {
      at: ["debugLogging"],
      to: true,
      says: 'Proxy "pool": debugLogging is true; it must be false: logged statements contain data.',
    },
    { at: ["debugLogging"], says: [] },
  ],
  unknown: [["requireTls"], ["debugLogging"]],
});

describe("aws-rds-password-kept", () => {
  const reported = (props: object, setting?: object): Promise<readonly string[]> =>
    messages(
      "aws-rds-password-kept",
      [{ ...instance(), props: { ...props } }],
      setting === undefined ? {} : { configuration: { "aws-rds-password-kept": { ...setting } } },
    );
  const expected = "set manageMasterUserPassword to true, or create it with RandomPassword.";

  it("refuses a password in the program, and does not print it", async () => {
    expect(await reported({ password: "hunter2" })).toEqual([
      `${WHO}: password is written in the program; ${expected}`,
    ]);
    expect(await reported({ masterPassword: "hunter2" })).toEqual([
      `${WHO}: masterPassword is written in the program; ${expected}`,
    ]);
  });

  it("accepts a secret, an unknown password, none, and that of a replica", async () => {
    expect(await reported({ password: secret("hunter2") })).toEqual([]);
    expect(await reported({ password: UNKNOWN })).toEqual([]);
    expect(await reported({})).toEqual([]);
    expect(await reported({ replicateSourceDb: "a", password: "hunter2" })).toEqual([]);
  });

  it("requires a managed password if configured", async () => {
    const managed = { managed: true };
    expect(await reported({ manageMasterUserPassword: true }, managed)).toEqual([]);
    expect(await reported({ password: "hunter2" }, managed)).toEqual([
      `${WHO}: manageMasterUserPassword is missing; it must be true.`,
    ]);
  });
});

testPolicy("aws-rds-iam-authentication", {
  happy: all,
  broken: [
    {
      at: ["iamDatabaseAuthenticationEnabled"],
      says: `${WHO}: iamDatabaseAuthenticationEnabled is missing; it must be true.`,
    },
    {
      at: ["iamDatabaseAuthenticationEnabled"],
      of: 1,
      says: 'Instance "reader": iamDatabaseAuthenticationEnabled is missing; it must be true.',
    },
    {
      at: ["iamDatabaseAuthenticationEnabled"],
      of: 2,
      says: 'Cluster "shop": iamDatabaseAuthenticationEnabled is missing; it must be true.',
    },
  ],
  unknown: [["iamDatabaseAuthenticationEnabled"], ["engine"], [2, "engineMode"]],
});

it("aws-rds-iam-authentication does not apply to engines without it", async () => {
  const bare = broken(instance(), ["iamDatabaseAuthenticationEnabled"]);
  const oracle = broken(bare, ["engine"], "oracle-ee");
  const serverless = broken(bare, ["engineMode"], "serverless");
  expect(await messages("aws-rds-iam-authentication", [oracle, serverless])).toEqual([]);
});

testPolicy("aws-rds-snapshot-private", {
  happy: () => ({
    type: "aws:rds/snapshot:Snapshot",
    name: "friday",
    props: {
      dbInstanceIdentifier: "orders",
      dbSnapshotIdentifier: "friday",
      sharedAccounts: ["210987654321"],
    } satisfies awsRds.SnapshotArgs,
  }),
  broken: [
    {
      at: ["sharedAccounts", 0],
      to: "all",
      says: 'Snapshot "friday": sharedAccounts is ["all"]; it must not name "all".',
    },
    { at: ["sharedAccounts"], says: [] },
  ],
  unknown: [["sharedAccounts"], ["sharedAccounts", 0]],
});

const EXPORTS = "enabledCloudwatchLogsExports";
testPolicy("aws-rds-logs", {
  happy: () => [instance(), cluster(), replica()],
  broken: [
    {
      at: [EXPORTS],
      to: ["upgrade"],
      says: `${WHO}: ${EXPORTS} is ["upgrade"]; it must name "postgresql".`,
    },
    { at: [EXPORTS], says: `${WHO}: ${EXPORTS} is missing; it must name "postgresql".` },
    {
      at: [EXPORTS],
      of: 1,
      to: ["error"],
      says: `Cluster "shop": ${EXPORTS} is ["error"]; it must name "audit".`,
    },
    {
      at: [EXPORTS],
      of: 2,
      says: `Instance "reader": ${EXPORTS} is missing; list the engine's logs.`,
    },
    {
      at: ["engine"],
      to: "mariadb",
      says: `${WHO}: ${EXPORTS} is ["postgresql","upgrade"]; it must name "error".`,
    },
    {
      at: ["engine"],
      to: "oracle-ee",
      says: `${WHO}: ${EXPORTS} is ["postgresql","upgrade"]; it must name "audit".`,
    },
    {
      at: ["engine"],
      to: "sqlserver-se",
      says: `${WHO}: ${EXPORTS} is ["postgresql","upgrade"]; it must name "error".`,
    },
    { at: ["engineMode"], of: 1, to: "serverless", says: [] },
  ],
  unknown: [["engine"], [EXPORTS], [EXPORTS, 0], [1, "engineMode"]],
});

testPolicy("aws-rds-monitored", {
  happy: () => [instance(), member()],
  broken: [
    {
      at: ["monitoringInterval"],
      to: 0,
      says: `${WHO}: monitoringInterval is 0; it must be 1 or more.`,
    },
    {
      at: ["performanceInsightsEnabled"],
      of: 1,
      says: 'ClusterInstance "shop-1": performanceInsightsEnabled is missing; it must be true.',
    },
  ],
  unknown: [["monitoringInterval"], ["performanceInsightsEnabled"]],
});
