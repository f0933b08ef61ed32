/** The dashboards of a system, from its description. */
import { BROKERS, exporterOf } from "../../lib/exporters";
import { metricNames, readPromql } from "../../lib/promql";
import type { System } from "../../systems/model";
import { durationText, hours } from "../../systems/units";
import { LABEL, RECORDED } from "../kit/conventions";
import type { Dashboard, Panel } from "./panel";
import { selector } from "./promql";
import { serviceDashboard } from "./service-dashboard";
import { burnRate, BURN_WINDOWS } from "./slo-rules";
import { unmeasuredSlos } from "./slo-events";

/** The runbook's own dashboards, then the objectives, then each service. */
export const systemDashboards = (system: System, namespace: string): readonly Dashboard[] => [
  ...runbookDashboards(system, namespace),
  ...(system.slos.length === 0 ? [] : [objectives(system)]),
  ...system.services.map((service) => serviceDashboard(system, service, namespace)),
];

export const panelExpressions = (system: System, namespace: string): readonly string[] =>
  systemDashboards(system, namespace).flatMap(({ panels }) =>
    panels.flatMap(({ queries }) => queries.map(({ expr }) => expr)),
  );

/** Panels of the runbook that read what only brokers in the cluster export, where they run elsewhere. */
export const unmeasuredPanels = (system: System): readonly string[] =>
  system.dashboards.flatMap(({ uid, panels }) =>
    panels
      .filter(({ query }) => isUnmeasured(system, query))
      .map(({ title }) => `the panel "${title}" of dashboard ${uid}`),
  );

const isUnmeasured = ({ eventBuses }: System, query: string): boolean =>
  !eventBuses.some(({ runs }) => runs === "operator") &&
  metricNames(readPromql(query)).some((metric) => exporterOf(metric)?.name === BROKERS);

/** With the runbook's uids and its queries unchanged. */
const runbookDashboards = (system: System, namespace: string): readonly Dashboard[] =>
  system.dashboards.map(({ uid, title, panels }) => ({
    uid,
    title,
    tags: [system.id, "runbook"],
    panels: panels
      .filter(({ query }) => !isUnmeasured(system, query))
      .map((panel) => ({
        title: panel.title,
        unit: panel.unit,
        queries: [{ expr: panel.query.replaceAll("{namespace}", namespace), legend: "__auto" }],
      })),
  }));

function objectives(system: System): Dashboard {
  const unmeasured = new Set(unmeasuredSlos(system));
  return {
    uid: `${system.id}-objectives`,
    title: `${system.title}: objectives`,
    tags: [system.id, "slo"],
    panels: system.slos
      .filter((slo) => !unmeasured.has(slo))
      .flatMap((slo) => objective(system, slo)),
  };
}

function objective(system: System, slo: System["slos"][number]): readonly Panel[] {
  const series = selector({ [LABEL.system]: system.id, [LABEL.slo]: slo.name });
  const legend = `{{${LABEL.service}}}`;
  const window = durationText(slo.window);
  const text = `${String(Number((slo.objective.value * 100).toPrecision(10)))}% over ${window}`;
  const hour = hours(1);
  const rates = BURN_WINDOWS.filter(({ long }) => long.seconds === hour.seconds);
  return [
    {
      title: `${slo.name}: error budget remaining`,
      description: `Objective ${text}. At 0 the budget is spent, below it the objective is missed.`,
      type: "stat",
      unit: "percentunit",
      queries: [{ expr: `${RECORDED.budgetRemaining}${series}`, legend }],
      thresholds: { values: { warning: 0.25, critical: 0 }, bad: "below" },
    },
    {
      title: `${slo.name}: burn rate over an hour`,
      description: `How many times faster than sustainable the budget of ${text} is spent.`,
      unit: "short",
      queries: [
        {
          expr:
            `${RECORDED.errorRatio(hour)}${series}` +
            ` / ${String(Number((1 - slo.objective.value).toPrecision(10)))}`,
          legend,
        },
      ],
      thresholds: {
        values: {
          warning: 1,
          ...Object.fromEntries(rates.map((burn) => [burn.severity, burnRate(slo, burn)])),
        },
      },
    },
  ];
}
