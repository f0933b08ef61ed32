import type { MaintenanceWindow } from "../../../../systems/model";
import type { Duration, Size } from "../../../../systems/units";
import { ENGINES } from "../../../../versions";
import type { GooglePlacement } from "../../../cluster/contract";

export interface CloudSqlPostgresArguments {
  /**
   * The instance's name in its project; replicas append `-read-N`. WARNING: another name replaces the
   * instance and its data, and a name that was used may be refused for a week.
   */
  readonly identifier: string;
  /** WARNING: another region or project replaces the instance and its data. */
  readonly placement: GooglePlacement;
  /** Major version; another one is an upgrade in place, with minutes of downtime. @default "15" */
  readonly version?: string;
  /** `db-custom-<vCPU>-<MiB>`. */
  readonly tier: string;
  /**
   * Whole GiB from 10, when it is made; from then on the disk grows by itself, to twice
   that, and never shrinks.
   */
  readonly storage: Size;
  /** WARNING: another name makes another database, beside the old one and empty. */
  readonly database: string;
  /** WARNING: another name makes another user, beside the old one, who owns nothing. */
  readonly owner: string;
  /** A standby in another zone takes over by itself, at the same address. */
  readonly highlyAvailable: boolean;
  /** 0 to 10. Fewer than before takes two steps where `protect` is set. */
  readonly readReplicas: number;
  /** The runbook's settings of the server, by PostgreSQL's names ("flags" at Google). */
  readonly parameters: Readonly<Record<string, string>>;
  /** For `setup`: `CREATE EXTENSION` is SQL. @default none */
  readonly extensions?: readonly string[];
  /** 1 to 7 days. */
  readonly pointInTimeRecovery: Duration;
  /** What the runbook demands of it. @default a day */
  readonly leastRetention?: Duration;
  /**
   * Google restarts the server in the hour from here, if it has to. The daily backup is made in the four
   * hours before.
   */
  readonly maintenance: Pick<MaintenanceWindow, "day" | "start">;
  /** The range in which private services get their addresses, for network policies. */
  readonly cidr: string;
  /** Another value makes another password, at once. @default "1" */
  readonly rotation?: string;
  /** @default none besides the provider's own */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * A last backup is made, and the daily ones stay, when the instance is removed. Set it where
   * `protect` is turned off in order to remove a database whose data still matter.
   * @default the value of `protect`
   */
  readonly keepBackups?: boolean;
  /** Removal takes two deliberate steps. */
  readonly protect: boolean;
}

/** Set always, because PostgreSQL 16 and later would otherwise be of the costlier edition. */
export const EDITION = "ENTERPRISE";
/** Daily backups; the log of each day that can be restored needs one below it. */
export const KEPT_BACKUPS = 30;

/** With its defaults. */
export type CloudSql = CloudSqlPostgresArguments &
  Required<Pick<CloudSqlPostgresArguments, "version" | "keepBackups">>;

export const withDefaults = (args: CloudSqlPostgresArguments): CloudSql => ({
  ...args,
  version: args.version ?? ENGINES.gcp.postgres,
  keepBackups: args.keepBackups ?? args.protect,
});
