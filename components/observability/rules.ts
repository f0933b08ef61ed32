/** All rules of a system, generated from its description. */
import type { Alert, System } from "../../systems/model";
import { durationText } from "../../systems/units";
import { subjects } from "./conditions";
import { panelExpressions } from "./dashboards";
import { LABEL } from "../kit/conventions";
import { origin, type AlertingRule, type RuleGroup, type RuleTarget } from "./rule";
import { levelLabel } from "./levels";
import { sloGroups } from "./slo-rules";
import { watchdogGroup } from "./watchdogs";

/** Objectives, then the runbook's own alerts, then the watchdogs. */
export function systemRules(system: System, target: RuleTarget): readonly RuleGroup[] {
  const alerts = system.alerts.flatMap((alert) => alertRules(system, alert, target));
  const groups = [
    ...system.slos.flatMap((slo) => sloGroups(system, slo, target)),
    ...(alerts.length === 0 ? [] : [{ name: `${system.id}.alerts`, rules: alerts }]),
  ];
  return [...groups, watchdogGroup(system, target, groups)];
}

/** Everything that rules and dashboards ask Prometheus. */
export const expressionsOf = (system: System, target: RuleTarget): readonly string[] => [
  ...systemRules(system, target).flatMap(({ rules }) => rules.map(({ expr }) => expr)),
  ...panelExpressions(system, target.namespace),
];

/** An alert under the runbook's name, one for each of its services. */
function alertRules(system: System, alert: Alert, target: RuleTarget): readonly AlertingRule[] {
  return subjects(system, alert, target).map(({ service, expr }) => ({
    alert: alert.name,
    expr,
    for: durationText(alert.for),
    labels: {
      [LABEL.system]: system.id,
      [LABEL.service]: service,
      [LABEL.severity]: alert.severity,
      ...(alert.level === undefined
        ? levelLabel(system, alert.severity)
        : { [LABEL.level]: alert.level }),
    },
    annotations: {
      summary: `${service}: ${alert.summary}`,
      description: alert.action,
      value: "{{ $value | humanize }}",
      ...origin(alert, target),
    },
  }));
}
