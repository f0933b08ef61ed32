import type * as awsRds from "@pulumi/aws/rds";
import { describe, expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";
import { UNKNOWN, messages, secret, urnOf, type Given } from "../testing";

const WHO = 'Instance "orders"';
const STAGING = { surroundings: { environment: "staging" } } as const;

const instance = (): Given => ({
  type: "aws:rds/instance:Instance",
  name: "orders",
  props: {
    instanceClass: "db.m7g.large",
    engine: "postgres",
    engineVersion: "16.3",
    publiclyAccessible: false,
    storageEncrypted: true,
    multiAz: true,
    backupRetentionPeriod: 17,
    deletionProtection: true,
    skipFinalSnapshot: false,
    finalSnapshotIdentifier: "orders-last",
    deleteAutomatedBackups: false,
    copyTagsToSnapshot: true,
    iamDatabaseAuthenticationEnabled: true,
    autoMinorVersionUpgrade: true,
    caCertIdentifier: "rds-ca-ecc384-g1",
    enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
    monitoringInterval: 30,
    performanceInsightsEnabled: true,
    manageMasterUserPassword: true,
  } satisfies awsRds.InstanceArgs,
});

const replica = (): Given => ({
  type: "aws:rds/instance:Instance",
  name: "reader",
  props: {
    instanceClass: "db.m7g.large",
    replicateSourceDb: "orders",
    deletionProtection: true,
    skipFinalSnapshot: true,
    copyTagsToSnapshot: true,
    iamDatabaseAuthenticationEnabled: true,
    enabledCloudwatchLogsExports: ["postgresql"],
    monitoringInterval: 30,
    performanceInsightsEnabled: true,
  } satisfies awsRds.InstanceArgs,
});

const cluster = (): Given => ({
  type: "aws:rds/cluster:Cluster",
  name: "shop",
  props: {
    clusterIdentifier: "shop",
    engine: "aurora-mysql",
    engineVersion: "8.0.mysql_aurora.3.08.0",
    storageEncrypted: true,
    backupRetentionPeriod: 9,
    deletionProtection: true,
    finalSnapshotIdentifier: "shop-last",
    deleteAutomatedBackups: false,
    copyTagsToSnapshot: true,
    iamDatabaseAuthenticationEnabled: true,
    enabledCloudwatchLogsExports: ["audit"],
    caCertificateIdentifier: "rds-ca-rsa4096-g1",
  } satisfies awsRds.ClusterArgs,
});

const member = (name = "shop-1"): Given => ({
  type: "aws:rds/clusterInstance:ClusterInstance",
  name,
  props: {
    clusterIdentifier: "shop",
    engine: "aurora-mysql",
    instanceClass: "db.r7g.large",
    monitoringInterval: 15,
    performanceInsightsEnabled: true,
  } satisfies awsRds.ClusterInstanceArgs,
});

const all = (): readonly Given[] => [instance(), replica(), cluster(), member()];

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
  undecided: [["storageEncrypted"], [2, "storageEncrypted"]],
});

it("aws-rds-encrypted asks nothing of the first Aurora Serverless, nor of a replica's cluster", async () => {
  const open = broken(cluster(), ["storageEncrypted"]);
  const serverless = broken(open, ["engineMode"], "serverless");
  expect(await messages("aws-rds-encrypted", [serverless])).toEqual([]);
  const copy = broken(open, ["replicationSourceIdentifier"], "arn:x");
  expect(await messages("aws-rds-encrypted", [copy])).toEqual([]);
});

const parameters = (
  family: string,
  name: string,
  value: string,
  type = "ParameterGroup",
): Given => ({
  type: `aws:rds/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`,
  name: "settings",
  props: {
    family,
    parameters: [
      { name: "x", value: "1" },
      { name, value },
    ],
  },
});

testPolicy("aws-rds-tls-forced", {
  happy: () => [
    parameters("postgres14", "rds.force_ssl", "1"),
    parameters("mysql8.4", "require_secure_transport", "ON", "ClusterParameterGroup"),
    parameters("oracle-ee-19", "y", "2"),
  ],
  broken: [
    {
      at: ["parameters", 1, "value"],
      to: "0",
      says: 'ParameterGroup "settings": parameters[1].value is "0"; rds.force_ssl must be 1.',
    },
    { at: ["parameters", 1, "value"], to: 1, says: [] },
    {
      at: ["parameters", 1, "value"],
      to: 11,
      says: 'ParameterGroup "settings": parameters[1].value is 11; rds.force_ssl must be 1.',
    },
    {
      at: ["parameters"],
      says: 'ParameterGroup "settings": parameters is missing; write rds.force_ssl with the value 1.',
    },
    {
      at: ["parameters"],
      of: 1,
      to: [],
      says: 'ClusterParameterGroup "settings": parameters is []; write require_secure_transport with the value 1.',
    },
  ],
  undecided: [["family"], ["parameters"], ["parameters", 1, "value"]],
});

it.each([
  ["postgres15", []],
  ["postgres14", [""]],
  ["aurora-postgresql17", []],
  ["aurora-postgresql16", [""]],
  ["mariadb11.4", [""]],
  ["mysql8.0", [""]],
] as const)("aws-rds-tls-forced knows the default of %s", async (family, says) => {
  const given = broken(parameters(family, "y", "2"), ["parameters"], []);
  expect(await messages("aws-rds-tls-forced", [given])).toHaveLength(says.length);
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
  undecided: [["iamDatabaseAuthenticationEnabled"]],
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
  undecided: [["sharedAccounts"]],
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

const AUTHORITY = "it must be an authority that is still valid, like rds-ca-rsa2048-g1.";
testPolicy("aws-rds-upgrades", {
  happy: all,
  broken: [
    {
      at: ["autoMinorVersionUpgrade"],
      to: false,
      says: `${WHO}: autoMinorVersionUpgrade is false; it must be true.`,
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
      says: 'ClusterInstance "shop-1": autoMinorVersionUpgrade is false; it must be true.',
    },
    {
      at: ["caCertIdentifier"],
      of: 3,
      to: "rds-ca-2019",
      says: `ClusterInstance "shop-1": caCertIdentifier is "rds-ca-2019"; ${AUTHORITY}`,
    },
  ],
  undecided: [["autoMinorVersionUpgrade"], ["caCertIdentifier"], [2, "caCertificateIdentifier"]],
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
  undecided: [["engine"], [EXPORTS]],
});

testPolicy("aws-rds-queries-logged", {
  happy: () => [
    parameters("postgres15", "log_min_duration_statement", "300"),
    parameters("aurora-postgresql16", "pgaudit.log", "ddl", "ClusterParameterGroup"),
    parameters("mysql8.4", "y", "1"),
  ],
  broken: [
    {
      at: ["parameters", 1, "name"],
      to: "log_lock_waits",
      says: 'ParameterGroup "settings": parameters is [{"name":"x","value":"1"},{"name":"log_lock_waits","value":"300"}]; write log_min_duration_statement, in ms.',
    },
    { at: ["parameters", 1, "name"], to: "log_statement", says: [] },
  ],
  undecided: [["family"], ["parameters"]],
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

testPolicy("aws-rds-backups", {
  happy: all,
  broken: [
    {
      at: ["backupRetentionPeriod"],
      to: 6,
      says: `${WHO}: backupRetentionPeriod is 6; it must be 7 or more.`,
    },
    { at: ["backupRetentionPeriod"], to: 7, says: [] },
    {
      at: ["backupRetentionPeriod"],
      says: `${WHO}: backupRetentionPeriod is missing; it must be 7 or more.`,
    },
    {
      at: ["backupRetentionPeriod"],
      of: 2,
      to: 18,
      setting: { configuration: { "aws-rds-backups": { days: 18 } } },
      says: `${WHO}: backupRetentionPeriod is 17; it must be 18 or more.`,
    },
  ],
  undecided: [["backupRetentionPeriod"]],
});

const LATER = "it must be false: otherwise the way back in time goes with the database.";
testPolicy("aws-rds-final-snapshot", {
  happy: all,
  broken: [
    {
      at: ["skipFinalSnapshot"],
      to: true,
      says: `${WHO}: skipFinalSnapshot is true; it must be false.`,
    },
    { at: ["skipFinalSnapshot"], to: true, setting: STAGING, says: [] },
    { at: ["skipFinalSnapshot"], says: [] },
    {
      at: ["finalSnapshotIdentifier"],
      says: `${WHO}: finalSnapshotIdentifier is missing; without it the database cannot be deleted: write a name.`,
    },
    { at: ["finalSnapshotIdentifier"], to: UNKNOWN, says: [] },
    {
      at: ["deleteAutomatedBackups"],
      says: `${WHO}: deleteAutomatedBackups is missing; ${LATER}`,
    },
    {
      at: ["deleteAutomatedBackups"],
      of: 2,
      to: true,
      says: `Cluster "shop": deleteAutomatedBackups is true; ${LATER}`,
    },
  ],
  undecided: [["skipFinalSnapshot"], ["deleteAutomatedBackups"]],
});

testPolicy("aws-rds-deletion-protected", {
  happy: all,
  broken: [
    {
      at: ["deletionProtection"],
      says: `${WHO}: deletionProtection is missing; it must be true.`,
    },
    { at: ["deletionProtection"], setting: STAGING, says: [] },
    {
      at: ["deletionProtection"],
      of: 1,
      to: false,
      says: 'Instance "reader": deletionProtection is false; it must be true.',
    },
    {
      at: ["deletionProtection"],
      of: 2,
      to: false,
      says: 'Cluster "shop": deletionProtection is false; it must be true.',
    },
  ],
  undecided: [["deletionProtection"]],
});

testPolicy("aws-rds-multi-zone", {
  happy: all,
  broken: [
    { at: ["multiAz"], to: false, says: `${WHO}: multiAz is false; it must be true.` },
    { at: ["multiAz"], to: false, setting: STAGING, says: [] },
  ],
  undecided: [["multiAz"]],
});

testPolicy("aws-rds-snapshots-tagged", {
  happy: all,
  broken: [
    {
      at: ["copyTagsToSnapshot"],
      says: `${WHO}: copyTagsToSnapshot is missing; it must be true.`,
    },
  ],
  undecided: [["copyTagsToSnapshot"], [2, "copyTagsToSnapshot"]],
});

describe("aws-rds-cluster-readers", () => {
  const said = (given: readonly Given[], setting = {}): Promise<readonly string[]> =>
    messages("aws-rds-cluster-readers", given, setting);
  const alone = (found: string): readonly string[] => [
    `Cluster "shop" has ${found}; write two or more of different zones, so that one can take over.`,
  ];

  it("accepts two instances, by name or by origin", async () => {
    expect(await said([cluster(), member(), member("shop-2")])).toEqual([]);
    const late = (name: string): Given => ({
      ...broken(member(name), ["clusterIdentifier"], UNKNOWN),
      propertyDependencies: { clusterIdentifier: [urnOf(cluster())] },
    });
    expect(await said([cluster(), late("a"), late("b")])).toEqual([]);
  });

  it("refuses one, and none, in production", async () => {
    expect(await said([cluster(), member()])).toEqual(alone("1 ClusterInstance"));
    expect(await said([cluster()])).toEqual(alone("no ClusterInstance"));
    expect(await said([cluster()], STAGING)).toEqual([]);
  });

  it("asks nothing of clusters that have their readers built in", async () => {
    expect(await said([broken(cluster(), ["dbClusterInstanceClass"], "db.m6gd.large")])).toEqual(
      [],
    );
    expect(await said([broken(cluster(), ["engineMode"], "serverless")])).toEqual([]);
  });
});

const plan: Given = {
  type: "aws:backup/plan:Plan",
  name: "daily",
  props: { rules: [{ lifecycle: { deleteAfter: 7 } }, { ruleName: "b" }] },
};

it("aws-backup-plan-selects refuses a plan that selects nothing", async () => {
  const selection: Given = {
    type: "aws:backup/selection:Selection",
    name: "all",
    props: { planId: UNKNOWN },
    propertyDependencies: { planId: [urnOf(plan)] },
  };
  expect(await messages("aws-backup-plan-selects", [plan, selection])).toEqual([]);
  expect(await messages("aws-backup-plan-selects", [plan])).toEqual([
    'Plan "daily" has no Selection, so it backs up nothing; write one whose planId is its id.',
  ]);
});

testPolicy("aws-backup-plan-keeps", {
  happy: () => plan,
  broken: [
    {
      at: ["rules", 0, "lifecycle", "deleteAfter"],
      to: 6,
      says: 'Plan "daily": rules[0].lifecycle.deleteAfter is 6; it must be 7 or more.',
    },
    {
      at: ["rules", 0, "lifecycle", "deleteAfter"],
      to: "9",
      says: 'Plan "daily": rules[0].lifecycle.deleteAfter is "9"; it must be 7 or more.',
    },
  ],
  undecided: [["rules", 0, "lifecycle", "deleteAfter"]],
});

testPolicy("aws-backup-vault-stays", {
  happy: () => ({ type: "aws:backup/vault:Vault", name: "safe", props: { forceDestroy: false } }),
  broken: [
    {
      at: ["forceDestroy"],
      to: true,
      says: 'Vault "safe": forceDestroy is true; it must not be true.',
    },
    { at: ["forceDestroy"], to: true, setting: STAGING, says: [] },
  ],
  undecided: [["forceDestroy"]],
});
