/** Backups in a second region. */
import type { Backup } from "../../systems/model";
import type { Policy, Stack, StackResource } from "../policy";
import { ONLY_IN_PRODUCTION, finding, nameOf, typeKey } from "../policy";
import { bucketsOf, names, type Bucket } from "./buckets";
import { environmentOf, jobsOf } from "./dumps";
import { compare, demandedBy, recovery, type Compared } from "./system";
import { databasesOf } from "./ways";

const isApart = ({ copied, destination }: Backup): boolean =>
  copied === true || destination === "recoveryRegion";

/** The stack in the recovery region keeps its backups there. */
function apart(compared: Compared): void {
  const { system, stack, context } = compared;
  if (context.environment === "dr") return;
  const home = regionOf(stack);
  const buckets = bucketsOf(stack);
  for (const backup of system.backups.filter(isApart)) {
    if (backup.method === "replication") evaluateReplication(backup, compared);
    else if (backup.method === "dump") {
      const texts = dumpTargets(compared);
      evaluateBuckets(backup, { home, buckets, texts }, compared);
    } else evaluateLog(backup, { home, buckets, texts: archives(stack) }, compared);
  }
}

/** The default region of the stack. */
function regionOf(stack: Stack): string | undefined {
  const places = [
    ...stack.of("pulumi:providers:aws", "pulumi:providers:gcp"),
    ...stack.of("digitalocean:index/kubernetesCluster:KubernetesCluster"),
  ];
  return places.flatMap(({ props }) => props.get("region").string ?? [])[0];
}

interface Targets {
  readonly home: string | undefined;
  readonly buckets: readonly Bucket[];
  /** Backup targets: strings that contain a bucket's name. */
  readonly texts: readonly string[];
}

const dumpTargets = ({ stack, context }: Compared): readonly string[] =>
  jobsOf(stack, context)
    .filter(({ dumps, suspended }) => dumps && !suspended)
    .flatMap(({ resource }) => environmentOf(resource));

/** Where operators archive a database's WAL. */
const archives = (stack: Stack): readonly string[] =>
  stack.of(STORE).flatMap(({ props }) => {
    const path = props.get("spec", "configuration", "destinationPath").string;
    return path === undefined ? [] : [path];
  });

const STORE = "kubernetes:barmancloud.cnpg.io:ObjectStore";

const leaves = ({ name }: Backup): string => `the runbook keeps "${name}" in a second region`;

/** A bucket outside the stack is its owner's responsibility. */
function evaluateBuckets(
  backup: Backup,
  { home, buckets, texts }: Targets,
  { context }: Compared,
): void {
  for (const { resource, name, region } of buckets) {
    if (!texts.some((text) => names(text, name))) continue;
    if (context.noteUnknown(region, resource.urn)) continue;
    const isElsewhere = region.string !== undefined && !isSame(region.string, home);
    if (!isElsewhere) context.report(finding(resource, region, leaves(backup)), resource.urn);
  }
}

/** Google Cloud locations may be in upper or lower case. */
const isSame = (region: string, home: string | undefined): boolean =>
  region.toLowerCase() === home?.toLowerCase();

const REPLICATION =
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication";

/** RDS replicates backups with a separate resource; an operator writes to a bucket. */
function evaluateLog(backup: Backup, targets: Targets, compared: Compared): void {
  const { stack, context } = compared;
  const copies = stack.of(REPLICATION);
  for (const resource of databasesOf(stack)) {
    if (typeKey(resource.type) !== "aws:rds/instance:Instance") continue;
    if (copies.some(({ props }) => !isSame(props.get("region").string ?? "", targets.home)))
      continue;
    context.report(
      `${nameOf(resource)} has no InstanceAutomatedBackupsReplication to another region; ${leaves(backup)}.`,
      resource.urn,
    );
  }
  evaluateBuckets(backup, targets, compared);
}

const BUCKET_COPIES = "aws:s3/bucketReplicationConfig:BucketReplicationConfig";

/**
 * Only for S3 buckets: Google's are replicated by their location, Kafka events by a mirror there.
 */
function evaluateReplication(backup: Backup, { system, stack, context }: Compared): void {
  const bucket = bucketsOf(stack).find(({ name }) => name === backup.of);
  if (bucket === undefined || !bucket.resource.type.startsWith("aws:")) return;
  const config = stack
    .of(BUCKET_COPIES)
    .find(({ props }) => isOf(props.get("bucket"), bucket.name));
  if (config !== undefined) return;
  context.report(
    `${nameOf(bucket.resource)} is not replicated to another region (BucketReplicationConfig); ${demandedBy(system, backup)}.`,
    bucket.resource.urn,
  );
}

const isOf = (value: StackResource["props"], name: string): boolean =>
  value.isUnknown || value.string === name;

export const apartness: readonly Policy[] = [
  {
    ...recovery,
    name: "runbook-backup-apart",
    title: "Backups are stored in a second region",
    clause: { reference: "PO-02; AE-10; P5-08" },
    severity: "high",
    prevents: "The region is lost, and the backups with it.",
    description:
      "In production, backups that the runbook requires in a second region are written to a bucket there, or copied there by RDS or S3.",
    remediation:
      "Put the bucket in a different region than the cluster (in this project runstack:backupRegion), and add an InstanceAutomatedBackupsReplication or BucketReplicationConfig for backups that stay.",
    enforcement: ONLY_IN_PRODUCTION,
    check: compare(apart),
  },
];
