import { describe, expect, it } from "vitest";
import { metricNames } from "./metrics";

describe("metricNames", () => {
  it.each([
    ["up", ["up"]],
    ['rate(http_requests_total{namespace="{namespace}"}[5m])', ["http_requests_total"]],
    [
      'histogram_quantile(0.95, sum(rate(http_seconds_bucket{status=~"5.."}[5m])) by (le))',
      ["http_seconds_bucket"],
    ],
    [
      "sum by (pod) (errors_total) / on (pod) group_left (team) requests_total > bool 1e3",
      ["errors_total", "requests_total"],
    ],
    [
      "job:errors:rate5m and a_total unless b_total offset 5m",
      ["job:errors:rate5m", "a_total", "b_total"],
    ],
    ['label_replace(a_total, "to", \'$1\', "from", "b_total")', ["a_total"]],
    ["time() - vector(1)", []],
  ])("finds the metrics of %s", (query, names) => {
    expect(metricNames(query)).toEqual(names);
  });
});
