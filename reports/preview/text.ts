/** What a preview would do, and how it differs from the plan, for the one who approves it. */
import { many } from "../../lib/words";
import { visible } from "../escape";
import { resourceLabel } from "../policies";
import { wrapIndented } from "../width";
import type { Compared } from "./preview";

/** Worth a name each: the others are counted. */
const NAMED: ReadonlySet<string> = new Set(["delete", "replace", "import"]);

/** Ends with a line break. */
export function previewText(stack: string, { operations, differences }: Compared): string {
  const counts = [...operations].map(([op, urns]) => `${visible(op)} ${urns.length}`);
  const named = [...operations]
    .filter(([op]) => NAMED.has(op))
    .flatMap(([op, urns]) => urns.map((urn) => `  ${op} ${visible(resourceLabel(urn))}`));
  const verdict =
    differences.length === 0
      ? "the preview is what was planned"
      : `${many(differences.length, "difference")} between the preview and the plan:`;
  return [
    `${visible(stack)}: ${counts.join(", ") || "nothing to do"}`,
    ...named,
    `${visible(stack)}: ${verdict}`,
    ...differences.flatMap((one) => wrapIndented(`  ${visible(one)}`, 100)),
    "",
  ].join("\n");
}
