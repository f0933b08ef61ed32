/** The summary of one stack for a pull request or job page. */
import type { Plan } from "../offline/plan";
import { code, html, markdown } from "./escape";
import { groupsOf, type AboutPolicy } from "./findings";
import { planFindings, planVerdict, resourceLabel, stopsChange } from "./policies";
import { counts, minutesText, named, resultOf, unmet } from "./text";
import { isProvider, renderTree } from "./tree";

/** A job page can hold a megabyte. A tree of a thousand lines is already more than anyone reads there. */
const TREE_LINES = 1000;

const row = (...cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

function table(plan: Plan): string[] {
  const total = plan.resources.filter((resource) => !isProvider(resource)).length;
  return [
    row("", ""),
    row("---", "---"),
    row("System", markdown(named(plan.system, plan.environment))),
    row("Cloud", markdown(named(plan.cloud, plan.region))),
    row("Resources", `${total}: ${markdown(counts(plan))}`),
    row("Policies", planVerdict(plan.policies)),
    ...secrets(plan),
    row(
      "Rebuild",
      minutesText(plan.estimate.rebuildMinutes) +
        unmet(plan)
          .map((text) => `, **${text}**`)
          .join(""),
    ),
  ];
}

function secrets({ secrets: needed = [] }: Plan): string[] {
  if (needed.length === 0) return [];
  const missing = needed.filter(({ set, optional }) => !set && optional !== true);
  const set = `${needed.filter((one) => one.set).length} of ${needed.length} set`;
  const keys = missing.map(({ key }) => code(key)).join(", ");
  return [row("Secrets", missing.length === 0 ? set : `${set}; to set before an up: ${keys}`)];
}

/** A message on one line of a list: its line breaks become spaces. */
const oneLine = (message: string): string =>
  markdown(
    message
      .split(/\r?\n/)
      .map((line) => line.trim())
      .join(" ")
      .trim(),
  );

/** A policy's requirement and fix, once for all its findings. */
function about({ title, description, remediation }: AboutPolicy): string {
  const lines = [
    [title, description].filter(Boolean).map(oneLine).join(". "),
    remediation === "" ? "" : `Fix: ${oneLine(remediation)}`,
  ].filter(Boolean);
  return lines.length === 0 ? "" : `: ${lines.join(" ")}`;
}

function violations(plan: Plan): string[] {
  const failed = plan.policies.failures.map(
    ({ policy, urn, message }) =>
      `- ${code(policy)} could not run on ${code(resourceLabel(urn))}: ${oneLine(message)}`,
  );
  const groups = groupsOf(planFindings(plan.policies).findings).flatMap((group) => [
    `- **${group.enforcement}** ${code(group.about.name)}` +
      (group.about.clause === "" ? "" : ` (${markdown(group.about.clause)})`) +
      about(group.about),
    ...group.findings.map(
      ({ subject, message }) =>
        `  - ${code(subject)}${message === "" ? "" : `: ${oneLine(message)}`}`,
    ),
  ]);
  if (failed.length === 0 && groups.length === 0) return [];
  return ["", "### Policies", "", ...failed, ...groups];
}

const RESULTS = { met: "met", open: "no procedure", missed: "**missed**" } as const;

function objectives(plan: Plan): string[] {
  if (plan.estimate.objectives.length === 0) return [];
  return [
    "",
    "### Rebuild from nothing",
    "",
    row("Objective", "Estimate", "RTO", "", "Clause"),
    row("---", "---", "---", "---", "---"),
    ...plan.estimate.objectives.map((objective) =>
      row(
        code(objective.of),
        minutesText(objective.estimateMinutes),
        minutesText(objective.rtoMinutes),
        RESULTS[resultOf(objective)],
        markdown(objective.clause),
      ),
    ),
  ];
}

function tree(plan: Plan): string[] {
  const lines = renderTree(plan.resources);
  const shown = lines.slice(0, TREE_LINES);
  const left = lines.length - shown.length;
  return [
    "",
    "<details><summary>Resources</summary>",
    "",
    "<pre>",
    // Empty lines would end the HTML block, but every row of a tree has a type.
    ...shown.map(html),
    ...(left === 0 ? [] : [`… and ${left} more`]),
    "</pre>",
    "",
    "</details>",
  ];
}

/** Markdown: verdict, a short table, violations, objectives, the tree folded away. */
export function renderMarkdown(plan: Plan): string {
  return [
    `## ${stopsChange(plan.policies) ? "❌" : "✅"} Plan of ${code(plan.stack)}`,
    "",
    ...table(plan),
    ...violations(plan),
    ...objectives(plan),
    ...tree(plan),
    "",
  ].join("\n");
}
