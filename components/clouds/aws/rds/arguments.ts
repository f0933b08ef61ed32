import type * as pulumi from "@pulumi/pulumi";
import type { Duration, Size } from "../../../../systems/units";
import type { AwsPlacement } from "../../../cluster/contract";
import type { ParameterArguments } from "./parameters";
import type { WindowArguments } from "./window";
import { inGib } from "../../../postgres/rules";

export interface RdsPostgresArguments extends ParameterArguments, WindowArguments {
  /**
   * The identifier; replicas append `-read-N`. WARNING: changing it replaces the instance and its data: Amazon could
   * rename it in place, but another name here means another incarnation.
   */
  readonly identifier: string;
  /** With `"15"`, minor versions are upgraded in the maintenance window; `"15.18"` stays fixed. */
  readonly version: string;
  /** Such as `db.m7g.large`. Changed in the next maintenance window, with a failover. */
  readonly instanceClass: string;
  /**
   * Whole GiB, at least 20. It never shrinks, and grows automatically to twice that; once it has
   * grown, changes here have no effect.
   */
  readonly storage: Size;
  /** WARNING: changing it replaces the instance and its data. */
  readonly database: string;
  /** The master user. WARNING: changing it replaces the instance and its data. */
  readonly owner: string;
  /** A standby in another zone, with automatic failover. */
  readonly highlyAvailable: boolean;
  /** 0 to 15. With `protect`, removing one takes two steps. */
  readonly readReplicas: number;
  /** RDS Proxy, for the primary only: Amazon does not support it for replicas. */
  readonly pooling: boolean;
  /** 1 to 35 days. */
  readonly pointInTimeRecovery: Duration;
  /** The runbook's minimum. @default a day */
  readonly leastRetention?: Duration;
  readonly placement: AwsPlacement;
  /** CIDRs of the instance's network, for network policies. */
  readonly cidr: string;
  /** A copy of the automated backups in another region, with the same retention. @default none */
  readonly recovery?: { readonly region: string };
  /**
   * Makes the instance a replica of one in another region. Remove it to promote the replica: it
   * permanently becomes an independent primary, with its own password, backups, pooler and
   * replicas.
   * @default a primary
   */
  readonly replicaOf?: {
    readonly arn: pulumi.Input<string>;
    readonly username: pulumi.Input<string>;
    readonly password: pulumi.Output<string>;
    readonly database: pulumi.Input<string>;
  };
  /**
   * Starts with the data of another instance, or of a backup; used only at creation. It has the KMS key of its source
   * for ever: Amazon takes no other one. The owner gets this stack's password, which the provider sets after the restore.
   * @default empty
   */
  readonly restoreFrom?: RdsSource;
  /** Changing it generates a new password, immediately. @default "1" */
  readonly rotation?: string;
  /**
   * Allows a major version upgrade, and applies changes immediately instead of in the next window:
   * otherwise the old parameter group could not be deleted.
   * @default false
   */
  readonly majorUpgrade?: boolean;
  /** @default only the provider's own */
  readonly tags?: Readonly<Record<string, string>>;
  /**
   * Takes a final snapshot and keeps the automated backups when the instance is deleted. Set it
   * when you turn off `protect` to remove a database whose data you still need.
   * @default the value of `protect`
   */
  readonly keepBackups?: boolean;
  /** A removal takes two deliberate steps. */
  readonly protect: boolean;
  /**
   * What a replacement keeps: Amazon's own protection of the instance, and Pulumi's of the key of the copied backups.
   * Set it when you turn off `protect` for a replacement only, so that the new instance is never without.
   * @default the value of `protect`
   */
  readonly deletionProtection?: boolean;
}

/** What an instance is restored from. */
export type RdsSource =
  /** An instance in the same region that still exists. */
  | { readonly instance: string; readonly time?: string }
  /** ARN of automated backups, which outlive the instance or were copied from another region. */
  | { readonly backups: string; readonly time?: string }
  /** ARN of a snapshot. */
  | { readonly snapshot: string };

export const deletionProtectionOf = ({
  protect,
  deletionProtection = protect,
}: Pick<RdsPostgresArguments, "protect" | "deletionProtection">): boolean => deletionProtection;

/** Limit in GiB for automatic growth of the storage. */
export const mostGib = ({ storage }: Pick<RdsPostgresArguments, "storage">): number =>
  inGib(storage) * 2;
