/** Alerts on what the platform's operators report of this system's objects. */
import type { Severity, System } from "../../systems/model";
import { EXPORTED, LABEL, OURS } from "../kit/conventions";
import { levelLabel } from "./levels";
import { selector } from "./promql";
import type { AlertingRule, RuleTarget } from "./rule";

/** In seconds. external-dns writes its records every minute. */
const LONGEST_SILENCE = 600;

export function operatorAlerts(system: System, target: RuleTarget): readonly AlertingRule[] {
  const { externalSecrets = false, externalDns = false } = target;
  return [
    scalerFailing(system, target),
    // Without an object, its exporter has nothing to say.
    ...(externalSecrets && system.secrets.length > 0 ? [secretNotReady(system, target)] : []),
    ...(externalDns ? [recordsStale(system, target)] : []),
  ];
}

function scalerFailing(system: System, target: RuleTarget): AlertingRule {
  const errors = `${EXPORTED.scalerErrors}${selector({ namespace: target.namespace })}`;
  return {
    alert: OURS.scalerFailing,
    expr: `sum by (namespace, scaledObject, scaler) (increase(${errors}[10m])) > 0`,
    for: "15m",
    ...common(system, target, "autoscaling", "warning", {
      summary: "{{ $labels.scaledObject }} is not scaled by {{ $labels.scaler }}",
      description:
        "KEDA cannot measure it, so the number of pods stays. Read the reason: " +
        "kubectl describe scaledobject, and the log of keda-operator.",
    }),
  };
}

function secretNotReady(system: System, target: RuleTarget): AlertingRule {
  const failed = selector({ namespace: target.namespace, condition: "Ready", status: "False" });
  return {
    alert: OURS.secretStale,
    expr: `max by (namespace, name) (${EXPORTED.externalSecret}${failed}) == 1`,
    for: "15m",
    ...common(system, target, "secrets", "warning", {
      summary: "The Secret of {{ $labels.name }} is not brought up to date",
      description:
        "Pods keep the last value, and a rotation does not reach them. Read the reason: " +
        "kubectl describe externalsecret.",
    }),
  };
}

/** A run that cannot read the routes or the zone, or cannot write a record, does not count. */
const recordsStale = (system: System, target: RuleTarget): AlertingRule => ({
  alert: OURS.recordsStale,
  expr: `time() - max(${EXPORTED.recordsWritten}) > ${String(LONGEST_SILENCE)}`,
  for: "15m",
  ...common(system, target, "dns", "warning", {
    summary: "DNS records are not written",
    description:
      "A new host or load balancer gets no record, so nobody reaches it. Read the log of external-dns.",
  }),
});

const common = (
  system: System,
  { runbookUrl }: RuleTarget,
  service: string,
  severity: Severity,
  words: { readonly summary: string; readonly description: string },
): Pick<AlertingRule, "labels" | "annotations"> => ({
  labels: {
    [LABEL.system]: system.id,
    [LABEL.service]: service,
    [LABEL.severity]: severity,
    ...levelLabel(system, severity),
  },
  annotations: {
    ...words,
    runbook_url: runbookUrl,
    origin: "Generated for the platform's operators, not a row of the runbook.",
  },
});
