import { expect, it } from "vitest";
import { minutes } from "../../systems/units";
import { anchor, RECORDED, serviceRelabeling } from "./conventions";

it.each([
  ["Monitoring / Key Metrics", "key-metrics"],
  ["Monitoring / Prometheus Queries (if configured)", "prometheus-queries-if-configured"],
  ["Incident Response / P1: Database & Cache", "p1-database--cache"],
  ["Contact", "contact"],
])("links %s to #%s, as GitHub does", (heading, expected) => {
  expect(anchor(heading)).toBe(expected);
});

it("names a ratio after its window", () => {
  expect(RECORDED.errorRatio(minutes(30))).toBe("slo:sli_error:ratio_rate30m");
});

it("labels every series of a PodMonitor with its service", () => {
  expect(serviceRelabeling("backend")).toEqual({
    action: "replace",
    targetLabel: "service",
    replacement: "backend",
  });
});
