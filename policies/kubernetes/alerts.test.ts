import { describe, expect, it } from "vitest";
import { UNKNOWN, messages, type Fixture } from "../testing";
import { testPolicy } from "../testing/cases";
import { broken } from "../testing/fixtures";
import type { Key } from "../values";

const rules = (): Fixture => ({
  type: "kubernetes:monitoring.coreos.com/v1:PrometheusRule",
  name: "shop",
  props: {
    metadata: { name: "shop", namespace: "shop" },
    spec: {
      groups: [
        {
          name: "shop",
          rules: [
            {
              alert: "ErrorsHigh",
              expr: 'sum(rate(errors_total{code=~"5.."}[5m])) > 3',
              for: "5m",
              labels: { severity: "critical" },
              annotations: { summary: "Too many", runbook_url: "https://r.example.com" },
            },
            { record: "errors:rate5m", expr: "sum(rate(errors_total[5m]))", labels: { slo: "a" } },
          ],
        },
      ],
    },
  },
});
const GROUPS: readonly Key[] = ["spec", "groups"];
const ALERT: readonly Key[] = [...GROUPS, 0, "rules", 0];
const RECORD: readonly Key[] = [...GROUPS, 0, "rules", 1];
const WHO = 'PrometheusRule "shop/shop"';
const at = (path: string, part = 'alert "ErrorsHigh"', index = 0): string =>
  `${WHO}, ${part}: spec.groups[0].rules[${String(index)}].${path}.`;
const WHICH = [GROUPS, [...GROUPS, 0, "rules"]];

const howLong = 'set how long the condition must hold, such as "5m", or "0s" to fire at once';
testPolicy("alert-duration", {
  happy: rules,
  broken: [
    { at: [...ALERT, "for"], says: at(`for is missing; ${howLong}`) },
    { at: [...ALERT, "for"], to: "five", says: at(`for is "five"; ${howLong}`) },
    { at: [...ALERT, "for"], to: 5, says: at(`for is 5; ${howLong}`) },
    { at: [...ALERT, "for"], to: "0s", says: [] },
    {
      at: [...ALERT, "keep_firing_for"],
      to: "long",
      says: at('keep_firing_for is "long"; use a duration such as "5m"'),
    },
    { at: [...ALERT, "keep_firing_for"], to: "1h", says: [] },
    { at: ALERT, to: { alert: "Watchdog", expr: " vector( 1 ) " }, says: [] },
    {
      at: ALERT,
      to: { alert: "Watchdog", expr: "vector(11)" },
      says: at(`for is missing; ${howLong}`, 'alert "Watchdog"'),
    },
    {
      at: ALERT,
      to: { alert: "Watchdog", expr: "x vector(1)" },
      says: at(`for is missing; ${howLong}`, 'alert "Watchdog"'),
    },
    {
      at: ALERT,
      to: { alert: "Watchdog", expr: "vector(1) x" },
      says: at(`for is missing; ${howLong}`, 'alert "Watchdog"'),
    },
    {
      at: ALERT,
      to: { alert: "Watchdog" },
      says: at(`for is missing; ${howLong}`, 'alert "Watchdog"'),
    },
  ],
  unknown: [...WHICH, [...ALERT, "for"], [...ALERT, "keep_firing_for"]],
});

const severity = (found: string, all = "critical, warning, info"): string =>
  at(`labels.severity is ${found}; it must be one of ${all}`);
const INHIBITOR = {
  alert: "InfoInhibitor",
  expr: 'ALERTS{severity="info"} == 1 unless on (namespace) ALERTS{severity="warning"} == 1',
  annotations: { summary: "Inhibits others", runbook_url: "https://r.example.com" },
};
testPolicy("alert-documented", {
  happy: rules,
  broken: [
    { at: [...ALERT, "labels"], says: severity("missing") },
    { at: [...ALERT, "labels", "severity"], to: "page", says: severity('"page"') },
    {
      at: [...ALERT, "labels", "severity"],
      to: "page",
      says: [],
      setting: { configuration: { "alert-documented": { severities: ["page", "ticket"] } } },
    },
    {
      at: [...ALERT, "annotations", "summary"],
      says: at("annotations.summary is missing; say in a few words what is wrong"),
    },
    {
      at: [...ALERT, "annotations", "runbook_url"],
      to: "",
      says: at('annotations.runbook_url is ""; set the URL of the runbook'),
    },
    {
      at: ALERT,
      to: { alert: "Watchdog", expr: "vector(1)", labels: { severity: "info" } },
      says: [],
    },
    {
      at: ALERT,
      to: { alert: "Watchdog", expr: "vector(1)", labels: { severity: "none" } },
      says: [],
    },
    {
      at: ALERT,
      to: { alert: "Watchdog", expr: "vector(1)", labels: { severity: "none" } },
      setting: { configuration: { "alert-documented": { quiet: [] } } },
      says: at(
        'labels.severity is "none"; it must be one of critical, warning, info',
        'alert "Watchdog"',
      ),
    },
    {
      // It inhibits others, as kube-prometheus' InfoInhibitor does.
      at: [...ALERT],
      to: {
        ...INHIBITOR,
        labels: { severity: "none" },
      },
      says: [],
    },
    {
      at: [...ALERT, "labels", "severity"],
      to: "none",
      says: severity('"none"'),
    },
  ],
  unknown: [...WHICH, [...ALERT, "labels", "severity"]],
});

const expr = (found: string, expected: string): string => at(`expr is ${found}; ${expected}`);
testPolicy("rule-expression", {
  happy: rules,
  broken: [
    { at: [...ALERT, "expr"], says: expr("missing", "column 1: there is no expression") },
    { at: [...ALERT, "expr"], to: "sum(x", says: expr('"sum(x"', 'column 4: "(" is not closed') },
    {
      at: [...ALERT, "expr"],
      to: "sum by service (rate(x[5m])) > 1",
      says: expr(
        '"sum by service (rate(x[5m])) > 1"',
        'column 8: write the labels after "by" in parentheses; "service" is not in any',
      ),
    },
    {
      at: [...ALERT, "expr"],
      to: "rate(x[5]) > > 1",
      says: expr('"rate(x[5]) > > 1"', 'column 14: a value is missing between ">" and ">"'),
    },
    {
      at: [...ALERT, "expr"],
      to: "rate(x) > 1",
      says: expr(
        '"rate(x) > 1"',
        'column 6: "rate" needs a range vector; x is an instant vector; write a range after it, such as x[5m]',
      ),
    },
    {
      at: [...ALERT, "expr"],
      to: "x[5m]",
      says: expr(
        '"x[5m]"',
        "a rule needs an instant vector or a scalar, and this is a range vector",
      ),
    },
    { at: [...ALERT, "expr"], to: 1, says: [] },
    {
      at: [...RECORD, "expr"],
      to: "a)",
      says: at('expr is "a)"; column 2: ")" closes nothing', 'rule "errors:rate5m"', 1),
    },
    {
      at: [...RECORD, "record"],
      says: at("alert is missing; set either alert or record", 'rule "unnamed"', 1),
    },
    {
      at: [...ALERT, "record"],
      to: "x",
      says: at('alert is "ErrorsHigh"; set either alert or record'),
    },
  ],
  unknown: [
    ...WHICH,
    [...ALERT, "expr"],
    [...ALERT, "alert"],
    [...ALERT, "record"],
    [...RECORD, "record"],
  ],
});

describe("alerts with an unknown expression", () => {
  const heartbeat = (): Fixture =>
    broken(rules(), ALERT, { alert: "Watchdog", expr: "vector(1)", labels: { severity: "info" } });
  const unknownValues = [[...ALERT, "expr"]];
  testPolicy("alert-duration", { happy: heartbeat, broken: [], unknown: unknownValues });
  testPolicy("alert-documented", { happy: heartbeat, broken: [], unknown: unknownValues });
});

const twin = (path: string, name: string): string =>
  `${WHO}: ${path} is "${name}"; spec.groups[0].rules[0] has the same name and labels: rename it, or add a label.`;
const again = (labels: object): object => ({ alert: "ErrorsHigh", expr: "x", labels });
testPolicy("rule-unique", {
  happy: rules,
  broken: [
    {
      at: RECORD,
      to: again({ severity: "critical" }),
      says: twin("spec.groups[0].rules[1].alert", "ErrorsHigh"),
    },
    { at: RECORD, to: again({ severity: "warning" }), says: [] },
    { at: RECORD, to: again({}), says: [] },
    { at: RECORD, to: again({ severity: UNKNOWN }), says: [] },
    { at: RECORD, to: {}, says: [] },
    {
      at: [...GROUPS, 1],
      to: { name: "more", rules: [again({ severity: "critical" })] },
      says: twin("spec.groups[1].rules[0].alert", "ErrorsHigh"),
    },
  ],
  unknown: [...WHICH, [...ALERT, "labels"], [...ALERT, "labels", "severity"], [...ALERT, "alert"]],
});

testPolicy("recording-rule-unique", {
  happy: rules,
  broken: [
    {
      at: ALERT,
      to: { record: "errors:rate5m", expr: "x", labels: { slo: "a" } },
      says: `${WHO}: spec.groups[0].rules[1].record is "errors:rate5m"; spec.groups[0].rules[0] has the same name and labels: rename it, or add a label.`,
    },
    { at: ALERT, to: { record: "errors:rate5m", expr: "x", labels: { slo: "b" } }, says: [] },
    { at: ALERT, to: { alert: "errors:rate5m", expr: "x", labels: { slo: "a" } }, says: [] },
  ],
  unknown: [[...RECORD, "record"]],
});

describe("rules that write the same series", () => {
  it("names the first of them each time, in any label order", async () => {
    const record = (labels: object): object => ({ record: "a:b", expr: "x", labels });
    const all = [
      record({ a: "1", b: "2" }),
      record({ b: "2", a: "1" }),
      record({ a: "1", b: "2" }),
    ];
    const fixture = broken(rules(), [...GROUPS, 0, "rules"], all);
    expect(await messages("recording-rule-unique", [fixture])).toEqual([
      twin("spec.groups[0].rules[1].record", "a:b"),
      twin("spec.groups[0].rules[2].record", "a:b"),
    ]);
  });
});
