/** Prometheus rule files from the plan's PrometheusRule objects, as `promtool check rules` reads them. */
import type { PlannedResource, PlanValue } from "../offline/plan";
import { fileNamePart } from "./escape";
import { isKind, objectOf, openReason, type ReportFile, type Skipped } from "./kubernetes";
import { isObject, listAt, stringAt } from "./values";
import { yamlText } from "./yaml";

interface RuleFiles {
  readonly files: readonly ReportFile[];
  readonly skipped: readonly Skipped[];
}

/** Without the one key that the operator's objects have in addition to Prometheus' own format. */
function plainGroup(group: PlanValue): PlanValue {
  if (!isObject(group)) return group;
  return Object.fromEntries(
    Object.entries(group).filter(([key]) => key !== "partial_response_strategy"),
  );
}

/** Makes names unique: a repeated name gets `-2`, `-3`, … */
export function uniqueNames(): (name: string) => string {
  const given = new Map<string, number>();
  return (name) => {
    const times = (given.get(name) ?? 0) + 1;
    given.set(name, times);
    return times === 1 ? name : `${name}-${times}`;
  };
}

/** One file for each PrometheusRule: `NAMESPACE-NAME.yaml`. */
export function ruleFiles(resources: readonly PlannedResource[]): RuleFiles {
  const files: ReportFile[] = [];
  const skipped: Skipped[] = [];
  const unique = uniqueNames();
  for (const resource of resources.filter((r) =>
    isKind(r, "monitoring.coreos.com", "PrometheusRule"),
  )) {
    const object = objectOf(resource);
    const groups = listAt(object, "spec", "groups").map(plainGroup);
    const reason =
      openReason(object["spec"] ?? null) ??
      (groups.length === 0 ? "has no rule groups" : undefined);
    if (reason !== undefined) {
      skipped.push({ urn: resource.urn, reason });
      continue;
    }
    const name = [
      stringAt(object, "metadata", "namespace"),
      stringAt(object, "metadata", "name") ?? resource.name,
    ]
      .filter((part) => part !== undefined)
      .map(fileNamePart)
      .join("-");
    files.push({ name: `${unique(name)}.yaml`, text: yamlText({ groups }) });
  }
  return { files, skipped };
}
