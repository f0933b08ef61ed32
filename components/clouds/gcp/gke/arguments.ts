import type { MaintenanceWindow } from "../../../../systems/model";
import type { NodePool } from "../../../cluster/contract";

export interface GkeArguments {
  /**
   * The cluster's name, unique in its project and region: at most 40 lower-case letters, digits and
   * hyphens. Network and account are named after it. Changing it replaces the cluster.
   */
  readonly clusterName: string;
  /** The project's id, which must exist with billing and the Service Usage API. */
  readonly project: string;
  readonly region: string;
  /** Three zones of the region, such as `us-central1-a`. */
  readonly zones: readonly string[];
  /**
   * A Kubernetes minor version (`1.35`) that the channel offers. The cluster is created with its newest
   * patch and patched by Google in the maintenance window; Google leaves the minor version alone until
   * its support ends. A higher one here raises the control plane in the same
   * `pulumi up`. A lower one changes nothing: Google never lowers it.
   */
  readonly version: string;
  readonly network: GkeNetwork;
  /**
   * The pool for the platform. As many nodes as are said here, one or two, or a multiple of the number
   * of zones.
   */
  readonly systemPool: { readonly size: string; readonly nodes: number };
  /**
   * The pools for the system's workloads, the first of which takes whatever names no pool. A pool's
   * numbers are of all its zones together; one that begins at zero has nodes while pods ask for them.
   */
  readonly pools: readonly NodePool[];
  /**
   * When Google patches. It wants twelve hours a week in runs of four and more, so a shorter window is
   * repeated on the days after it.
   */
  readonly maintenance: Pick<MaintenanceWindow, "day" | "start" | "duration">;
  /**
   * A control plane in each of three zones; otherwise in the first zone only. Changing it replaces the
   * cluster and everything in it.
   */
  readonly highlyAvailable: boolean;
  /**
   * Networks that may reach the control plane's public address; must hold the one `pulumi up` runs from.
   * @default [] (no address at all: the DNS endpoint, which asks Google IAM for
   * `container.clusters.connect` first)
   */
  readonly controlPlaneAccess: readonly string[];
  /** Nothing that holds data, and nothing it stands on, can be deleted in one step. */
  readonly protect: boolean;
  /** The same for the pools, which hold nothing themselves. @default `protect` */
  readonly protectNodes?: boolean;
  /** Where nodes may pull the system's images from. */
  readonly imageRepositories: readonly ImageRepository[];
  /** Labels of the cloud's resources, for bills and searches; lower case, as Google wants them. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Private ranges that do not overlap. Changing one replaces the cluster; `vpc` alone may grow. */
export interface GkeNetwork {
  /** Of the nodes. */
  readonly vpc: string;
  /** Of the pods: 256 addresses a node. */
  readonly pods: string;
  readonly services: string;
  /** Of the managed databases and caches, /16 to /24. */
  readonly managed: string;
}

/** A Docker repository of Artifact Registry in the cluster's project. */
export interface ImageRepository {
  /** `gcr.io` in location `us` is what answers for images named `gcr.io/<project>/…`. */
  readonly name: string;
  readonly location: string;
  /**
   * Whether it is there already (another environment of the project made it) and is only read from.
   * @default false
   */
  readonly exists?: boolean;
}

/** Removal takes two steps: first `protect` becomes false and is applied, then the removal. */
export const kept = (protect: boolean): { readonly deletionPolicy: "PREVENT" | "DELETE" } => ({
  deletionPolicy: protect ? "PREVENT" : "DELETE",
});
