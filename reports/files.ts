/** All files that a plan can be written to, by path in the stack's folder. */
import type { Plan } from "../offline/plan";
import { dashboardFiles } from "./dashboards";
import { renderJson } from "./json";
import type { ReportFile } from "./kubernetes";
import { manifestIndex, manifests } from "./manifests";
import { renderMarkdown } from "./markdown";
import { planFindings, type PlaceOf } from "./policies";
import { ruleFiles } from "./rules";
import { renderSarif } from "./sarif";

const inFolder = (folder: string, files: readonly ReportFile[]): readonly ReportFile[] =>
  files.map(({ name, text }) => ({ name: `${folder}/${name}`, text }));

const sarifOf = (plan: Plan, placeOf?: PlaceOf): string =>
  renderSarif(planFindings(plan.policies, placeOf), {
    id: `runstack/${plan.stack}/`,
    exempt:
      "Add an exemption with a reason and an expiry date to the stack's configuration to allow it.",
    whole: { file: `Pulumi.${plan.stack}.yaml`, line: 1, column: 0 },
  });

/** Paths use `/` and only contain safe characters, whatever the resource names are. */
export function planFiles(plan: Plan, placeOf?: PlaceOf): readonly ReportFile[] {
  const objects = manifests(plan.resources);
  return [
    { name: "plan.json", text: renderJson([plan]) },
    { name: "summary.md", text: renderMarkdown(plan) },
    { name: "policies.sarif", text: sarifOf(plan, placeOf) },
    { name: "manifests/index.txt", text: manifestIndex(objects) },
    ...inFolder("manifests", objects.files),
    ...inFolder("rules", ruleFiles(plan.resources).files),
    ...inFolder("dashboards", dashboardFiles(plan.resources).files),
  ];
}
