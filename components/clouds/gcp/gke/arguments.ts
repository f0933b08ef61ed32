import type { MaintenanceWindow } from "../../../../systems/model";
import type { NodePool } from "../../../cluster/contract";

export interface GkeArguments {
  /**
   * The cluster's name, unique in its project and region: at most 40 lower-case letters, digits and
   * hyphens. Network and service account are named after it. Changing it replaces the cluster.
   */
  readonly clusterName: string;
  /** The id of an existing project, with billing and the Service Usage API enabled. */
  readonly project: string;
  readonly region: string;
  /** Three zones of the region, such as `us-central1-a`. */
  readonly zones: readonly string[];
  /**
   * A Kubernetes minor version (`1.35`) that the release channel offers. The cluster is created
   * with its latest patch and patched by Google in the maintenance window; Google keeps the minor
   * version until its support ends. A higher version here upgrades the control plane in the same
   * `pulumi up`. A lower one has no effect: Google never downgrades.
   */
  readonly version: string;
  readonly network: GkeNetwork;
  /**
   * The platform's pool. A fixed number of nodes: one, two, or a multiple of the number of zones.
   */
  readonly systemPool: { readonly size: string; readonly nodes: number };
  /**
   * The pools of the system's workloads; pods that name no pool run in the first. A pool's numbers
   * are for all its zones together; one with a minimum of zero has nodes only while pods need them.
   */
  readonly pools: readonly NodePool[];
  /**
   * When Google patches. Google requires twelve hours a week in windows of at least four hours, so
   * a shorter window is repeated on the following days.
   */
  readonly maintenance: Pick<MaintenanceWindow, "day" | "start" | "duration">;
  /**
   * A control plane in each of three zones; otherwise only in the first zone. Changing it replaces
   * the cluster and everything in it.
   */
  readonly highlyAvailable: boolean;
  /**
   * Networks that may reach the control plane's public address; must include the one that `pulumi
   * up` runs from.
   * @default [] (no public address: the DNS endpoint, for which Google IAM requires
   * `container.clusters.connect`)
   */
  readonly controlPlaneAccess: readonly string[];
  /** Nothing that holds data, nor anything it depends on, can be deleted in one step. */
  readonly protect: boolean;
  /** The same for the pools, which hold no data. @default `protect` */
  readonly protectNodes?: boolean;
  /** Repositories from which nodes may pull the system's images. */
  readonly imageRepositories: readonly ImageRepository[];
  /** Labels of the cloud's resources, for billing and search; lower case, as Google requires. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Private ranges without overlap. Changing one replaces the cluster; only `vpc` can grow. */
export interface GkeNetwork {
  /** For nodes. */
  readonly vpc: string;
  /** For pods: 256 addresses for each node. */
  readonly pods: string;
  readonly services: string;
  /** For managed databases and caches, /16 to /24. */
  readonly managed: string;
}

/** A Docker repository of Artifact Registry in the cluster's project. */
export interface ImageRepository {
  /** `gcr.io` in location `us` serves images named `gcr.io/<project>/…`. */
  readonly name: string;
  readonly location: string;
  /**
   * Whether it exists already (created by another environment of the project) and is only read
   * from.
   * @default false
   */
  readonly exists?: boolean;
}

/** A removal takes two steps: first apply `protect: false`, then remove it. */
export const kept = (protect: boolean): { readonly deletionPolicy: "PREVENT" | "DELETE" } => ({
  deletionPolicy: protect ? "PREVENT" : "DELETE",
});
