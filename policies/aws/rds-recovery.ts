/** RDS and Aurora: surviving a failure, a mistake and a deletion. */
import {
  each,
  elements,
  expectEqual,
  expectNot,
  expectPresent,
  expectThat,
  knows,
  type Check,
} from "../expect";
import type { CheckContext, Policy, Stack } from "../policy";
import { ADVICE, ONLY_IN_PRODUCTION, STRICT_IN_PRODUCTION, nameOf } from "../policy";
import { isSource } from "./rds";
import { Relations } from "../relations";
import { is, isAtLeastSetting, isNot, rules, where } from "../rules";
import { aws } from "../tokens";

const INSTANCE = aws("rds", "Instance");
const CLUSTER = aws("rds", "Cluster");
const MEMBER = aws("rds", "ClusterInstance");
const GLOBAL = aws("rds", "GlobalCluster");
const PLAN = aws("backup", "Plan");
const SELECTION = aws("backup", "Selection");

const CONTROLS = "https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html";
const strict = {
  enforcement: STRICT_IN_PRODUCTION,
  themes: ["recovery", "databases", "aws"],
} as const;

function lastSnapshot(check: Check): void {
  const { props } = check.resource;
  const skip = props.get("skipFinalSnapshot");
  expectNot(check, skip, true, "it must be false");
  if (knows(check, skip) && skip.boolean !== true) {
    const expected = "without it the database cannot be deleted: set a name";
    expectPresent(check, props.get("finalSnapshotIdentifier"), expected);
  }
  const expected = "it must be false: otherwise point-in-time recovery is lost with the database";
  expectEqual(check, props.get("deleteAutomatedBackups"), false, expected);
}

/** A Multi-AZ cluster has built-in readers; serverless v1 has no members. */
function readersExist(stack: Stack, context: CheckContext): void {
  const to = stack.of(CLUSTER);
  const by = "clusterIdentifier";
  const members = new Relations({ from: stack.of(MEMBER), by, to, name: by });
  for (const cluster of to) {
    const { props } = cluster;
    const mode = props.get("engineMode");
    const isAlone = props.get("dbClusterInstanceClass").isMissing && mode.string !== "serverless";
    const count = members.of(cluster).length;
    if (!isAlone || count > 1) continue;
    if (!knows({ resource: cluster, context }, mode)) continue;
    if (members.mayBeMore(cluster, context)) continue;
    const expected = "add instances in two or more different zones, so that one can take over";
    const found = count === 1 ? "1 ClusterInstance" : "no ClusterInstance";
    context.report(`${nameOf(cluster)} has ${found}; ${expected}.`, cluster.urn);
  }
}

function plansSelect(stack: Stack, context: CheckContext): void {
  const to = stack.of(PLAN);
  const selections = new Relations({ from: stack.of(SELECTION), by: "planId", to });
  for (const plan of to) {
    if (selections.of(plan).length > 0 || selections.mayBeMore(plan, context)) continue;
    context.report(
      `${nameOf(plan)} has no Selection, so it backs up nothing; add one whose planId is its ID.`,
      plan.urn,
    );
  }
}

function copiesKept(check: Check): void {
  const least = check.context.setting("days", 7);
  for (const rule of elements(check, check.resource.props.get("rules"))) {
    const days = rule.get("lifecycle", "deleteAfter");
    // By default backups are kept forever.
    expectThat(
      check,
      days,
      (it) => it.isMissing || (it.number !== undefined && it.number >= least),
      `it must be ${String(least)} or more`,
    );
  }
}

const days = {
  type: "integer",
  minimum: 1,
  default: 7,
  description: "Minimum number of days",
} as const;

export const rdsRecovery: readonly Policy[] = [
  {
    ...strict,
    name: "aws-rds-backups",
    title: "Databases have automated backups",
    clause: { reference: "PO-02; ALL-12; CKV_AWS_133; RDS.11", url: CONTROLS },
    severity: "critical",
    prevents: "A wrong migration, or a wrong DELETE, cannot be undone.",
    description:
      "Every RDS database that is not a replica keeps automated backups for several days.",
    remediation: "Set backupRetentionPeriod to the number of days in the runbook, at most 35.",
    configuration: { properties: { days } },
    check: rules(where([INSTANCE, CLUSTER], isSource), {
      backupRetentionPeriod: isAtLeastSetting("days", 7),
    }),
  },
  {
    ...strict,
    name: "aws-rds-final-snapshot",
    title: "Deleted databases leave a final snapshot",
    clause: {
      reference: "PO-02; ALL-12",
      url: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html",
    },
    severity: "high",
    prevents: "A database that is deleted by mistake is gone, and its backups with it.",
    description:
      "In production, deleting an RDS database leaves a final snapshot and its automated backups.",
    remediation:
      "Set skipFinalSnapshot and deleteAutomatedBackups to false, and set finalSnapshotIdentifier.",
    enforcement: ONLY_IN_PRODUCTION,
    check: each([INSTANCE, CLUSTER], (check) => {
      if (isSource(check)) lastSnapshot(check);
    }),
  },
  {
    ...strict,
    name: "aws-rds-deletion-protected",
    title: "Production databases have deletion protection",
    clause: { reference: "PO-02; ALL-12; CKV_AWS_293; CKV_AWS_139; RDS.7; RDS.8", url: CONTROLS },
    severity: "high",
    prevents: "One wrong plan deletes the database.",
    description: "In production, every RDS database has deletion protection.",
    remediation: "Set deletionProtection to true.",
    enforcement: ONLY_IN_PRODUCTION,
    check: rules([INSTANCE, CLUSTER, GLOBAL], { deletionProtection: is(true) }),
  },
  {
    ...strict,
    name: "aws-rds-multi-zone",
    title: "Databases tolerate the loss of a zone",
    clause: { reference: "PO-02; CKV_AWS_157; RDS.5", url: CONTROLS },
    severity: "high",
    themes: ["availability", "databases", "aws"],
    prevents: "The failure of one zone, and every maintenance, is an outage.",
    description:
      "In production, every RDS database that is not a replica has a standby in another zone.",
    remediation: "Set multiAz to true.",
    enforcement: ONLY_IN_PRODUCTION,
    check: rules(where([INSTANCE], isSource), { multiAz: is(true) }),
  },
  {
    ...strict,
    name: "aws-rds-cluster-readers",
    title: "Aurora clusters have an instance to fail over to",
    clause: { reference: "PO-02; RDS.15", url: CONTROLS },
    severity: "high",
    themes: ["availability", "databases", "aws"],
    prevents: "When the writer fails, a replacement has to be created first.",
    description: "In production, every Aurora cluster has at least two instances.",
    remediation: "Add a second ClusterInstance with the same clusterIdentifier.",
    enforcement: ONLY_IN_PRODUCTION,
    check: { kind: "stack", run: readersExist },
  },
  {
    ...strict,
    name: "aws-rds-snapshots-tagged",
    title: "Database snapshots are tagged",
    clause: { reference: "PO-02; CKV_AWS_313; CKV2_AWS_60; RDS.16; RDS.17", url: CONTROLS },
    severity: "low",
    enforcement: ADVICE,
    prevents: "Nobody dares to delete a snapshot, because nobody knows what it is.",
    description: "RDS databases copy their tags to their snapshots.",
    remediation: "Set copyTagsToSnapshot to true.",
    check: rules([INSTANCE, CLUSTER], { copyTagsToSnapshot: is(true) }),
  },
  {
    ...strict,
    name: "aws-backup-plan-selects",
    title: "Backup plans select resources",
    clause: {
      reference: "PO-02; CKV2_AWS_8",
      url: "https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html",
    },
    severity: "high",
    themes: ["recovery", "aws"],
    prevents: "A plan looks like a backup and copies nothing.",
    description: "Every AWS Backup plan has a selection of resources.",
    remediation: "Add a Selection whose planId is the plan's ID.",
    check: { kind: "stack", run: plansSelect },
  },
  {
    ...strict,
    name: "aws-backup-plan-keeps",
    title: "Backup plans keep their backups for long enough",
    clause: {
      reference: "PO-02",
      url: "https://docs.aws.amazon.com/aws-backup/latest/devguide/creating-a-backup-plan.html",
    },
    severity: "medium",
    themes: ["recovery", "aws"],
    prevents: "A mistake found on Monday is already in every backup that is left.",
    description: "AWS Backup rules keep their recovery points for several days.",
    remediation: "Set lifecycle.deleteAfter to the number of days in the runbook.",
    configuration: { properties: { days } },
    check: each([PLAN], copiesKept),
  },
  {
    ...strict,
    name: "aws-backup-vault-stays",
    title: "Backup vaults are not emptied on deletion",
    clause: {
      reference: "PO-02; CKV_AWS_166",
      url: "https://docs.aws.amazon.com/aws-backup/latest/devguide/deleting-a-vault.html",
    },
    severity: "high",
    themes: ["recovery", "aws"],
    prevents: "Removing a vault from the program deletes every backup in it.",
    description: "In production, no AWS Backup vault sets forceDestroy.",
    remediation: "Remove forceDestroy from the Vault.",
    enforcement: ONLY_IN_PRODUCTION,
    check: rules([aws("backup", "Vault")], { forceDestroy: isNot(true) }),
  },
];
