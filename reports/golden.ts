/** An index of a plan: what it creates, one line per resource, to review when it changes. */
import type { Plan } from "../offline/plan";
import { visible } from "./escape";
import { isProvider } from "./tree";

/**
 * Type, name, parent's name and protection of each resource. Sorted, so that a new dependency does not
 * move lines.
 */
function index({ resources }: Plan): readonly string[] {
  const names = new Map(resources.map(({ urn, name }) => [urn, name]));
  return resources
    .filter((resource) => !isProvider(resource))
    .map(({ type, name, parent, protect }) =>
      visible(
        [
          `${type} ${name}`,
          ...(parent === null ? [] : [`in ${names.get(parent) ?? parent}`]),
          ...(protect ? ["protected"] : []),
        ].join("  "),
      ),
    )
    .sort();
}

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");

export const renderIndex = (plan: Plan): string => text(index(plan));

/** Lines that only the second index has, with `+`, and lines that only the first has, with `-`. */
export function renderIndexChanges(before: Plan, after: Plan): string {
  const [old, now] = [index(before), index(after)];
  const [inOld, inNow] = [new Set(old), new Set(now)];
  return text([
    ...old.filter((line) => !inNow.has(line)).map((line) => `- ${line}`),
    ...now.filter((line) => !inOld.has(line)).map((line) => `+ ${line}`),
  ]);
}
