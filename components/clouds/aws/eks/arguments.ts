import type { MaintenanceWindow, Range } from "../../../../systems/model";

export interface EksArguments {
  /**
   * Unique in the account and region; at most 27 characters, because the gateway's load balancer is
   * named after it. Changing it replaces the cluster and everything in it.
   */
  readonly clusterName: string;
  /** Also the region of the AWS provider: `us-east-1`. */
  readonly region: string;
  /**
   * Three zones by their full names, `us-east-1a`. Changing them replaces subnets and so the
   * cluster. EKS has no control plane in a few zones (`use1-az3`, which many accounts see as
   * `us-east-1e`).
   */
  readonly zones: readonly string[];
  /** A minor version, `1.35`: upgraded one at a time, never downgraded. */
  readonly version: string;
  /**
   * `vpc` is a /16 to /20, because pods get addresses from it; `services` is a separate range.
   * Changing either replaces the cluster.
   */
  readonly network: { readonly vpc: string; readonly services: string };
  /** The platform's nodes: a fixed number, over the three zones. */
  readonly systemPool: { readonly size: string; readonly nodes: number };
  /**
   * The nodes of the system's workloads. Each instance type is a node group over the three zones,
   * and the groups share `nodes`: changing the type creates a new group next to the old one, which
   * is then drained and removed.
   */
  readonly pools: readonly EksPool[];
  /** Informational only: EKS patches the control plane at any time, without interruption. */
  readonly maintenance: Pick<MaintenanceWindow, "day" | "start">;
  /**
   * For production: NAT and AWS endpoints in each zone, replicated controllers, and volumes that
   * are kept when their claims are deleted.
   */
  readonly highlyAvailable: boolean;
  /**
   * CIDR ranges that may reach the control plane, besides the network itself. Public ranges connect
   * over the internet, private ones from peered networks or a VPN. Without a public one there is
   * only the private endpoint: then the first `pulumi up`, which creates the network, cannot
   * continue from outside, so start with a public range and remove it later.
   */
  readonly controlPlaneAccess: readonly string[];
  /**
   * ARNs of the IAM roles and users that administer the cluster. Its creator has no permissions by
   * default: the principal that runs `pulumi up` must be one of them, or every object in the
   * cluster fails as unauthorized.
   */
  readonly administrators: readonly string[];
  /** Protects what cannot be recreated: key, cluster, network, its outgoing addresses and logs. */
  readonly protect: boolean;
  /** An OCI registry that mirrors the charts. */
  readonly chartMirror: string | undefined;
}

export interface EksPool {
  /** The value of the nodes' label that workloads select. */
  readonly name: string;
  /** Instance types. */
  readonly sizes: readonly string[];
  /**
   * Of the whole pool. The autoscaler moves between them. Raise `min` only to the number that
   * already runs, and refresh first, because EKS rejects a minimum above the number in the state.
   */
  readonly nodes: Range;
}

/** How long logs are kept: the runbooks' retention of audit logs. */
export const AUDIT_DAYS = 90;
