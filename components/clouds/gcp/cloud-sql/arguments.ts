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
  /**
   * What the server may be and how long its log is kept; set always, because PostgreSQL 16 and later
   * would otherwise be of the costlier edition.
   * @default "ENTERPRISE"
   */
  readonly edition?: "ENTERPRISE" | "ENTERPRISE_PLUS";
  /** `db-custom-<vCPU>-<MiB>`, or in ENTERPRISE_PLUS `db-perf-optimized-N-<vCPU>`. */
  readonly tier: string;
  /** Whole GiB from 10, when it is made; from then on the disk grows by itself and never shrinks. */
  readonly storage: Size;
  /** Up to here the disk grows. @default twice `storage` */
  readonly maxStorage?: Size;
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
  /** 1 to 7 days, in ENTERPRISE_PLUS to 35. */
  readonly pointInTimeRecovery: Duration;
  /** What the runbook demands of it. @default a day */
  readonly leastRetention?: Duration;
  /** How many daily backups are kept, 1 to 365, and no fewer than days of recovery. @default 30 */
  readonly keptBackups?: number;
  /** Google restarts the server in the hour from here, if it has to. */
  readonly maintenance: Pick<MaintenanceWindow, "day" | "start">;
  /**
   * `HH:MM`, UTC: when the four hours begin in which the daily backup is made.
   * @default four hours before the maintenance window
   */
  readonly backupStart?: string;
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

/** With its defaults. */
export type CloudSql = CloudSqlPostgresArguments &
  Required<Pick<CloudSqlPostgresArguments, "version" | "edition" | "keptBackups" | "keepBackups">>;

export const withDefaults = (args: CloudSqlPostgresArguments): CloudSql => ({
  ...args,
  version: args.version ?? ENGINES.gcp.postgres,
  edition: args.edition ?? "ENTERPRISE",
  keptBackups: args.keptBackups ?? 30,
  keepBackups: args.keepBackups ?? args.protect,
});
