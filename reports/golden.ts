/** A whole plan as text to be reviewed and compared: one block a resource, inputs as YAML. */
import type { Plan, PlannedResource } from "../offline/plan";
import { differences } from "./differences";
import { visible } from "./escape";
import { resourceLabel } from "./policies";
import { isProvider } from "./tree";
import { sorted } from "./values";
import { yamlText } from "./yaml";

const indented = (text: string): string =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => (line === "" ? "" : `    ${line}`))
    .join("\n");

/**
 * Stable text of a plan's resources, in the plan's order. What changes without meaning (project and stack
 * in URNs) is left out; everything else a reviewer could object to is there.
 */
export function renderGolden(plan: Plan): string {
  const blocks = plan.resources
    .filter((resource) => !isProvider(resource))
    .map((resource) => {
      const facts = [
        ...(resource.parent === null ? [] : [`  in ${visible(resourceLabel(resource.parent))}`]),
        ...(resource.protect ? ["  protected"] : []),
        ...resource.dependencies.map((urn) => `  needs ${visible(resourceLabel(urn))}`),
      ];
      const inputs =
        Object.keys(resource.inputs).length === 0
          ? []
          : [indented(yamlText(sorted(resource.inputs)))];
      return [`${visible(resource.type)} ${visible(resource.name)}`, ...facts, ...inputs].join(
        "\n",
      );
    });
  return `${blocks.join("\n\n")}\n`;
}

/** Both plans as if they were of one stack, so that a resource is known by its place and name. */
const anonymous = ({
  resources,
  stack,
}: Plan): { readonly resources: readonly PlannedResource[] } => {
  const own = `urn:pulumi:${stack}::`;
  const text = JSON.stringify(resources).replaceAll(own, "urn:pulumi:STACK::");
  return { resources: JSON.parse(text) as readonly PlannedResource[] };
};

/** Stable text of what makes the second plan different from the first: what comes, goes and changes. */
export function renderDifferences(before: Plan, after: Plan): string {
  const [first, second] = [anonymous(before), anonymous(after)];
  const inputs = (resources: readonly PlannedResource[]) =>
    new Map(resources.map((resource) => [resource.urn, resource.inputs]));
  const [old, now] = [inputs(first.resources), inputs(second.resources)];
  const blocks = differences(first, second)
    .filter(({ type }) => !isProvider({ type }))
    .map(({ kind, urn, type, name, changes }) => {
      const title = `${kind} ${visible(type)} ${visible(name)}`;
      if (kind === "delete") return title;
      if (kind === "create") return `${title}\n${indented(yamlText(sorted(now.get(urn) ?? {})))}`;
      const lines = changes.map(
        ({ path, from, to }) => `    ${visible(path)}: ${visible(from)} → ${visible(to)}`,
      );
      return old.has(urn) ? [title, ...lines].join("\n") : title;
    });
  return `${blocks.join("\n\n")}\n`;
}
