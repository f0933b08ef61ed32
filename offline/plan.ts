/**
 * The structure of an offline plan: filled by the host, rendered by the reports, and read as JSON by users'
 * scripts.
 */

/** A value that only the cloud determines. */
export const UNKNOWN = { $unknown: true } as const;
/** A secret. Its value never enters a plan. */
export const SECRET = { $secret: true } as const;

/**
 * Plain JSON, in which an object with one key that starts with `$` represents what JSON cannot express:
 * `$unknown`, `$secret`, `$resource` (the URN of a resource passed as a value), `$asset` and
 * `$archive` (a path, URI or SHA-256 of text).
 */
export type PlanValue =
  null | boolean | number | string | readonly PlanValue[] | { readonly [key: string]: PlanValue };

export type PlanObject = Readonly<Record<string, PlanValue>>;

export interface PlannedResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** URN; only the stack itself has none. */
  readonly parent: string | null;
  /** URN of the provider resource; components and providers themselves have none. */
  readonly provider: string | null;
  readonly custom: boolean;
  readonly protect: boolean;
  /** URNs, sorted: dependencies of the inputs and of `dependsOn`, components expanded. */
  readonly dependencies: readonly string[];
  readonly inputs: PlanObject;
  /** Options besides those above, in the engine's words; only those that are set. */
  readonly options?: PlannedOptions;
  /** Set only for a resource that the program reads (`get`) and does not own. */
  readonly external?: true;
}

export interface PlannedOptions {
  readonly ignoreChanges?: readonly string[];
  readonly replaceOnChanges?: readonly string[];
  readonly additionalSecretOutputs?: readonly string[];
  /** URNs; an alias given in parts is kept in parts. */
  readonly aliases?: readonly (string | Readonly<Record<string, string | boolean>>)[];
  readonly retainOnDelete?: true;
  /** Without it, the provider decides. */
  readonly deleteBeforeReplace?: boolean;
  /** Seconds. */
  readonly customTimeouts?: Readonly<Record<string, number>>;
  /** URN. */
  readonly deletedWith?: string;
  /** URNs. */
  readonly replaceWith?: readonly string[];
  /** The id that it is imported by, or read by if it is `external`. */
  readonly import?: string;
  /** Of the provider's plugin. */
  readonly version?: string;
}

/** A secret of the configuration that the program needs. */
export interface NeededSecret {
  readonly key: string;
  readonly what: string;
  readonly optional?: boolean;
  /** Whether the stack file has a value. */
  readonly set: boolean;
}

export type Enforcement = "mandatory" | "advisory";

export interface Violation {
  readonly policy: string;
  readonly enforcement: Enforcement;
  /** The root stack's URN for a violation of the stack as a whole; empty if the pack names no resource. */
  readonly urn: string;
  readonly message: string;
  /** Runbook clause or published control. */
  readonly clause: string;
}

/** A policy that could not run, because the pack has an error. */
export interface PolicyFailure {
  readonly policy: string;
  readonly urn: string;
  readonly message: string;
}

/** A pack's description of one of its policies; empty if the pack has none. */
export interface PolicyDescription {
  readonly name: string;
  /** A short title for display. */
  readonly title: string;
  readonly description: string;
  readonly remediation: string;
  readonly url: string;
  readonly severity: "" | "low" | "medium" | "high" | "critical";
}

export interface PolicyReport {
  readonly violations: readonly Violation[];
  readonly failures: readonly PolicyFailure[];
  /** How many times policies were applied to resources, plus once for each stack policy. */
  readonly evaluated: number;
  /** For text reports, by policy name; not part of the JSON. */
  readonly descriptions?: readonly PolicyDescription[];
}

export interface Diagnostic {
  readonly severity: "debug" | "info" | "warning" | "error";
  readonly message: string;
  readonly urn: string;
}

export interface ObjectiveEstimate {
  /** The objective's element: a service, a data service, or `system`. */
  readonly of: string;
  readonly rtoMinutes: number;
  readonly estimateMinutes: number;
  /** Within the objective, by a documented procedure. */
  readonly met: boolean;
  /** The heading that says how, such as `docs/recovery.md#the-vector-store`; absent if no document does. */
  readonly procedure?: string;
  readonly clause: string;
}

export interface Estimate {
  /** Length of the critical path: the minimum time to create everything. */
  readonly rebuildMinutes: number;
  /** URNs, first to last. */
  readonly criticalPath: readonly string[];
  readonly objectives: readonly ObjectiveEstimate[];
}

export interface Plan {
  readonly stack: string;
  readonly system: string;
  readonly environment: string;
  readonly cloud: string;
  readonly region: string;
  /** Sorted so that a resource comes after its parent and its dependencies; stable. */
  readonly resources: readonly PlannedResource[];
  /** What the program exports. */
  readonly outputs?: PlanObject;
  /** Absent for a program other than this project's. */
  readonly secrets?: readonly NeededSecret[];
  readonly policies: PolicyReport;
  readonly estimate: Estimate;
  readonly diagnostics: readonly Diagnostic[];
}
