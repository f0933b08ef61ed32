import { describe, expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";
import { UNKNOWN, messages, urnOf, type Fixture } from "../testing";
import { WHO, all, cluster, member } from "./rds-testing";

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
  unknown: [["backupRetentionPeriod"]],
});

const LATER = "it must be false: otherwise point-in-time recovery is lost with the database.";
testPolicy("aws-rds-final-snapshot", {
  happy: all,
  broken: [
    {
      at: ["skipFinalSnapshot"],
      to: true,
      says: `${WHO}: skipFinalSnapshot is true; it must be false.`,
    },
    { at: ["skipFinalSnapshot"], says: [] },
    {
      at: ["finalSnapshotIdentifier"],
      says: `${WHO}: finalSnapshotIdentifier is missing; without it the database cannot be deleted: set a name.`,
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
  unknown: [["skipFinalSnapshot"], ["deleteAutomatedBackups"]],
});

testPolicy("aws-rds-deletion-protected", {
  happy: all,
  broken: [
    {
      at: ["deletionProtection"],
      says: `${WHO}: deletionProtection is missing; it must be true.`,
    },
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
  unknown: [["deletionProtection"]],
});

testPolicy("aws-rds-multi-zone", {
  happy: all,
  broken: [{ at: ["multiAz"], to: false, says: `${WHO}: multiAz is false; it must be true.` }],
  unknown: [["multiAz"]],
});

testPolicy("aws-rds-snapshots-tagged", {
  happy: all,
  broken: [
    {
      at: ["copyTagsToSnapshot"],
      says: `${WHO}: copyTagsToSnapshot is missing; it must be true.`,
    },
  ],
  unknown: [["copyTagsToSnapshot"], [2, "copyTagsToSnapshot"]],
});

describe("aws-rds-cluster-readers", () => {
  const reported = (fixture: readonly Fixture[]): Promise<readonly string[]> =>
    messages("aws-rds-cluster-readers", fixture);
  const alone = (found: string): readonly string[] => [
    `Cluster "shop" has ${found}; add instances in two or more different zones, so that one can take over.`,
  ];

  it("accepts two instances, by name or by origin", async () => {
    expect(await reported([cluster(), member(), member("shop-2")])).toEqual([]);
    const late = (name: string): Fixture => ({
      ...broken(member(name), ["clusterIdentifier"], UNKNOWN),
      propertyDependencies: { clusterIdentifier: [urnOf(cluster())] },
    });
    expect(await reported([cluster(), late("a"), late("b")])).toEqual([]);
  });

  it("refuses one, and none", async () => {
    expect(await reported([cluster(), member()])).toEqual(alone("1 ClusterInstance"));
    expect(await reported([cluster()])).toEqual(alone("no ClusterInstance"));
  });

  it("does not apply to clusters with built-in readers", async () => {
    expect(
      await reported([broken(cluster(), ["dbClusterInstanceClass"], "db.m6gd.large")]),
    ).toEqual([]);
    expect(await reported([broken(cluster(), ["engineMode"], "serverless")])).toEqual([]);
  });

  it("counts unknown values", async () => {
    expect(await reported([broken(cluster(), ["engineMode"], UNKNOWN)])).toEqual([]);
    const named = [broken(cluster(), ["clusterIdentifier"], UNKNOWN), member()];
    expect(await reported(named)).toEqual([]);
    const stray = broken(member("shop-2"), ["clusterIdentifier"], UNKNOWN);
    expect(await reported([cluster(), member(), stray])).toEqual([]);
  });
});

const plan: Fixture = {
  type: "aws:backup/plan:Plan",
  name: "daily",
  props: { rules: [{ lifecycle: { deleteAfter: 7 } }, { ruleName: "b" }] },
};

it("aws-backup-plan-selects refuses a plan that selects nothing", async () => {
  const selection: Fixture = {
    type: "aws:backup/selection:Selection",
    name: "all",
    props: { planId: UNKNOWN },
    propertyDependencies: { planId: [urnOf(plan)] },
  };
  expect(await messages("aws-backup-plan-selects", [plan, selection])).toEqual([]);
  expect(await messages("aws-backup-plan-selects", [plan])).toEqual([
    'Plan "daily" has no Selection, so it backs up nothing; add one whose planId is its ID.',
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
  unknown: [["rules"], ["rules", 0], ["rules", 0, "lifecycle", "deleteAfter"]],
});

testPolicy("aws-backup-vault-stays", {
  happy: () => ({ type: "aws:backup/vault:Vault", name: "safe", props: { forceDestroy: false } }),
  broken: [
    {
      at: ["forceDestroy"],
      to: true,
      says: 'Vault "safe": forceDestroy is true; it must not be true.',
    },
  ],
  unknown: [["forceDestroy"]],
});

it("aws-rds-final-snapshot requires no name if the snapshot may be skipped", async () => {
  const fixture = broken(
    broken(cluster(), ["finalSnapshotIdentifier"]),
    ["skipFinalSnapshot"],
    UNKNOWN,
  );
  expect(await messages("aws-rds-final-snapshot", [fixture])).toEqual([]);
});

it("aws-backup-plan-selects counts an unknown that may be the selection", async () => {
  const stray: Fixture = {
    type: "aws:backup/selection:Selection",
    name: "some",
    props: { planId: UNKNOWN },
  };
  expect(await messages("aws-backup-plan-selects", [plan, stray])).toEqual([]);
});
