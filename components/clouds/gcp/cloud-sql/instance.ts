import * as sql from "@pulumi/gcp/sql";
import type { input } from "@pulumi/gcp/types";
import * as pulumi from "@pulumi/pulumi";
import { EDITION, KEPT_BACKUPS, type CloudSql } from "./arguments";
import { windowsOf } from "./window";
import { inDays, inGib } from "../../../postgres/rules";

type Settings = input.sql.DatabaseInstanceSettings;

/**
 * The provider's own timeouts, which a large restore needs; set here because a default may change.
 */
const TIMEOUTS = { create: "90m", update: "90m", delete: "90m" };

/** Retention of the final backup, in days. */
const FINAL_BACKUP_DAYS = 30;

/**
 * The log settings of the CIS benchmark for Google Cloud (section 6.2): connections, lock waits,
 * schema changes. Statements are not logged with their duration, because they contain values. The
 * runbook's settings take precedence.
 */
const FLAGS = {
  "cloudsql.enable_pgaudit": "on",
  log_checkpoints: "on",
  log_connections: "on",
  log_disconnections: "on",
  log_lock_waits: "on",
  log_min_duration_statement: "-1",
  log_statement: "ddl",
  log_temp_files: "0",
} as const;

export function createPrimary(
  name: string,
  args: CloudSql,
  options: pulumi.CustomResourceOptions,
): sql.DatabaseInstance {
  const { backup, day, hour } = windowsOf(args);
  return new sql.DatabaseInstance(
    name,
    {
      ...everyInstance(args, args.identifier),
      ...(args.keepBackups ? { finalBackupDescription: `${args.identifier}: at its removal` } : {}),
      settings: {
        ...everySettings(args),
        availabilityType: args.highlyAvailable ? "REGIONAL" : "ZONAL",
        backupConfiguration: {
          enabled: true,
          startTime: backup,
          location: args.placement.region,
          pointInTimeRecoveryEnabled: true,
          transactionLogRetentionDays: inDays(args.pointInTimeRecovery),
          backupRetentionSettings: { retainedBackups: KEPT_BACKUPS, retentionUnit: "COUNT" },
        },
        retainBackupsOnDelete: args.keepBackups,
        finalBackupConfig: args.keepBackups
          ? { enabled: true, retentionDays: FINAL_BACKUP_DAYS }
          : { enabled: false },
        maintenanceWindow: { day, hour, updateTrack: "stable" },
        passwordValidationPolicy: {
          enablePasswordPolicy: true,
          minLength: 16,
          complexity: "COMPLEXITY_DEFAULT",
        },
      },
    },
    instanceOptions(args, options),
  );
}

/** A replica has no backups, maintenance or passwords of its own; these are the primary's. */
export function createReplica(
  name: string,
  args: CloudSql,
  primary: sql.DatabaseInstance,
  identifier: string,
  options: pulumi.CustomResourceOptions,
): sql.DatabaseInstance {
  return new sql.DatabaseInstance(
    name,
    {
      ...everyInstance(args, identifier),
      masterInstanceName: primary.name,
      settings: { ...everySettings(args), availabilityType: "ZONAL" },
    },
    instanceOptions(args, options),
  );
}

/** Three layers of protection: Pulumi's, the provider's, and Google's own in the settings. */
function everyInstance(args: CloudSql, identifier: string) {
  const { placement, version, protect } = args;
  return {
    name: identifier,
    project: placement.project,
    region: placement.region,
    databaseVersion: `POSTGRES_${version}`,
    deletionProtection: protect,
    deletionPolicy: protect ? "PREVENT" : "DELETE",
  };
}

function everySettings(args: CloudSql): Settings {
  const { placement, parameters, storage, protect } = args;
  const flags: Readonly<Record<string, string>> = { ...FLAGS, ...parameters };
  return {
    edition: EDITION,
    tier: args.tier,
    activationPolicy: "ALWAYS",
    connectorEnforcement: "NOT_REQUIRED",
    deletionProtectionEnabled: protect,
    diskType: "PD_SSD",
    diskSize: inGib(storage),
    diskAutoresize: true,
    diskAutoresizeLimit: inGib(storage) * 2,
    databaseFlags: Object.keys(flags)
      .sort()
      .map((flag) => ({ name: flag, value: flags[flag] ?? "" })),
    insightsConfig: {
      queryInsightsEnabled: true,
      queryStringLength: 1024,
      queryPlansPerMinute: 5,
      recordApplicationTags: true,
      recordClientAddress: false,
    },
    ipConfiguration: {
      // The default is true.
      ipv4Enabled: false,
      privateNetwork: placement.networkId,
      allocatedIpRange: placement.peeringRange,
      sslMode: "ENCRYPTED_ONLY",
      serverCaMode: "GOOGLE_MANAGED_INTERNAL_CA",
    },
    userLabels: { ...args.labels },
  };
}

/** No input refers to the peering, without which there is no private address. */
const instanceOptions = (
  { placement, protect }: CloudSql,
  options: pulumi.CustomResourceOptions,
): pulumi.CustomResourceOptions =>
  pulumi.mergeOptions(options, {
    protect,
    customTimeouts: TIMEOUTS,
    dependsOn: [placement.peering],
    // The disk grows automatically: the initial size would shrink it, which means a replacement.
    ignoreChanges: ["settings.diskSize"],
  });
