import type * as pulumi from "@pulumi/pulumi";
import type { Duration, Size } from "../../../../systems/units";
import type { AwsPlacement } from "../../../cluster/contract";
import type { ParameterArguments } from "./parameters";
import type { WindowArguments } from "./window";
import { inGib } from "../../../postgres/rules";

export interface RdsPostgresArguments extends ParameterArguments, WindowArguments {
  /**
   * The instance's name at Amazon; replicas append `-read-N`. Changed in place, and with it the host.
   */
  readonly identifier: string;
  /** `"15"` follows minor versions in the maintenance window; `"15.18"` stays there. */
  readonly version: string;
  /** Such as `db.m7g.large`. Changed in the next maintenance window, with a failover. */
  readonly instanceClass: string;
  /** Whole GiB from 20. It never shrinks; while it grows by itself, to twice that, later changes have no effect. */
  readonly storage: Size;
  /** WARNING: another name replaces the instance and its data. */
  readonly database: string;
  /** The master user. WARNING: another name replaces the instance and its data. */
  readonly owner: string;
  /** A standby in another zone takes over by itself. */
  readonly highlyAvailable: boolean;
  /** 0 to 15. Fewer than before takes two steps where `protect` is set. */
  readonly readReplicas: number;
  /** RDS Proxy, for the primary only: Amazon connects none to a replica. */
  readonly pooling: boolean;
  /** 1 to 35 days. */
  readonly pointInTimeRecovery: Duration;
  /** What the runbook demands of it. @default a day */
  readonly leastRetention?: Duration;
  readonly placement: AwsPlacement;
  /** Addresses of the network that the instance is put into, for network policies. */
  readonly cidr: string;
  /** A copy of the automated backups in another region, as old as the ones here. @default none */
  readonly recovery?: { readonly region: string };
  /**
   * Makes the instance a replica of one in another region. To promote it, leave this out: it becomes
   * a primary of its own for good, gets a password of its own, backups, pooler and replicas.
   * @default a primary
   */
  readonly replicaOf?: {
    readonly arn: pulumi.Input<string>;
    readonly username: pulumi.Input<string>;
    readonly password: pulumi.Output<string>;
    readonly database: pulumi.Input<string>;
  };
  /** Another value makes another password, at once. @default "1" */
  readonly rotation?: string;
  /**
   * Allows a change of `version` to another major one, and applies what has changed at once instead
   * of in the next window: the old parameter group could not be removed before.
   * @default false
   */
  readonly majorUpgrade?: boolean;
  /** @default none besides the provider's own */
  readonly tags?: Readonly<Record<string, string>>;
  /**
   * A last snapshot is made, and the automated backups stay, when the instance is removed. Set it
   * where `protect` is turned off in order to remove a database whose data still matter.
   * @default the value of `protect`
   */
  readonly keepBackups?: boolean;
  /** Removal takes two deliberate steps. */
  readonly protect: boolean;
}

/** GiB up to which the storage grows by itself. */
export const mostGib = ({ storage }: Pick<RdsPostgresArguments, "storage">): number =>
  inGib(storage) * 2;
