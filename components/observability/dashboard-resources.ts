import * as k8s from "@pulumi/kubernetes";
import type { System } from "../../systems/model";
import { commonLabels } from "../kit/labels";
import { systemDashboards } from "./dashboards";
import { FOLDER_ANNOTATION } from "./grafana-values";
import { dashboardJson } from "./panel";
import type { Part } from "../kit/child-factory";

export interface DashboardArguments {
  readonly system: System;
  readonly applicationNamespace: string;
  readonly monitoringNamespace: string;
}

/** One ConfigMap for each dashboard, with the label that Grafana's sidecar looks for. */
export function createDashboards(part: Part, args: DashboardArguments): void {
  const { system } = args;
  for (const dashboard of systemDashboards(system, args.applicationNamespace)) {
    new k8s.core.v1.ConfigMap(
      part.child(`dashboard-${dashboard.uid}`),
      {
        metadata: {
          name: `dashboard-${dashboard.uid}`,
          namespace: args.monitoringNamespace,
          labels: { ...commonLabels(system.id, "dashboard"), grafana_dashboard: "1" },
          annotations: { [FOLDER_ANNOTATION]: system.title },
        },
        data: { [`${dashboard.uid}.json`]: dashboardJson(dashboard) },
      },
      part.options(),
    );
  }
}
