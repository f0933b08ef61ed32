import type { MaintenanceWindow, Range } from "../../../../systems/model";

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
  /** Guards what cannot be made again: key, cluster, network, its outgoing addresses and logs. */
  readonly protect: boolean;
  /** An OCI registry that mirrors the charts. */
  readonly chartMirror: string | undefined;
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

/** How long logs are kept: what the runbooks keep audit logs for. */
export const AUDIT_DAYS = 90;
