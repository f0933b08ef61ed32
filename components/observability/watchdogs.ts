/** Alerts on missing series, without which other alerts would stay silent. */
import type { Service, System } from "../../systems/model";
import { archiveAlerts } from "./archive-alerts";
import { consumerGroups } from "./conditions";
import { EXPORTED, LABEL, OURS } from "../kit/conventions";
import { anyOf, selector } from "./promql";
import { origin, type AlertingRule, type RuleGroup, type RuleTarget } from "./rule";
import { levelLabel } from "./levels";
import { metricsMissing } from "./metrics-missing";
import { exceptWithoutKubernetes } from "./platform-conditions";

const MARK = "Generated for every service, not a row of the runbook.";

/** One group: each service, each consumer of events, and each exporter that the other rules need. */
export function watchdogGroup(
  system: System,
  target: RuleTarget,
  others: readonly RuleGroup[],
): RuleGroup {
  const rules = [
    ...system.services.flatMap((service) => [
      targetDown(system, service, target),
      ...lagMissing(system, service, target),
    ]),
    ...issuerExpiring(system, target),
    ...archiveAlerts(system, target),
  ];
  const name = `${system.id}.watchdogs`;
  const all = [...others, { name, rules }];
  return { name, rules: [...rules, ...metricsMissing(system, target, all)] };
}

function targetDown(system: System, service: Service, target: RuleTarget): AlertingRule {
  const { expr, summary, description } =
    service.metrics === "none" ? notReady(service, target) : notScraped(service, target);
  return {
    alert: OURS.targetDown,
    expr,
    for: "5m",
    // No pod of it is left: for the service that is an outage.
    labels: labels(system, service, "critical", "outage"),
    annotations: { summary, description, ...origin(service, target), origin: MARK },
  };
}

/** All of its pods are down, or there is none; Kubernetes handles a single one. */
function notScraped({ name, workload }: Service, { namespace }: RuleTarget) {
  // Dapr's sidecar is scraped under the service's name too, and may outlive the service.
  const up = `up${selector({ namespace, [LABEL.service]: name }, 'container!="daprd"')}`;
  return {
    expr: `max by (namespace, ${LABEL.service}) (${up}) == 0\nor\nabsent(${up})`,
    summary: `${name}: no pod answers to Prometheus`,
    description:
      `Look at the pods of ${workload}: while none is scraped, ` +
      "no other alert of this service can fire.",
  };
}

/** A service without metrics is not scraped, so its readiness comes from Kubernetes. */
function notReady({ name, workload }: Service, { namespace }: RuleTarget) {
  const ready = `${EXPORTED.readyReplicas}${selector({ namespace, deployment: workload })}`;
  return {
    expr:
      `max by (namespace, deployment) (${ready}) == 0\nor\n` +
      `(absent(${ready}) ${exceptWithoutKubernetes(namespace)})`,
    summary: `${name}: no pod is ready`,
    description: `Look at the pods of ${workload}, then at their logs.`,
  };
}

/**
 * Dapr's self-signed root certificate is valid for a year and not renewed: once it has expired,
 * sidecars no longer trust each other. A month before there is time; in the last week it pages.
 */
function issuerExpiring(system: System, target: RuleTarget): readonly AlertingRule[] {
  const service = system.services.find(({ dapr }) => dapr !== undefined);
  if (service === undefined) return [];
  const before = { warning: 30, critical: 7 } as const;
  return (["warning", "critical"] as const).map((severity) => ({
    alert: OURS.issuerExpiring,
    expr: `min(${EXPORTED.issuerExpiry}) - time() < ${String(before[severity] * 86_400)}`,
    for: "1h",
    labels: {
      [LABEL.system]: system.id,
      [LABEL.severity]: severity,
      ...levelLabel(system, severity),
    },
    annotations: {
      summary: `Dapr's root certificate ends in less than ${String(before[severity])} days`,
      description:
        "Renew it with `dapr mtls renew-certificate -k --valid-until 365 --restart`, which " +
        "restarts the control plane; then restart the services one after the other.",
      ...origin(service, target),
      origin: MARK,
    },
  }));
}

function lagMissing(system: System, service: Service, target: RuleTarget): readonly AlertingRule[] {
  const groups = consumerGroups(system, service.name);
  if (groups.length === 0) return [];
  const lag = selector({ namespace: target.namespace, consumergroup: anyOf(groups) });
  return [
    {
      alert: OURS.lagMissing,
      expr: `absent(${EXPORTED.lag}${lag})`,
      for: "15m",
      labels: labels(system, service, "warning"),
      annotations: {
        summary: `${service.name}: the lag of its consumer groups is unknown`,
        description:
          "Look at the exporter's pod and at whether the groups exist: " +
          "without lag, consumers neither alert nor scale.",
        ...origin(service, target),
        origin: MARK,
      },
    },
  ];
}

const labels = (
  system: System,
  service: Service,
  severity: "critical" | "warning",
  extent: "outage" | "part" = "part",
): Readonly<Record<string, string>> => ({
  [LABEL.system]: system.id,
  [LABEL.service]: service.name,
  [LABEL.severity]: severity,
  ...levelLabel(system, severity, extent),
});
