/** What a rehearsal found, for the writers of text, JSON and HTML. */
import type { ObjectiveEstimate, PlannedResource } from "../../offline/plan";
import type { Operation } from "../events";
import type { Played } from "../play";
import type { Rehearsal } from "../rehearsal";

/** One resource of a timeline. Seconds count from the beginning of the step. */
export interface Bar {
  readonly urn: string;
  readonly op: string;
  readonly from: number;
  readonly to: number;
  readonly failed: boolean;
  /** On the longest chain of what waited for what. */
  readonly critical: boolean;
}

export interface ReportedStep {
  readonly title: string;
  readonly commands: string;
  readonly seconds: number;
  readonly code: number;
  /** The end of what the commands printed, if they failed. */
  readonly output?: string;
  /** How many resources were created, updated, …. */
  readonly counts: Readonly<Record<string, number>>;
  readonly timeline: readonly Bar[];
}

export interface ReportedScenario extends Omit<Played, "steps"> {
  readonly steps: readonly ReportedStep[];
}

export interface Report {
  readonly stack: string;
  readonly system: string;
  readonly cloud: string;
  readonly region: string;
  /** Name and version of what ran for real. */
  readonly ran: Readonly<Record<string, string>>;
  /** Charts that only stand in for the real ones. */
  readonly standIns: readonly string[];
  readonly scenarios: readonly ReportedScenario[];
  readonly objectives: readonly ObjectiveEstimate[];
}

export function reportOf(
  rehearsal: Rehearsal,
  played: readonly Played[],
  ran: Report["ran"],
): Report {
  const { stack, system, cloud, region, resources, estimate } = rehearsal.plan;
  return {
    ...{ stack, system, cloud, region, ran },
    standIns: rehearsal.standIns.map(({ chart, version }) => `${chart} ${version}`),
    scenarios: played.map(({ steps, ...one }) => ({
      ...one,
      steps: steps.map((step) => ({
        title: step.title,
        commands: step.script,
        seconds: step.seconds,
        code: step.code,
        ...(step.code === 0 ? {} : { output: step.output.split("\n").slice(-OUTPUT).join("\n") }),
        counts: countsOf(step.operations),
        timeline: timelineOf(step.operations, resources),
      })),
    })),
    objectives: estimate.objectives,
  };
}

/** Lines of a failed step's output. */
const OUTPUT = 40;

function countsOf(operations: readonly Operation[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { op } of operations) counts[op] = (counts[op] ?? 0) + 1;
  return counts;
}

/** The operations as bars, with the chain that ended last. */
export function timelineOf(
  operations: readonly Operation[],
  resources: readonly PlannedResource[],
): readonly Bar[] {
  const start = Math.min(...operations.map(({ begun }) => begun));
  const critical = new Set(chain(operations, resources));
  return operations.map((one) => ({
    urn: one.urn,
    op: one.op,
    from: one.begun - start,
    to: one.ended - start,
    failed: one.failed,
    critical: critical.has(one),
  }));
}

/** From what ended last back to what each waited for the longest. */
function chain(
  operations: readonly Operation[],
  resources: readonly PlannedResource[],
): readonly Operation[] {
  const planned = new Map(resources.map((one) => [one.urn, one]));
  // A component ends with the last of what is in it.
  const byUrn = new Map(
    operations.filter(({ urn }) => planned.get(urn)?.custom !== false).map((one) => [one.urn, one]),
  );
  const latest = (some: readonly Operation[]): Operation | undefined =>
    some.reduce<Operation | undefined>(
      (last, one) => (last === undefined || one.ended > last.ended ? one : last),
      undefined,
    );
  const path: Operation[] = [];
  for (let here = latest([...byUrn.values()]); here !== undefined && !path.includes(here);) {
    path.push(here);
    const { dependencies = [], provider = null, parent = null } = planned.get(here.urn) ?? {};
    const before = [...dependencies, provider, parent].flatMap(
      (urn) => (urn === null ? undefined : byUrn.get(urn)) ?? [],
    );
    here = latest(before);
  }
  return path;
}
