/** Every file that a plan can be written out as, by its path in the stack's folder. */
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
      "An exemption with a reason and an expiry date can be declared in the stack's configuration.",
    whole: { file: `Pulumi.${plan.stack}.yaml`, line: 1, column: 0 },
  });

/** Paths use `/` and consist of safe characters only, whatever the resources are called. */
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
