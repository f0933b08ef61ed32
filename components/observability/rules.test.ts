import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readPromql } from "../../lib/promql";
import { SYSTEMS } from "../../systems";
import { todoChatbot } from "../../systems/todo-chatbot";
import { check, promtool, promtoolIsMissing, ruleFile } from "./promtool";
import type { AlertingRule } from "./rule";
import { systemRules } from "./rules";

const target = {
  namespace: "todo-chatbot",
  runbookUrl: "https://runbooks.example.com/todo-chatbot",
};
const alertsOf = (system: (typeof SYSTEMS)[keyof typeof SYSTEMS]): readonly AlertingRule[] =>
  systemRules(system, target).flatMap(({ rules }) =>
    rules.flatMap((rule) => ("alert" in rule ? [rule] : [])),
  );

/** In milliseconds: promtool evaluates days of samples. */
const MANY_HOURS = 300_000;

describe("systemRules", () => {
  it("gives Todo Chatbot the rules of the golden file", async () => {
    await expect(ruleFile(systemRules(todoChatbot, target))).toMatchFileSnapshot(
      "golden/todo-chatbot.rules.yaml",
    );
  });

  it("keeps name, duration, severity and level of an alert, and links to its heading", () => {
    const rules = alertsOf(todoChatbot).filter(({ alert }) => alert === "ApiLatencyHigh");
    expect(rules).toEqual([
      {
        alert: "ApiLatencyHigh",
        expr: 'histogram_quantile(0.95, sum by (le, service) (rate(http_request_duration_seconds_bucket{namespace="todo-chatbot",service="backend"}[5m]))) > 0.5',
        for: "5m",
        labels: {
          system: "todo-chatbot",
          service: "backend",
          severity: "warning",
          level: "Warning",
        },
        annotations: {
          summary: "backend: API latency p95 above the warning threshold",
          description: "Scale, check DB",
          value: "{{ $value | humanize }}",
          runbook_url: "https://runbooks.example.com/todo-chatbot#key-metrics",
          clause: "Monitoring / Key Metrics",
        },
      },
      expect.objectContaining({
        for: "5m",
        labels: {
          system: "todo-chatbot",
          service: "backend",
          severity: "critical",
          level: "Critical",
        },
      }),
    ]);
  });

  it.each(Object.values(SYSTEMS).map((system) => [system.id, system] as const))(
    "has a rule for every alert of %s, distinguished by its labels",
    (_, system) => {
      const rules = alertsOf(system);
      const identities = rules.map(({ alert, labels }) => JSON.stringify([alert, labels]));
      expect(new Set(identities).size).toBe(rules.length);
      const generated = new Set(
        rules.map(({ alert, labels }) => `${alert} ${labels["severity"] ?? ""}`),
      );
      const missing = system.alerts.filter(
        ({ name, severity }) => !generated.has(`${name} ${severity}`),
      );
      expect(missing).toEqual([]);
    },
  );

  it.each(Object.values(SYSTEMS).map((system) => [system.id, system] as const))(
    "writes valid PromQL vectors for %s, with the alert's window for restarts",
    (_, system) => {
      const expressions = systemRules(system, target).flatMap(({ rules }) =>
        rules.map(({ expr }) => readPromql(expr)),
      );
      expect(expressions.flatMap(({ problems }) => problems)).toEqual([]);
      expect(new Set(expressions.map(({ type }) => type))).toEqual(new Set(["instant vector"]));
      const restarts = system.alerts.flatMap(({ condition }) =>
        condition.kind === "restarts" ? [condition.within.seconds] : [],
      );
      const ranges = expressions.flatMap(({ selectors }) => selectors.map(({ range }) => range));
      expect(ranges).toEqual(expect.arrayContaining(restarts));
    },
  );

  it.skipIf(promtoolIsMissing)(
    "is accepted by promtool, and fires when it should",
    () => {
      for (const system of Object.values(SYSTEMS)) {
        const printed = check(systemRules(system, target));
        expect(`${system.id}: ${printed}`).toMatch(/: Checking .*\n {2}SUCCESS/);
      }
      const tests = join(__dirname, "golden/todo-chatbot.promtool.yaml");
      expect(promtool("test", "rules", tests)).toMatch(/SUCCESS\s*$/);
    },
    MANY_HOURS,
  );
});
