/** The runbook's alerts: existence, thresholds and routing. */
import type { Alert, Condition, System } from "../../systems/model";
import { durationText } from "../../systems/units";
import type { CheckContext, Policy } from "../policy";
import { ONLY_IN_PRODUCTION, finding } from "../policy";
import type { Value } from "../values";
import { secondsOf } from "../../lib/durations";
import { readPromql, type Threshold } from "../../lib/promql";
import { byAlert, rulesOf, type Rule } from "./rules";
import { common, compare, demandedBy, type Compared } from "./system";
import { areOpen } from "./unknowns";

/**
 * The rules of an alert, and whether it may be among rules that are not visible, or of unknown
 * severity.
 */
function eachAlert(
  { system, stack, context }: Compared,
  evaluate: (alert: Alert, rules: readonly Rule[], hidden: boolean) => void,
): void {
  const { all, hidden } = rulesOf(stack, context);
  const byName = byAlert(all);
  for (const alert of system.alerts) {
    const named = (byName.get(alert.name) ?? []).map((rule) => ({
      rule,
      severity: rule.value.get("labels", "severity"),
    }));
    const rules = named.filter(({ severity }) => severity.string === alert.severity);
    const open = named.filter(({ rule, severity }) =>
      context.noteUnknown(severity, rule.resource.urn),
    );
    evaluate(
      alert,
      rules.map(({ rule }) => rule),
      hidden || open.length > 0,
    );
  }
}

function exist(compared: Compared): void {
  const { system, context } = compared;
  eachAlert(compared, (alert, rules, hidden) => {
    if (rules.length > 0) evaluateDuration(alert, rules, context);
    else if (!hidden) {
      context.report(
        `Alert "${alert.name}" with severity "${alert.severity}" is not in any PrometheusRule; ${demandedBy(system, alert)}.`,
      );
    }
  });
}

const title = ({ name, severity }: Alert): string => `the runbook's alert "${name}" (${severity})`;

function evaluateDuration(alert: Alert, rules: readonly Rule[], context: CheckContext): void {
  for (const { resource, value } of rules) {
    const duration = value.get("for");
    if (context.noteUnknown(duration, resource.urn)) continue;
    const seconds = duration.isMissing ? 0 : secondsOf(duration.string ?? "");
    if (seconds === alert.for.seconds) continue;
    const expected = `${title(alert)} holds for ${durationText(alert.for)}`;
    context.report(finding(resource, duration, expected), resource.urn);
  }
}

/** The required comparison; undefined if the runbook gives no number. */
function thresholdOf(condition: Condition): Threshold | undefined {
  switch (condition.kind) {
    case "notReady":
      return undefined;
    case "hitRate":
      return { operator: "below", bound: condition.below.value };
    case "certificateExpiry":
      return { operator: "below", bound: condition.within.seconds };
    default:
      return { operator: "above", bound: numberOf(condition.above) };
  }
}

/** Durations are compared in seconds, percentages as ratios: Prometheus base units. */
function numberOf(
  above: number | { readonly value: number } | { readonly seconds: number },
): number {
  if (typeof above === "number") return above;
  return "seconds" in above ? above.seconds : above.value;
}

function thresholds(compared: Compared): void {
  const { context } = compared;
  eachAlert(compared, (alert, rules) => {
    const expected = thresholdOf(alert.condition);
    if (expected === undefined) return;
    for (const { resource, value } of rules) {
      const expression = value.get("expr");
      if (context.noteUnknown(expression, resource.urn)) continue;
      const found = readPromql(expression.string ?? "").thresholds;
      if (found.some((one) => one.operator === expected.operator && one.bound === expected.bound)) {
        continue;
      }
      const written = found.map(({ operator, bound }) => `${operator} ${bound}`).join(" and ");
      const fires = written === "" ? "with nothing" : written;
      const at = `compares ${fires}; ${title(alert)} fires ${expected.operator} ${expected.bound}`;
      context.report(finding(resource, expression, at), resource.urn);
    }
  });
}

const ROUTING = "kubernetes:monitoring.coreos.com:AlertmanagerConfig";
/** Channel → its field in an AlertmanagerConfig receiver. */
const CONFIGS: Readonly<Record<string, string>> = {
  pagerduty: "pagerdutyConfigs",
  slack: "slackConfigs",
  email: "emailConfigs",
};

interface Route {
  /** Severities that the route, or a parent, matches; undefined if it matches every alert. */
  readonly severities: RegExp | undefined;
  readonly receiver: string | undefined;
  /** Whether later routes are matched too. */
  readonly continues: boolean;
}

/** The leaves of a routing tree: an alert goes to the deepest matching route. */
function routesOf(route: Value, above: RegExp | undefined): readonly Route[] {
  const severities = severitiesOf(route) ?? above;
  const inner = route.get("routes").list();
  const own: Route = {
    severities,
    receiver: route.get("receiver").string,
    continues: route.get("continue").boolean === true,
  };
  return [...inner.flatMap((one) => routesOf(one, severities)), own];
}

function severitiesOf(route: Value): RegExp | undefined {
  const matcher = route
    .get("matchers")
    .list()
    .find((one) => one.get("name").string === "severity");
  const value = matcher?.get("value").string;
  if (matcher === undefined || value === undefined) return undefined;
  const isPattern =
    matcher.get("matchType").string === "=~" || matcher.get("regex").boolean === true;
  const pattern = isPattern ? value : value.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  try {
    return new RegExp(`^(?:${pattern})$`);
  } catch {
    return undefined;
  }
}

/** The channels that an alert of this severity reaches. */
function channelsOf(config: Value, severity: string): ReadonlySet<string> {
  const taking = routesOf(config.get("spec", "route"), undefined).filter(
    ({ severities }) => severities?.test(severity) ?? true,
  );
  const last = taking.findIndex(({ continues }) => !continues);
  const names = taking.slice(0, last + 1).map(({ receiver }) => receiver);
  const receivers = config.get("spec", "receivers").list();
  const reached = receivers.filter((one) => names.includes(one.get("name").string));
  const kinds = Object.keys(CONFIGS).filter((kind) =>
    reached.some((receiver) => {
      const written = receiver.get(CONFIGS[kind] ?? "");
      return written.isUnknown || written.list().length > 0;
    }),
  );
  return new Set(kinds);
}

function severitiesWithChannels({ alerts, incidents }: System): readonly [string, string[]][] {
  return [...new Set(alerts.map(({ severity }) => severity))].map((severity) => [
    severity,
    incidents.channels
      .filter(({ severities }) => severities.includes(severity))
      .map(({ kind }) => kind),
  ]);
}

function routing({ system, stack, context }: Compared): void {
  const configs = stack.of(ROUTING);
  for (const [severity, expected] of severitiesWithChannels(system)) {
    const reached = new Set(configs.flatMap(({ props }) => [...channelsOf(props, severity)]));
    const missing = expected.filter((kind) => !reached.has(kind));
    if (missing.length === 0 || areOpen(configs, [["spec"]], context)) continue;
    const where =
      configs.length === 0 ? "the stack has no AlertmanagerConfig" : "no receiver has them";
    context.report(
      `Alerts of severity "${severity}" do not reach ${missing.join(" and ")} (${where}); ${demandedBy(system, system.incidents)}.`,
    );
  }
}

export const alerts: readonly Policy[] = [
  {
    ...common,
    name: "runbook-alerts",
    title: "The runbook's alerts exist",
    clause: { reference: "PO-01; ALL-09" },
    severity: "high",
    prevents: "An incident that the runbook describes begins, and nobody is paged.",
    description:
      "Every alert of the system's runbook is in a PrometheusRule, with its name, severity and duration.",
    remediation:
      "Generate the rules from the system's file in systems/ instead of writing them by hand; if the runbook changed, correct that file.",
    check: compare(exist),
  },
  {
    ...common,
    name: "runbook-alert-thresholds",
    title: "Alerts fire at the runbook's thresholds",
    clause: { reference: "PO-01; ALL-09" },
    severity: "high",
    prevents: "An alert of the right name fires at a value that nobody agreed on, or never.",
    description:
      "The expression of every alert compares with the runbook's threshold, in seconds and ratios, and in the runbook's direction.",
    remediation:
      "Use the threshold of the alert's condition in systems/ as the last comparison of expr, such as > 0.05 for 5%; change it there when the runbook changes.",
    check: compare(thresholds),
  },
  {
    ...common,
    name: "runbook-alert-routing",
    title: "Alerts reach the runbook's channels",
    clause: { reference: "PO-01; ALL-10; ALL-15" },
    severity: "high",
    prevents: "The alert fires and nobody is notified, because its severity has no receiver.",
    description:
      "Each severity of the runbook's alerts is routed to a receiver with the channels that the runbook's escalation names for it.",
    remediation:
      "Give the AlertmanagerConfig a route for the severity, whose receiver has pagerdutyConfigs, slackConfigs or emailConfigs as the runbook says; in this project, set the channels' credentials in runstack:secrets.",
    enforcement: ONLY_IN_PRODUCTION,
    check: compare(routing),
  },
];
