/** Rules on objectives and alerts. */
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

/** How bad a condition is, as one number that grows with it; undefined where there is none. */
function badness(condition: Condition): number | undefined {
  const bound =
    "above" in condition ? condition.above : "below" in condition ? condition.below : undefined;
  if (bound === undefined) return undefined;
  const value = typeof bound === "number" ? bound : measure(bound);
  return "below" in condition ? -value : value;
}

const measure = (bound: Ratio | Duration): number =>
  bound.kind === "ratio" ? bound.value : bound.seconds;

const text = (condition: Condition): string => {
  const value = Math.abs(badness(condition) ?? 0);
  return `${"below" in condition ? "below" : "above"} ${value}`;
};

const alertThresholds: Rule = {
  id: "alert-thresholds",
  check: ({ alerts }) =>
    alerts
      .filter(({ severity }) => severity === "warning")
      .flatMap((warning) => {
        const critical = alerts.find(
          (other) =>
            other.severity === "critical" &&
            other.name === warning.name &&
            other.condition.kind === warning.condition.kind,
        );
        const [low, high] = [
          badness(warning.condition),
          badness(critical?.condition ?? warning.condition),
        ];
        if (critical === undefined || low === undefined || high === undefined || low < high)
          return [];
        return [
          report(
            `${alertPath(warning)}.condition`,
            `The warning threshold of alert "${warning.name}"`,
            text(warning.condition),
            `reached before the critical one, which is ${text(critical.condition)}`,
            "exchange or correct the thresholds",
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

const written = (bound: Ratio | Duration): string =>
  bound.kind === "ratio" ? `the share ${bound.value}` : durationText(bound);

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
