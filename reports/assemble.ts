/** Assembles a plan from what the host recorded, the stack file, and the estimate. */
import type {
  Diagnostic,
  NeededSecret,
  Plan,
  PlannedResource,
  PlanObject,
  PolicyReport,
} from "../offline/plan";
import type { System } from "../systems/model";
import { estimate, type Objective } from "./estimate";

/** The host's result of a run. */
export interface Recorded {
  readonly resources: readonly PlannedResource[];
  readonly policies: PolicyReport;
  readonly diagnostics: readonly Diagnostic[];
  readonly outputs?: PlanObject;
}

/** A stack and its plain configuration, by full key. */
interface PlannedStack {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
  /** Absent for a program other than this project's. */
  readonly secrets?: readonly NeededSecret[];
}

/** Objectives that assume an existing cluster. */
const IN_CLUSTER = ["namespace", "configuration"];

/**
 * The runbook's objectives, each with the names that its element has in a plan: a service's workload, a data
 * service's engine and alias, or for an external database the secret that points to it. The objectives of a
 * `namespace` and of its `configuration` cover the system's own namespaces.
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
  return system.recovery.map(({ of, rto, clause, procedure }) => ({
    of,
    rto,
    clause,
    ...(procedure === undefined ? {} : { procedure }),
    names: names.get(of) ?? [],
    ...(IN_CLUSTER.includes(of) ? { namespaces: [prod, staging] } : {}),
  }));
}

const dataNames = ({ alias, engine }: { alias?: string; engine: string }): readonly string[] =>
  alias === undefined ? [engine] : [alias, engine];

/**
 * The plan of one stack.
 *
 * @param system the stack's system, for objectives, and for cloud and region if the stack file
 * does not set them; without a system there are no objectives.
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
    outputs: recorded.outputs ?? {},
    ...(stack.secrets === undefined ? {} : { secrets: stack.secrets }),
    policies: recorded.policies,
    estimate: estimate(recorded.resources, system === undefined ? [] : objectivesOf(system)),
    diagnostics: recorded.diagnostics,
  };
}

/**
 * For the policy `runbook-recovery-time`, which cannot see the graph: the estimated minutes until each
 * objective's element is restored. Without objectives there is nothing to check.
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

/** A recovery environment is in the runbook's recovery region. */
const homeRegion = (environment: string | undefined, system: System | undefined) =>
  environment === "dr" ? (system?.home.recoveryRegion ?? system?.home.region) : system?.home.region;
