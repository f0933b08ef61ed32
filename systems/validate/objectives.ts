/** Rules for objectives and alerts. */
import type { Alert, Condition, Slo } from "../model";
import { durationText, type Duration, type Ratio } from "../units";
import { oneOf, quoted, report, type Rule } from "./problem";

const alertPath = (alert: Alert): string => `alerts[${alert.name}/${alert.severity}]`;

const alertRoute: Rule = {
  id: "alert-route",
  check({ alerts, incidents }) {
    const routed = incidents.channels.flatMap((channel) => channel.severities);
    return alerts
      .filter(({ severity }) => !routed.includes(severity))
      .map((alert) =>
        report(
          `${alertPath(alert)}.severity`,
          `The severity of alert "${alert.name}"`,
          quoted(alert.severity),
          `one that a channel takes, ${oneOf(routed)}`,
          "add the severity to a channel",
        ),
      );
  },
};

const alertLevel: Rule = {
  id: "alert-level",
  check: ({ alerts, incidents }) =>
    alerts.flatMap((alert) => {
      const levels = incidents.levels
        .filter(({ severity }) => severity === alert.severity)
        .map(({ level }) => level);
      return alert.level === undefined || levels.includes(alert.level)
        ? []
        : [
            report(
              `${alertPath(alert)}.level`,
              `The level of ${alert.severity} alert "${alert.name}"`,
              quoted(alert.level),
              `an incident level of that severity, ${oneOf(levels)}`,
              "correct the level or the severity",
            ),
          ];
    }),
};

type Bound = number | Ratio | Duration;

const boundOf = (condition: Condition): Bound | undefined =>
  "above" in condition ? condition.above : "below" in condition ? condition.below : undefined;

const measure = (bound: Bound): number =>
  typeof bound === "number" ? bound : bound.kind === "ratio" ? bound.value : bound.seconds;

const written = (bound: Bound): string =>
  typeof bound === "object" && bound.kind === "duration"
    ? durationText(bound)
    : String(measure(bound));

/** `above 5m`, or `below 0.7` for values that must stay high. */
const text = (condition: Condition, bound: Bound): string =>
  `${"below" in condition ? "below" : "above"} ${written(bound)}`;

/** Higher for worse conditions. */
const badness = (condition: Condition, bound: Bound): number =>
  "below" in condition ? -measure(bound) : measure(bound);

function criticalOf(warning: Alert, alerts: readonly Alert[]): Alert | undefined {
  return alerts.find(
    ({ name, severity, condition }) =>
      severity === "critical" && name === warning.name && condition.kind === warning.condition.kind,
  );
}

const alertThresholds: Rule = {
  id: "alert-thresholds",
  check: ({ alerts }) =>
    alerts
      .filter(({ severity }) => severity === "warning")
      .flatMap((warning) => {
        const critical = criticalOf(warning, alerts);
        const low = boundOf(warning.condition);
        const high = critical === undefined ? undefined : boundOf(critical.condition);
        if (critical === undefined || low === undefined || high === undefined) return [];
        if (badness(warning.condition, low) < badness(critical.condition, high)) return [];
        return [
          report(
            `${alertPath(warning)}.condition`,
            `The warning threshold of alert "${warning.name}"`,
            text(warning.condition, low),
            `reached before the critical one, which is ${text(critical.condition, high)}`,
            "swap or correct the thresholds",
          ),
        ];
      }),
};

const sloCoverage: Rule = {
  id: "slo-coverage",
  check: ({ services, slos }) =>
    services
      .filter(({ name }) => !slos.some((slo) => slo.services.includes(name)))
      .map(({ name }) =>
        report(
          `services[${name}]`,
          `Service "${name}"`,
          "without an objective",
          "covered by at least one",
          "add it to an objective's services",
        ),
      ),
};

const sloObjective: Rule = {
  id: "slo-objective",
  check: ({ slos }) =>
    slos
      .filter(({ objective: { value } }) => !(value > 0 && value < 1))
      .map(({ name, objective }) =>
        report(
          `slos[${name}].objective`,
          `The objective "${name}"`,
          String(objective.value),
          "above 0 and below 1, because an objective of 1 leaves no error budget",
          "give the share as percent(99.9)",
        ),
      ),
};

/** The target in the unit of the critical bound, and whether a larger value is worse. */
function target({ indicator, objective }: Slo): readonly [Ratio | Duration, worse: 1 | -1] {
  switch (indicator.kind) {
    case "availability":
      return [objective, -1];
    case "errorRate":
      return [{ kind: "ratio", value: Number((1 - objective.value).toPrecision(12)) }, 1];
    case "latency":
      return [indicator.threshold, 1];
    case "time":
      return [indicator.below, 1];
  }
}

const sloCritical: Rule = {
  id: "slo-critical",
  check: ({ slos }) =>
    slos.flatMap((slo) => {
      if (slo.critical === undefined) return [];
      const [bound, worse] = target(slo);
      const same = bound.kind === slo.critical.kind;
      if (same && worse * (measure(slo.critical) - measure(bound)) > 0) return [];
      return [
        report(
          `slos[${slo.name}].critical`,
          `The critical bound of objective "${slo.name}"`,
          written(slo.critical),
          `a ${bound.kind} worse than its target of ${written(bound)}`,
          "correct the bound or the target",
        ),
      ];
    }),
};

export const OBJECTIVE_RULES: readonly Rule[] = [
  alertRoute,
  alertLevel,
  alertThresholds,
  sloCoverage,
  sloObjective,
  sloCritical,
];
