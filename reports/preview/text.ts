/** What a preview would do, and how it differs from the plan, for the one who approves it. */
import { many } from "../../lib/words";
import type { Plan } from "../../offline/plan";
import { visible } from "../escape";
import { planVerdict, resourceLabel, stopsChange } from "../policies";
import { wrapIndented } from "../width";
import type { Compared } from "./preview";

/** Counted only: what is created is the plan, and the rest is untouched. */
const COUNTED: ReadonlySet<string> = new Set(["create", "same"]);

/** Ends with a line break. */
export function previewText(plan: Plan, { operations, reads, differences }: Compared): string {
  const stack = visible(plan.stack);
  const counts = [...operations].map(([op, urns]) => `${visible(op)} ${urns.length}`);
  const named = [...operations]
    .filter(([op]) => !COUNTED.has(op))
    .flatMap(([op, urns]) => urns.map((urn) => `  ${op} ${visible(resourceLabel(urn))}`));
  const verdict =
    differences.length === 0
      ? "the preview is what was planned"
      : `${many(differences.length, "difference")} between the preview and the plan:`;
  return [
    `${stack}: ${counts.join(", ") || "nothing to do"}`,
    ...named,
    ...reads.map(
      (urn) =>
        `  read ${visible(resourceLabel(urn))}, which the plan does not have; that changes nothing`,
    ),
    ...refusals(plan),
    `${stack}: ${verdict}`,
    ...differences.flatMap((one) => wrapIndented(`  ${visible(one)}`, 100)),
    "",
  ].join("\n");
}

/** What the plan's policies refuse: the exit code tells it as well. */
function refusals({ stack, policies }: Plan): readonly string[] {
  if (!stopsChange(policies)) return [];
  const mandatory = policies.violations.filter(({ enforcement }) => enforcement === "mandatory");
  return [
    `${visible(stack)}: ${planVerdict(policies)}:`,
    ...mandatory.map(({ policy, urn }) => `  ${visible(policy)}: ${visible(resourceLabel(urn))}`),
  ];
}
