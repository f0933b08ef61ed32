/** A whole plan as text to be reviewed and compared: one block a resource, inputs as YAML. */
import type { Plan } from "../offline/plan";
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
