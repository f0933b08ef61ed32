/**
 * Rules for objectives: multi-window, multi-burn-rate alerts as in Google's SRE workbook, chapter
 * "Alerting on SLOs", in the form that sloth generates.
 */
import { named } from "../../systems/find";
import type { Severity, Slo, System } from "../../systems/model";
import { days, durationText, hours, minutes, type Duration } from "../../systems/units";
import { LABEL, OURS, RECORDED } from "../kit/conventions";
import { selector } from "./promql";
import {
  origin,
  type AlertingRule,
  type RecordingRule,
  type RuleGroup,
  type RuleTarget,
} from "./rule";
import { levelLabel } from "./levels";
import { events, ratio, requestsOf, sloServices } from "./slo-events";

/** Table 5-8 of the workbook, plus sloth's one-day window, as shares of the budget. */
export const BURN_WINDOWS: readonly {
  readonly severity: Severity;
  readonly long: Duration;
  readonly short: Duration;
  /** The share of the whole window's budget that is spent when the long window's alert fires. */
  readonly spent: number;
}[] = [
  { severity: "critical", long: hours(1), short: minutes(5), spent: 0.02 },
  { severity: "critical", long: hours(6), short: minutes(30), spent: 0.05 },
  { severity: "warning", long: days(1), short: hours(2), spent: 0.1 },
  { severity: "warning", long: days(3), short: hours(6), spent: 0.1 },
];

/** Every window that an alert or a panel uses. */
const WINDOWS: readonly Duration[] = [
  minutes(5),
  minutes(30),
  hours(1),
  hours(2),
  hours(6),
  days(1),
  days(3),
];

/** How many times faster than sustainable the budget is spent: 14.4, 6, 3 and 1 for thirty days. */
export const burnRate = (slo: Slo, burn: { long: Duration; spent: number }): number =>
  round((burn.spent * slo.window.seconds) / burn.long.seconds);

/** The share of bad events at which a burn rate alert fires. */
export const burnThreshold = (slo: Slo, burn: { long: Duration; spent: number }): number =>
  round(burnRate(slo, burn) * (1 - slo.objective.value));

/** The rule groups of an objective: ratios and budget by service, and the alerts. */
export function sloGroups(system: System, slo: Slo, target: RuleTarget): readonly RuleGroup[] {
  const recorded = recordings(system, slo, target.namespace);
  if (recorded.length === 0) return [];
  return [
    { name: `${system.id}.slo.${slo.name}.recording`, rules: recorded },
    {
      name: `${system.id}.slo.${slo.name}.budget`,
      // Each evaluation reads a month of samples; the interval must be below five minutes, after
      // which a series is stale.
      interval: "2m",
      rules: budget(system, slo),
    },
    {
      name: `${system.id}.slo.${slo.name}.alerting`,
      rules: sloServices(system, slo).flatMap((service) => [
        burnAlert(system, slo, service, "critical", target),
        burnAlert(system, slo, service, "warning", target),
        // The other indicators are derived from the series that would show it.
        ...(slo.indicator.kind === "latency" ? [bucketMissing(system, slo, service, target)] : []),
      ]),
    },
  ];
}

const sloLabels = (system: System, slo: Slo): Readonly<Record<string, string>> => ({
  [LABEL.system]: system.id,
  [LABEL.slo]: slo.name,
});

const alertLabels = (
  system: System,
  slo: Slo,
  service: string,
): Readonly<Record<string, string>> => ({ ...sloLabels(system, slo), [LABEL.service]: service });

/** Empty if nothing exports the indicator. */
function recordings(system: System, slo: Slo, namespace: string): readonly RecordingRule[] {
  const labels = sloLabels(system, slo);
  const base = events(system, slo, namespace, minutes(5));
  if (base === undefined) return [];
  const record = (name: string, expr: string): RecordingRule => ({ record: name, expr, labels });
  return [
    record(RECORDED.badEvents, base.bad),
    record(RECORDED.events, base.all),
    ...WINDOWS.flatMap((window) => {
      const over = events(system, slo, namespace, window);
      return over === undefined
        ? []
        : [record(RECORDED.errorRatio(window), ratio(over.bad, over.all))];
    }),
  ];
}

/** The remaining budget of the window, from recorded rates: accurate for any traffic, and cheap. */
function budget(system: System, slo: Slo): readonly RecordingRule[] {
  const labels = sloLabels(system, slo);
  const series = selector(labels);
  const summed = (metric: string): string =>
    `sum by (${LABEL.service}) (sum_over_time(${metric}${series}[${durationText(slo.window)}]))`;
  const allowed = String(round(1 - slo.objective.value));
  const overWindow = RECORDED.errorRatio(slo.window);
  return [
    {
      record: overWindow,
      expr: ratio(summed(RECORDED.badEvents), summed(RECORDED.events)),
      labels,
    },
    { record: RECORDED.objective, expr: `vector(${String(slo.objective.value)})`, labels },
    { record: RECORDED.budgetRemaining, expr: `1 - ${overWindow}${series} / ${allowed}`, labels },
  ];
}

function burnAlert(
  system: System,
  slo: Slo,
  service: string,
  severity: "critical" | "warning",
  target: RuleTarget,
): AlertingRule {
  const series = selector(alertLabels(system, slo, service));
  const windows = BURN_WINDOWS.filter((burn) => burn.severity === severity);
  const expr = windows
    .map((burn) => {
      const above = String(burnThreshold(slo, burn));
      const exceeded = (window: Duration): string =>
        `${RECORDED.errorRatio(window)}${series} > ${above}`;
      return `(\n  ${exceeded(burn.long)}\n  and\n  ${exceeded(burn.short)}\n)`;
    })
    .join("\nor\n");
  const rates = windows.map((burn) => `${String(burnRate(slo, burn))}×`).join(" or ");
  return {
    alert: OURS.burn,
    expr,
    for: "0s",
    labels: {
      ...alertLabels(system, slo, service),
      [LABEL.severity]: severity,
      ...levelLabel(system, severity),
    },
    annotations: {
      summary: `${service} spends the error budget of ${slo.name} too fast`,
      description:
        `At this rate (${rates} of what is sustainable) the objective of ` +
        `${percentText(slo.objective.value)} over ${durationText(slo.window)} is missed. ` +
        (severity === "critical" ? "Act now: look at errors, then roll back." : "Plan the repair."),
      ...origin(slo, target),
      origin: "Generated from the objective, not a row of the runbook.",
    },
  };
}

/** Traffic without an indicator: the bucket that the objective needs is not exported. */
function bucketMissing(
  system: System,
  slo: Slo,
  service: string,
  target: RuleTarget,
): AlertingRule {
  const labels = alertLabels(system, slo, service);
  const of = named(system.services, service);
  const requests = requestsOf(system, of, target.namespace, minutes(5))?.all ?? "";
  return {
    alert: OURS.indicatorMissing,
    expr:
      `${requests} > 0\n` +
      `unless on (${LABEL.service})\n${RECORDED.errorRatio(minutes(5))}${selector(labels)}`,
    for: "15m",
    labels: { ...labels, [LABEL.severity]: "warning", ...levelLabel(system, "warning") },
    annotations: {
      summary: `The objective ${slo.name} of ${service} cannot be measured`,
      description:
        "The service answers requests, but its latency histogram has no bucket that ends at the " +
        "objective's threshold. Compare its /metrics with the system's description.",
      ...origin(slo, target),
      origin: "Generated from the objective, not a row of the runbook.",
    },
  };
}

const percentText = (ratioValue: number): string => `${String(round(ratioValue * 100))}%`;

/** Rounds away floating-point noise: 1 - 0.999 is 0.001. */
function round(value: number): number {
  return Number(value.toPrecision(10));
}
