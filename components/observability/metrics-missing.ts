/** For each exporter that rules and dashboards read: an alert that it is gone, or reaches nothing. */
import { exporterOf, type Exporter } from "../../lib/exporters";
import { metricNames, readPromql } from "../../lib/promql";
import type { System } from "../../systems/model";
import { LABEL, OURS } from "../kit/conventions";
import { panelExpressions } from "./dashboards";
import { levelLabel } from "./levels";
import type { AlertingRule, RuleGroup, RuleTarget } from "./rule";

/** The exporters of the metrics that expressions read, in order. */
export const exportersRead = (expressions: readonly string[]): readonly Exporter[] => [
  ...new Set(
    expressions.flatMap((expression) =>
      metricNames(readPromql(expression)).flatMap((metric) => exporterOf(metric) ?? []),
    ),
  ),
];

export function metricsMissing(
  system: System,
  { namespace, runbookUrl }: RuleTarget,
  groups: readonly RuleGroup[],
): readonly AlertingRule[] {
  const rules = groups.flatMap((group) => group.rules.map(({ expr }) => expr));
  return exportersRead([...rules, ...panelExpressions(system, namespace)]).map(
    ({ name, witness }) => ({
      alert: OURS.metricsMissing,
      expr:
        witness.zeroIsDown === true
          ? `min by (instance) (${witness.metric}) == 0\nor\nabsent(${witness.metric})`
          : `absent(${witness.metric})`,
      for: "15m",
      labels: {
        [LABEL.system]: system.id,
        [LABEL.service]: name,
        [LABEL.severity]: "warning",
        ...levelLabel(system, "warning"),
      },
      annotations: {
        summary: `${name}: its metrics are missing`,
        description:
          "Alerts and panels that read them are silent until they are back. Look at its pods, and at its " +
          "target in Prometheus.",
        runbook_url: runbookUrl,
        origin:
          "Generated for every exporter that a rule or a panel reads, not a row of the runbook.",
      },
    }),
  );
}
