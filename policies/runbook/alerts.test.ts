import { describe, expect, it } from "vitest";
import type { Alert, Condition, Severity } from "../../systems/model";
import { days, minutes, percent, seconds } from "../../systems/units";
import { broken } from "../testing/fixtures";
import { shop } from "../testing/system";
import { UNKNOWN, messages, type Fixture } from "../testing";
import { clause, shopWith } from "../testing/runbook";

const rule = (...rules: readonly object[]): Fixture => ({
  type: "kubernetes:monitoring.coreos.com/v1:PrometheusRule",
  name: "alerts",
  props: {
    metadata: { name: "alerts", namespace: "shop" },
    spec: { groups: [{ name: "g", rules }] },
  },
});

const alertOf = (condition: Condition): Alert => ({
  ...clause("Alerts"),
  name: "Bad",
  condition,
  for: minutes(5),
  severity: "critical",
  summary: "Bad",
  action: "Mend it",
});

describe("runbook-alert-thresholds", () => {
  const reported = (condition: Condition, expr: unknown): Promise<readonly string[]> =>
    messages(
      "runbook-alert-thresholds",
      [rule({ alert: "Bad", for: "5m", labels: { severity: "critical" }, expr })],
      shopWith({ alerts: [alertOf(condition)] }),
    );
  const at = 'PrometheusRule "shop/alerts": spec.groups[0].rules[0].expr is';

  const rows: readonly [Condition, string, string][] = [
    [{ kind: "errorRate", above: percent(3) }, "a > 0.03", "above 0.03"],
    [{ kind: "errorsPerSecond", above: 0.4 }, "a >= 0.4", "above 0.4"],
    [{ kind: "latency", quantile: percent(95), above: seconds(2) }, "a > 2", "above 2"],
    [{ kind: "restarts", above: 7, within: minutes(9) }, "increase(a[9m]) > 7", "above 7"],
    [{ kind: "gauge", metric: "m", above: 11 }, "m > 11", "above 11"],
    [{ kind: "consumerLag", above: 130 }, "a > 130", "above 130"],
    [{ kind: "processingLag", above: seconds(45) }, "a > 45", "above 45"],
    [{ kind: "usage", of: "cpu", above: percent(77) }, "a > 0.77", "above 0.77"],
    [{ kind: "hitRate", below: percent(60) }, "a < 0.6", "below 0.6"],
    [{ kind: "lockWait", above: 6 }, "a > 6", "above 6"],
    [{ kind: "backupAge", of: "ledger", above: minutes(50) }, "a > 3000", "above 3000"],
    [{ kind: "certificateExpiry", within: days(2) }, "a < 172800", "below 172800"],
  ];

  it.each(rows)("requires the threshold of %j", async (condition, expr, expected) => {
    expect(await reported(condition, expr)).toEqual([]);
    const turned = expr.includes(">") ? expr.replace(">", "<") : expr.replace("<", ">");
    const side = expected.startsWith("above") ? "below" : "above";
    const bound = expected.split(" ")[1] ?? "";
    expect(await reported(condition, turned)).toEqual([
      `${at} "${turned}"; compares ${side} ${bound}; the runbook's alert "Bad" (critical) fires ${expected}.`,
    ]);
    expect(await reported(condition, "a > 99.5 or b < 98.5")).toEqual([
      `${at} "a > 99.5 or b < 98.5"; compares above 99.5 and below 98.5; the runbook's alert "Bad" (critical) fires ${expected}.`,
    ]);
    expect(await reported(condition, UNKNOWN)).toEqual([]);
  });

  it("reports an expression without a comparison, or a missing one", async () => {
    const condition: Condition = { kind: "consumerLag", above: 5 };
    expect(await reported(condition, 5)).toEqual([
      `${at} 5; compares with nothing; the runbook's alert "Bad" (critical) fires above 5.`,
    ]);
    expect(await reported(condition, undefined)).toEqual([
      `${at} missing; compares with nothing; the runbook's alert "Bad" (critical) fires above 5.`,
    ]);
  });

  it("requires no threshold if the runbook has none", async () => {
    expect(await reported({ kind: "notReady", of: "pods" }, "up")).toEqual([]);
  });
});

const SLACK = { slackConfigs: [{ channel: "#shop" }] };
const PAGER = { pagerdutyConfigs: [{}] };
const matcher = (value: string, rest: object = { matchType: "=" }): object => ({
  matchers: [
    { name: "team", value: "shop" },
    { name: "severity", value, ...rest },
  ],
});
const routingOf = (): Fixture => ({
  type: "kubernetes:monitoring.coreos.com/v1alpha1:AlertmanagerConfig",
  name: "routing",
  props: {
    metadata: { name: "routing", namespace: "shop" },
    spec: {
      route: {
        receiver: "nobody",
        routes: [
          { ...matcher("critical"), receiver: "critical" },
          { ...matcher("warn.*|info", { matchType: "=~" }), receiver: "chat" },
        ],
      },
      receivers: [
        { name: "nobody" },
        { name: "critical", ...PAGER, ...SLACK },
        { name: "chat", ...SLACK },
      ],
    },
  },
});

describe("runbook-alert-routing", () => {
  const severities: readonly Severity[] = ["critical", "warning"];
  const channels = [
    { ...clause("Contact"), kind: "pagerduty" as const, severities: severities.slice(0, 1) },
    { ...clause("Contact"), kind: "slack" as const, severities },
  ];
  const setting = shopWith({
    incidents: { ...shop.incidents, ...clause("Contact"), channels },
  });
  const reported = (fixture: readonly Fixture[], as = setting): Promise<readonly string[]> =>
    messages("runbook-alert-routing", fixture, as);
  const unreached = (severity: string, what: string, why = "no receiver has them"): string =>
    `Alerts of severity "${severity}" do not reach ${what} (${why}); the runbook "Shop Runbook" requires it (Contact).`;
  const at = (path: readonly (string | number)[], to?: unknown): Promise<readonly string[]> =>
    reported([broken(routingOf(), ["spec", ...path], to)]);

  it("accepts a route for each severity", async () => {
    expect(await reported([routingOf()])).toEqual([]);
    expect(await at(["route", "routes", 1, "matchers", 1, "regex"], true)).toEqual([]);
  });

  it("reports the channels that are not reached", async () => {
    expect(await at(["receivers", 1, "pagerdutyConfigs"])).toEqual([
      unreached("critical", "pagerduty"),
    ]);
    expect(await at(["receivers", 2, "slackConfigs"], [])).toEqual([unreached("warning", "slack")]);
    expect(await at(["route", "routes", 0, "matchers", 1, "value"], "crit")).toEqual([
      unreached("critical", "pagerduty and slack"),
    ]);
    expect(await at(["route", "routes", 1, "matchers", 1, "matchType"], "=")).toEqual([
      unreached("warning", "slack"),
    ]);
    expect(await at(["route", "routes", 1, "receiver"], "none")).toEqual([
      unreached("warning", "slack"),
    ]);
  });

  it("uses the first matching route, unless it continues", async () => {
    const first = { receiver: "chat", routes: [] };
    const routes = (rest: object): unknown => [
      { ...first, ...rest },
      { ...matcher("critical"), receiver: "critical" },
    ];
    expect(await at(["route", "routes"], routes({}))).toEqual([unreached("critical", "pagerduty")]);
    expect(await at(["route", "routes"], routes({ continue: true }))).toEqual([]);
    const nested = [
      { ...matcher("critical"), receiver: "chat", routes: [{ receiver: "critical" }] },
    ];
    const all = [...nested, { receiver: "chat" }];
    expect(await at(["route", "routes"], all)).toEqual([]);
  });

  it("reports missing routing", async () => {
    const why = "the stack has no AlertmanagerConfig";
    expect(await reported([])).toEqual([
      unreached("warning", "slack", why),
      unreached("critical", "pagerduty and slack", why),
    ]);
  });

  it("treats an invalid pattern as matching everything", async () => {
    const path = ["route", "routes", 0, "matchers", 1] as const;
    const odd = { name: "severity", value: "(", matchType: "=~" };
    expect(await at(path, odd)).toEqual([]);
  });

  it("counts unknown values", async () => {
    expect(await at(["receivers", 2, "slackConfigs"], UNKNOWN)).toEqual([]);
    expect(await at(["receivers"], UNKNOWN)).toEqual([]);
    expect(await at(["route"], UNKNOWN)).toEqual([]);
  });
});

describe("runbook-slos", () => {
  const [template] = shop.slos;
  if (template === undefined) throw new Error("The fixture has no objective.");
  const slo = {
    ...template,
    ...clause("Objectives"),
    name: "errors",
    services: ["orders", "cart"],
  };
  const setting = shopWith({ slos: [slo] });
  const record = (rest: object = { slo: "errors" }): object => ({
    record: "slo:ratio",
    expr: "a",
    labels: rest,
  });
  const burn = (service: unknown, rest: object = { slo: "errors" }): object => ({
    alert: "Burn",
    expr: "a > 1",
    labels: { service, ...rest },
  });
  const reported = (fixture: readonly Fixture[], as = setting): Promise<readonly string[]> =>
    messages("runbook-slos", fixture, as);
  const both = [burn("orders"), burn("cart")];

  it("accepts an objective that is recorded and alerted on for each service", async () => {
    expect(await reported([rule(record(), ...both)])).toEqual([]);
  });

  it("reports what is not recorded, and what has no alert", async () => {
    const missing =
      'The objective "errors" is not recorded by any PrometheusRule (label slo); the runbook "Shop Runbook" requires it (Objectives).';
    expect(await reported([])).toEqual([missing]);
    expect(await reported([rule(record({ slo: "other" }), ...both)])).toEqual([missing]);
    expect(await reported([rule(...both)])).toEqual([missing]);
    const silent = (service: string): string =>
      `The objective "errors" of ${service} is recorded, but has no error-budget burn alert (labels slo and service); the runbook "Shop Runbook" requires it (Objectives).`;
    expect(await reported([rule(record(), burn("orders"))])).toEqual([silent("cart")]);
    expect(await reported([rule(record(), burn("orders", { slo: "x" }), burn("cart"))])).toEqual([
      silent("orders"),
    ]);
  });

  it("reports a service without an objective", async () => {
    const one = { ...slo, services: ["orders"] };
    expect(await reported([rule(record(), ...both)], shopWith({ slos: [one] }))).toEqual([
      'The service "cart" has no objective in the runbook "Shop Runbook"; add one to its slos.',
    ]);
  });

  it("requires only what a metric measures", async () => {
    const time = (of: "podRecovery" | "eventLatency") => ({
      ...slo,
      indicator: { kind: "time" as const, of, below: seconds(9) },
    });
    expect(await reported([], shopWith({ slos: [time("podRecovery")] }))).toEqual([]);
    const metrics = { ...shop.observability.metrics };
    const without = shopWith({ slos: [time("eventLatency")] });
    expect(await reported([], without)).toEqual([]);
    const measured = { ...metrics, eventLatency: { metric: "m", unit: "s" as const } };
    const observability = { ...shop.observability, metrics: measured };
    expect(
      await reported([], shopWith({ slos: [time("eventLatency")], observability })),
    ).toHaveLength(1);
    expect(await reported([], shopWith({ slos: [time("podRecovery")], observability }))).toEqual(
      [],
    );
  });

  it("counts unknown values", async () => {
    const hidden = broken(rule(record()), ["spec", "groups", 0, "rules"], UNKNOWN);
    expect(await reported([hidden])).toEqual([]);
    expect(await reported([rule(record(), burn(UNKNOWN))])).toEqual([]);
  });
});
