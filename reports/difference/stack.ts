/** The difference between two plans of one stack. */
import type { Diagnostic, ObjectiveEstimate, Plan } from "../../offline/plan";
import { followingOf, type Following } from "./following";
import { comparePolicies, type PolicyDifference } from "./policies";
import { compareResources, type Change, type Reordered } from "./resources";

export interface Fact {
  readonly of: "system" | "environment" | "cloud" | "region";
  readonly from: string;
  readonly to: string;
}

/** An objective with its estimates. Only one side is set if the objective was added or removed. */
export interface ObjectiveChange {
  readonly from?: ObjectiveEstimate;
  readonly to?: ObjectiveEstimate;
}

export interface EstimateDifference {
  readonly from: number;
  readonly to: number;
  /** Those that changed, in the order of the second plan. */
  readonly objectives: readonly ObjectiveChange[];
}

export interface ChangedStack {
  readonly stack: string;
  readonly before: Plan;
  readonly after: Plan;
  readonly facts: readonly Fact[];
  readonly changes: readonly Change[];
  readonly following: readonly Following[];
  readonly reordered: readonly Reordered[];
  readonly policies: PolicyDifference;
  readonly estimate: EstimateDifference;
  readonly warnings: {
    readonly fresh: readonly Diagnostic[];
    readonly gone: readonly Diagnostic[];
  };
}

export function compareStack(before: Plan, after: Plan): ChangedStack {
  const { changes, reordered, renamed } = compareResources(before.resources, after.resources);
  return {
    stack: after.stack,
    before,
    after,
    facts: (["system", "environment", "cloud", "region"] as const).flatMap((of) =>
      before[of] === after[of] ? [] : [{ of, from: before[of], to: after[of] }],
    ),
    changes,
    following: followingOf(after.resources, changes),
    reordered,
    policies: comparePolicies(before.policies, after.policies, renamed),
    estimate: {
      from: before.estimate.rebuildMinutes,
      to: after.estimate.rebuildMinutes,
      objectives: objectives(before, after),
    },
    warnings: { fresh: warnings(after, before), gone: warnings(before, after) },
  };
}

/** There is no difference at all, not even in the resources' dependencies. */
export const isUnchanged = (stack: ChangedStack): boolean =>
  [
    stack.facts,
    stack.changes,
    stack.reordered,
    stack.estimate.objectives,
    ...(Object.values(stack.policies) as readonly (readonly unknown[])[]),
    stack.warnings.fresh,
    stack.warnings.gone,
  ].every((list) => list.length === 0) && stack.estimate.from === stack.estimate.to;

function objectives(before: Plan, after: Plan): readonly ObjectiveChange[] {
  const of = ({ of: name, clause }: ObjectiveEstimate): string => JSON.stringify([name, clause]);
  // An older revision does not name procedures.
  const result = (one?: ObjectiveEstimate): string =>
    JSON.stringify([one?.rtoMinutes, one?.estimateMinutes, one?.met]);
  const old = new Map(before.estimate.objectives.map((one) => [of(one), one]));
  const now = new Map(after.estimate.objectives.map((one) => [of(one), one]));
  return [...new Set([...now.keys(), ...old.keys()])].flatMap((key) => {
    const [from, to] = [old.get(key), now.get(key)];
    if (result(from) === result(to)) return [];
    return [{ ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }];
  });
}

/** Warnings and errors of the first plan that the second does not have. */
function warnings(one: Plan, other: Plan): readonly Diagnostic[] {
  const key = ({ severity, message }: Diagnostic) => JSON.stringify([severity, message]);
  const known = new Set(other.diagnostics.map(key));
  return one.diagnostics.filter(
    (each) => (each.severity === "warning" || each.severity === "error") && !known.has(key(each)),
  );
}
