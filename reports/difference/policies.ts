/** New, resolved and changed policy results. */
import type { PolicyFailure, PolicyReport, Violation } from "../../offline/plan";

export interface Reworded {
  readonly from: Violation;
  readonly to: Violation;
}

export interface PolicyDifference {
  readonly fresh: readonly Violation[];
  readonly gone: readonly Violation[];
  /** Same policy and resource, with a different message or level. */
  readonly changed: readonly Reworded[];
  readonly failing: readonly PolicyFailure[];
  readonly recovered: readonly PolicyFailure[];
}

/** @param renamed the new URN of each renamed resource */
export function comparePolicies(
  before: PolicyReport,
  after: PolicyReport,
  renamed: ReadonlyMap<string, string>,
): PolicyDifference {
  const now = <T extends { readonly urn: string }>(one: T): T => ({
    ...one,
    urn: renamed.get(one.urn) ?? one.urn,
  });
  const gone = unmatched(before.violations.map(now), after.violations, whole);
  const fresh = unmatched(after.violations, before.violations.map(now), whole);
  const changed = fresh.flatMap((to, at) => {
    const nth = fresh.slice(0, at).filter((other) => where(other) === where(to)).length;
    const from = gone.filter((other) => where(other) === where(to))[nth];
    return from === undefined ? [] : [{ from, to }];
  });
  const paired = new Set(changed.flatMap(({ from, to }) => [from, to]));
  return {
    fresh: fresh.filter((one) => !paired.has(one)),
    gone: gone.filter((one) => !paired.has(one)),
    changed,
    failing: unmatched(after.failures, before.failures.map(now), where),
    recovered: unmatched(before.failures.map(now), after.failures, where),
  };
}

const where = ({ policy, urn }: { readonly policy: string; readonly urn: string }): string =>
  JSON.stringify([policy, urn]);
const whole = ({ policy, urn, enforcement, message }: Violation): string =>
  JSON.stringify([policy, urn, enforcement, message]);

/** The items of the first list without an equal in the second, in order. */
function unmatched<T>(
  ones: readonly T[],
  others: readonly T[],
  key: (one: T) => string,
): readonly T[] {
  const left = new Map<string, number>();
  for (const other of others) left.set(key(other), (left.get(key(other)) ?? 0) + 1);
  return ones.filter((one) => {
    const number = left.get(key(one)) ?? 0;
    left.set(key(one), number - 1);
    return number <= 0;
  });
}
