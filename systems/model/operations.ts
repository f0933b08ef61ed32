/** Recovery, maintenance and incidents of a system. */
import type { Element } from "./element";
import type { Severity } from "./objectives";
import type { Duration } from "../units";

export interface Backup extends Element {
  readonly name: string;
  /** The database, cache, event bus or `configuration` it covers. */
  readonly of: string;
  readonly method: "dump" | "wal" | "snapshot" | "provider" | "replication" | "manifests";
  /** The longest time between two recovery points. */
  readonly every: Duration;
  /** Cron expression in UTC, for a backup made by a CronJob or schedule in the cluster. */
  readonly schedule?: string;
  readonly retention: Duration;
  /** A bucket's name, a region, or `recoveryRegion`. */
  readonly destination?: string;
  /** A copy is also kept in `home.recoveryRegion`. */
  readonly copied?: boolean;
  /** The name of the CronJob or schedule, if the runbook's commands use one. */
  readonly job?: string;
  /** The file's name, with `{date}` as `YYYYMMDD` and `{time}` as `HHMMSS`, and its folder. */
  readonly file?: { readonly prefix: string; readonly name: string };
}

export interface RecoveryObjective extends Element {
  /**
   * A service, a data service, `namespace` for the whole system on an existing cluster, or `system`
   * for a rebuild from nothing.
   */
  readonly of: string;
  readonly rto: Duration;
  /** Absent if it stores no data. */
  readonly rpo?: Duration;
  /**
   * The heading that says how to restore it: `docs/recovery.md#the-vector-store`. Without one the objective does not
   * count as met.
   */
  readonly procedure?: string;
}

export interface MaintenanceWindow extends Element {
  readonly day: "sunday" | "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday";
  /** `HH:MM`, UTC. */
  readonly start: string;
  readonly duration: Duration;
  readonly notice?: Duration;
  /** How long error rates are monitored afterwards. */
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
    /** The Slack channel or address; absent if the runbook leaves it open. */
    readonly to?: string;
    readonly severities: readonly Severity[];
  })[];
  readonly contacts: readonly { readonly name: string; readonly reach: string }[];
}

export interface Validation extends Element {
  readonly name: string;
  readonly when: "afterDeployment" | "afterMaintenance" | "afterRecovery";
  readonly requests: readonly { readonly service: string; readonly path: string }[];
  /** Topics through which a probe event must pass from a publisher to a consumer. */
  readonly events?: readonly string[];
}

/** A contradiction in the runbook, or something that it asks for but is no longer available. */
export interface Finding extends Element {
  /** Stable, for example `TC-F1`. */
  readonly id: string;
  readonly found: string;
  /** What there is instead, in the present tense: only what exists. */
  readonly instead: string;
  /** What realises it. At least this or `open` is set. */
  readonly realised?: readonly Realisation[];
  /** What is missing, without a full stop; counted as open. */
  readonly open?: string;
}

/** Something that exists. A test looks for it in the plans of the system's stacks. */
export type Realisation =
  /** The last part of a resource's type, and its name after the system's id, in which `*` is any text. */
  | { readonly resource: string; readonly name: string }
  /** The last part of a type of which no stack has a resource. */
  | { readonly absent: string }
  /** An alert in the stack's rules. */
  | { readonly alert: string }
  /** A policy of the pack. */
  | { readonly policy: string }
  /** A configuration key, without `runstack:`. */
  | { readonly setting: string }
  /** A heading of the documentation: `docs/recovery.md#the-vector-store`. */
  | { readonly document: string }
  /** The path of a value of the system, for example `edge.domain`. */
  | { readonly value: string };

/**
 * A policy violation that is accepted for this system in every stack; a finding gives the reason. It covers only
 * what it names and does not expire. Decisions for a single stack are exemptions in the stack file.
 */
export interface PolicyException extends Element {
  /** The policy's name. */
  readonly policy: string;
  /** The subject of the violation: a service, a store, `configuration`, `namespace` or `system`. */
  readonly of: string;
  /** The resource type, if only one implementation of `of` is excepted. */
  readonly type?: string;
  /** The current state, without a full stop. */
  readonly reason: string;
  /** The id of the finding that justifies it. */
  readonly finding: string;
}
