/**
 * Each production stack's own rules, as they are in its plan, run by promtool: over a healthy day, around every
 * threshold of the runbook, without each exporter, and in an outage. The chart's own rules are not in a plan, which
 * shows charts as releases: they are not simulated.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { exportersRead } from "../components/observability/metrics-missing";
import { promtoolIsMissing, testRules } from "../components/observability/promtool";
import type { AlertingRule, Rule, RuleGroup } from "../components/observability/rule";
import { previewStack } from "../offline/host";
import { listStacks, loadStack } from "../offline/stack-files";
import { SYSTEMS, type SystemId } from "../systems";
import { PROJECT } from "./plan";
import { boundsOf, outage, type Changes } from "./simulation/failures";
import { healthy, seriesOf, unfulfilled, type Place } from "./simulation/healthy";
import { rendered, type Phase, type Profile } from "./simulation/profile";

const production = listStacks(PROJECT).filter(
  (stack) => loadStack(PROJECT, stack).config.values["runstack:environment"] === "prod",
);

interface PlannedRules {
  readonly metadata: { readonly namespace: string };
  readonly spec: { readonly groups: readonly RuleGroup[] };
}

const NONE: Changes = new Map();
const ordinary = (minutes: number): Phase => ({ minutes, changes: NONE });

/** How many alerts that match are firing at a minute. */
const firing = (minute: number, count: number, matchers: string) => ({
  expr: `count(ALERTS{alertstate="firing"${matchers}}) or vector(0)`,
  eval_time: `${String(minute)}m`,
  exp_samples: [{ labels: "{}", value: count }],
});

const isAlert = (rule: Rule): rule is AlertingRule => "alert" in rule;

/** Alerts that fire with an exporter's own, because to lose it is to lose what they are about. */
const ALSO: Readonly<Record<string, string>> = {
  // It ends itself while no broker answers.
  kafka_exporter: "|ConsumerLagMissing|KafkaDown",
  // It is part of the instance.
  CloudNativePG: "|DatabaseConnectionFailed",
};

describe.skipIf(promtoolIsMissing).each(production)("the rules of %s", (stack) => {
  let groups: readonly RuleGroup[] = [];
  let rules: readonly Rule[] = [];
  let place: Place;
  let profile: Profile;

  beforeAll(async () => {
    const file = loadStack(PROJECT, stack);
    const { resources } = await previewStack({ projectDir: PROJECT, stack: file });
    const planned = resources
      .filter(({ type }) => type.endsWith(":PrometheusRule"))
      .map(({ inputs }) => inputs as unknown as PlannedRules);
    groups = planned.flatMap(({ spec }) => spec.groups);
    rules = groups.flatMap((group) => group.rules);
    const system = SYSTEMS[file.config.values["runstack:system"] as SystemId];
    place = { system, namespace: planned[0]?.metadata.namespace ?? "" };
    profile = healthy(place);
  });

  const test = (name: string, phases: readonly Phase[], checks: readonly object[]) => ({
    name,
    interval: "1m",
    input_series: rendered(profile, phases),
    promql_expr_test: checks,
  });

  it("read nothing that the simulated system does not export", () => {
    const recorded = new Set(rules.flatMap((rule) => ("record" in rule ? [rule.record] : [])));
    expect(rules.flatMap(({ expr }) => unfulfilled(expr, profile, recorded))).toEqual([]);
  });

  it("fire nothing in a healthy day", () => {
    const whenever = {
      expr: 'sum by (alertname) (count_over_time(ALERTS{alertstate="firing"}[1d]))',
      eval_time: "24h",
      exp_samples: [],
    };
    expect(testRules(groups, [test("a day", [ordinary(24 * 60)], [whenever])])).toMatch(
      /SUCCESS\s*$/,
    );
  });

  it("fire each of the runbook's alerts just above its threshold, and neither before nor after", () => {
    const { system } = place;
    const ofRunbook = rules.filter(isAlert).flatMap((rule) => {
      const { severity, service: about } = rule.labels;
      const alert = system.alerts.find(
        (one) => one.name === rule.alert && one.severity === severity,
      );
      const service = system.services.find(({ name }) => name === about);
      const bounds = alert && boundsOf(place, profile, alert, service);
      return alert === undefined
        ? []
        : [
            {
              rule,
              bounds,
              matchers: `,alertname="${rule.alert}",severity="${severity ?? ""}",service="${about ?? ""}"`,
            },
          ];
    });
    expect(
      ofRunbook.filter(({ bounds }) => bounds === undefined).map(({ rule }) => rule.alert),
    ).toEqual([]);
    expect(new Set(ofRunbook.map(({ rule }) => rule.alert)).size).toBe(
      new Set(system.alerts.map(({ name }) => name)).size,
    );
    const tests = ofRunbook.map(({ rule, bounds, matchers }) => {
      const { below = NONE, above = NONE } = bounds ?? {};
      const phases = [
        { minutes: 90, changes: below },
        { minutes: 90, changes: above },
        ordinary(90),
      ];
      const some = {
        ...firing(178, 1, matchers),
        expr: `count(ALERTS{alertstate="firing"${matchers}}) > bool 0`,
      };
      return test(`${rule.alert} ${matchers}`, phases, [
        firing(88, 0, matchers),
        some,
        firing(268, 0, matchers),
      ]);
    });
    expect(testRules(groups, tests)).toMatch(/SUCCESS\s*$/);
  });

  it("fire the alert of an exporter that is gone, and nothing that is only about what it measures", () => {
    const panels = rules.filter(isAlert).filter(({ alert }) => alert === "MetricsMissing");
    const read = exportersRead(rules.map(({ expr }) => expr));
    expect(panels.map(({ labels }) => labels["service"])).toEqual(
      expect.arrayContaining(read.map(({ name }) => name)),
    );
    const tests = read.map((exporter) => {
      const gone = new Map(seriesOf(profile, exporter).map((key) => [key, "gone"] as const));
      const others = `MetricsMissing${ALSO[exporter.name] ?? ""}`;
      return test(
        `${exporter.name} gone`,
        [ordinary(30), { minutes: 60, changes: gone }],
        [
          firing(88, 1, `,alertname="MetricsMissing",service="${exporter.name}"`),
          firing(88, 0, `,alertname="MetricsMissing",service!="${exporter.name}"`),
          firing(88, 0, `,alertname!~"${others}"`),
        ],
      );
    });
    expect(testRules(groups, tests)).toMatch(/SUCCESS\s*$/);
  });

  it("spend the budget and page while the gateway answers 503 for everything", () => {
    const phases = [ordinary(120), { minutes: 60, changes: outage(place, profile) }];
    const burning =
      ',alertname="ErrorBudgetBurn",severity="critical",slo="availability",service="edge"';
    const spent = {
      expr: 'slo:error_budget_remaining:ratio{slo="availability",service="edge"} < bool 0',
      eval_time: "178m",
      exp_samples: [
        { labels: `{service="edge",slo="availability",system="${place.system.id}"}`, value: 1 },
      ],
    };
    const first = { minutes: 10, at: 130 };
    expect(
      testRules(groups, [
        test("an outage", phases, [firing(118, 0, burning), firing(first.at, 1, burning), spent]),
      ]),
    ).toMatch(/SUCCESS\s*$/);
  });
});
