/**
 * What an offline plan is: the contract between the host (which fills it), the reports (which draw
 * it) and everybody's scripts (which read it as JSON).
 */

/** A value that only a cloud could know. */
export const UNKNOWN = { $unknown: true } as const;
/** A secret. Its value never enters a plan. */
export const SECRET = { $secret: true } as const;

/**
 * Plain JSON, in which an object with one key that begins with `$` stands for what JSON cannot say:
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
  /** Only on a resource that the program reads (`get`) and does not own. */
  readonly external?: true;
}

export type Enforcement = "mandatory" | "advisory";

export interface Violation {
  readonly policy: string;
  readonly enforcement: Enforcement;
  /** The root stack's for a violation of the stack as a whole; empty where the pack names nothing. */
  readonly urn: string;
  readonly message: string;
  /** Runbook clause or published control. */
  readonly clause: string;
}

/** A policy that could not run: the pack is broken, whatever it would have said. */
export interface PolicyFailure {
  readonly policy: string;
  readonly urn: string;
  readonly message: string;
}

/** What a pack says about one of its policies; empty where it says nothing. */
export interface PolicyDescription {
  readonly name: string;
  /** A few words for people. */
  readonly title: string;
  readonly description: string;
  readonly remediation: string;
  readonly url: string;
  readonly severity: "" | "low" | "medium" | "high" | "critical";
}

export interface PolicyReport {
  readonly violations: readonly Violation[];
  readonly failures: readonly PolicyFailure[];
  /** How many times a policy was applied to a resource, plus once for each stack policy. */
  readonly evaluated: number;
  /** For reports to people, by policy name; no part of the JSON. */
  readonly descriptions?: readonly PolicyDescription[];
}

export interface Diagnostic {
  readonly severity: "debug" | "info" | "warning" | "error";
  readonly message: string;
  readonly urn: string;
}

export interface ObjectiveEstimate {
  /** What the objective is of: a service, a data service, or `system`. */
  readonly of: string;
  readonly rtoMinutes: number;
  readonly estimateMinutes: number;
  readonly met: boolean;
  readonly clause: string;
}

export interface Estimate {
  /** Length of the critical path: the shortest time in which everything can be created. */
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
  readonly policies: PolicyReport;
  readonly estimate: Estimate;
  readonly diagnostics: readonly Diagnostic[];
}
