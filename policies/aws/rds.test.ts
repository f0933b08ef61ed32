import type * as awsRds from "@pulumi/aws/rds";
import { describe, expect, it } from "vitest";
import { policyNamed } from "../catalog";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";
import { UNKNOWN, judge, messages, secret, type Given } from "../testing";
import { undecided } from "../undecided";
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
  undecided: [["publiclyAccessible"]],
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
  undecided: [["storageEncrypted"], [2, "storageEncrypted"], [2, "engineMode"]],
});

it("aws-rds-encrypted asks nothing of the first Aurora Serverless, nor of a replica's cluster", async () => {
  const open = broken(cluster(), ["storageEncrypted"]);
  const serverless = broken(open, ["engineMode"], "serverless");
  expect(await messages("aws-rds-encrypted", [serverless])).toEqual([]);
  const copy = broken(open, ["replicationSourceIdentifier"], "arn:x");
  expect(await messages("aws-rds-encrypted", [copy])).toEqual([]);
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
      says: 'Proxy "pool": debugLogging is true; it must be false: statements in logs hold data.',
    },
    { at: ["debugLogging"], says: [] },
  ],
  undecided: [["requireTls"], ["debugLogging"]],
});

describe("aws-rds-password-kept", () => {
  const said = (props: object, setting?: object): Promise<readonly string[]> =>
    messages(
      "aws-rds-password-kept",
      [{ ...instance(), props: { ...props } }],
      setting === undefined ? {} : { configuration: { "aws-rds-password-kept": { ...setting } } },
    );
  const wanted = "set manageMasterUserPassword to true, or make it with RandomPassword.";

  it("refuses a password that stands in the program, and does not repeat it", async () => {
    expect(await said({ password: "hunter2" })).toEqual([
      `${WHO}: password is written in the program; ${wanted}`,
    ]);
    expect(await said({ masterPassword: "hunter2" })).toEqual([
      `${WHO}: masterPassword is written in the program; ${wanted}`,
    ]);
  });

  it("accepts a secret, one that is not known yet, none, and that of a replica", async () => {
    expect(await said({ password: secret("hunter2") })).toEqual([]);
    expect(await said({ password: UNKNOWN })).toEqual([]);
    expect(await said({})).toEqual([]);
    expect(await said({ replicateSourceDb: "a", password: "hunter2" })).toEqual([]);
  });

  it("demands Amazon's management where it is told to", async () => {
    const managed = { managed: true };
    expect(await said({ manageMasterUserPassword: true }, managed)).toEqual([]);
    expect(await said({ password: "hunter2" }, managed)).toEqual([
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
  undecided: [["iamDatabaseAuthenticationEnabled"], ["engine"], [2, "engineMode"]],
});

it("aws-rds-iam-authentication asks nothing of engines that do not have it", async () => {
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
  undecided: [["sharedAccounts"], ["sharedAccounts", 0]],
});

const POSTGRES = 'the supported versions are "14", "15", "16", "17" or "18".';
testPolicy("aws-rds-version-supported", {
  happy: all,
  broken: [
    { at: ["engineVersion"], to: "13.9", says: `${WHO}: engineVersion is "13.9"; ${POSTGRES}` },
    { at: ["engineVersion"], to: "18", says: [] },
    { at: ["engineVersion"], says: [] },
    {
      at: ["engineVersion"],
      to: "13",
      setting: { configuration: { "aws-rds-version-supported": { postgres: "13" } } },
      says: [],
    },
    {
      at: ["engine"],
      to: "mysql",
      says: `${WHO}: engineVersion is "16.3"; the supported versions are "8.4".`,
    },
  ],
  undecided: [["engine"], ["engineVersion"]],
});

const UPGRADE = "it must be true, or engineVersion an exact minor version.";
const AUTHORITY =
  'the valid authorities are "rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1" or "rds-ca-ecc384-g1".';
testPolicy("aws-rds-upgrades", {
  happy: all,
  broken: [
    {
      at: ["autoMinorVersionUpgrade"],
      to: false,
      says: [],
    },
    { at: ["autoMinorVersionUpgrade"], says: [] },
    {
      at: ["caCertIdentifier"],
      to: "rds-ca-2019",
      says: `${WHO}: caCertIdentifier is "rds-ca-2019"; ${AUTHORITY}`,
    },
    { at: ["caCertIdentifier"], to: 7, says: `${WHO}: caCertIdentifier is 7; ${AUTHORITY}` },
    { at: ["caCertIdentifier"], says: [] },
    {
      at: ["caCertificateIdentifier"],
      of: 2,
      to: "rds-ca-2019",
      says: `Cluster "shop": caCertificateIdentifier is "rds-ca-2019"; ${AUTHORITY}`,
    },
    {
      at: ["autoMinorVersionUpgrade"],
      of: 3,
      to: false,
      says: `ClusterInstance "shop-1": autoMinorVersionUpgrade is false; ${UPGRADE}`,
    },
    {
      at: ["caCertIdentifier"],
      of: 3,
      to: "rds-ca-2019",
      says: `ClusterInstance "shop-1": caCertIdentifier is "rds-ca-2019"; ${AUTHORITY}`,
    },
  ],
  undecided: [["caCertIdentifier"], [2, "caCertificateIdentifier"], [3, "autoMinorVersionUpgrade"]],
});

it.each([
  ["postgres", "17.6", true],
  ["postgres", "17", false],
  ["aurora-postgresql", "16.4", true],
  [undefined, "16.4", true],
  [undefined, "16", false],
  ["mysql", "8.4.6", true],
  ["mysql", "8.4", false],
  ["aurora-mysql", "8.0.mysql_aurora.3.08.0", true],
  ["mariadb", undefined, false],
  ["postgres", UNKNOWN, true],
  [UNKNOWN, "8.4", true],
])(
  "aws-rds-upgrades lets %s %s be upgraded by the program: %s",
  async (engine, version, isRight) => {
    const off = broken(instance(), ["autoMinorVersionUpgrade"], false);
    const given = broken(broken(off, ["engine"], engine), ["engineVersion"], version);
    expect(await messages("aws-rds-upgrades", [given])).toEqual(
      isRight ? [] : [`${WHO}: autoMinorVersionUpgrade is false; ${UPGRADE}`],
    );
  },
);

it("aws-rds-upgrades notes what it needs to know, and asks nothing of a cluster", async () => {
  const name = "aws-rds-upgrades";
  const open = async (given: Given): Promise<number> =>
    (await judge([policyNamed(name), undecided], [given])).length;
  const off = broken(instance(), ["autoMinorVersionUpgrade"], false);
  expect(await open(broken(off, ["engineVersion"], UNKNOWN))).toBe(1);
  expect(await open(broken(off, ["engine"], UNKNOWN))).toBe(1);
  expect(await open(broken(instance(), ["engineVersion"], UNKNOWN))).toBe(0);
  const bare = broken(cluster(), ["engineVersion"]);
  expect(await open(broken(bare, ["autoMinorVersionUpgrade"], false))).toBe(0);
});

it("aws-rds-upgrades takes other authorities from its configuration", async () => {
  const configuration = { "aws-rds-upgrades": { authorities: "ours, theirs" } };
  const given = broken(instance(), ["caCertIdentifier"], "theirs");
  expect(await messages("aws-rds-upgrades", [given], { configuration })).toEqual([]);
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
      says: `Instance "reader": ${EXPORTS} is missing; write the logs of the engine.`,
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
  undecided: [["engine"], [EXPORTS], [EXPORTS, 0], [1, "engineMode"]],
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
  undecided: [["monitoringInterval"], ["performanceInsightsEnabled"]],
});
