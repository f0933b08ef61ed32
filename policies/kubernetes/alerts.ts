/** PrometheusRules: valid rules, and alerts that tell the reader what to do. */
import { secondsOf } from "../../lib/durations";
import { readPromql, type ValueType } from "../../lib/promql";
import { each, elements, expectThat, expectPresent, type Check } from "../expect";
import { WEIGHED } from "../in-manifests";
import type { Policy, ResourceCheck } from "../policy";
import { ADVICE, STRICT_IN_PRODUCTION, finding, listSetting } from "../policy";
import type { Value } from "../values";

const RULES = "kubernetes:monitoring.coreos.com:PrometheusRule";
const PROMETHEUS = "https://prometheus.io/docs/";

function eachRule(run: (check: Check, rule: Value) => void): ResourceCheck {
  return each([RULES], (check) => {
    for (const group of elements(check, check.resource.props.get("spec", "groups"))) {
      for (const rule of elements(check, group.get("rules"))) {
        const name = rule.get("alert").string ?? rule.get("record").string ?? "unnamed";
        const kind = rule.get("alert").isMissing ? "rule" : "alert";
        run({ ...check, part: `${kind} "${name}"` }, rule);
      }
    }
  });
}

const isDuration = ({ string }: Value): boolean =>
  string !== undefined && secondsOf(string) !== undefined;

/**
 * A heartbeat always fires, to show that alerts arrive, so it does not wait. An unknown rule may be
 * one.
 */
function isHeartbeat({ resource, context }: Check, rule: Value): boolean {
  const expression = rule.get("expr");
  if (context.noteUnknown(expression, resource.urn)) return true;
  return readPromql(expression.string ?? "").constant === 1;
}

/** Alerts on the state of other alerts inhibit those; they call nobody. */
const isInhibitor = (rule: Value): boolean => /\bALERTS\s*\{/.test(rule.get("expr").string ?? "");

function saysHowLong(check: Check, rule: Value): void {
  if (rule.get("alert").isMissing) return;
  const expected = 'set how long the condition must hold, such as "5m", or "0s" to fire at once';
  const duration = rule.get("for");
  expectThat(
    check,
    duration,
    (value) =>
      value.isMissing ? isHeartbeat(check, rule) || isInhibitor(rule) : isDuration(value),
    expected,
  );
  const keep = rule.get("keep_firing_for");
  expectThat(
    check,
    keep,
    (value) => value.isMissing || isDuration(value),
    'use a duration such as "5m"',
  );
}

/** promtool accepts these, but Prometheus fails each time it evaluates the rule. */
const notARule = (type: ValueType): string | undefined =>
  type === "range vector" || type === "string"
    ? `a rule needs an instant vector or a scalar, and this is a ${type}`
    : undefined;

function isParsable(check: Check, rule: Value): void {
  const { resource, context } = check;
  const expression = rule.get("expr");
  if (context.noteUnknown(expression)) return;
  // A number is also an expression.
  const { problems, type } = readPromql(expression.string ?? String(expression.number ?? ""));
  const found = problems[0] ?? (type === undefined ? undefined : notARule(type));
  if (found !== undefined) context.report(finding(resource, expression, found, check.part));
  const [alert, record] = [rule.get("alert"), rule.get("record")];
  if ([alert, record].filter((name) => context.noteUnknown(name)).length > 0) return;
  if (alert.isMissing === record.isMissing)
    context.report(finding(resource, alert, "set either alert or record", check.part));
}

const SEVERITIES = ["critical", "warning", "info"];
/** Of alerts that are for Alertmanager alone: no receiver is meant to get them. */
const QUIET = ["none"];

function isDocumented(check: Check, rule: Value): void {
  if (rule.get("alert").isMissing) return;
  const callsNobody = isHeartbeat(check, rule) || isInhibitor(rule);
  const severities = [
    ...check.context.setting("severities", SEVERITIES),
    ...(callsNobody ? check.context.setting("quiet", QUIET) : []),
  ];
  const isSeverity = ({ string }: Value): boolean =>
    string !== undefined && severities.includes(string);
  expectThat(
    check,
    rule.get("labels", "severity"),
    isSeverity,
    `it must be one of ${severities.join(", ")}`,
  );
  if (isHeartbeat(check, rule)) return;
  const annotations = rule.get("annotations");
  expectPresent(check, annotations.get("summary"), "say in a few words what is wrong");
  expectPresent(check, annotations.get("runbook_url"), "set the URL of the runbook");
}

/** Name and labels, which identify a rule's results in Prometheus; undefined while unknown. */
function identity({ resource, context }: Check, rule: Value): string | undefined {
  const [alert, record, labels] = [rule.get("alert"), rule.get("record"), rule.get("labels")];
  const pairs = labels.entries();
  const values = [alert, record, labels, ...pairs.map(([, value]) => value)];
  if (values.filter((value) => context.noteUnknown(value, resource.urn)).length > 0)
    return undefined;
  const name = alert.string ?? record.string;
  if (name === undefined) return undefined;
  return JSON.stringify([name, ...pairs.map(([key, value]) => `${key}=${value.show()}`).sort()]);
}

/** @param kind which rules: those with this key */
function namesAreUnique(check: Check, kind: "alert" | "record"): void {
  const seen = new Map<string, Value>();
  for (const group of elements(check, check.resource.props.get("spec", "groups"))) {
    for (const rule of elements(check, group.get("rules"))) {
      if (rule.get("alert").isMissing !== (kind === "record")) continue;
      const key = identity(check, rule);
      if (key === undefined) continue;
      const first = seen.get(key);
      seen.set(key, first ?? rule);
      if (first === undefined) continue;
      const expected = `${first.path} has the same name and labels: rename it, or add a label`;
      check.context.report(finding(check.resource, rule.get(kind), expected));
    }
  }
}

const shared = { themes: ["logging"], enforcement: STRICT_IN_PRODUCTION } as const;

export const alerts: readonly Policy[] = [
  {
    ...shared,
    name: "alert-duration",
    title: "Alerts set how long they wait",
    clause: {
      reference: "PO-01; ALL-09",
      url: `${PROMETHEUS}prometheus/latest/configuration/alerting_rules/`,
    },
    severity: "medium",
    prevents: "One failed scrape pages someone, until nobody takes alerts seriously.",
    description:
      "Every alert sets a valid duration for which its condition must hold, except those that always fire or that inhibit others.",
    remediation: "Set for: 5m, or for: 0s if the expression itself covers a time range.",
    inManifests: WEIGHED,
    check: eachRule(saysHowLong),
  },
  {
    ...shared,
    name: "alert-documented",
    title: "Alerts have a severity, a summary and a runbook",
    clause: { reference: "PO-01; ALL-09", url: `${PROMETHEUS}practices/alerting/` },
    severity: "medium",
    prevents: "Someone is paged and has to work out what is wrong and what to do.",
    description: "Every alert has a severity, a summary and a runbook URL.",
    remediation: "Set labels.severity, annotations.summary and annotations.runbook_url.",
    inManifests: WEIGHED,
    configuration: {
      properties: {
        severities: listSetting(SEVERITIES, "Allowed severities"),
        quiet: listSetting(
          QUIET,
          "Severities also allowed for alerts that call nobody: heartbeats, and those that inhibit others",
        ),
      },
    },
    check: eachRule(isDocumented),
  },
  {
    ...shared,
    name: "rule-expression",
    title: "Prometheus rules are valid",
    clause: {
      reference: "PO-01; promtool check rules",
      url: `${PROMETHEUS}prometheus/latest/querying/basics/`,
    },
    severity: "high",
    prevents: "Prometheus rejects the whole file, and none of its alerts exists.",
    description:
      "Every rule has a name and an expression that Prometheus can parse and that type-checks: a range vector where a function needs one, and no comparison of two scalars without bool.",
    remediation: "Set alert or record, and an expr that `promtool check rules` accepts.",
    check: eachRule(isParsable),
  },
  {
    ...shared,
    name: "rule-unique",
    title: "Alerts have different names or labels",
    clause: {
      reference: "PO-01; promtool check rules --lint=duplicate-rules",
      url: `${PROMETHEUS}prometheus/latest/configuration/recording_rules/`,
    },
    severity: "medium",
    prevents: "Two alerts look like one, and whoever is paged reads the wrong summary.",
    description: "No two alerts of a PrometheusRule have the same name and labels.",
    remediation: "Rename one of them, or add a label to distinguish them.",
    check: each([RULES], (check) => {
      namesAreUnique(check, "alert");
    }),
  },
  {
    ...shared,
    name: "recording-rule-unique",
    title: "Recording rules do not overwrite each other",
    clause: {
      reference: "PO-01; promtool check rules --lint=duplicate-rules",
      url: `${PROMETHEUS}prometheus/latest/configuration/recording_rules/`,
    },
    severity: "low",
    prevents: "Two results share one series, which jumps between them.",
    description:
      "No two recording rules of a PrometheusRule have the same name and labels, unless their expressions select series that have nothing in common.",
    remediation:
      "Rename one of them, or add a label to distinguish them; leave them if their expressions cannot return the same labels.",
    // Whether two expressions return the same labels is not decided by their text.
    enforcement: ADVICE,
    check: each([RULES], (check) => {
      namesAreUnique(check, "record");
    }),
  },
];
