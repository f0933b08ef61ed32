/** How a system must behave, and how this is measured. */
import type { Element } from "./element";
import type { Duration, Ratio } from "../units";

export type Indicator =
  /** Bad events over all events. */
  | { readonly kind: "availability" }
  | { readonly kind: "errorRate" }
  /** The share of requests that are answered within `threshold`. */
  | { readonly kind: "latency"; readonly threshold: Duration }
  /** A measured time that must stay below a bound. */
  | { readonly kind: "time"; readonly of: MeasuredTime; readonly below: Duration };

/**
 * From publishing an event to its handling; from a pod's end to its replacement's readiness; of a
 * rollback.
 */
export type MeasuredTime = "eventLatency" | "podRecovery" | "rollback";

export interface Slo extends Element {
  readonly name: string;
  /** The services that it covers. */
  readonly services: readonly string[];
  readonly indicator: Indicator;
  /** 0.999 for "three nines". */
  readonly objective: Ratio;
  /** The runbook's "critical" bound, in the indicator's own unit. */
  readonly critical?: Ratio | Duration;
  readonly window: Duration;
}

export type Severity = "critical" | "warning" | "info";

/** What is measured. The generator turns it into PromQL with the names in `observability`. */
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
  /** The runbook's own name, if it has one. Unique together with `severity`. */
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
  /** The first action in the runbook. */
  readonly action: string;
}

export interface Dashboard extends Element {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly {
    readonly title: string;
    /** PromQL; `{namespace}` is replaced by the environment's namespace. */
    readonly query: string;
    readonly unit: "reqps" | "percentunit" | "s" | "bytes" | "short";
  }[];
}

/** The metric names and labels that the services export, and the runbook's other observability needs. */
export interface Observability extends Element {
  readonly metrics: {
    readonly requests: string;
    /** Selects failed requests: a matcher on `requests`, or a separate counter. */
    readonly errors:
      | { readonly kind: "matcher"; readonly matcher: string }
      | { readonly kind: "counter"; readonly metric: string };
    readonly latency: string;
    /** A histogram of the time from publishing an event to its handling. */
    readonly eventLatency?: { readonly metric: string; readonly unit: "s" | "ms" };
    /** Every other metric that alerts, dashboards or scaling of this system may name. */
    readonly others: readonly string[];
  };
  readonly logs: "loki" | "elasticsearch" | "none";
  readonly traces: "jaeger" | "tempo";
  readonly auditLogRetention?: Duration;
}
