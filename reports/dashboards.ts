/** Grafana dashboards from the plan's ConfigMaps with the label `grafana_dashboard`. */
import type { PlannedResource, PlanValue } from "../offline/plan";
import { fileNamePart, jsonText } from "./escape";
import { isKind, type ReportFile, type Skipped } from "./kubernetes";
import { uniqueNames } from "./rules";
import { at, isObject } from "./values";

interface DashboardFiles {
  readonly files: readonly ReportFile[];
  readonly skipped: readonly Skipped[];
}

function parsed(value: PlanValue | undefined): unknown {
  if (typeof value !== "string") return undefined;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined;
  }
}

/** One file for each `*.json` key, named after it and reformatted so that diffs are readable. */
export function dashboardFiles(resources: readonly PlannedResource[]): DashboardFiles {
  const files: ReportFile[] = [];
  const skipped: Skipped[] = [];
  const unique = uniqueNames();
  for (const resource of resources.filter((r) => isKind(r, "core", "ConfigMap"))) {
    if (at(resource.inputs, "metadata", "labels", "grafana_dashboard") === undefined) continue;
    const data = at(resource.inputs, "data");
    if (!isObject(data)) continue;
    for (const [key, value] of Object.entries(data)) {
      if (!key.endsWith(".json")) continue;
      const dashboard = parsed(value);
      if (dashboard === undefined) {
        skipped.push({ urn: resource.urn, reason: `${key} is unknown or not JSON` });
      } else {
        const name = unique(fileNamePart(key.slice(0, -".json".length)));
        files.push({ name: `${name}.json`, text: jsonText(dashboard) });
      }
    }
  }
  return { files, skipped };
}
