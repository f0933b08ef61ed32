/** Alerts on missing series, without which other alerts would stay silent. */
import type { Service, System } from "../../systems/model";
import { archiveAlerts } from "./archive-alerts";
import { consumerGroups, topicsOf } from "./conditions";
import { EXPORTED, LABEL, OURS } from "../kit/conventions";
import { anyOf, selector } from "./promql";
import { origin, type AlertingRule, type RuleGroup, type RuleTarget } from "./rule";
import { levelLabel } from "./levels";
import { metricsMissing } from "./metrics-missing";
import { operatorAlerts } from "./operator-alerts";
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
    ...operatorAlerts(system, target),
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

/**
 * The exporter leaves out a topic of which a group never committed anything, which is as it should be until there is
 * an event. By the last hour, so that a few events a day count too; `for` is the time that the first one may take.
 */
function lagMissing(system: System, service: Service, target: RuleTarget): readonly AlertingRule[] {
  const { namespace } = target;
  return consumerGroups(system, service.name).map((group) => {
    const topic = anyOf(topicsOf(system, group));
    const produced = (offset: string): string =>
      `sum by (namespace, topic) (${EXPORTED.producedOffset}${selector({ namespace, topic })}${offset})`;
    const lag = `${EXPORTED.lag}${selector({ namespace, consumergroup: group })}`;
    return {
      alert: OURS.lagMissing,
      expr: `${produced("")}\n>\n${produced(" offset 1h")}\nunless on (topic)\n${lag}`,
      for: "15m",
      labels: { ...labels(system, service, "warning"), consumergroup: group },
      annotations: {
        summary: `${service.name}: events of {{ $labels.topic }} come, and ${group} consumes none`,
        description:
          "Look at the service's log and, with Dapr, at its sidecar's, and at whether the group exists: " +
          "it has no lag, by which consumers alert and scale.",
        ...origin(service, target),
        origin: MARK,
      },
    };
  });
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
