/** The part of Grafana's dashboard format that is generated here. */
import type { Severity } from "../../systems/model";
import { DATA_SOURCE } from "./grafana-values";

export type Unit = "reqps" | "percentunit" | "s" | "bytes" | "short";

export interface Panel {
  readonly title: string;
  /** What the panel shows, displayed at its title. */
  readonly description?: string;
  readonly type?: "timeseries" | "stat";
  readonly unit: Unit;
  readonly queries: readonly { readonly expr: string; readonly legend: string }[];
  readonly thresholds?: Thresholds;
}

export interface Thresholds {
  readonly values: Readonly<Partial<Record<Severity, number>>>;
  /** @default "above" */
  readonly bad?: "above" | "below";
}

export interface Dashboard {
  /** Constant, at most 40 characters: bookmarks and the runbook use it. */
  readonly uid: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly panels: readonly Panel[];
}

const WIDTH = 12;
const HEIGHT = 8;

/** The dashboard as Grafana's JSON: two panels in a row, in the given order. */
export function dashboardJson(dashboard: Dashboard): string {
  const model = {
    uid: dashboard.uid,
    title: dashboard.title,
    tags: dashboard.tags,
    schemaVersion: 41,
    editable: false,
    graphTooltip: 1,
    refresh: "30s",
    time: { from: "now-6h", to: "now" },
    timezone: "utc",
    templating: { list: [] },
    panels: dashboard.panels.map((panel, index) => ({
      id: index + 1,
      gridPos: {
        x: (index % 2) * WIDTH,
        y: Math.floor(index / 2) * HEIGHT,
        w: WIDTH,
        h: HEIGHT,
      },
      ...panelJson(panel),
    })),
  };
  return `${JSON.stringify(model, null, 2)}\n`;
}

function panelJson(panel: Panel): object {
  const type = panel.type ?? "timeseries";
  const datasource = { type: "prometheus", uid: DATA_SOURCE.metrics };
  return {
    type,
    title: panel.title,
    ...(panel.description === undefined ? {} : { description: panel.description }),
    datasource,
    fieldConfig: {
      defaults: {
        unit: panel.unit,
        ...(panel.thresholds === undefined ? {} : thresholdsJson(panel.thresholds)),
        ...(type === "timeseries"
          ? {
              custom: {
                thresholdsStyle: { mode: panel.thresholds === undefined ? "off" : "line" },
              },
            }
          : {}),
      },
      overrides: [],
    },
    options:
      type === "stat"
        ? { reduceOptions: { calcs: ["lastNotNull"] }, colorMode: "value", graphMode: "area" }
        : { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi" } },
    targets: panel.queries.map(({ expr, legend }, index) => ({
      refId: String.fromCharCode("A".charCodeAt(0) + index),
      datasource,
      expr,
      legendFormat: legend,
    })),
  };
}

const COLOUR: Readonly<Record<Severity, string>> = {
  info: "blue",
  warning: "orange",
  critical: "red",
};

/** In Grafana a colour applies from its step up: a lower bound starts with the warning colour. */
function thresholdsJson({ values, bad = "above" }: Thresholds): object {
  const bounds = (["info", "warning", "critical"] as const).flatMap((severity) => {
    const value = values[severity];
    return value === undefined ? [] : [{ value, color: COLOUR[severity] }];
  });
  const ascending = [...bounds].sort((a, b) => a.value - b.value);
  const first = ascending[0];
  if (bad === "above" || first === undefined) {
    return {
      thresholds: { mode: "absolute", steps: [{ value: null, color: "green" }, ...ascending] },
    };
  }
  const steps = ascending.map(({ value }, index) => ({
    value,
    color: ascending[index + 1]?.color ?? "green",
  }));
  return {
    thresholds: { mode: "absolute", steps: [{ value: null, color: first.color }, ...steps] },
  };
}
