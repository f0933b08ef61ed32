import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SIGNATURES } from "./functions";
import { metricNames, readPromql } from ".";

describe("problems", () => {
  it.each([
    ["", "column 1: there is no expression"],
    ["  # nothing", "column 1: there is no expression"],
    [
      "sum by service (rate(x[5m])) > 1",
      'column 8: write the labels after "by" in parentheses; "service" is not in any',
    ],
    ["rate(x[5]) > > 1", 'column 14: a value is missing between ">" and ">"'],
    ["x >", 'column 4: a value is missing after ">"'],
    ["sum(x) by", 'column 10: it ends after "by", where more is expected'],
    ["(x + )", 'column 6: a value is missing between "+" and ")"'],
    ["> x", 'column 1: an expression does not begin with ">"'],
    ["x y", 'column 3: "y" cannot follow "x"'],
    ["sum(x", 'column 4: "(" is not closed'],
    ["x}", 'column 2: "}" closes nothing'],
    ["(x]", 'column 3: "]" closes nothing; "(" is still open'],
    ['x{a="b}', "column 5: the text that begins here has no closing quote"],
    ["x{a=b}", 'column 5: write what a label is compared with in quotes; "b" is not'],
    ["rate(x[$__rate])", 'column 8: "$__rate" is not a duration: write one such as 5m'],
    ["x\n  > 1\n  y", 'line 3, column 3: "y" cannot follow "1"'],
    ["ratee(x[5m])", 'column 1: there is no function "ratee"; did you mean "rate"?'],
    ["frobnicate(x)", 'column 1: there is no function "frobnicate"'],
    [
      "holt_winters(x[5m], 1, 1)",
      'column 1: "holt_winters" is called "double_exponential_smoothing" since Prometheus 3',
    ],
    [
      "rate(x)",
      'column 6: "rate" needs a range vector; x is an instant vector; write a range after it, such as x[5m]',
    ],
    ["abs(x[5m])", 'column 5: "abs" needs an instant vector; x[5m] is a range vector'],
    [
      "x > y[5m]",
      "column 5: an operator needs a scalar or an instant vector; y[5m] is a range vector",
    ],
    ["1 > 2", 'column 3: two scalars are compared with "> bool"'],
    ["x + bool 1", 'column 3: "bool" follows a comparison only, not "+"'],
    ["x and 1", 'column 3: "and" combines two instant vectors; one side is a scalar'],
    [
      "x > on (a) 1",
      'column 5: "on" matches the labels of two instant vectors; one side is a scalar',
    ],
    ["a and on (b) group_left d", 'column 14: "and" takes no "group_left"'],
    [
      "a * on (b) group_left (b) d",
      'column 12: the label "b" stands in both "on" and "group_left"',
    ],
    ["topk(x)", 'column 1: "topk" takes 2 arguments (scalar, instant vector), not 1'],
    ["topk(x, y)", 'column 6: "topk" needs a scalar; x is an instant vector'],
    ["count_values(1, x)", 'column 14: "count_values" needs a string; 1 is a scalar'],
    [
      "round(x, 1, 2)",
      'column 1: "round" takes at most 2 arguments (instant vector, scalar), not 3',
    ],
    [
      'label_join(x, "to")',
      'column 1: "label_join" takes at least 3 arguments (instant vector, string, string, string), not 2',
    ],
    ["time(x)", 'column 1: "time" takes 0 arguments, not 1'],
    ["x[0s]", "column 3: the range 0s is not longer than 0"],
    ["x[0s:1m]", "column 3: the range 0s is not longer than 0"],
    ["x[5m:0s]", "column 6: the step 0s is not longer than 0"],
    [
      "sum(x)[5m]",
      "column 1: sum(x)[5m]: a range follows a selector only; write [RANGE:STEP] for a subquery",
    ],
    ["1[5m:]", "column 1: a subquery needs an instant vector; 1 is a scalar"],
    ["(x) offset 5m", 'column 1: "offset" follows a selector or a subquery, not (x)'],
    ["x @ 1 @ 2", 'column 1: "@" is written twice'],
    ['{a=~".*"}', 'column 1: {a=~".*"} fits every series: name a metric, or a label and its value'],
    ['x{__name__="y"}', 'column 1: the metric is named twice, "x" and "y"'],
    ['x{a=~"("}', 'column 3: "(" is not a valid regular expression'],
    ['x{a="\\d"}', 'column 3: an escape in "\\d" is not valid'],
  ])("says what is wrong with %j", (expression, problem) => {
    expect(readPromql(expression).problems).toEqual([problem]);
  });

  it("are said in the order of the text, each once", () => {
    expect(readPromql("rate(x) > bool abs(1)").problems).toEqual([
      'column 6: "rate" needs a range vector; x is an instant vector; write a range after it, such as x[5m]',
      'column 20: "abs" needs an instant vector; 1 is a scalar',
    ]);
  });
});

describe("thresholds", () => {
  const above = (bound: number) => ({ operator: "above", bound });
  const below = (bound: number) => ({ operator: "below", bound });

  it.each([
    ["a > 0.05", [above(0.05)]],
    ["a >= 3", [above(3)]],
    ["a <2", [below(2)]],
    ["a <= -1.5", [below(-1.5)]],
    ["a > bool 1e3", [above(1000)]],
    ["a > 2E-2", [above(0.02)]],
    ["0.05 < a", [above(0.05)]],
    ["a < -(30 * 86400)", [below(-2_592_000)]],
    ["a > 2 ^ 3 / 4 + 10 % 4 - 1", [above(3)]],
    ["a > 0x1F and a < 1_000", [above(31), below(1000)]],
    ["a < Inf", [below(Infinity)]],
    ["(a > 0) / b > 5 or c < 7", [above(5), above(0), below(7)]],
    ["a{b=~\"x > 5\",c!~'y < 3'} > 1", [above(1)]],
    ["max_over_time(a[5m:1m]) > 2", [above(2)]],
    ['a{b="\\" > 8"} > 6', [above(6)]],
    ["a > 5m", [above(300)]],
    ["a > b", []],
    ["a > 2 * b", []],
    ["1 > bool 0", []],
    ["a == 1", []],
    ["", []],
  ])("finds in %s", (expression, found) => {
    expect(readPromql(expression).thresholds).toEqual(found);
  });
});

describe("selectors", () => {
  it("have their metric, their matchers and the range that is looked back over", () => {
    expect(
      readPromql('rate(a{b="c\\"",d!~\'e|f\'}[1h30m] offset 5m) / {"g.h"} + {__name__="i"}')
        .selectors,
    ).toEqual([
      {
        metric: "a",
        matchers: [
          { label: "b", operator: "=", value: 'c"' },
          { label: "d", operator: "!~", value: "e|f" },
        ],
        range: 5400,
      },
      { metric: "g.h", matchers: [], range: undefined },
      {
        metric: "i",
        matchers: [{ label: "__name__", operator: "=", value: "i" }],
        range: undefined,
      },
    ]);
  });

  it.each([
    ["up", ["up"]],
    ['rate(http_requests_total{namespace="{namespace}"}[5m])', ["http_requests_total"]],
    [
      "sum by (pod) (errors_total) / on (pod) group_left (team) requests_total > bool 1e3",
      ["errors_total", "requests_total"],
    ],
    [
      "job:errors:rate5m and a_total unless b_total offset 5m or a_total",
      ["job:errors:rate5m", "a_total", "b_total"],
    ],
    ['label_replace(a_total, "to", \'$1\', "from", "b_total")', ["a_total"]],
    ["time() - vector(1)", []],
  ])("name the metrics of %s", (query, names) => {
    expect(metricNames(readPromql(query))).toEqual(names);
  });
});

describe("type and constant", () => {
  it.each([
    ["1 + 2", "scalar", 3],
    ["vector(1)", "instant vector", 1],
    ["vector(11)", "instant vector", 11],
    ["x", "instant vector", undefined],
    ["abs(vector(1))", "instant vector", undefined],
    ["x[5m]", "range vector", undefined],
    ["x[5m:]", "range vector", undefined],
    ['"text"', "string", undefined],
    ["a > bool b", "instant vector", undefined],
    ["x smoothed", "instant vector", undefined],
    ["rate(x)", undefined, undefined],
  ])("of %s", (expression, type, constant) => {
    expect(readPromql(expression)).toMatchObject({ type, constant });
  });
});

it("has a signature for each function of the grammar", () => {
  const grammar = readFileSync(require.resolve("@prometheus-io/lezer-promql"), "utf8");
  const specialised = /spec_Identifier = \{__proto__:null,([^}]*)\}/.exec(grammar)?.[1] ?? "";
  const functions = [...specialised.matchAll(/(\w+):\d+/g)].map(([, name = ""]) => name);
  // Of durations, inside of brackets.
  const ofDurations = ["min_of", "max_of"];
  expect(functions.length).toBeGreaterThan(80);
  expect([...SIGNATURES.keys(), ...ofDurations].sort()).toEqual(
    [...functions, "start", "end"].sort(),
  );
});
