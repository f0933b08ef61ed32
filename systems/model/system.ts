/** The whole of one system. */
import type { AccessRole, Cluster, Namespaces } from "./cluster";
import type { Appliance, Bucket, Cache, Database, EventBus, Secret } from "./data";
import type { Edge, Failover } from "./edge";
import type { CloudName, Element } from "./element";
import type { Alert, Dashboard, Observability, Slo } from "./objectives";
import type {
  Backup,
  Finding,
  Incidents,
  MaintenanceWindow,
  PolicyException,
  RecoveryObjective,
  Validation,
} from "./operations";
import type { Service } from "./services";

/** One system, as its runbook describes it. */
export interface System extends Element {
  /** Used in stack files and resource names. */
  readonly id: string;
  readonly title: string;
  readonly runbook: {
    readonly title: string;
    readonly version?: string;
    readonly updated?: string;
  };
  /* * Requirements of this runbook, by an id with its own prefix such as `TC-01`. Every element names those that it
   * implements, and each must be implemented. Without requirements, elements only name a heading.
   */
  readonly requirements?: Readonly<Record<string, string>>;
  /** The runbook's cloud and region: the default, not the only choice. */
  readonly home: Element & {
    readonly cloud: CloudName;
    readonly region: string;
    /** The provider's project, if it has one and the runbook names it. */
    readonly project?: string;
    readonly recoveryRegion?: string;
  };
  readonly cluster: Cluster;
  readonly namespaces: Namespaces;
  /** Kubernetes roles for people, in addition to those of workloads. */
  readonly access?: readonly AccessRole[];
  readonly services: readonly Service[];
  readonly databases: readonly Database[];
  readonly caches: readonly Cache[];
  readonly eventBuses: readonly EventBus[];
  /** Vector stores and model servers that the system runs in addition to its services. */
  readonly appliances: readonly Appliance[];
  /** Object storage that the system writes to, or that its backups refer to by name. */
  readonly buckets?: readonly Bucket[];
  readonly edge: Edge;
  /** How traffic moves to `home.recoveryRegion`; absent if the runbook has no second region. */
  readonly failover?: Failover;
  readonly secrets: readonly Secret[];
  readonly slos: readonly Slo[];
  readonly alerts: readonly Alert[];
  readonly dashboards: readonly Dashboard[];
  readonly backups: readonly Backup[];
  readonly recovery: readonly RecoveryObjective[];
  readonly maintenance: MaintenanceWindow;
  readonly incidents: Incidents;
  readonly validations: readonly Validation[];
  readonly observability: Observability;
  /** Contradictions in the runbook, and values that are no longer available. */
  readonly findings: readonly Finding[];
  /** Policy violations that the findings justify. */
  readonly exceptions?: readonly PolicyException[];
}
