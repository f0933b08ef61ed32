import type { MaintenanceWindow, Range } from "../../../../systems/model";
import type { EksVersions } from "../../../../versions";

export interface EksArguments {
  /**
   * Unique in the account and region; at most 27 characters, because the edge's load balancer is
   * named after it. A change replaces the cluster and everything in it.
   */
  readonly clusterName: string;
  /** The region of the AWS provider, too: `us-east-1`. */
  readonly region: string;
  /**
   * Three zones by their whole names, `us-east-1a`. A change replaces subnets and so the cluster.
   * EKS has no control plane in a few zones (`use1-az3`, which many accounts see as `us-east-1e`).
   */
  readonly zones: readonly string[];
  /** A minor version, `1.35`: raised one at a time, never lowered. */
  readonly version: string;
  /**
   * `vpc` is a /16 to /20, because pods take addresses of it; `services` is a range of its own.
   * A change of either replaces the cluster.
   */
  readonly network: { readonly vpc: string; readonly services: string };
  /** The nodes of the platform: a fixed number, over the three zones. */
  readonly systemPool: { readonly size: string; readonly nodes: number };
  /**
   * The nodes of the system's workloads. Each instance type is a node group of its own over the
   * three zones, which share `nodes`: a change of type is a new group beside the old one, which is
   * drained and removed afterwards.
   */
  readonly pools: readonly EksPool[];
  /** For reading only: EKS patches a control plane when it likes, without interruption. */
  readonly maintenance: Pick<MaintenanceWindow, "day" | "start">;
  /**
   * A way out to the internet and endpoints of AWS in each zone, replicated controllers, and volumes
   * that are kept when their claims are deleted.
   */
  readonly highlyAvailable: boolean;
  /**
   * Who may reach the control plane besides the network itself, as CIDR ranges. Public ones do so
   * over the internet. Private ones are of networks that are connected to this one, by peering or a
   * VPN. Without a public one there is only the private endpoint: the first `pulumi up`, which makes
   * the network, can then not go on from anywhere, so begin with one and take it away later.
   */
  readonly controlPlaneAccess: readonly string[];
  /**
   * ARNs of the IAM roles and users who administrate the cluster. Whoever creates it has no rights
   * in it by that: the principal that runs `pulumi up` must be among these, or every object in the
   * cluster fails as unauthorized.
   */
  readonly administrators: readonly string[];
  /**
   * How long the control plane's logs are kept, audit logs included; in days, of CloudWatch's
   * values. At least 90 where `protect` is set.
   * @default 90
   */
  readonly auditRetentionDays?: number;
  /** Guards what cannot be made again: key, cluster, network, its outgoing addresses and logs. */
  readonly protect: boolean;
  /** An OCI registry that mirrors the charts. */
  readonly chartMirror: string | undefined;
  /**
   * Versions of add-ons that differ from the ones known to work, `vX.Y.Z-eksbuild.N`. They are
   * changed in place.
   * @default {} (those of `EKS` in versions.ts for the cluster's version)
   */
  readonly addonVersions?: Partial<EksVersions["addons"]>;
}

export interface EksPool {
  /** The value of the nodes' label, by which workloads choose. */
  readonly name: string;
  /** Instance types. */
  readonly sizes: readonly string[];
  /**
   * Of the whole pool. The autoscaler moves between them; raise `min` only to what runs already, and
   * refresh before, because EKS refuses a minimum above the number that the state remembers.
   */
  readonly nodes: Range;
}

/** CloudWatch's own list of retentions, in days. */
export const RETENTIONS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
];

/** What the runbooks keep audit logs for, and the least that production may. */
export const AUDIT_DAYS = 90;
