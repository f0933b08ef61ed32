/**
 * The vocabulary in which a runbook is written down: pure data, no Pulumi.
 *
 * Every element carries `clause`, the place in the runbook it comes from. Where a runbook leaves a
 * value open and we chose one, the element says so in `ours`: the attribute and the reason.
 * Names follow the field: Google's SRE workbook for objectives, Kubernetes' own names for its objects.
 */
import type { Cpu, Duration, Ratio, Size } from "./units";

/** Where an element comes from. */
export interface Clause {
  /** Requirement ids that the element realises, for example `TC-03`. */
  readonly ids: readonly string[];
  /** The runbook's heading, outermost first, for example `Architecture Overview / Topics`. */
  readonly heading: string;
}

export interface Element {
  readonly clause: Clause;
  /** Attributes that the runbook leaves open: the attribute's name and why we chose its value. */
  readonly ours?: Readonly<Record<string, string>>;
}

export type EnvironmentName = "prod" | "staging" | "dr";
export type CloudName = "digitalocean" | "aws" | "gcp" | "existing";

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
  /** The runbook's cloud and region: the default, not the only choice. */
  readonly home: Element & {
    readonly cloud: CloudName;
    readonly region: string;
    /** The provider's project, where it has one and the runbook names it. */
    readonly project?: string;
    readonly recoveryRegion?: string;
  };
  readonly cluster: Cluster;
  /** The namespace per environment (an environment without one shares `prod`'s name), and others. */
  readonly namespaces: Element & {
    readonly prod: string;
    readonly staging?: string;
    readonly monitoring?: string;
  };
  readonly services: readonly Service[];
  readonly databases: readonly Database[];
  readonly caches: readonly Cache[];
  readonly eventBuses: readonly EventBus[];
  /** Vector stores and model servers that the system runs beside its services. */
  readonly appliances: readonly Appliance[];
  readonly edge: Edge;
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
  /** Contradictions in the runbook itself, and values that the world no longer offers. */
  readonly findings: readonly Finding[];
}

export interface Cluster extends Element {
  readonly name: string;
  readonly pools: readonly (Element & {
    readonly name: string;
    /** Instance types the runbook fixes; absent where it leaves the choice to the stack. */
    readonly instanceTypes?: readonly string[];
    readonly nodes: Range;
  })[];
}

/** Inclusive on both ends. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

// Services ----------------------------------------------------------------------------------------

export interface Service extends Element {
  /** Short name, unique in the system: what topics, edges, alerts and secrets refer to. */
  readonly name: string;
  /** The Deployment's and the Service's name, as the runbook's commands use it. */
  readonly workload: string;
  readonly container: string;
  readonly purpose: string;
  readonly technology: string;
  /** Labels that the runbook selects pods by. */
  readonly labels: Readonly<Record<string, string>>;
  /** The repository without tag or digest where the runbook names one. Tags are configuration. */
  readonly image?: string;
  /** Absent for a worker that serves nothing but its probes. */
  readonly port?: number;
  readonly health: Probe;
  /** Endpoints besides the health path that operators use, for example `/stats`. */
  readonly endpoints?: readonly string[];
  readonly scaling: Scaling;
  readonly resources: Resources;
  readonly environment: readonly EnvironmentVariable[];
  readonly dapr?: Dapr;
  readonly sidecars?: readonly Sidecar[];
  readonly rollout: Rollout;
  /** Other services it calls; every pair here is an allowed network flow, all others are denied. */
  readonly calls: readonly string[];
  /** Names of the databases, caches and appliances it connects to by itself (not through Dapr). */
  readonly uses: readonly string[];
  /** Hosts outside the cluster it must reach, besides what `uses` implies. */
  readonly external?: readonly { readonly name: string; readonly port: number }[];
  /** Instance types its pods are required to run on. */
  readonly instanceTypes?: readonly string[];
}

export interface Probe {
  readonly path: string;
  readonly port: number;
}

export interface Scaling extends Element {
  readonly replicas: Range;
  readonly triggers: readonly ScalingTrigger[];
}

export type ScalingTrigger =
  | { readonly kind: "cpu"; readonly utilization: Ratio }
  | { readonly kind: "memory"; readonly utilization: Ratio }
  | { readonly kind: "requestRate"; readonly perSecondPerPod: number }
  | { readonly kind: "gauge"; readonly metric: string; readonly perPod: number }
  | {
      readonly kind: "lag";
      readonly topic: string;
      readonly group: string;
      readonly perPod: number;
    };

export interface Resources extends Element {
  readonly requests: { readonly cpu: Cpu; readonly memory: Size };
  /** No processor limit means the pod may use what its node has left. */
  readonly limits: { readonly cpu?: Cpu; readonly memory: Size };
  /** What the runbook allows to raise the limits to by configuration. */
  readonly stepUp?: { readonly cpu: Cpu; readonly memory: Size };
}

export interface EnvironmentVariable extends Element {
  readonly name: string;
  readonly from:
    | { readonly kind: "value"; readonly value: string }
    /** A key of a secret declared in `System.secrets`. */
    | { readonly kind: "secret"; readonly secret: string; readonly key: string }
    /** The in-cluster URL of another service. */
    | { readonly kind: "service"; readonly service: string }
    /** A stack configuration key, with the value to use when the stack does not set it. */
    | { readonly kind: "setting"; readonly default: string };
}

export interface Dapr extends Element {
  readonly appId: string;
  /** Services whose sidecars may call this one; all others are refused. */
  readonly invokedBy: readonly string[];
}

export interface Sidecar extends Element {
  readonly name: string;
  readonly purpose: string;
  readonly resources: Resources;
}

export type Rollout =
  | { readonly kind: "rolling" }
  | {
      readonly kind: "blueGreen";
      /** What is switched: the Service's selector, or the route's backend in another namespace. */
      readonly by: "selector" | "route";
      readonly watch: Duration;
      readonly readyWithin?: Duration;
    };

// Data services ------------------------------------------------------------------------------------

export interface Database extends Element {
  readonly name: string;
  readonly engine: "postgres";
  readonly version?: string;
  /** The runbook's way of running it: the default implementation, others by configuration. */
  readonly runs: "external" | "managed" | "operator";
  readonly database?: string;
  readonly owner?: string;
  readonly readReplicas?: number;
  readonly pooling?: boolean;
  readonly pointInTimeRecovery?: Duration;
  readonly extensions?: readonly string[];
  readonly parameters?: Readonly<Record<string, string>>;
  /** Name that pods must be able to resolve, beside the implementation's own. */
  readonly alias?: string;
  /** The secret and key under which workloads find the connection URL. */
  readonly url: { readonly secret: string; readonly key: string };
}

export interface Cache extends Element {
  readonly name: string;
  readonly engine: "redis" | "valkey";
  readonly version?: string;
  readonly runs: "managed" | "operator" | "external";
  readonly topology: "single" | "replicated" | "cluster";
  readonly use: readonly ("cache" | "state")[];
  /** Services that reach it through Dapr's state API; Dapr refuses the component to all others. */
  readonly throughDapr?: readonly string[];
  readonly alias?: string;
}

export interface EventBus extends Element {
  readonly name: string;
  readonly engine: "kafka";
  readonly version?: string;
  readonly runs: "managed" | "operator" | "external";
  readonly brokers: number;
  readonly authentication: "scram-sha-256" | "scram-sha-512" | "tls" | "iam";
  /** How services reach it: through Dapr's pub/sub or with a client of their own. */
  readonly through: "dapr" | "client";
  readonly topics: readonly Topic[];
  readonly alias?: string;
}

export interface Topic extends Element {
  readonly name: string;
  readonly partitions: number;
  readonly retention: Duration;
  readonly replication: number;
  readonly minInSync: number;
  readonly publishers: readonly string[];
  readonly consumers: readonly { readonly service: string; readonly group: string }[];
}

/** A vector store or a model server. */
export interface Appliance extends Element {
  readonly name: string;
  readonly engine: "qdrant" | "ollama";
  readonly version?: string;
  readonly storage: Size;
  readonly replicas: number;
}

// The edge -----------------------------------------------------------------------------------------

export interface Edge extends Element {
  /** The route's name, as the runbook's commands use it. */
  readonly route: string;
  /** Host names; `{domain}` stands for the stack's domain. */
  readonly hosts: readonly Host[];
  readonly certificate: { readonly name: string; readonly issuer: "letsencrypt" };
  readonly rateLimit: Element & { readonly perClientPerSecond: number };
  readonly hsts: Element & { readonly maxAge: Duration };
}

export interface Host extends Element {
  readonly host: string;
  readonly environment?: EnvironmentName;
  readonly routes: readonly {
    readonly path: string;
    readonly service: string;
    /** How long one request, or one WebSocket connection, may last. */
    readonly timeout: Duration;
    readonly websocket?: boolean;
  }[];
}

export interface Secret extends Element {
  /** The Kubernetes Secret's name. */
  readonly name: string;
  readonly keys: readonly (Element & {
    readonly key: string;
    readonly source:
      /** Given by the operator as secret configuration (or in the cloud's secret manager). */
      | { readonly kind: "given"; readonly what: string }
      /** Generated once and kept in the state as a secret; rotated by configuration. */
      | { readonly kind: "generated"; readonly length: number }
      /** Written by the component that creates the data service. */
      | { readonly kind: "derived"; readonly from: string };
  })[];
}

// Objectives and alerts ----------------------------------------------------------------------------

export type Indicator =
  /** Bad events over all events. */
  | { readonly kind: "availability" }
  | { readonly kind: "errorRate" }
  /** The share of requests that are answered within `threshold`. */
  | { readonly kind: "latency"; readonly threshold: Duration }
  /** A measured time that must stay below a bound, for example event latency or rollback time. */
  | { readonly kind: "time"; readonly of: string; readonly below: Duration };

export interface Slo extends Element {
  readonly name: string;
  /** The services it holds for. */
  readonly services: readonly string[];
  readonly indicator: Indicator;
  /** 0.999 for "three nines". */
  readonly objective: Ratio;
  /** The runbook's "critical" bound, in the indicator's own unit. */
  readonly critical?: Ratio | Duration;
  readonly window: Duration;
}

export type Severity = "critical" | "warning" | "info";

/** What is measured; the generator turns it into PromQL over the names in `observability`. */
export type Condition =
  | { readonly kind: "errorRate"; readonly above: Ratio }
  /** Failed requests a second, in absolute terms. */
  | { readonly kind: "errorsPerSecond"; readonly above: number }
  | { readonly kind: "latency"; readonly quantile: Ratio; readonly above: Duration }
  | { readonly kind: "restarts"; readonly above: number; readonly within: Duration }
  | { readonly kind: "gauge"; readonly metric: string; readonly above: number }
  | { readonly kind: "consumerLag"; readonly above: number }
  /** Age of the oldest unprocessed message, estimated from lag and consumption rate. */
  | { readonly kind: "processingLag"; readonly above: Duration }
  | {
      readonly kind: "usage";
      readonly of: "cpu" | "memory" | "disk" | "connections";
      readonly above: Ratio;
    }
  | { readonly kind: "hitRate"; readonly below: Ratio }
  | { readonly kind: "notReady"; readonly of: "pods" | "kafka" | "database" }
  | { readonly kind: "lockWait"; readonly above: number }
  | { readonly kind: "backupAge"; readonly of: string; readonly above: Duration }
  | { readonly kind: "certificateExpiry"; readonly within: Duration };

export interface Alert extends Element {
  /** The runbook's own name where it has one. Unique together with `severity`. */
  readonly name: string;
  readonly condition: Condition;
  /** How long the condition must hold. */
  readonly for: Duration;
  readonly severity: Severity;
  /** The runbook's incident level, for example `P1` or `SEV1`. */
  readonly level?: string;
  /** Limits the alert to one service; absent means every service of the system. */
  readonly service?: string;
  readonly summary: string;
  /** What the runbook says to do first. */
  readonly action: string;
}

export interface Dashboard extends Element {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly {
    readonly title: string;
    /** PromQL; `{namespace}` stands for the environment's namespace. */
    readonly query: string;
    readonly unit: "reqps" | "percentunit" | "s" | "bytes" | "short";
  }[];
}

/** Which metric names and labels the services export, and what else the runbook wants to see. */
export interface Observability extends Element {
  readonly metrics: {
    readonly requests: string;
    /** Selects failed requests: a matcher on `requests`, or a counter of its own. */
    readonly errors:
      | { readonly kind: "matcher"; readonly matcher: string }
      | { readonly kind: "counter"; readonly metric: string };
    readonly latency: string;
    /** Every other metric that alerts, dashboards or scaling of this system may name. */
    readonly others: readonly string[];
  };
  readonly logs: "loki" | "elasticsearch" | "none";
  readonly traces: "jaeger" | "tempo";
  readonly auditLogRetention?: Duration;
}

// Recovery and operations ----------------------------------------------------------------------------

export interface Backup extends Element {
  readonly name: string;
  /** The database, cache, event bus or `configuration` it covers. */
  readonly of: string;
  readonly method: "dump" | "wal" | "snapshot" | "provider" | "replication" | "manifests";
  /** The longest time between two recovery points. */
  readonly every: Duration;
  /** Cron expression in UTC, where the runbook fixes the hour. */
  readonly schedule?: string;
  readonly retention: Duration;
  readonly destination?: string;
}

export interface RecoveryObjective extends Element {
  /** A service, data service, or `system` for all of it. */
  readonly of: string;
  readonly rto: Duration;
  /** Absent where nothing of it is stored. */
  readonly rpo?: Duration;
}

export interface MaintenanceWindow extends Element {
  readonly day: "sunday" | "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday";
  /** `HH:MM`, UTC. */
  readonly start: string;
  readonly duration: Duration;
  readonly notice?: Duration;
  /** How long error rates are watched afterwards. */
  readonly watch?: Duration;
  readonly checklist: { readonly before: readonly string[]; readonly after: readonly string[] };
}

export interface Incidents extends Element {
  readonly levels: readonly {
    readonly level: string;
    readonly description: string;
    readonly respond?: Duration | "next business day";
    readonly escalate?: Duration | "next business day";
    /** The alert severity that opens an incident of this level. */
    readonly severity: Severity;
  }[];
  /** First to last. */
  readonly escalation: readonly string[];
  readonly channels: readonly (Element & {
    readonly kind: "pagerduty" | "slack" | "email";
    /** The Slack channel or address; absent where the runbook leaves it open. */
    readonly to?: string;
    readonly severities: readonly Severity[];
  })[];
  readonly contacts: readonly { readonly name: string; readonly reach: string }[];
}

export interface Validation extends Element {
  readonly name: string;
  readonly when: "afterDeployment" | "afterMaintenance" | "afterRecovery";
  readonly requests: readonly { readonly service: string; readonly path: string }[];
}

/** A contradiction in the runbook, or something it asks for that is no longer to be had. */
export interface Finding extends Element {
  /** Stable, for example `TC-F1`. */
  readonly id: string;
  readonly found: string;
  readonly instead: string;
}
