/** All files that a plan can be written to, by path in the stack's folder. */
import type { Plan } from "../offline/plan";
import { dashboardFiles } from "./dashboards";
import { renderJson } from "./json";
import { NO_PLACE, type Place } from "./findings";
import type { ReportFile } from "./kubernetes";
import { manifestIndex, manifests } from "./manifests";
import { renderMarkdown } from "./markdown";
import { planFindings, type PlaceOf } from "./policies";
import { ruleFiles } from "./rules";
import { renderSarif } from "./sarif";

const inFolder = (folder: string, files: readonly ReportFile[]): readonly ReportFile[] =>
  files.map(({ name, text }) => ({ name: `${folder}/${name}`, text }));

const EXEMPT =
  "Add an exemption with a reason and an expiry date to the stack's configuration to allow it.";
const stackFile = ({ stack }: Plan): Place => ({
  file: `Pulumi.${stack}.yaml`,
  line: 1,
  column: 0,
});

const sarifOf = (plan: Plan, placeOf?: PlaceOf): string =>
  renderSarif(planFindings(plan.policies, placeOf), {
    id: `runstack/${plan.stack}/`,
    exempt: EXEMPT,
    whole: stackFile(plan),
  });

/** All plans in one run, because code hosts take few runs at once: GitHub 20. */
export function sarifOfAll(
  plans: readonly { readonly plan: Plan; readonly placeOf: PlaceOf }[],
): string {
  const all = plans.map(({ plan, placeOf }) => {
    const { findings, ...rest } = planFindings(plan.policies, placeOf);
    const placed = findings.map((one) => ({
      ...one,
      place: one.place.file === "" ? stackFile(plan) : one.place,
      identity: [plan.stack, ...one.identity],
    }));
    return { ...rest, findings: placed };
  });
  const together = {
    findings: all.flatMap(({ findings }) => findings),
    failures: all.flatMap(({ failures }) => failures),
    evaluated: all.reduce((sum, { evaluated }) => sum + evaluated, 0),
  };
  return renderSarif(together, { id: "runstack/plan/", exempt: EXEMPT, whole: NO_PLACE });
}

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
