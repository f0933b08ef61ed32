/** SLOs: recording rules and alerts, and at least one objective per service. */
import type { Slo, System } from "../../systems/model";
import type { Policy } from "../policy";
import { common, compare, demandedBy, runbookOf, type Compared } from "./system";
import { rulesOf, type Rule } from "./rules";

/** Pod start and rollback times are measured in rehearsals: no metric shows them. */
function isMeasured({ observability }: System, { indicator }: Slo): boolean {
  if (indicator.kind !== "time") return true;
  return indicator.of === "eventLatency" && observability.metrics.eventLatency !== undefined;
}

const labelled = ({ value }: Rule, label: string, expected: string): boolean => {
  const found = value.get("labels", label);
  return found.isUnknown || found.string === expected;
};

function evaluate({ system, stack, context }: Compared): void {
  const { all, hidden } = rulesOf(stack, context);
  const recorded = all.filter(({ value }) => value.get("record").isKnown);
  const burning = all.filter(({ value }) => value.get("alert").isKnown);
  for (const slo of system.slos.filter((one) => isMeasured(system, one))) {
    const isHere = (rule: Rule): boolean => labelled(rule, "slo", slo.name);
    if (hidden) continue;
    if (!recorded.some(isHere)) {
      context.report(
        `The objective "${slo.name}" is not recorded by any PrometheusRule (label slo); ${demandedBy(system, slo)}.`,
      );
      continue;
    }
    const alerts = burning.filter(isHere);
    const silent = slo.services.filter(
      (service) => !alerts.some((rule) => labelled(rule, "service", service)),
    );
    for (const service of silent) {
      context.report(
        `The objective "${slo.name}" of ${service} is recorded, but has no error-budget burn alert (labels slo and service); ${demandedBy(system, slo)}.`,
      );
    }
  }
  evaluateServices(system, context.report);
}

function evaluateServices(system: System, report: (message: string) => void): void {
  const covered = new Set(system.slos.flatMap(({ services }) => services));
  for (const { name } of system.services) {
    if (covered.has(name)) continue;
    report(`The service "${name}" has no objective in ${runbookOf(system)}; add one to its slos.`);
  }
}

export const slos: readonly Policy[] = [
  {
    ...common,
    name: "runbook-slos",
    title: "SLOs have recording rules and alerts",
    clause: { reference: "PO-01; ALL-09", url: "https://sre.google/workbook/alerting-on-slos/" },
    severity: "high",
    prevents: "A service misses its objective for weeks, because nothing measures it.",
    description:
      "Every service has an objective, and every objective that a metric can measure has recording rules and error-budget alerts for each of its services.",
    remediation:
      "Generate recording and burn-rate rules from the system's slos in systems/, with the labels slo and service; add an objective there for a service that has none.",
    check: compare(evaluate),
  },
];
