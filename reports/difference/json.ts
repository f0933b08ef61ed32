/** A difference as JSON. Scripts rely on this format; keys are always in the same order. */
import type { PlannedResource, Violation } from "../../offline/plan";
import { jsonText } from "../escape";
import { sorted } from "../values";
import type { Difference } from "./difference";
import type { Change } from "./resources";
import type { ChangedStack } from "./stack";
import type { ValueChange } from "./values";

/** Increases when a key is removed or changes its meaning. A new key does not change the version. */
const VERSION = 1;

const value = ({ path, from, to }: ValueChange): object => ({
  path,
  ...(from === undefined ? {} : { from: sorted(from) }),
  ...(to === undefined ? {} : { to: sorted(to) }),
});

const identity = ({ urn, type, name, parent, protect }: PlannedResource): object => ({
  urn,
  type,
  name,
  parent,
  protect,
});

const change = (one: Change): object => ({
  kind: one.kind,
  ...identity(one.resource),
  ...(one.kind === "rename" && one.before !== undefined
    ? { was: identity(one.before), aliased: one.aliased }
    : {}),
  refused: one.refused,
  mayReplace: one.mayReplace,
  inputs: one.inputs.map((input) => ({ ...value(input), forces: input.forces })),
  options: one.options.map(value),
});

const violation = ({ policy, enforcement, urn, message, clause }: Violation): object => ({
  policy,
  enforcement,
  urn,
  message,
  clause,
});

const stack = (one: ChangedStack): object => ({
  stack: one.stack,
  status: "changed",
  placement: one.facts.map(({ of, from, to }) => ({ path: of, from, to })),
  resources: one.changes.map(change),
  following: one.following.map(({ resource, key, of }) => ({
    urn: resource.urn,
    path: key,
    of: of.urn,
  })),
  reordered: one.reordered.map(({ urn, added, removed }) => ({ urn, added, removed })),
  policies: {
    fresh: one.policies.fresh.map(violation),
    gone: one.policies.gone.map(violation),
    changed: one.policies.changed.map(({ from, to }) => ({
      from: violation(from),
      to: violation(to),
    })),
    failing: one.policies.failing,
    recovered: one.policies.recovered,
  },
  estimate: {
    rebuildMinutes: { from: one.estimate.from, to: one.estimate.to },
    objectives: one.estimate.objectives.map(({ from, to }) => ({
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    })),
  },
  warnings: {
    fresh: one.warnings.fresh.map(({ message }) => message),
    gone: one.warnings.gone.map(({ message }) => message),
  },
});

/** Changed stacks in full, then the others by name and status. */
export function renderDifferenceJson(difference: Difference): string {
  const { revision, changed, unchanged, added, removed, failed } = difference;
  return jsonText({
    version: VERSION,
    against: { revision: revision.name, commit: revision.commit },
    stacks: [
      ...changed.map(stack),
      ...added.map(({ stack: name, plan }) => ({
        stack: name,
        status: "added",
        resources: plan.resources.length,
      })),
      ...removed.map(({ stack: name, plan }) => ({
        stack: name,
        status: "removed",
        resources: plan.resources.length,
      })),
      ...failed.map(({ stack: name, side, errors }) => ({
        stack: name,
        status: "failed",
        side,
        errors,
      })),
      ...unchanged.map((name) => ({ stack: name, status: "unchanged" })),
    ],
  });
}
