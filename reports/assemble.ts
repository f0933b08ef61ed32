/** Puts a plan together: what the host recorded, what the stack file says, and the estimate. */
import type { Diagnostic, Plan, PlannedResource, PolicyReport } from "../offline/plan";
import type { System } from "../systems/model";
import { estimate, type Objective } from "./estimate";

/** What the host gives back of a run. */
export interface Recorded {
  readonly resources: readonly PlannedResource[];
  readonly policies: PolicyReport;
  readonly diagnostics: readonly Diagnostic[];
}

/** A stack and its plain configuration, by full key. */
interface PlannedStack {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
}

/** Objectives that presume a standing cluster. */
const IN_CLUSTER = ["namespace", "configuration"];

/**
 * The runbook's objectives, each with the names under which its element appears in a plan: a service's
 * workload, a data service's engine and alias, and for an external database the secret that points to it.
 * The objectives of a `namespace` and of its `configuration` are about what lies in the system's own.
 */
export function objectivesOf(system: System): readonly Objective[] {
  const names = new Map<string, readonly string[]>([
    ...system.services.map(({ name, workload }) => [name, [workload]] as const),
    ...system.caches.map((cache) => [cache.name, dataNames(cache)] as const),
    ...system.eventBuses.map((bus) => [bus.name, dataNames(bus)] as const),
    ...system.databases.map(
      (database) => [database.name, [...dataNames(database), database.url.secret]] as const,
    ),
  ]);
  const { prod, staging = prod } = system.namespaces;
  return system.recovery.map(({ of, rto, clause }) => ({
    of,
    rto,
    clause,
    names: names.get(of) ?? [],
    ...(IN_CLUSTER.includes(of) ? { namespaces: [prod, staging] } : {}),
  }));
}

const dataNames = ({ alias, engine }: { alias?: string; engine: string }): readonly string[] =>
  alias === undefined ? [engine] : [alias, engine];

/**
 * The plan of one stack.
 *
 * @param system the stack's system, for objectives and for the cloud and region that the stack file
 * leaves to the runbook; without one there are no objectives.
 */
export function assemble(recorded: Recorded, stack: PlannedStack, system?: System): Plan {
  const value = (key: string): string | undefined => stack.config[`runstack:${key}`];
  return {
    stack: stack.name,
    system: value("system") ?? "",
    environment: value("environment") ?? "",
    cloud: value("cloud") ?? system?.home.cloud ?? "",
    region: value("region") ?? homeRegion(value("environment"), system) ?? "",
    resources: recorded.resources,
    policies: recorded.policies,
    estimate: estimate(recorded.resources, system === undefined ? [] : objectivesOf(system)),
    diagnostics: recorded.diagnostics,
  };
}

/**
 * For the policy `runbook-recovery-time`, which sees no graph: when what each objective is of would be
 * back, in minutes. Without objectives there is nothing to judge.
 */
export function recoveryTimes(
  resources: readonly PlannedResource[],
  system?: System,
): Readonly<Record<string, { readonly estimates: readonly string[] }>> {
  if (system === undefined) return {};
  const { objectives } = estimate(resources, objectivesOf(system));
  const estimates = objectives.map(({ of, estimateMinutes }) => `${of} ${estimateMinutes}`);
  return { "runbook-recovery-time": { estimates } };
}

/** A recovery environment is in the runbook's other region. */
const homeRegion = (environment: string | undefined, system: System | undefined) =>
  environment === "dr" ? (system?.home.recoveryRegion ?? system?.home.region) : system?.home.region;
