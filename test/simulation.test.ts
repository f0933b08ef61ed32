/**
 * The rules of each production and recovery stack, as they are in its plan, run by promtool: over a healthy day, around
 * every threshold of the runbook, without each exporter, and in an outage. The chart's own rules are not in a plan,
 * which shows charts as releases: they are not simulated.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { OURS, RECORDED } from "../components/kit/conventions";
import { exportersRead } from "../components/observability/metrics-missing";
import { promtoolIsMissing, testRules } from "../components/observability/promtool";
import type { AlertingRule, Rule, RuleGroup } from "../components/observability/rule";
import { previewStack } from "../offline/host";
import { listStacks, loadStack } from "../offline/stack-files";
import { SYSTEMS, type SystemId } from "../systems";
import { PROJECT } from "./plan";
import { boundsOf, minutesOf, outage, type Changes } from "./simulation/failures";
import { healthy, readBy, seriesOf, unfulfilled, type Place } from "./simulation/healthy";
import { rendered, type Phase, type Profile } from "./simulation/profile";

const stacks = listStacks(PROJECT).flatMap((stack) => {
  const environment = loadStack(PROJECT, stack).config.values["runstack:environment"];
  return environment === "staging" ? [] : [[stack, environment === "dr"] as const];
});

interface PlannedRules {
  readonly metadata: { readonly namespace: string };
  readonly spec: { readonly groups: readonly RuleGroup[] };
}

/** promtool on a machine that others use too. */
const PATIENCE = { timeout: 300_000 };
/** How promtool ends when everything is as expected. */
const SUCCESS = /SUCCESS\s*$/;
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
  // It does not start while no broker answers.
  kafka_exporter: "|KafkaDown",
  // It is part of the instance.
  CloudNativePG: "|DatabaseConnectionFailed",
  // The Kafka object's state is what it reports.
  "kube-state-metrics of Strimzi's objects": "|KafkaDown",
};

describe.skipIf(promtoolIsMissing)("in every production and recovery stack", () => {
  describe.each(stacks)("the rules of %s", (stack, follows) => {
    let groups: readonly RuleGroup[] = [];
    let place: Place;
    let profile: Profile;
    const expressions = (of: readonly RuleGroup[]): readonly string[] =>
      of.flatMap(({ rules }) => rules.map(({ expr }) => expr));

    beforeAll(async () => {
      const file = loadStack(PROJECT, stack);
      const { resources } = await previewStack({ projectDir: PROJECT, stack: file });
      const planned = resources
        .filter(({ type }) => type.endsWith(":PrometheusRule"))
        .map(({ inputs }) => inputs as unknown as PlannedRules);
      groups = planned.flatMap(({ spec }) => spec.groups);
      const system = SYSTEMS[file.config.values["runstack:system"] as SystemId];
      const cronJobs = resources
        .filter(({ type }) => type === "kubernetes:batch/v1:CronJob")
        .map(({ inputs }) => (inputs["metadata"] as { readonly name: string }).name);
      place = { system, namespace: planned[0]?.metadata.namespace ?? "", follows, cronJobs };
      profile = readBy(expressions(groups), healthy(place));
    }, PATIENCE.timeout);

    const test = (
      name: string,
      phases: readonly Phase[],
      checks: readonly object[],
      of = profile,
    ) => ({
      name,
      interval: "1m",
      input_series: rendered(of, phases),
      promql_expr_test: checks,
    });
    const rules = (): readonly Rule[] => groups.flatMap((group) => group.rules);

    it("read nothing that the simulated system does not export", () => {
      const recorded = new Set(rules().flatMap((rule) => ("record" in rule ? [rule.record] : [])));
      expect(rules().flatMap(({ expr }) => unfulfilled(expr, profile, recorded))).toEqual([]);
    });

    it("fire nothing in a healthy day", PATIENCE, () => {
      const never = {
        expr: 'sum by (alertname) (count_over_time(ALERTS{alertstate="firing"}[1d]))',
        eval_time: "24h",
        exp_samples: [],
      };
      const day = [test("a day", [ordinary(24 * 60)], [never])];
      const [objectives = [], others = []] = [true, false].map((wanted) =>
        groups.filter(({ name }) => name.includes(".slo.") === wanted),
      );
      expect(testRules(others, day)).toMatch(SUCCESS);
      // Their windows are of days: evaluated in every minute of one, they would take promtool two minutes a stack.
      expect(testRules(objectives, day, 4)).toMatch(SUCCESS);
    });

    it(
      "fire each of the runbook's alerts just above its threshold, and neither before nor after",
      PATIENCE,
      () => {
        const { system } = place;
        const ofRunbook = rules()
          .filter(isAlert)
          .flatMap((rule) => {
            const { severity, service: about } = rule.labels;
            const alert = system.alerts.find(
              (one) => one.name === rule.alert && one.severity === severity,
            );
            if (alert === undefined) return [];
            const service = system.services.find(({ name }) => name === about);
            return [
              { rule, minutes: minutesOf(alert), bounds: boundsOf(place, profile, alert, service) },
            ];
          });
        expect(
          ofRunbook.flatMap(({ rule, bounds }) => (bounds === undefined ? [rule] : [])),
        ).toEqual([]);
        expect(new Set(ofRunbook.map(({ rule }) => rule.alert))).toEqual(
          new Set(system.alerts.map(({ name }) => name)),
        );
        const alerting = groups.filter(({ name }) => name.endsWith(".alerts"));
        const read = readBy(expressions(alerting), profile);
        const tests = ofRunbook.map(({ rule: { alert, labels }, bounds, minutes }) => {
          const { below = NONE, above = NONE } = bounds ?? {};
          const matchers = `,alertname="${alert}",severity="${labels["severity"] ?? ""}",service="${labels["service"] ?? ""}"`;
          const phases = [
            { minutes, changes: below },
            { minutes, changes: above },
            ordinary(minutes),
          ];
          const end = (phase: number): number => phase * minutes - 1;
          const some = {
            ...firing(end(2), 1, matchers),
            expr: `count(ALERTS{alertstate="firing"${matchers}}) > bool 0`,
          };
          const checks = [firing(end(1), 0, matchers), some, firing(end(3), 0, matchers)];
          return test(`${alert} ${matchers}`, phases, checks, read);
        });
        expect(testRules(alerting, tests)).toMatch(SUCCESS);
      },
    );

    it(
      "fire the alert of an exporter that is gone, and nothing that is only about what it measures",
      PATIENCE,
      () => {
        const read = exportersRead(expressions(groups));
        const companions = rules()
          .filter(isAlert)
          .filter(({ alert }) => alert === OURS.metricsMissing);
        expect(companions.map(({ labels }) => labels["service"])).toEqual(
          expect.arrayContaining(read.map(({ name }) => name)),
        );
        const own = `,alertname="${OURS.metricsMissing}"`;
        const tests = read.map((exporter) => {
          const gone = new Map(seriesOf(profile, exporter).map((key) => [key, "gone"] as const));
          return test(
            `${exporter.name} gone`,
            [ordinary(10), { minutes: 20, changes: gone }],
            [
              firing(28, 1, `${own},service="${exporter.name}"`),
              firing(28, 0, `${own},service!="${exporter.name}"`),
              firing(28, 0, `,alertname!~"${OURS.metricsMissing}${ALSO[exporter.name] ?? ""}"`),
            ],
          );
        });
        expect(testRules(groups, tests)).toMatch(SUCCESS);
      },
    );

    it("spend the budget and page while the gateway answers 503 for everything", PATIENCE, () => {
      const phases = [ordinary(120), { minutes: 60, changes: outage(place, profile) }];
      const budget = '{slo="availability",service="edge"}';
      const burning = `,alertname="${OURS.burn}",severity="critical",slo="availability",service="edge"`;
      const spent = {
        expr: `max(${RECORDED.budgetRemaining}${budget}) < bool 0`,
        eval_time: "178m",
        exp_samples: [{ labels: "{}", value: 1 }],
      };
      expect(
        testRules(groups, [
          test("an outage", phases, [firing(118, 0, burning), firing(130, 1, burning), spent]),
        ]),
      ).toMatch(SUCCESS);
    });
  });
});
