import { describe, expect, it } from "vitest";
import type { Slo, System } from "../../systems/model";
import { todoChatbot } from "../../systems/todo-chatbot";
import { days, milliseconds, percent, seconds } from "../../systems/units";
import { BURN_WINDOWS, burnRate, burnThreshold, sloGroups } from "./slo-rules";
import { unmeasuredSlos } from "./slo-events";

const slo = (more: Partial<Slo> = {}): Slo => ({
  clause: { ids: ["X-02"], heading: "Objectives / Sample" },
  name: "sample",
  services: ["backend"],
  indicator: { kind: "availability" },
  objective: percent(99.9),
  window: days(30),
  ...more,
});

const target = { namespace: "ns", runbookUrl: "https://runbook.example.com" };
const withEvents: System = {
  ...todoChatbot,
  observability: {
    ...todoChatbot.observability,
    metrics: {
      ...todoChatbot.observability.metrics,
      eventLatency: { metric: "delivery_latency", unit: "ms" },
    },
  },
};

describe("burn rates", () => {
  it("are the workbook's for thirty days", () => {
    expect(BURN_WINDOWS.map((burn) => burnRate(slo(), burn))).toEqual([14.4, 6, 3, 1]);
  });

  it("spend the same share of a shorter window's budget", () => {
    const week = slo({ window: days(7) });
    expect(BURN_WINDOWS.map((burn) => burnRate(week, burn))).toEqual([
      3.36, 1.4, 0.7, 0.2333333333,
    ]);
  });

  it("become thresholds without floating-point noise", () => {
    expect(BURN_WINDOWS.map((burn) => burnThreshold(slo(), burn))).toEqual([
      0.0144, 0.006, 0.003, 0.001,
    ]);
  });
});

describe("sloGroups", () => {
  it("records seven windows, the objective's own, the objective and the remaining budget", () => {
    const [recording, budget] = sloGroups(todoChatbot, slo(), target);
    const rules = [...(recording?.rules ?? []), ...(budget?.rules ?? [])];
    expect(budget?.interval).toBe("2m");
    expect(rules.map((rule) => ("record" in rule ? rule.record : ""))).toEqual([
      "slo:bad_events:rate5m",
      "slo:events:rate5m",
      "slo:sli_error:ratio_rate5m",
      "slo:sli_error:ratio_rate30m",
      "slo:sli_error:ratio_rate1h",
      "slo:sli_error:ratio_rate2h",
      "slo:sli_error:ratio_rate6h",
      "slo:sli_error:ratio_rate1d",
      "slo:sli_error:ratio_rate3d",
      "slo:sli_error:ratio_rate30d",
      "slo:objective:ratio",
      "slo:error_budget_remaining:ratio",
    ]);
  });

  it("counts slow requests as bad, and never a missing bucket as fast", () => {
    const latency = slo({ indicator: { kind: "latency", threshold: seconds(2) } });
    const [recording, , alerting] = sloGroups(todoChatbot, latency, target);
    expect(recording?.rules[0]?.expr).toBe(
      'sum by (service) (rate(http_request_duration_seconds_count{namespace="ns",service="backend"}[5m]))\n-\n' +
        'sum by (service) (rate(http_request_duration_seconds_bucket{namespace="ns",service="backend",le=~"2(\\\\.0)?"}[5m]))',
    );
    expect(alerting?.rules.map((rule) => ("alert" in rule ? rule.alert : ""))).toEqual([
      "ErrorBudgetBurn",
      "ErrorBudgetBurn",
      "SloIndicatorMissing",
    ]);
  });

  it("measures event latency in the histogram's own unit", () => {
    const events = slo({
      indicator: { kind: "time", of: "eventLatency", below: milliseconds(2500) },
    });
    const [recording] = sloGroups(withEvents, events, target);
    expect(recording?.rules[0]?.expr).toContain(
      'delivery_latency_bucket{namespace="ns",service="backend",le=~"2500(\\\\.0)?"}',
    );
  });

  it("has no rules for a duration that nothing exports, and lists it", () => {
    const rollback = slo({ indicator: { kind: "time", of: "rollback", below: seconds(120) } });
    const unseen = slo({ indicator: { kind: "time", of: "eventLatency", below: seconds(5) } });
    expect(sloGroups(withEvents, rollback, target)).toEqual([]);
    expect(unmeasuredSlos({ ...withEvents, slos: [slo(), rollback, unseen] })).toEqual([rollback]);
    expect(unmeasuredSlos({ ...todoChatbot, slos: [slo(), unseen] })).toEqual([unseen]);
  });
});
