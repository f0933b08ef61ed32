import { gcp } from "../../../../settings/clouds/gcp";
import type { MaintenanceWindow } from "../../../../systems/model";
import type { Duration, Size } from "../../../../systems/units";
import { ENGINES } from "../../../../versions";
import type { GooglePlacement } from "../../../cluster/contract";

export interface CloudSqlPostgresArguments {
  /**
   * The instance's name, unique in its project; replicas append `-read-N`. WARNING: changing it
   * replaces the instance and its data.
   */
  readonly identifier: string;
  /** WARNING: changing the region or project replaces the instance and its data. */
  readonly placement: GooglePlacement;
  /** Major version; changing it is an upgrade in place, with minutes of downtime. @default "15" */
  readonly version?: string;
  /** `db-custom-<vCPU>-<MiB>`. */
  readonly tier: string;
  /** Initial size in whole GiB, at least 10; it grows to twice that, and never shrinks. */
  readonly storage: Size;
  /** WARNING: changing it creates another, empty database next to the old one. */
  readonly database: string;
  /** WARNING: changing it creates another user next to the old one, who owns nothing. */
  readonly owner: string;
  /** A standby in another zone, with automatic failover and the same address. */
  readonly highlyAvailable: boolean;
  /** 0 to 10. With `protect`, removing one takes two steps. */
  readonly readReplicas: number;
  /** The runbook's server settings, by PostgreSQL's names ("flags" at Google). */
  readonly parameters: Readonly<Record<string, string>>;
  /** For `setup`: `CREATE EXTENSION` is SQL. @default none */
  readonly extensions?: readonly string[];
  /** 1 to 7 days. */
  readonly pointInTimeRecovery: Duration;
  /** The runbook's minimum. @default a day */
  readonly leastRetention?: Duration;
  /** Google may restart the server in the hour from here; backups run in the four hours before. */
  readonly maintenance: Pick<MaintenanceWindow, "day" | "start">;
  /** The range for private services, for network policies. */
  readonly cidr: string;
  /** Changing it generates a new password, immediately. @default "1" */
  readonly rotation?: string;
  /** @default only the provider's own */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Takes a final backup and keeps the daily ones when the instance is deleted. Set it when you
   * turn off `protect` to remove a database whose data you still need.
   * @default the value of `protect`
   */
  readonly keepBackups?: boolean;
  /** A removal takes two deliberate steps. */
  readonly protect: boolean;
}

/** Always set, because PostgreSQL 16 and later default to the more expensive edition. */
export const EDITION = "ENTERPRISE";
/** Daily backups; each day of point-in-time recovery needs one before it. */
export const KEPT_BACKUPS = gcp.backupDays;

/** The arguments with defaults filled in. */
export type CloudSql = CloudSqlPostgresArguments &
  Required<Pick<CloudSqlPostgresArguments, "version" | "keepBackups">>;

export const withDefaults = (args: CloudSqlPostgresArguments): CloudSql => ({
  ...args,
  version: args.version ?? ENGINES.gcp.postgres,
  keepBackups: args.keepBackups ?? args.protect,
});
