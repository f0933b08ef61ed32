import * as rds from "@pulumi/aws/rds";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import {
  deletionProtectionOf,
  mostGib,
  type RdsPostgresArguments,
  type RdsSource,
} from "./arguments";
import { logGroup, type Surroundings } from "./surroundings";
import { windowsOf } from "./window";
import { inDays, inGib } from "../../../postgres/rules";
import { POSTGRES_PORT } from "../../../postgres/url";

/** Signs the servers' certificates until 2061 (RDS User Guide, "SSL/TLS certificate rotation"). */
const CERTIFICATE_AUTHORITY = "rds-ca-rsa2048-g1";

const LOGS = ["postgresql", "upgrade"] as const;

/**
 * Restoring a large database, or its final snapshot, takes longer than the provider's 40 minutes.
 */
const TIMEOUTS = { create: "90m", update: "120m", delete: "90m" };

/** The primary, or a replica in another region that can be promoted. */
export function createPrimary(
  name: string,
  args: RdsPostgresArguments & { readonly surroundings: Surroundings },
  password: pulumi.Output<string>,
  options: pulumi.CustomResourceOptions,
): rds.Instance {
  const { identifier, placement, surroundings, replicaOf } = args;
  return new rds.Instance(
    `${name}-instance`,
    {
      ...everyInstance(args, identifier),
      multiAz: args.highlyAvailable,
      dbSubnetGroupName: surroundings.subnetGroup.name,
      // A replica in another region than its source needs a key of its own region.
      kmsKeyId: placement.encryptionKeyArn,
      ...(replicaOf === undefined
        ? {
            ...ownDatabase(args, password),
            ...ownBackups(name, args, options),
            ...restored(args.restoreFrom),
          }
        : {
            replicateSourceDb: replicaOf.arn,
            // Not sent to Amazon; otherwise a promotion would request the source's version.
            engineVersion: args.version,
            backupRetentionPeriod: 0,
            // Amazon takes no final snapshot of a replica.
            skipFinalSnapshot: true,
          }),
    },
    pulumi.mergeOptions(instanceOptions(`${name}-log`, args, identifier, options), {
      ignoreChanges: [
        // Set at creation only; the provider would try to change it in every update.
        "engineLifecycleSupport",
        // The same; taking them out after a restore would replace the restored instance.
        "restoreToPointInTime",
        "snapshotIdentifier",
        // A restored instance has the key of its source.
        "kmsKeyId",
      ],
    }),
  );
}

/** A replica next to its primary inherits engine, storage, subnets and key: Amazon rejects them. */
export function createReplica(
  name: string,
  args: RdsPostgresArguments & { readonly surroundings: Surroundings },
  primary: rds.Instance,
  identifier: string,
  options: pulumi.CustomResourceOptions,
): rds.Instance {
  return new rds.Instance(
    name,
    {
      ...everyInstance(args, identifier),
      replicateSourceDb: primary.identifier,
      multiAz: false,
      backupRetentionPeriod: 0,
      skipFinalSnapshot: true,
    },
    instanceOptions(`${name}-log`, args, identifier, options),
  );
}

/** Common to primaries and replicas. */
function everyInstance(
  args: RdsPostgresArguments & { readonly surroundings: Surroundings },
  identifier: string,
): rds.InstanceArgs {
  const { surroundings, placement, majorUpgrade = false } = args;
  return {
    identifier,
    instanceClass: args.instanceClass,
    port: POSTGRES_PORT,
    storageType: "gp3",
    maxAllocatedStorage: mostGib(args),
    // Not inherited by a replica: without it, the next change would replace the replica.
    storageEncrypted: true,
    publiclyAccessible: false,
    vpcSecurityGroupIds: [surroundings.securityGroup.id],
    parameterGroupName: surroundings.parameterGroup.name,
    caCertIdentifier: CERTIFICATE_AUTHORITY,
    // Only roles with `rds_iam` in SQL can use it: for people, instead of a shared password.
    iamDatabaseAuthenticationEnabled: true,
    autoMinorVersionUpgrade: followsMinorVersions(args),
    allowMajorVersionUpgrade: majorUpgrade,
    applyImmediately: majorUpgrade,
    maintenanceWindow: windowsOf(args).maintenance,
    copyTagsToSnapshot: true,
    enabledCloudwatchLogsExports: [...LOGS],
    monitoringInterval: 60,
    monitoringRoleArn: surroundings.monitoringRole.arn,
    // A week of wait statistics for each query: the free part of Database Insights.
    databaseInsightsMode: "standard",
    performanceInsightsEnabled: true,
    performanceInsightsKmsKeyId: placement.encryptionKeyArn,
    performanceInsightsRetentionPeriod: 7,
    deletionProtection: deletionProtectionOf(args),
    tags: { ...args.tags },
  };
}

/** A fixed minor version must stay; Amazon accepts a bare major version only with upgrades. */
const followsMinorVersions = ({ version }: RdsPostgresArguments): boolean => !version.includes(".");

function ownDatabase(
  args: RdsPostgresArguments,
  password: pulumi.Output<string>,
): Partial<rds.InstanceArgs> {
  return {
    engine: "postgres",
    engineVersion: args.version,
    // Otherwise a version past its end of support stays, at an increasing price.
    engineLifecycleSupport: "open-source-rds-extended-support-disabled",
    allocatedStorage: inGib(args.storage),
    dbName: args.database,
    username: args.owner,
    password,
  };
}

/** Amazon takes the database's name from the source, and refuses it here. */
function restored(source: RdsSource | undefined): Partial<rds.InstanceArgs> {
  if (source === undefined) return {};
  if ("snapshot" in source) return { dbName: undefined, snapshotIdentifier: source.snapshot };
  const { time } = source;
  return {
    dbName: undefined,
    restoreToPointInTime: {
      ...("instance" in source
        ? { sourceDbInstanceIdentifier: source.instance }
        : { sourceDbInstanceAutomatedBackupsArn: source.backups }),
      // Amazon accepts times in UTC only.
      ...(time === undefined
        ? { useLatestRestorableTime: true }
        : { restoreTime: new Date(time).toISOString() }),
    },
  };
}

function ownBackups(
  name: string,
  args: RdsPostgresArguments,
  options: pulumi.CustomResourceOptions,
): Partial<rds.InstanceArgs> {
  const { identifier, keepBackups = args.protect } = args;
  return {
    backupRetentionPeriod: inDays(args.pointInTimeRecovery),
    backupWindow: windowsOf(args).backup,
    deleteAutomatedBackups: !keepBackups,
    skipFinalSnapshot: !keepBackups,
    ...(keepBackups
      ? { finalSnapshotIdentifier: finalSnapshot(`${name}-final-snapshot`, identifier, options) }
      : {}),
  };
}

/** Must differ from the name of an earlier snapshot, which may still exist. */
function finalSnapshot(
  name: string,
  identifier: string,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const unique = new random.RandomId(name, { byteLength: 4, keepers: { identifier } }, options);
  return pulumi.interpolate`${identifier}-final-${unique.hex}`;
}

/** With the log groups that the instance will write to. */
function instanceOptions(
  name: string,
  args: RdsPostgresArguments & { readonly surroundings: Surroundings },
  identifier: string,
  options: pulumi.CustomResourceOptions,
): pulumi.CustomResourceOptions {
  const logs = LOGS.map((log) =>
    logGroup(
      `${name}-${log}`,
      { ...args, path: `/aws/rds/instance/${identifier}/${log}` },
      options,
    ),
  );
  return pulumi.mergeOptions(options, {
    protect: args.protect,
    // Otherwise renamed in place: then nothing is restored, and no protection asks.
    replaceOnChanges: ["identifier"],
    customTimeouts: TIMEOUTS,
    dependsOn: [...logs, ...args.surroundings.before],
  });
}
